import { UnderstudyError, fromErrorReport, parseErrorReport } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { CodeConfig } from '../../contracts/plan-configs.ts';
import { choosePythonRuntime } from '../choose-python-runtime.ts';
import type { Programs } from './programs.ts';
import type { SandboxPlatform, SandboxThread } from '../sandbox-platform.ts';
import type { ThreadAnswer, ThreadRun, ThreadStart } from './thread-messages.ts';
import { parseThreadAnswer } from './thread-messages.ts';

/** Interpreters. */
export type ThreadRuntime = CodeConfig['runtime'];

/** How long an interpreter may take to load: Pyodide is 6 MB, and half a minute's work for slow devices. */
const START_TIMEOUT_MS = 120_000;

/** QuickJS stops itself in time; its thread is ended only where it does not. */
const GRACE_MS = 250;

/** Code that is run in a thread. */
interface ThreadCode {
  readonly source: string;
  readonly inputs: JsonObject;
}

/** Runs code in threads that are ended when they take too long. */
export interface CodeThreads {
  /**
   * Gives the result as JSON text. Runs of one interpreter wait for each other; the time counts from their own beginning.
   * @throws UnderstudyError `sandbox/*`; the signal's reason.
   */
  run(
    runtime: ThreadRuntime,
    code: ThreadCode,
    limits: { readonly timeoutMs: number; readonly memoryBytes: number },
    signal: AbortSignal | null,
  ): Promise<string>;
}

const later = (ms: number, call: () => void): (() => void) => {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
};

/** Makes the threads of a platform; each starts with its first run. */
export function createCodeThreads(platform: SandboxPlatform, programs: Programs): CodeThreads {
  const after = platform.after ?? later;
  const threads = new Map<ThreadRuntime, SandboxThread>();
  const queues = new Map<ThreadRuntime, Promise<unknown>>();
  /** Sends a message and waits for its answer; the thread is ended when none comes in time. */
  const ask = (
    runtime: ThreadRuntime,
    message: ThreadStart | ThreadRun,
    timeoutMs: number,
    onTimeout: () => UnderstudyError,
    signal: AbortSignal | null,
  ): Promise<ThreadAnswer> =>
    new Promise((resolve, reject) => {
      const thread = threads.get(runtime);
      if (thread === undefined) {
        reject(new UnderstudyError('sandbox/unavailable', 'The interpreter has ended.'));
        return;
      }
      const settle = (act: () => void, isLost: boolean): void => {
        cancel();
        signal?.removeEventListener('abort', onAbort);
        if (isLost) {
          thread.end();
          threads.delete(runtime);
        }
        act();
      };
      const onAbort = (): void => settle(() => reject(abortReason(signal)), true);
      const cancel = after(timeoutMs, () => settle(() => reject(onTimeout()), true));
      signal?.addEventListener('abort', onAbort);
      thread.onAnswer((value) => {
        const answer = parseThreadAnswer(value);
        if (answer !== null) settle(() => resolve(answer), false);
        else
          settle(() => {
            const died = 'The interpreter died.';
            const facts = { error: died, line: 0 };
            reject(
              message.type === 'start'
                ? new UnderstudyError('sandbox/unavailable', died)
                : new UnderstudyError('sandbox/failed', died, { facts }),
            );
          }, true);
      });
      thread.post(message);
    });

  const startMessage = async (runtime: ThreadRuntime): Promise<ThreadStart> =>
    runtime === 'pyodide'
      ? { type: 'start', runtime, url: platform.pyodideUrl }
      : { type: 'start', runtime, program: await programs.compiled(runtime) };

  const ensureStarted = async (runtime: ThreadRuntime, signal: AbortSignal | null): Promise<void> => {
    if (threads.has(runtime)) return;
    if (platform.startThread === null)
      throw new UnderstudyError('sandbox/unavailable', 'Python needs a worker, which is not to be had here.');
    // The thread's script loads while the program is fetched and compiled.
    const thread = platform.startThread();
    const message = await startMessage(runtime).catch((error: unknown) => {
      thread.end();
      throw error;
    });
    if (signal?.aborted === true) thread.end();
    signal?.throwIfAborted();
    threads.set(runtime, thread);
    const tooSlow = (): UnderstudyError =>
      new UnderstudyError(
        'sandbox/unavailable',
        `The interpreter did not load within ${START_TIMEOUT_MS} ms.`,
      );
    const answer = await ask(runtime, message, START_TIMEOUT_MS, tooSlow, signal);
    if (answer.type !== 'fault') return;
    threads.get(runtime)?.end();
    threads.delete(runtime);
    throw fromErrorReport(parseErrorReport(answer.report));
  };

  return {
    async run(runtime, { source, inputs }, limits, signal) {
      const before = queues.get(runtime) ?? Promise.resolve();
      const turn = before.then(async () => {
        signal?.throwIfAborted();
        await ensureStarted(runtime, signal);
        const modules = runtime === 'micropython' ? choosePythonRuntime(source).modules : [];
        const { memoryBytes, timeoutMs } = limits;
        const tooLong = (): UnderstudyError =>
          new UnderstudyError('sandbox/timeout', `The code ran longer than ${timeoutMs} ms.`, {
            facts: { timeoutMs },
          });
        const message: ThreadRun = { type: 'run', source, modules, inputs, memoryBytes, timeoutMs };
        return ask(runtime, message, timeoutMs + (runtime === 'quickjs' ? GRACE_MS : 0), tooLong, signal);
      });
      queues.set(
        runtime,
        turn.catch(() => undefined),
      );
      const answer = await turn;
      if (answer.type === 'result') return answer.json;
      if (answer.type === 'fault') throw fromErrorReport(parseErrorReport(answer.report));
      throw new UnderstudyError('sandbox/failed', 'The interpreter answered out of turn.');
    },
  };
}

function abortReason(signal: AbortSignal | null): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new UnderstudyError('turn/aborted', 'The code was stopped.');
}
