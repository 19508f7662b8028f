import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './prepare.mjs';
import { runCommand } from './steps.mjs';

/**
 * Writes the declarations of what the package exports; `npm run check` is what checks types.
 *
 * @param {string} folder
 */
export async function writeTypes(folder) {
  const args = ['--project', '.ci/tsconfig.types.json', '--noCheck', '--outDir', folder];
  await runCommand(process.execPath, ['node_modules/typescript/bin/tsc', ...args], { cwd: root });
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.d.ts'));
  await Promise.all(
    files.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8');
      // A package's declarations name the scripts they describe.
      const renamed = text.replace(/((?:from|import)\s*\(?\s*['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2');
      if (renamed !== text) await writeFile(join(folder, name), renamed);
    }),
  );
}
