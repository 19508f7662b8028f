import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compileApp } from '../../cli/dify/compile-app.ts';
import { loadDifyApp } from '../../cli/dify/read-app.ts';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import type { ProvenApp } from './dify-ladder.ts';
import { describeLadder, readManifest } from './dify-ladder.ts';

// Proves that every exported app of a data folder is inspected, or named as what is wrong with it, and prints how many of the public
// apps with a graph run on the device. Usage: tsx test/convert/prove-dify.ts --data FOLDER [--json]
// FOLDER holds manifest.csv and the files it names.

const { values } = parseArgs({ options: { data: { type: 'string' }, json: { type: 'boolean' } } });
const { data } = values;
if (data === undefined || statSync(join(data, 'manifest.csv'), { throwIfNoEntry: false }) === undefined) {
  console.log('never-run: no exported apps there; name their folder with --data FOLDER');
} else {
  const proven = readManifest(readFileSync(join(data, 'manifest.csv'), 'utf8')).map((entry) => ({
    ...entry,
    ...prove(join(data, entry.path)),
  }));
  for (const app of proven) console.log(values.json === true ? JSON.stringify(app) : describe(app));
  const ladder = describeLadder(proven);
  for (const line of ladder.lines) console.log(line);
  process.exitCode = ladder.isReached ? 0 : 1;
}

function prove(path: string): Pick<ProvenApp, 'outcome' | 'said' | 'elapsedMs' | 'blockers'> {
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  try {
    const { report } = compileApp(loadDifyApp(path));
    const refused = report.nodes.find((node) => node.site === 'refused');
    const blockers = report.nodes
      .filter((node) => node.isReachable && (node.site === 'lead' || node.site === 'refused'))
      .map((node) => node.reason);
    const said =
      refused === undefined ? (report.remarks[0]?.what ?? '') : `"${refused.id}" ${refused.reason}`;
    return { outcome: report.coverage, said, blockers: [...new Set(blockers)], elapsedMs: elapsed() };
  } catch (error) {
    if (isUnderstudyError(error) && error.code.startsWith('dify/'))
      return {
        outcome: 'broken',
        said: `${error.code} ${error.message}`,
        blockers: [],
        elapsedMs: elapsed(),
      };
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { outcome: 'crashed', said, blockers: [], elapsedMs: elapsed() };
  }
}

function describe({ path, outcome, said, elapsedMs, blockers }: ProvenApp): string {
  const why = outcome === 'broken' || outcome === 'crashed' ? said : (blockers[0] ?? said);
  return `${outcome.padEnd(8)} ${String(elapsedMs).padStart(5)} ms  ${path}${why === '' ? '' : `\n               ${why}`}`;
}
