/** `npm run check`: every check that is no test, each with its time; it goes on after a failure and sums up at the end. */
import { checkNode, ensureBuilt, ensureInstalled, root } from './prepare.mjs';
import { explainFailure, runCommand, seconds, step } from './steps.mjs';

const CONCURRENT = 2;
const TIMEOUT_MS = 10 * 60_000;

/** The longest come first, so that both places are busy to the end. `shows` prints the output of a pass too. */
const CHECKS = [
  { name: 'lint (eslint)', args: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings=0'] },
  { name: 'types of the page', args: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.page.json'] },
  { name: 'types of the worker', args: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.worker.json'] },
  {
    name: 'types of Node.js code',
    args: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.node.json', '--isolatedDeclarations', 'false'],
  },
  { name: 'unused code (knip)', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  {
    name: 'format (prettier)',
    args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  },
  { name: 'import directions (dependency-cruiser)', args: ['.ci/import-directions.mjs'] },
  { name: 'public interface (api-extractor)', args: ['.ci/api.mjs'] },
  { name: 'package (publint)', args: ['node_modules/publint/src/cli.js', '--strict'], needsDist: true },
  { name: 'size of the built files', args: ['.ci/size.mjs'], needsDist: true, shows: true },
  { name: 'weight of models', args: ['.ci/models-weight.mjs'], shows: true },
  { name: 'texts of tracked files', args: ['.ci/tracked-text.mjs'] },
];

const started = performance.now();
let passed = 0;
let failed = 0;

async function runCheck({ name, args, shows }) {
  const start = performance.now();
  let output;
  let isPass = true;
  try {
    output = await runCommand(process.execPath, args, {
      cwd: root,
      env: { NO_COLOR: '1', FORCE_COLOR: undefined },
      timeoutMs: TIMEOUT_MS,
    });
  } catch (error) {
    isPass = false;
    output = error.output?.trim() || error.message;
  }
  if (isPass) passed += 1;
  else failed += 1;
  const text = (isPass && !shows ? '' : output).trimEnd().replaceAll(/^/gm, '      ');
  console.log(`  ${isPass ? '✓' : '✗'} ${name} (${seconds(start)})${text.trim() === '' ? '' : `\n${text}`}`);
}

try {
  checkNode();
  if (!process.env.UNDERSTUDY_NO_INSTALL) await step('install packages', ensureInstalled);
  let isBuilt = true;
  await step('build the element, the worker and the command', ensureBuilt).catch((error) => {
    explainFailure(error);
    isBuilt = false;
  });
  const waiting = CHECKS.filter((check) => isBuilt || !check.needsDist);
  failed += CHECKS.length - waiting.length;
  await Promise.all(
    Array.from({ length: CONCURRENT }, async () => {
      for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) await runCheck(check);
    }),
  );
} catch (error) {
  explainFailure(error);
  failed += 1;
}
console.log(`\nin ${seconds(started)}`);
console.log(`check: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
