import type { ThreadRun, ThreadStart } from './thread/thread-messages.ts';

/** Files of the interpreters that are read as bytes. */
export type SandboxFile = 'quickjs.wasm' | 'micropython.wasm';

/** A thread of its own, which can be ended at any time. */
export interface SandboxThread {
  post(message: ThreadStart | ThreadRun): void;
  /** Sets who is told what the thread answers; null when it died. */
  onAnswer(listener: (answer: unknown) => void): void;
  end(): void;
}

/** What the sandbox is given by its surroundings. */
export interface SandboxPlatform {
  /** @throws UnderstudyError `sandbox/unavailable`. */
  readonly read: (file: SandboxFile) => Promise<Uint8Array<ArrayBuffer>>;
  /** Starts a thread with `thread/thread-entry.ts`. Null where there are no threads: Python is unavailable. */
  readonly startThread: (() => SandboxThread) | null;
  /** Folder with Pyodide's files, ending in `/`. */
  readonly pyodideUrl: string;
  /** Calls back after a time; gives what takes the call back. Default setTimeout. */
  readonly after?: (ms: number, call: () => void) => () => void;
}
