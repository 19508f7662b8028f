import { existsSync, readFileSync } from 'node:fs';
import { isRecord } from '../../../src/contracts/json.ts';

/** Reads what was noted beside a fetched file; null where nothing was, or where it was cut off: then it is fetched again. */
export function readRecord(path: string): Record<string, unknown> | null {
  if (!existsSync(path)) return null;
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(value) ? value : null;
  } catch {
    // No JSON.
    return null;
  }
}
