import { systemClock } from '../session/system-clock.ts';
import { openStore } from '../store/local-forage-store.ts';
import type { Platform } from './platform.ts';
import { holdForLife } from './life-lock.ts';

/** The surroundings in a browser, worker or page. */
export function browserPlatform({ hasGenerator }: { readonly hasGenerator: boolean }): Platform {
  return {
    fetch: (input, init) => fetch(input, init),
    clock: systemClock,
    random: () => Math.random(),
    openStore: (name, onFallback) => openStore({ name, onFallback }),
    lock: findLock(),
    onOnline: (listener) => {
      addEventListener('online', listener);
      return () => removeEventListener('online', listener);
    },
    liveness: findLiveness(),
    holdForLife: (name) => holdForLife(name, findLocks()),
    createEngine: hasGenerator
      ? async (context) => {
          // A chunk of its own: visitors whose answers are extracts never load it.
          const { pickEngine } = await import('./pick-engine.ts');
          return pickEngine(context);
        }
      : null,
    createEncoder: hasGenerator
      ? async (model, assetsUrl, signal) => {
          const [{ loadKernelEncoder }, { fetchKernel }] = await Promise.all([
            import('../engines/kernel/load-kernel-encoder.ts'),
            import('./fetch-kernel.ts'),
          ]);
          return loadKernelEncoder({
            openModel: () => Promise.resolve(model),
            readKernel: (file, abort) => fetchKernel(new URL(`kernel/${file}`, assetsUrl), abort),
            signal,
          });
        }
      : null,
  };
}

function findLock(): Platform['lock'] {
  const locks = findLocks();
  if (locks === null) return null;
  return async (name, task) => {
    await locks.request(name, task);
  };
}

/** A lock that is never let go of ends with the worker, however that ends. */
function findLiveness(): Platform['liveness'] {
  const locks = findLocks();
  if (locks === null || typeof crypto.randomUUID !== 'function') return null;
  const name = `understudy worker ${crypto.randomUUID()}`;
  // It rejects where a frame may not lock; the worker counts as gone then.
  locks.request(name, () => new Promise(() => undefined)).catch(() => undefined);
  return {
    name,
    isAlive: async (other) => (await locks.query()).held?.some((lock) => lock.name === other) ?? false,
  };
}

/** Web Locks are missing in old browsers and in pages without a secure context; sandboxed frames refuse them. */
function findLocks(): LockManager | null {
  const locks: unknown = Reflect.get(navigator, 'locks');
  return typeof LockManager !== 'undefined' && locks instanceof LockManager ? locks : null;
}
