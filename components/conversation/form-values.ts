import type { JsonObject } from '../../src/contracts/json.ts';
import { isJson, isRecord } from '../../src/contracts/json.ts';

/** Where what a visitor filled in is kept between page loads; the session's storage, as far as the browser grants it. */
export interface FormValueStore {
  /** The values under the key, null when there are none. */
  load(key: string): JsonObject | null;
  /** Keeps the values; null deletes them. */
  save(key: string, values: JsonObject | null): void;
}

const PREFIX = 'understudy-form:';

/** Reads JSON text of an attribute or a store; null when it is no object. */
export function parseValues(text: string | null): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isRecord(value) && isJson(value) ? value : null;
  } catch {
    // SyntaxError: no JSON.
    return null;
  }
}

/** Values in `sessionStorage`; where the browser refuses it, nothing is kept and nothing fails. */
export const sessionFormValues: FormValueStore = {
  load: (key) => {
    try {
      return parseValues(sessionStorage.getItem(PREFIX + key));
    } catch {
      // SecurityError: the page may not store.
      return null;
    }
  },
  save: (key, values) => {
    try {
      if (values === null) sessionStorage.removeItem(PREFIX + key);
      else sessionStorage.setItem(PREFIX + key, JSON.stringify(values));
    } catch {
      // SecurityError or QuotaExceededError: the values live as long as the page.
    }
  },
};
