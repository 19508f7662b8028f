import { UnderstudyError } from '../../contracts/errors.ts';

/** The error for a file that is not what it says it is; its facts hold the reason, as a clause. */
export function damagedDocument(what: string, cause?: unknown): UnderstudyError {
  return new UnderstudyError('plan/value-invalid', `A file cannot be read: ${what}.`, {
    facts: { reason: what },
    cause,
  });
}
