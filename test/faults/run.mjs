/**
 * `npm run faults`: plays the faults of the catalogue and says of each what came of it.
 *
 *   npm run faults                 a table
 *   npm run faults -- --json       one JSON array: {id, name, browser, result, code}
 *   npm run faults -- --id 71,77   some rows
 *
 * `result`: `pass` in a real Chromium, or with the built command in Node.js for what owners run (`browser` is `node`);
 * `simulated` where a stand-in was injected into the product's own code, `fail`, or `never-run` with the reason. A stand-in is
 * never a pass. Status 1 when a row failed.
 */
import { parseArgs } from 'node:util';
import { register } from 'tsx/esm/api';
import { ensureBuilt, ensureDemoBundle } from '../../.ci/prepare.mjs';

register();
const { values } = parseArgs({ options: { json: { type: 'boolean' }, id: { type: 'string' } } });
const log = console.log;
// Steps tell their progress on standard output, which belongs to the result here.
if (values.json) console.log = console.error;
await ensureBuilt();
await ensureDemoBundle();
const { runFaults } = await import('./run-faults.ts');
const wanted = values.id?.split(',').map(Number) ?? null;
const rows = await runFaults(wanted, (row) => {
  if (!values.json)
    log(`${String(row.id).padStart(3)}  ${row.result.padEnd(9)}  ${row.code.padEnd(22)}  ${row.name}`);
  if (row.remark !== '') console.error(`     ${row.remark}`);
});
if (values.json)
  log(
    JSON.stringify(
      rows.map(({ id, name, browser, result, code }) => ({ id, name, browser, result, code })),
      null,
      2,
    ),
  );
process.exitCode = rows.some(({ result }) => result === 'fail') ? 1 : 0;
