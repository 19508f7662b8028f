import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Of } from './model-host.ts';

/** What a folder is made of, for telling whether anything of it changed. */
export function digestFolder(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return files.map((file) => `${file} ${sha256Of(readFileSync(file))}`).join('\n');
}
