/** Runs work one at a time. */
export type Exclusive = <T>(signal: AbortSignal | undefined, work: () => Promise<T>) => Promise<T>;

/**
 * Makes a gate through which one piece of work goes at a time: among all tabs of the site where the browser has Web
 * Locks, in this realm where it has not (Node, insecure pages, frames without storage).
 *
 * @param locks - Default: the platform's.
 */
export function createExclusive(name: string, locks: LockManager | null = findLocks()): Exclusive {
  let last: Promise<unknown> = Promise.resolve();
  const inRealm = async <T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    const turn = last.then(async () => {
      signal?.throwIfAborted();
      return await work();
    });
    last = turn.catch(() => undefined);
    return await turn;
  };
  return async <T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    if (locks === null) return await inRealm(signal, work);
    const begun: Promise<T>[] = [];
    const start = async (): Promise<T> => {
      const result = work();
      begun.push(result);
      return await result;
    };
    try {
      return await locks.request(name, signal === undefined ? {} : { signal }, start);
    } catch (error) {
      const result = begun[0];
      // The lock was granted: the fault is the work's own, and it is not begun a second time.
      if (result !== undefined) return await result;
      if (signal?.aborted === true) throw error;
      // Sandboxed frames have the interface but refuse every lock.
      return await inRealm(signal, work);
    }
  };
}

function findLocks(): LockManager | null {
  // The types say both are always there; Node 20 and insecure pages know better.
  const platform: { readonly navigator?: { readonly locks?: LockManager } } = globalThis;
  return platform.navigator?.locks ?? null;
}
