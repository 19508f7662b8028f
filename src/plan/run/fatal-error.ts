import { isUnderstudyError } from '../../contracts/errors.ts';

/** Reports whether the turn has used up its time or its steps: no strategy of a step makes up for that. */
export function isLimitError(error: unknown): boolean {
  return isUnderstudyError(error, 'plan/too-many-steps') || isUnderstudyError(error, 'plan/too-slow');
}

/** Reports whether an error ends an `iterate` step whatever it says of the errors of its rounds. */
export function isFatalError(error: unknown): boolean {
  return isLimitError(error) || isUnderstudyError(error, 'plan/needs-lead');
}
