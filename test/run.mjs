/**
 * `npm test`: every group of tests, in real browsers and in Node.js, and one line with the sums at the end.
 *
 *   npm test                                    everything
 *   npm test -- --group unit,node               some groups: unit, component, browser, webgpu, isolated, node, e2e
 *   npm test -- --group component --browser webkit
 *
 * Browsers come from the system's packages. Where they are missing, root installs them with apt; anybody else is told
 * the one line to run, and the exit status is 69. No group is left out in silence.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ALL_BROWSERS, findBrowsers } from '../.ci/browsers.mjs';
import { failedInTap, tellFailed } from '../.ci/failed-tests.mjs';
import {
  checkNode,
  ensureAppBundles,
  ensureBuilt,
  ensureDemoBundle,
  ensureInstalled,
  root,
} from '../.ci/prepare.mjs';
import { explainFailure, runCommand, seconds, step } from '../.ci/steps.mjs';
import { startWebkitDriver } from '../.ci/webkit-driver.mjs';

const EXIT_USAGE = 64;
const GROUP_LIMIT_MS = 10 * 60_000;

/** Groups of web-test-runner.config.mjs with the browsers that each runs in, then those of Node.js. */
const BROWSER_GROUPS = {
  unit: ['chromium'],
  component: ALL_BROWSERS,
  browser: ALL_BROWSERS,
  webgpu: ['chromium'],
  isolated: ALL_BROWSERS,
};
const NODE_GROUPS = {
  node: { folders: ['src', 'cli', 'demo', 'test/node'], suffix: '.node.test.ts', concurrency: 2 },
  e2e: { folders: ['test/e2e'], suffix: '.e2e.test.ts', concurrency: 1 },
};
const ALL_GROUPS = [...Object.keys(BROWSER_GROUPS), ...Object.keys(NODE_GROUPS)];

function readArguments() {
  try {
    const list = { type: 'string', multiple: true };
    const { values } = parseArgs({ options: { group: list, browser: list }, strict: true });
    const pick = (given, all, what) => {
      const names = given?.flatMap((text) => text.split(',')) ?? all;
      const unknown = names.find((name) => !all.includes(name));
      if (unknown !== undefined) throw new Error(`There is no ${what} "${unknown}": ${all.join(', ')}.`);
      return all.filter((name) => names.includes(name));
    };
    return {
      groups: pick(values.group, ALL_GROUPS, 'group'),
      browsers: pick(values.browser, ALL_BROWSERS, 'browser'),
    };
  } catch (error) {
    console.error(error.message);
    process.exit(EXIT_USAGE);
  }
}

async function main() {
  const started = performance.now();
  checkNode();
  if (!process.env.UNDERSTUDY_NO_INSTALL) await step('install packages', ensureInstalled);
  const programs = await findBrowsers(neededBrowsers());
  const scratch = await mkdtemp(join(tmpdir(), 'understudy-test-'));
  const rows = [];
  let webkit = null;
  try {
    const builtError = await buildFor(wanted.groups);
    if (builtError !== null) rows.push({ name: 'build', ...failedOnce, passed: 0 });
    for (const group of wanted.groups) {
      if (group in NODE_GROUPS) {
        rows.push(await runNodeGroup(group, programs, scratch));
        continue;
      }
      for (const browser of BROWSER_GROUPS[group].filter((name) => wanted.browsers.includes(name))) {
        if (browser === 'webkit') webkit ??= await startWebkitDriver(programs);
        rows.push(await runBrowserGroup(group, browser, programs, webkit, scratch));
      }
    }
  } finally {
    webkit?.stop();
    await rm(scratch, { recursive: true, force: true });
  }
  return report(rows, started);
}

const failedOnce = { failed: 1, skipped: 0, elapsed: '' };

function neededBrowsers() {
  const needed = wanted.groups.flatMap((group) =>
    group === 'e2e' ? ['chromium'] : (BROWSER_GROUPS[group] ?? []),
  );
  return ALL_BROWSERS.filter((name) => needed.includes(name) && wanted.browsers.includes(name));
}

