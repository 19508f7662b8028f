import { isUnderstudyError } from '../contracts/errors.ts';
import type { RouteReason } from '../contracts/turn.ts';

/** Says why the device answers for a lead that failed before its first text. */
export function toRouteReason(error: unknown): RouteReason {
  const code = isUnderstudyError(error) ? error.code : 'lead/bad-response';
  if (code === 'lead/refused') return 'lead-refused';
  if (code === 'lead/timeout') return 'lead-slow';
  const isMisconfigured =
    code === 'turn/file-refused' ||
    code === 'lead/auth' ||
    code === 'lead/misconfigured' ||
    code === 'lead/not-found';
  return isMisconfigured ? 'lead-misconfigured' : 'lead-unreachable';
}
