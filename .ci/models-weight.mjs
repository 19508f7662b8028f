/** Checks that the weights in the repository stay small: tracked bytes under `models/`. */
import { execFileSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';

const MAX_BYTES = 30 * 1024 * 1024;
const files = execFileSync('git', ['ls-files', '-z', 'models'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((name) => name !== '');
const sizeBytes = files.reduce(
  (sum, name) => sum + (lstatSync(join(root, name), { throwIfNoEntry: false })?.size ?? 0),
  0,
);
const inMiB = (count) => `${(count / 1024 / 1024).toFixed(1)} MiB`;
console.log(`models/: ${files.length} tracked files, ${inMiB(sizeBytes)} of ${inMiB(MAX_BYTES)}`);
if (sizeBytes > MAX_BYTES) process.exitCode = 1;
