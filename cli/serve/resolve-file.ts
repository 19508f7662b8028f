import { realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

/**
 * Resolves the path of a request to a file inside a folder; null for anything that is none.
 *
 * Refuses `..`, NUL, backslashes, hidden files, broken percent signs, and links that lead out of the folder.
 */
export function resolveFile(folder: string, requestPath: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(requestPath);
  } catch {
    // URIError: a broken percent sign.
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.some((part) => part.startsWith('.'))) return null;
  try {
    const root = realpathSync(folder);
    let found = realpathSync(join(root, ...parts));
    if (statSync(found).isDirectory()) found = realpathSync(join(found, 'index.html'));
    return (found === root || found.startsWith(root + sep)) && statSync(found).isFile() ? found : null;
  } catch {
    // ENOENT, ENOTDIR, ENAMETOOLONG: there is no such file.
    return null;
  }
}
