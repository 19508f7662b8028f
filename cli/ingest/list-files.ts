import { readdirSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';

/**
 * Lists the files of a source in code-unit order of their paths, without hidden ones, `node_modules` and symbolic links.
 * @param name - How the path is named in messages.
 * @param ignored - Absolute paths of files and folders to leave out.
 * @throws UnderstudyError `cli/not-found`.
 */
export function listFiles(path: string, name: string, ignored: ReadonlySet<string>): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new UnderstudyError('cli/not-found', `The source "${name}" does not exist.`, {
      facts: { path: name },
    });
  }
  if (!stats.isDirectory()) return [path];
  const entries = readdirSync(path, { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.isSymbolicLink()) return [];
      const inner = join(path, entry.name);
      if (ignored.has(inner)) return [];
      if (entry.isDirectory()) return listFiles(inner, posix.join(name, entry.name), ignored);
      return entry.isFile() ? [inner] : [];
    });
}
