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
