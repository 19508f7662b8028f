import { toErrorReport } from '../../contracts/errors.ts';
import { runMicroPython } from '../micropython/run-micropython.ts';
import { startPyodide } from '../pyodide/start-pyodide.ts';
import { hardenRealm } from './harden-realm.ts';
import type { ThreadAnswer, ThreadRun, ThreadStart } from './thread-messages.ts';

/** The thread's end of the channel to who started it. */
export interface ThreadPort {
  readonly post: (answer: ThreadAnswer) => void;
}

type Runner = (run: ThreadRun) => Promise<string> | string;

/** Gives what answers the messages of a thread: one `start`, then runs, one after the other. */
export function serveThread(port: ThreadPort): (message: ThreadStart | ThreadRun) => Promise<void> {
  let runner: Runner | null = null;
  return async (message) => {
    try {
      if (message.type === 'start') {
        runner = await start(message);
        hardenRealm();
        port.post({ type: 'ready' });
      } else if (runner !== null) port.post({ type: 'result', json: await runner(message) });
    } catch (error) {
      port.post({ type: 'fault', report: toErrorReport(error) });
    }
  };
}

async function start(message: ThreadStart): Promise<Runner> {
  if (message.runtime === 'pyodide') return startPyodide(message.url);
  const { program } = message;
  if (message.runtime === 'micropython') return (run) => runMicroPython(program, run);
  // A chunk of its own, which has to be there before the realm is hardened.
  const { runQuickJs } = await import('../quickjs/run-quickjs.ts');
  return (run) => runQuickJs(program, run);
}
