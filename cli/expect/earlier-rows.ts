import { existsSync, readFileSync } from 'node:fs';
import { writeFileWhole } from '../build/write-file.ts';

/** Rows of an earlier run; a last line that was cut off is dropped, as it is asked for again. @param read - Reads the file, which has rows. */
export function readEarlierRows<Row>(out: string, read: (path: string) => readonly Row[]): readonly Row[] {
  if (!existsSync(out)) return [];
  const text = readFileSync(out, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole !== text) writeFileWhole(out, whole);
  return whole.trim() === '' ? [] : read(out);
}
