import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecord } from '../src/contracts/json.ts';

/** The folder of this package and its version. */
export interface PackageFolder {
  readonly path: string;
  readonly version: string;
}

/** Finds the package's own folder: above the source files in development, above the bundled command when installed. */
export function packageFolder(): PackageFolder {
  let path = dirname(fileURLToPath(import.meta.url));
  for (; dirname(path) !== path; path = dirname(path)) {
    try {
      const value: unknown = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
      if (isRecord(value) && value['name'] === 'understudy')
        return { path, version: String(value['version']) };
    } catch {
      // ENOENT: the package.json lies further up.
    }
  }
  return { path, version: 'unknown' };
}
