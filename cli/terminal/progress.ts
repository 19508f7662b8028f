import { performance } from 'node:perf_hooks';
import type { Terminal } from './terminal.ts';

/** Nothing is shown before this time: quick work needs no progress. */
const QUIET_MS = 2000;
/** Least time between two lines where lines cannot be overwritten. */
const LINE_EVERY_MS = 5000;
/** Least time between two updates of an overwritten line. */
const UPDATE_EVERY_MS = 100;

/** Tells people on standard error how far a long task is. */
export interface Progress {
  /** Says what is being done; call it as often as you like. */
  update(text: string): void;
  /** Takes the line away. */
  done(): void;
}

/** Makes a {@link Progress} that stays silent for two seconds, then keeps one line (a terminal) or adds few lines (a log). */
export function createProgress(terminal: Terminal, nowMs: () => number = () => performance.now()): Progress {
  const startMs = nowMs();
  let lastMs = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    update(text) {
      const time = nowMs();
      if (time - startMs < QUIET_MS) return;
      if (time - lastMs < (terminal.isInteractive ? UPDATE_EVERY_MS : LINE_EVERY_MS)) return;
      lastMs = time;
      const seconds = Math.round((time - startMs) / 1000);
      const line = `${text} (${seconds} s)`;
      if (terminal.isInteractive) terminal.raw(`\r\u001b[2K${line.slice(0, 100)}`);
      else terminal.note(line);
      isShown = true;
    },
    done() {
      if (isShown && terminal.isInteractive) terminal.raw('\r\u001b[2K');
      isShown = false;
    },
  };
}
