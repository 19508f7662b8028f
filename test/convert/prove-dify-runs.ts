/**
 * Runs every community export and official template that has a graph through `understudy run` with mocked models and searches, and prints
 * how far each comes without the cloud:
 *
 *   node --import tsx test/convert/prove-dify-runs.ts --data FOLDER [--json]
 *
 * An app runs wholly when the compiler leaves no reachable node to the cloud and every choice of its branches that the runs below make
 * ends in an answer; it has a whole path when at least one does. Without the folder it says that it was not run, and ends with status 75.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { createNodeSandbox } from '../../cli/sandbox/node-sandbox.ts';
import { climb } from './climb.ts';
import type { Climbed } from './climb.ts';

const EXIT_NOT_RUN = 75;
const LEAST_WHOLE = 19;
const LEAST_PATHS = 27;

const { values } = parseArgs({ options: { data: { type: 'string' }, json: { type: 'boolean' } } });
const { data } = values;
if (data === undefined || !existsSync(join(data, 'dsl/manifest.csv'))) {
  console.log('not run: name the folder of exported apps with --data');
  process.exit(EXIT_NOT_RUN);
}

const [head = '', ...rows] = readFileSync(join(data, 'dsl/manifest.csv'), 'utf8').trim().split('\n');
const columns = head.trim().split(',');
const at = (row: string, name: string): string => row.trim().split(',')[columns.indexOf(name)] ?? '';
const paths = rows
  .filter((row) => /^(?:community-export|official-template)/.test(at(row, 'origin')))
  .filter((row) => /^(?:advanced-chat|workflow)$/.test(at(row, 'mode')))
  .map((row) => at(row, 'path'));

const sandbox = createNodeSandbox();
const climbed: Climbed[] = [];
for (const path of paths) climbed.push(await climb(join(data, 'dsl', path), path, sandbox));

if (values.json === true) console.log(JSON.stringify(climbed, null, 1));
else {
  for (const { path, rung, runs, why } of climbed)
    console.log(
      `${rung.padEnd(7)} ${String(runs.answered)}/${String(runs.all)} ${path}${why === '' ? '' : `\n          ${why}`}`,
    );
}
const count = (...rungs: readonly string[]): number =>
  climbed.filter(({ rung }) => rungs.includes(rung)).length;
const whole = count('whole');
const some = count('whole', 'path', 'forced');
console.log(`wholly ${String(whole)} of ${String(paths.length)} (at least ${String(LEAST_WHOLE)})`);
console.log(
  `at least one whole path ${String(some)} of ${String(paths.length)} (at least ${String(LEAST_PATHS)});`,
);
console.log(
  `  ${String(count('whole', 'path'))} with models and searches mocked, ${String(count('forced'))} only where its own code is mocked, too`,
);
process.exit(whole >= LEAST_WHOLE && some >= LEAST_PATHS ? 0 : 1);
