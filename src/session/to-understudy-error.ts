import { fromErrorReport, isUnderstudyError, toErrorReport } from '../contracts/errors.ts';
import type { UnderstudyError } from '../contracts/errors.ts';

/** Gives any thrown value the form owners are told of; unknown ones become `internal/unexpected`. */
export function toUnderstudyError(error: unknown): UnderstudyError {
  return isUnderstudyError(error) ? error : fromErrorReport(toErrorReport(error));
}
