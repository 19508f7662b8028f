/** Checks imports with dependency-cruiser, and that it has seen every file: with a wrong parser it sees none and passes. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';
import { explainFailure, runCommand } from './steps.mjs';

const FOLDERS = ['src', 'components', 'cli'];
const MAX_REPORT_CHARS = 200_000_000;

try {
  const json = await runCommand(
    process.execPath,
    [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      ...FOLDERS,
      ...['--config', '.dependency-cruiser.cjs', '--output-type', 'json'],
    ],
    { cwd: root, keptChars: MAX_REPORT_CHARS, acceptAnyCode: true },
  );
  const { modules, summary } = JSON.parse(json.slice(json.indexOf('{')));
  const seen = new Set(modules.map((module) => module.source));
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`),
  );
  const unseen = files.filter((file) => !seen.has(file));
  for (const { rule, from, to } of summary.violations)
    console.log(`${rule.severity} ${rule.name}: ${from} → ${to}`);
  for (const file of unseen) console.log(`not seen: ${file}`);
  console.log(
    `${files.length} files, ${summary.totalCruised} modules, ${summary.violations.length} violations`,
  );
  if (summary.error > 0 || unseen.length > 0 || summary.totalCruised < files.length) process.exitCode = 1;
} catch (error) {
  explainFailure(error);
  process.exitCode = 1;
}
