import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../.ci/steps.mjs';

const folder = import.meta.dirname;
const INSTALL_LIMIT_MS = 5 * 60_000;

/** Folder of the packages that are measured beside ours. */
export const peersFolder = join(folder, 'node_modules');

/**
 * Installs the peers of bench/package.json, unless they are there.
 *
 * @param {(line: string) => void} report Told what is done and, when it fails, why.
 * @returns {Promise<Record<string, string>>} Versions of the packages that can be measured, by name.
 */
export async function preparePeers(report) {
  const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const lock = await stat(join(folder, 'package-lock.json'));
  const installed = await stat(join(peersFolder, '.package-lock.json')).catch(() => null);
  if (installed === null || installed.mtimeMs < lock.mtimeMs) {
    if (process.env.UNDERSTUDY_NO_INSTALL) report('peers are not installed: UNDERSTUDY_NO_INSTALL is set');
    else await install(report);
  }
  const isThere = (name) => existsSync(join(peersFolder, name, 'package.json'));
  return Object.fromEntries(Object.entries(dependencies).filter(([name]) => isThere(name)));
}

async function install(report) {
  report('installing the peers of bench/package.json from the npm registry; none of their scripts run');
  try {
    await runCommand('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      timeoutMs: INSTALL_LIMIT_MS,
    });
  } catch (error) {
    // Ours is measured all the same.
    const said = String(error.output ?? '').match(/^npm error (?:code|network) .+$/gm) ?? [];
    report(
      ['peers are not installed, their columns will say so', error.message, ...said.slice(0, 2)].join('; '),
    );
  }
}
