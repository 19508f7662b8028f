import assert from 'node:assert/strict';
import { isUnderstudyError } from '../../src/contracts/errors.ts';

/** How an act is refused, as `CODE: MESSAGE`. */
export function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(isUnderstudyError(error), String(error));
    return `${error.code}: ${error.message}`;
  }
  return 'nothing was refused';
}
