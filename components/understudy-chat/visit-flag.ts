/**
 * One flag a bundle: true when a message waits or the owner prefetches for visitors who opened the chat before.
 *
 * Only where it is set does a page load anything before the visitor asks for it. Storage that the browser refuses
 * counts as "not set".
 */
export function readVisitFlag(key: string): boolean {
  try {
    return localStorage.getItem(key) === '1';
  } catch {
    // SecurityError: the page may not store.
    return false;
  }
}

/** Sets or deletes the flag. */
export function writeVisitFlag(key: string, isSet: boolean): void {
  try {
    if (isSet) localStorage.setItem(key, '1');
    else localStorage.removeItem(key);
  } catch {
    // SecurityError or QuotaExceededError: the next visit starts like a first one.
  }
}
