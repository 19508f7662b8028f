/** `npm run size`: compares the built files with `.ci/size-budgets.json`. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { distFolder } from './prepare.mjs';

const STATIC_IMPORT = /(?:\bfrom|\bimport)\s*"(\.\/[^"]+)"/g;
const bytes = (count) => count.toLocaleString('en-US');

const { budgets } = JSON.parse(await readFile(new URL('size-budgets.json', import.meta.url), 'utf8'));

/** A file and what it imports statically, each once; `import()` is left out. */
async function withStaticImports(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  const code = await readFile(join(distFolder, file), 'utf8');
  for (const [, path] of code.matchAll(STATIC_IMPORT))
    await withStaticImports(join(dirname(file), path), found);
  return found;
}

if (!existsSync(join(distFolder, '.inputs'))) {
  console.error('There is no complete dist. Run "npm run build" first.');
  process.exit(1);
}
const built = await readdir(distFolder);

/** The built files of a name, in which `*` stands for a hash; one at least. */
function named(name) {
  const [before, after = null] = name.split('*');
  if (after === null) return [name];
  const files = built.filter((file) => file.startsWith(before) && file.endsWith(after));
  if (files.length === 0) throw new Error(`No built file is named ${name}.`);
  return files;
}

let isOver = false;
for (const budget of budgets) {
  const files = new Set();
  for (const file of budget.files.flatMap(named)) {
    if (budget.withChunks) for (const found of await withStaticImports(file)) files.add(found);
    else files.add(file);
  }
  let sizeBytes = 0;
  for (const file of files)
    sizeBytes += gzipSync(await readFile(join(distFolder, file)), { level: 9 }).byteLength;
  const over = sizeBytes > budget.maxBytes;
  isOver ||= over;
  const numbers = `${bytes(sizeBytes).padStart(8)} of ${bytes(budget.maxBytes).padStart(8)} B gzip`;
  console.log(`${over ? 'OVER' : ' ok '}  ${numbers}  ${budget.name} (${[...files].join(', ')})`);
}
if (isOver) {
  console.error(
    'A built file is over its budget: make it smaller, or raise the budget and say why in the commit.',
  );
  process.exitCode = 1;
}
