/** What is needed of the browser's LockManager. */
export interface Locks {
  query(): Promise<{ readonly held?: readonly { readonly name?: string }[] }>;
  request(
    name: string,
    options: { readonly signal: AbortSignal },
    granted: () => undefined,
  ): Promise<unknown>;
}

/** Web Locks are missing in old browsers and in pages without a secure context. */
export function findLocks(): Locks | null {
  const locks: unknown = Reflect.get(navigator, 'locks');
  return typeof LockManager !== 'undefined' && locks instanceof LockManager ? locks : null;
}

/** Makes the name of the lock that one worker is to hold; no other worker has the same. */
export function nameLifeLock(): string {
  return `understudy page ${crypto.randomUUID()}`;
}

/**
 * Reports whether this page sees the lock held. One that is held where it cannot see it (a polyfill, another partition)
 * would be granted at once, and the worker be taken for dead. Never throws: frames that may not lock see none.
 */
export async function seesLifeLock(locks: Locks, name: string): Promise<boolean> {
  try {
    const { held = [] } = await locks.query();
    return held.some((lock) => lock.name === name);
  } catch {
    return false;
  }
}

/**
 * Waits in line for a lock that a worker holds for as long as it lives: whoever is granted it knows that the worker has
 * ended, however it ended, and at once. A worker that is only busy keeps it.
 *
 * @param onEnd - Called once when the worker has ended; never after the returned function was called.
 * @returns Stops waiting and leaves the line. Idempotent.
 */
export function watchLifeLock(locks: Locks, name: string, onEnd: () => void): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  locks
    .request(name, { signal }, () => undefined)
    .then(
      () => {
        if (!signal.aborted) onEnd();
      },
      // Stopped, or refused by the browser: the pings of a turn tell then.
      () => undefined,
    );
  return () => stopping.abort();
}
