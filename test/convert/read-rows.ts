import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Reads the rows of a JSONL file, also of one packed with xz; none when there is no such file. */
export function readRows(path: string): readonly unknown[] {
  if (!existsSync(path)) return [];
  let text: string;
  if (path.endsWith('.xz')) {
    const unpacked = spawnSync('xz', ['-dc', path], { maxBuffer: 1024 * 1024 * 1024, encoding: 'utf8' });
    if (unpacked.status !== 0) throw new Error(`xz could not unpack ${path}: ${unpacked.stderr}`);
    text = unpacked.stdout;
  } else text = readFileSync(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => JSON.parse(line));
}
