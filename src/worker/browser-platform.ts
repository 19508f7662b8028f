import { systemClock } from '../session/system-clock.ts';
import { openStore } from '../store/local-forage-store.ts';
import type { Platform } from './agent.ts';

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
    createEngine: hasGenerator
      ? async (read, assetsUrl) => {
          // A chunk of its own: visitors whose answers are extracts never load the model runtime.
          const { createTransformersEngine } =
            await import('../engines/transformers/create-transformers-engine.ts');
          return createTransformersEngine({
            read,
            runtimeUrl: new URL('ort/', assetsUrl).href,
            modelId: 'understudy-tiny',
          });
        }
      : null,
  };
}

/** Web Locks are missing in old browsers and in pages without a secure context; sandboxed frames refuse them. */
function findLock(): Platform['lock'] {
  const locks: unknown = Reflect.get(navigator, 'locks');
  if (!(typeof LockManager !== 'undefined' && locks instanceof LockManager)) return null;
  return async (name, task) => {
    await locks.request(name, task);
  };
}
