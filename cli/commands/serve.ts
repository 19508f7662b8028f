import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { localize } from '../../src/contracts/language.ts';
import { readBundleFolder } from '../build/read-bundle-folder.ts';
import { packageFolder } from '../package-folder.ts';
import { startStaticServer } from '../serve/static-server.ts';
import { tryPage } from '../serve/try-page.ts';
import type { Command } from './command.ts';
import { integerOption, onePositional, parseOptions } from './command.ts';

const DEFAULT_PORT = 8090;

/** `understudy serve`. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'try a bundle in the browser',
  help: `Usage: understudy serve DIR [options]

Serves a page with the chat element at /, the bundle at /bundle/ and the scripts at /dist/, on this machine only.

Options:
  --port N          0 takes a free one (default: ${DEFAULT_PORT})
  -h, --help        show this text`,
  async run({ args, terminal, signal }) {
    const options = parseOptions(args, { port: { type: 'string' } });
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
