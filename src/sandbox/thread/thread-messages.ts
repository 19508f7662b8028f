import type { Json } from '../../contracts/json.ts';
import { isRecord } from '../../contracts/json.ts';

/** Makes a thread ready for one interpreter. Only our own code sends it. */
export type ThreadStart =
  | {
      readonly type: 'start';
      readonly runtime: 'micropython' | 'quickjs';
      readonly program: WebAssembly.Module;
    }
  /** @see startPyodide */
  | { readonly type: 'start'; readonly runtime: 'pyodide'; readonly url: string };

/** One run of the owner's code. */
export interface ThreadRun {
  readonly type: 'run';
  readonly source: string;
  readonly modules: readonly string[];
  readonly inputs: { readonly [name: string]: Json };
  readonly memoryBytes: number;
  readonly timeoutMs: number;
}

/** What a thread answers: once to `start`, once to each `run`. */
export type ThreadAnswer =
  | { readonly type: 'ready' }
  /** JSON text. */
  | { readonly type: 'result'; readonly json: string }
  | { readonly type: 'fault'; readonly report: unknown };

/** Accepts an answer of a thread, in which the owner's code ran. */
export function parseThreadAnswer(value: unknown): ThreadAnswer | null {
  if (!isRecord(value)) return null;
  if (value['type'] === 'ready') return { type: 'ready' };
  if (value['type'] === 'result' && typeof value['json'] === 'string')
    return { type: 'result', json: value['json'] };
  return value['type'] === 'fault' ? { type: 'fault', report: value['report'] } : null;
}
