/**
 * `npm run test:long`: the checks that take minutes, or need what this repository does not bring, and a dated report of them.
 *
 *   npm run test:long                              all of them; writes docs/reports/long-YYYY-MM-DD.md
 *   npm run test:long -- --only gguf,wasmtime      some, without a report
 *
 * They run one after the other. A check whose means are missing (node-llama-cpp in bench, Python with wasmtime) is told as
 * `never-run`: neither passed nor failed. The exit status is 1 when one failed.
 */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildKernel } from '../../.ci/build-kernel.mjs';
import { checkNode, ensureInstalled, root } from '../../.ci/prepare.mjs';
import { explainFailure, runCommand, seconds, step } from '../../.ci/steps.mjs';

const EXIT_USAGE = 64;
const LIMIT_MS = 60 * 60_000;
const KEPT_CHARS = 200_000;
const SUFFIX = '.long.test.ts';

/** @typedef {{name: string, run: () => Promise<{state: 'pass' | 'fail' | 'never-run', said: string[]}>}} Check */

const run = (command, args) =>
  runCommand(command, args, {
    cwd: root,
    timeoutMs: LIMIT_MS,
    keptChars: KEPT_CHARS,
    env: { NO_COLOR: '1', FORCE_COLOR: undefined },
  });

/** What the test printed itself: comments of TAP that are no counts. */
const saidIn = (tap) =>
  tap
    .split('\n')
    .filter((line) => line.startsWith('# ') && !/^# (Subtest|[a-z_]+ [\d.]+$)/.test(line))
    .map((line) => line.slice(2));

/** Reads counts of TAP; a file of which every test was skipped has never run. */
async function runTests(file) {
  let tap;
  let isClean = true;
  try {
    tap = await run(process.execPath, ['--import', 'tsx', '--test', '--test-reporter=tap', file]);
  } catch (error) {
    isClean = false;
    tap = error.output ?? error.message;
  }
  const total = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
  const ran = total('pass') + total('fail') + total('cancelled');
  if (isClean && ran === 0 && total('skipped') > 0) {
    const why = / # SKIP (.*)$/m.exec(tap)?.[1] ?? 'skipped';
    return { state: 'never-run', said: [why] };
  }
  const isPass = isClean && total('pass') > 0;
  return { state: isPass ? 'pass' : 'fail', said: isPass ? saidIn(tap) : tap.trim().split('\n').slice(-60) };
}

/** Runs the kernel without any JavaScript engine; the images come from this one. */
async function runWasmtime() {
  const python = process.env.UNDERSTUDY_PYTHON ?? 'python3';
  try {
    await run(python, ['-c', 'import wasmtime']);
  } catch {
    return { state: 'never-run', said: [`${python} has no package "wasmtime": pip install wasmtime`] };
  }
  const folder = await mkdtemp(join(tmpdir(), 'understudy-wasmtime-'));
  try {
    await run(process.execPath, ['--import', 'tsx', 'test/wasmtime/export-images.ts', folder]);
    const said = await run(python, ['test/wasmtime/run.py', folder, 'dist/kernel']);
    return { state: 'pass', said: said.trim().split('\n') };
  } catch (error) {
    return { state: 'fail', said: (error.output ?? error.message).trim().split('\n').slice(-60) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns {Promise<Check[]>} */
async function allChecks() {
  const files = (await readdir(join(root, 'test/long'))).filter((name) => name.endsWith(SUFFIX)).sort();
  return [
    ...files.map((file) => ({
      name: file.slice(0, -SUFFIX.length),
      run: () => runTests(`test/long/${file}`),
    })),
    { name: 'wasmtime', run: runWasmtime },
  ];
}

function readOnly(names) {
  try {
    const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } }, strict: true });
    const only = values.only?.flatMap((text) => text.split(',')) ?? null;
    const unknown = only?.find((name) => !names.includes(name));
    if (unknown !== undefined) throw new Error(`There is no check "${unknown}": ${names.join(', ')}.`);
    return only;
  } catch (error) {
    console.error(error.message);
    process.exit(EXIT_USAGE);
  }
}

/** The commit that was checked, with a star when files differ from it. */
async function revision() {
  try {
    const commit = (await run('git', ['rev-parse', '--short', 'HEAD'])).trim();
    const changes = (await run('git', ['status', '--porcelain', '--untracked-files=no'])).trim();
    return changes === '' ? commit : `${commit} with changes that are not committed`;
  } catch {
    return 'unknown';
  }
}

function writeReport(date, commit, results) {
  const { model = 'unknown' } = cpus()[0] ?? {};
  const rows = results.map(({ name, state, took }) => `| ${name} | ${state} | ${took} |`);
  const details = results
    .filter(({ said }) => said.length > 0)
    .map(({ name, said }) => `## ${name}\n\n\`\`\`\n${said.join('\n')}\n\`\`\`\n`);
  const head = [
    `# Long checks of ${date}`,
    '',
    `\`npm run test:long\` at ${commit}; Node.js ${process.version}, ${process.platform} ${process.arch}, ${model}.`,
    '',
    '`never-run`: what the check needs is not on this machine.',
    '',
    '| check | state | took |',
    '| --- | --- | --- |',
  ];
  return [...head, ...rows, '', ...details].join('\n');
}

async function main() {
  checkNode();
  const checks = await allChecks();
  const only = readOnly(checks.map(({ name }) => name));
  if (!process.env.UNDERSTUDY_NO_INSTALL) await step('install packages', ensureInstalled);
  await step('build the kernel', buildKernel);
  const commit = await revision();
  const results = [];
  for (const { name, run: runCheck } of checks.filter(
    (check) => only === null || only.includes(check.name),
  )) {
    const start = performance.now();
    const { state, said } = await runCheck();
    const took = seconds(start);
    results.push({ name, state, said, took });
    console.log(`  ${state === 'fail' ? '✗' : state === 'pass' ? '✓' : '–'} ${name}: ${state} (${took})`);
    for (const line of said) console.log(`      ${line}`);
  }
  if (only === null) {
    const date = new Date().toISOString().slice(0, 10);
    const folder = join(root, 'docs/reports');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `long-${date}.md`), writeReport(date, commit, results));
    console.log(`\ndocs/reports/long-${date}.md`);
  }
  const count = (state) => results.filter((result) => result.state === state).length;
  console.log(`${count('pass')} passed, ${count('fail')} failed, ${count('never-run')} never run`);
  return count('fail') > 0 ? 1 : 0;
}

process.exitCode = await main().catch((error) => {
  explainFailure(error);
  return error.exitCode ?? 1;
});
