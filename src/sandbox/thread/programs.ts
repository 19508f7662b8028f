import { withOrderedDicts } from '../micropython/ordered-dicts.ts';
import type { SandboxPlatform } from '../sandbox-platform.ts';

/** Interpreters that are one WebAssembly program, compiled once. */
export interface Programs {
  /** @throws UnderstudyError `sandbox/unavailable`; the next call tries again. */
  compiled(runtime: 'micropython' | 'quickjs'): Promise<WebAssembly.Module>;
}

/** Reads programs from a platform when they are first wanted. */
export function createPrograms(platform: SandboxPlatform): Programs {
  const kept = new Map<string, Promise<WebAssembly.Module>>();
  const compile = async (runtime: 'micropython' | 'quickjs'): Promise<WebAssembly.Module> => {
    const bytes = await platform.read(`${runtime}.wasm`);
    return WebAssembly.compile(runtime === 'micropython' ? withOrderedDicts(bytes) : bytes);
  };
  return {
    async compiled(runtime) {
      const known = kept.get(runtime) ?? compile(runtime);
      kept.set(runtime, known);
      try {
        return await known;
      } catch (error) {
        kept.delete(runtime);
        throw error;
      }
    },
  };
}
