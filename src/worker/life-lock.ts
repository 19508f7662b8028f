/**
 * Takes a lock and never lets go of it: it ends with this worker, however that ends, and whoever waits for it knows.
 *
 * @param locks - The browser's; null where it has none.
 * @returns Whether it is held now: not where a frame may not lock, nor when somebody else holds it. Never throws.
 */
export async function holdForLife(name: string, locks: LockManager | null): Promise<boolean> {
  if (locks === null) return false;
  return await new Promise((resolve) => {
    const granted = (lock: Lock | null): Promise<never> | null => {
      resolve(lock !== null);
      return lock === null ? null : new Promise(() => undefined);
    };
    locks.request(name, { ifAvailable: true }, granted).catch(() => resolve(false));
  });
}
