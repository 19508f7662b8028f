import assert from 'node:assert/strict';
import { isRecord } from '../../src/contracts/json.ts';

/** Reads a line of JSON that holds an object. */
export function parseObject(line: string): Record<string, unknown> {
  const value: unknown = JSON.parse(line);
  assert.ok(isRecord(value));
  return value;
}
