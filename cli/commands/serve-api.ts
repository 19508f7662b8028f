import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../../src/session/system-clock.ts';
import { openBundleFolder } from '../ask/open-bundle-folder.ts';
import { buildBundle } from '../build/build-bundle.ts';
import { hasBundle } from '../build/read-bundle-folder.ts';
import { loadConfig } from '../config/load-config.ts';
import { hostBundle, isLoopback, readKeys } from '../serve/api/host-bundle.ts';
import { createProgress } from '../terminal/progress.ts';
import { readAppOptions } from './app-options.ts';
import type { CommandOptions, CommandRun } from './command.ts';
import { integerOption, onePositional, usageError } from './command.ts';
import { namedModelHub } from './model-options.ts';
import { creationDate } from './creation-date.ts';

/** Environment variable with the keys of the service interface. */
export const API_KEYS = 'UNDERSTUDY_API_KEYS';

/** Options of `understudy serve --api`. */
export const API_OPTIONS = {
  host: { type: 'string' },
  code: { type: 'string' },
  origin: { type: 'string', multiple: true },
  'no-generator': { type: 'boolean' },
} as const;

/**
 * Answers Dify's API from a bundle, or from an app that is built for it into a temporary folder, until the signal is aborted.
 * @throws UnderstudyError as building and opening do; `cli/usage` for an address beyond this machine without keys.
 */
export async function serveApi(
  options: CommandOptions,
  run: CommandRun,
  defaultPort: number,
): Promise<number> {
  const { terminal, signal } = run;
  const target = onePositional(options, 'a bundle, a configuration or an exported app');
  const hostname = options.text('host') ?? '127.0.0.1';
  const keys = readKeys(process.env[API_KEYS]);
  if (keys.length === 0 && !isLoopback(hostname))
    throw usageError(`--host ${hostname} can be reached from elsewhere: set keys in ${API_KEYS}.`);
  const port = integerOption(options, 'port', 0, 65_535) ?? defaultPort;
  const progress = createProgress(terminal);
  let folder = resolve(target);
  let made: string | null = null;
  try {
    if (!hasBundle(folder)) {
      const config = loadConfig(target, { ...readAppOptions(options), ...namedModelHub() });
      made = mkdtempSync(join(tmpdir(), 'understudy-api-'));
      folder = made;
      const onProgress = (text: string): void => progress.update(text);
      const built = await buildBundle(config, { out: folder, createdAt: creationDate(), onProgress, signal });
      for (const remark of built.remarks) terminal.note(`warning: ${remark}`);
    }
    progress.update('opening the bundle');
    const bundle = await openBundleFolder(folder, { withGenerator: !options.flag('no-generator'), signal });
    progress.done();
    if (bundle.engineFault !== null)
      terminal.note(`warning: ${bundle.engineFault.code}: ${bundle.engineFault.message}`);
    const origins = options.texts('origin');
    const code = options.text('code') ?? bundle.manifest.appId;
    const server = await hostBundle({
      bundle,
      keys,
      siteCode: code,
      hostname,
      port,
      clock: systemClock,
      onError: (error) =>
        terminal.note(`error ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
      ...(origins.length === 0 ? {} : { origins }),
    });
    const base = `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${String(server.port)}`;
    terminal.out(`${base}/v1`);
    const access =
      keys.length > 0 ? `with one of the keys of ${API_KEYS}` : 'for this machine, without a key';
    terminal.note(`Service API at /v1 ${access}; web API at /api with the site code "${code}".`);
    terminal.note('Conversations are kept in memory. Stop with Ctrl+C.');
    if (!signal.aborted) await once(signal, 'abort');
    await server.close();
    await bundle.engine?.dispose();
    return 0;
  } finally {
    progress.done();
    if (made !== null) rmSync(made, { recursive: true, force: true });
  }
}
