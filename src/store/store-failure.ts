import { UnderstudyError, isUnderstudyError } from '../contracts/errors.ts';

/** Reports whether the browser refused a write because there is no room left. */
export function isQuotaFault(error: unknown): boolean {
  // Firefox of old names it NS_ERROR_DOM_QUOTA_REACHED; localforage hands through whatever the browser gave.
  return hasName(error, 'QuotaExceededError') || hasName(error, 'NS_ERROR_DOM_QUOTA_REACHED');
}

/** Reports whether trying once more on a new connection could help: not for full devices and values that cannot be stored. */
export function isWorthRetrying(error: unknown): boolean {
  return !isUnderstudyError(error) && !isQuotaFault(error) && !hasName(error, 'DataCloneError');
}

/**
 * Turns whatever storage threw into `store/quota` or `store/failed`.
 *
 * @param doing - What was attempted, such as `read outbox/1`.
 */
export function toStoreFailure(error: unknown, doing: string): UnderstudyError {
  if (isUnderstudyError(error)) return error;
  const name = error instanceof Error ? error.name : 'unknown';
  if (isQuotaFault(error)) {
    return new UnderstudyError('store/quota', `There was no room to ${doing}.`, {
      facts: { doing },
      cause: error,
    });
  }
  return new UnderstudyError('store/failed', `The browser could not ${doing} (${name}).`, {
    facts: { doing, name },
    cause: error,
  });
}

/** The error of every call after `close()`. */
export function toClosedFailure(doing: string): UnderstudyError {
  return new UnderstudyError('store/failed', `The store was closed before it could ${doing}.`, {
    facts: { doing, name: 'closed' },
  });
}

function hasName(error: unknown, name: string): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === name;
}