/** Builds what the groups run against; a failure is told, and the groups that need no build still run. */
async function buildFor(groups) {
  if (!groups.some((group) => ['browser', 'isolated', 'node', 'e2e'].includes(group))) return null;
  try {
    await step('build the element, the worker and the command', ensureBuilt);
    await step('compile the help pages of the demo company', ensureDemoBundle);
    await step('compile the apps of the demo', ensureAppBundles);
    return null;
  } catch (error) {
    explainFailure(error);
    return error;
  }
}

async function runBrowserGroup(group, browser, programs, webkit, scratch) {
  const name = `${group} · ${browser}`;
  console.log(`\n── ${name}`);
  const counts = join(scratch, `${group}-${browser}.jsonl`);
  const start = performance.now();
  const isClean = await succeeds(['node_modules/@web/test-runner/dist/bin.js'], {
    ...programs,
    ...webkit?.env,
    UNDERSTUDY_BROWSERS: browser,
    UNDERSTUDY_GROUPS: group,
    UNDERSTUDY_COUNTS: counts,
  });
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  for (const line of (await readFile(counts, 'utf8').catch(() => '')).split('\n').filter(Boolean)) {
    const written = JSON.parse(line);
    for (const [key, count] of Object.entries(written.count)) sum[key] += count;
    failures.push(...written.failures);
  }
  // The runner can fail without a failed test: a file that does not load, a browser that does not start.
  if (!isClean && sum.failed === 0) sum.failed = 1;
  return { name, ...sum, failures, elapsed: seconds(start) };
}

async function runNodeGroup(group, programs, scratch) {
  const { folders, suffix, concurrency } = NODE_GROUPS[group];
  console.log(`\n── ${group}`);
  const files = (await Promise.all(folders.map((folder) => testFiles(folder, suffix)))).flat().sort();
  const start = performance.now();
  if (files.length === 0) return { name: group, passed: 0, failed: 0, skipped: 0, elapsed: seconds(start) };
  const tap = join(scratch, `${group}.tap`);
  const isClean = await succeeds(
    [
      ...['--import', 'tsx', '--test', `--test-concurrency=${concurrency}`],
      ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
      ...['--test-reporter=tap', `--test-reporter-destination=${tap}`],
      ...files,
    ],
    programs,
  );
  const text = await readFile(tap, 'utf8').catch(() => '');
  const total = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  const failed = total('fail') + total('cancelled');
  return {
    name: group,
    passed: total('pass'),
    failed: !isClean && failed === 0 ? 1 : failed,
    skipped: total('skipped') + total('todo'),
    failures: failedInTap(text),
    elapsed: seconds(start),
  };
}

async function testFiles(folder, suffix) {
  const names = await readdir(join(root, folder), { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith(suffix) && !name.includes('node_modules'))
    .map((name) => join(folder, name));
}

async function succeeds(args, env) {
  try {
    await runCommand(process.execPath, args, { cwd: root, env, inherit: true, timeoutMs: GROUP_LIMIT_MS });
    return true;
  } catch (error) {
    explainFailure(error);
    return false;
  }
}

/** Prints the table, what failed, and the sums; gives the exit status. */
function report(rows, started) {
  const width = Math.max(...rows.map((row) => row.name.length), 5);
  console.log(`\n${'group'.padEnd(width)}  passed  failed  skipped`);
  for (const row of rows) {
    // A group without tests is a mistake: a wrong pattern, a file that was not found.
    if (row.passed + row.failed === 0) row.failed = 1;
    const numbers = [
      String(row.passed).padStart(6),
      String(row.failed).padStart(6),
      String(row.skipped).padStart(7),
    ];
    const isEmpty = row.passed === 0 && row.failed === 1 ? '  (no test passed)' : '';
    console.log(`${row.name.padEnd(width)}  ${numbers.join('  ')}  ${row.elapsed}${isEmpty}`);
  }
  for (const { name, failures = [] } of rows)
    for (const line of tellFailed(name, failures)) console.log(line);
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const failed = sum('failed') + (rows.length === 0 ? 1 : 0);
  console.log(`\nin ${seconds(started)}`);
  console.log(`${sum('passed')} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

const wanted = readArguments();
process.exitCode = await main().catch((error) => {
  explainFailure(error);
  console.log('\n0 passed, 1 failed');
  return error.exitCode ?? 1;
});
