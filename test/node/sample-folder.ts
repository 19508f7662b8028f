import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Makes folders of files for tests and removes them all. */
export interface SampleFolders {
  make(files?: { readonly [path: string]: string | Uint8Array }): string;
  removeAll(): void;
}

/** Makes {@link SampleFolders} below the system's folder for temporary files. */
export function sampleFolders(): SampleFolders {
  const made: string[] = [];
  return {
    make(files = {}) {
      const folder = mkdtempSync(join(tmpdir(), 'understudy-test-'));
      made.push(folder);
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      return folder;
    },
    removeAll() {
      for (const folder of made) rmSync(folder, { recursive: true, force: true });
    },
  };
}
