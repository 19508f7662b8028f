/**
 * Runs the conformance cases of Dify's engine tests, restated as data, through compiler and interpreter, and says how many hold:
 *
 *   node --import tsx test/convert/prove-conformance.ts --data FOLDER
 *
 * Without the folder, which is not part of this repository, it says that it was not run, and ends with status 75.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { createNodeSandbox } from '../../cli/sandbox/node-sandbox.ts';
import { toErrorReport } from '../../src/contracts/errors.ts';
import { checkCase } from './check-case.ts';
import { compileCase, readCases, runCase } from './conformance-case.ts';

const EXIT_NOT_RUN = 75;

const { values } = parseArgs({ options: { data: { type: 'string' }, verbose: { type: 'boolean' } } });
const { data } = values;
if (data === undefined || !existsSync(join(data, 'fixtures/conformance.json'))) {
  console.log('not run: name the folder of the conformance data with --data');
  process.exit(EXIT_NOT_RUN);
}

const sandbox = createNodeSandbox();
const cases = readCases(data);
let held = 0;
for (const each of cases) {
  let faults: readonly string[];
  try {
    const plan = compileCase(data, each);
    faults = await checkCase(plan, each, (inputs) => runCase(plan, each, sandbox, inputs));
  } catch (error) {
    faults = [toErrorReport(error).message];
  }
  if (faults.length === 0) held += 1;
  if (faults.length > 0 || values.verbose === true)
    console.log(`${faults.length === 0 ? 'holds' : 'FAILS'}  ${each.id}`);
  for (const fault of faults) console.log(`       ${fault}`);
}
console.log(`${String(held)} of ${String(cases.length)}`);
process.exit(held === cases.length ? 0 : 1);
