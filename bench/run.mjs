/**
 * `npm run bench`: names the benchmarks. `npm run bench -- NAME [--quick] [--json]`: runs one.
 *
 *   npm run bench -- page           five rounds
 *   npm run bench -- page --quick   one round, within a minute
 *   npm run bench -- page --json    one JSON array of rows on standard output; everything else goes to standard error
 *
 * A folder with a `bench.mjs` is a benchmark. It exports `summary`, one line, and
 * `run({ quick, report, place }) => Promise<Row[]>`. The exit status is 0 also when a goal is not met: the row says so.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findBrowsers } from '../.ci/browsers.mjs';
import {
  checkNode,
  demoBundleFolder,
  distFolder,
  ensureBuilt,
  ensureDemoBundle,
  ensureInstalled,
  root,
} from '../.ci/prepare.mjs';
import { explainFailure, seconds } from '../.ci/steps.mjs';
import { peersFolder, preparePeers } from './peers.mjs';
import { formatRows } from './rows.mjs';

const EXIT_USAGE = 64;
const report = (line) => console.error(`  ${line}`);

async function benchNames() {
  const entries = await readdir(import.meta.dirname, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(join(import.meta.dirname, entry.name, 'bench.mjs')))
    .map((entry) => entry.name)
    .sort();
}

function readArguments() {
  try {
    const flag = { type: 'boolean', default: false };
    return parseArgs({ options: { quick: flag, json: flag }, allowPositionals: true, strict: true });
  } catch (error) {
    console.error(error.message);
    process.exit(EXIT_USAGE);
  }
}

/**
 * Prepares what `npm start` prepares and copies it, so that a build in the meantime does not change what is measured.
 *
 * @typedef {object} Place
 * @property {string} root
 * @property {string} distFolder
 * @property {string} bundleFolder
 * @property {string} peersFolder
 * @property {Record<string, string>} peers Versions of the installed peers by package name.
 * @property {string} chromium Path of the browser.
 * @returns {Promise<{place: Place, remove: () => Promise<void>}>}
 */
async function prepare() {
  checkNode();
  if (!process.env.UNDERSTUDY_NO_INSTALL) await ensureInstalled(report);
  report(`product: ${await ensureBuilt()}; bundle: ${await ensureDemoBundle()}`);
  const programs = await findBrowsers(['chromium']);
  const peers = await preparePeers(report);
  const folder = join(root, `.cache/bench-${process.pid}`);
  const copy = { dist: join(folder, 'dist'), bundle: join(folder, 'bundle') };
  await mkdir(folder, { recursive: true });
  await cp(distFolder, copy.dist, { recursive: true });
  await cp(demoBundleFolder, copy.bundle, { recursive: true });
  return {
    place: {
      root,
      distFolder: copy.dist,
      bundleFolder: copy.bundle,
      peersFolder,
      peers,
      chromium: programs.UNDERSTUDY_CHROMIUM,
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const { values, positionals } = readArguments();
const names = await benchNames();
const [name] = positionals;
if (name === undefined) {
  for (const known of names) {
    const { summary } = await import(`./${known}/bench.mjs`);
    console.log(`${known.padEnd(8)} ${summary}`);
  }
} else if (positionals.length > 1 || !names.includes(name)) {
  console.error(`There is no benchmark "${positionals.join(' ')}": ${names.join(', ')}.`);
  process.exitCode = EXIT_USAGE;
} else {
  let prepared = null;
  try {
    prepared = await prepare();
    const started = performance.now();
    const { run } = await import(`./${name}/bench.mjs`);
    const rows = await run({ quick: values.quick, report, place: prepared.place });
    report(`${name}: ${rows.length} rows in ${seconds(started)}`);
    console.log(values.json ? JSON.stringify(rows, null, 2) : `\n${formatRows(rows)}`);
  } catch (error) {
    explainFailure(error);
    process.exitCode = 1;
  } finally {
    await prepared?.remove();
  }
}
