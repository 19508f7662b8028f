import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { localize } from '../../src/contracts/language.ts';
import { readBundleFolder } from '../build/read-bundle-folder.ts';
import { packageFolder } from '../package-folder.ts';
import { startStaticServer } from '../serve/static-server.ts';
import { tryPage } from '../serve/try-page.ts';
import { APP_OPTIONS } from './app-options.ts';
import type { Command } from './command.ts';
import { integerOption, onePositional, parseOptions, usageError } from './command.ts';
import { API_KEYS, API_OPTIONS, serveApi } from './serve-api.ts';

const DEFAULT_PORT = 8090;
const DEFAULT_API_PORT = 8091;

/** `understudy serve`. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'try a bundle in the browser, or answer the chat API from it',
  help: `Usage: understudy serve DIR [options]
       understudy serve --api <bundle | understudy.yml | app.yml> [options]

Serves a page with the chat element at /, the bundle at /bundle/ and the scripts at /dist/, on this machine only. With --api,
answers Dify's chat API from the plan instead: the service API at /v1, the web API at /api.

Options:
  --port N          0 takes a free one (default: ${DEFAULT_PORT}, with --api ${DEFAULT_API_PORT})
  --api             answer the API; further options:
  --host ADDRESS    address to listen on (default: 127.0.0.1); others need keys in ${API_KEYS} (separated by commas)
  --code CODE       site code of the web API (default: the app id)
  --origin ORIGIN   origin whose pages may read answers, * for all; repeatable (default: * with keys, else this machine's)
  --no-generator    answer with extracts; do not load the model
  --config, --dataset, --tenant, --annotations, --dify-url   as of understudy build, for an app
  -h, --help        show this text`,
  async run(run) {
    const { args, terminal, signal } = run;
    const options = parseOptions(args, {
      port: { type: 'string' },
      api: { type: 'boolean' },
      ...API_OPTIONS,
      ...APP_OPTIONS,
    });
    if (options.flag('api')) return await serveApi(options, run, DEFAULT_API_PORT);
    const stray = options.given.find((name) => name !== 'port');
    if (stray !== undefined) throw usageError(`--${stray} belongs to --api.`);
    const folder = resolve(onePositional(options, 'the folder of a bundle'));
    const port = integerOption(options, 'port', 0, 65_535) ?? DEFAULT_PORT;
    const { manifest } = readBundleFolder(folder);
    const [language = 'en'] = manifest.languages;
    const dist = join(packageFolder().path, 'dist');
    const server = await startStaticServer(
      {
        mounts: [
          { path: '/bundle/', folder },
          { path: '/dist/', folder: dist },
        ],
        pages: {
          '/': tryPage({
            title: localize(manifest.branding.title, language),
            language,
            release: manifest.release,
          }),
        },
      },
      port,
    );
    if (!existsSync(join(dist, 'understudy.js'))) {
      terminal.note(
        'warning: the scripts are not built (dist/understudy.js is missing): the page will show no chat',
      );
    }
    terminal.out(`http://localhost:${server.port}/`);
    terminal.note('Stop with Ctrl+C.');
    if (!signal.aborted) await once(signal, 'abort');
    await server.close();
    return 0;
  },
};
