/**
 * `npm run bench`: names the benchmarks. `npm run bench -- NAME [--quick] [--json]`: runs one.
 *
 *   npm run bench -- page           five rounds
 *   npm run bench -- page --quick   one round, within a minute
 *   npm run bench -- page --json    one JSON array of rows on standard output; everything else goes to standard error
 *
 *   npm run bench -- decode --shape s30 --threads 2   options of one benchmark; decode has --browser and --plain, too
 *
 * A folder with a `bench.mjs` is a benchmark. It exports `summary`, one line, and
 * `run({ quick, report, place, values }) => Promise<Row[]>`; with options of its own also `options`, as `parseArgs` takes them,
 * and `faultOf(values)`, which says what is wrong with them or gives null. The exit status is 0 also when a goal is not met: the row says so.
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

/** @param {{options?: object, faultOf?: (values: object) => string | null} | null} benchmark The one that is named. */
function readArguments(benchmark) {
  try {
    const flag = { type: 'boolean', default: false };
    const options = { ...benchmark?.options, quick: flag, json: flag };
    const read = parseArgs({ options, allowPositionals: true, strict: true });
    const fault = benchmark?.faultOf?.(read.values) ?? null;
    if (fault !== null) throw new Error(fault);
    return read;
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
 * @property {string | undefined} firefox The same, where it is asked for.
 * @param {readonly string[]} browsers Those that are needed.
 * @returns {Promise<{place: Place, remove: () => Promise<void>}>}
 */
async function prepare(browsers) {
  checkNode();
  if (!process.env.UNDERSTUDY_NO_INSTALL) await ensureInstalled(report);
  report(`product: ${await ensureBuilt()}; bundle: ${await ensureDemoBundle()}`);
  const programs = await findBrowsers(browsers);
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
      firefox: programs.UNDERSTUDY_FIREFOX,
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const names = await benchNames();
const named = process.argv.slice(2).find((word) => names.includes(word));
const benchmark = named === undefined ? null : await import(`./${named}/bench.mjs`);
const { values, positionals } = readArguments(benchmark);
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
    prepared = await prepare([...new Set(['chromium', values.browser ?? 'chromium'])]);
    const started = performance.now();
    const rows = await benchmark.run({ quick: values.quick, report, place: prepared.place, values });
    report(`${name}: ${rows.length} rows in ${seconds(started)}`);
    console.log(values.json ? JSON.stringify(rows, null, 2) : `\n${formatRows(rows)}`);
  } catch (error) {
    explainFailure(error);
    process.exitCode = 1;
  } finally {
    await prepared?.remove();
  }
}
