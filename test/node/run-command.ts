import { PassThrough, Readable } from 'node:stream';
import { runUnderstudy } from '../../cli/run-understudy.ts';
import type { Terminal } from '../../cli/terminal/terminal.ts';

/** What a command printed and how it ended. */
export interface CommandOutcome {
  readonly status: number;
  readonly out: string;
  readonly notes: string;
}

/** Runs one command line in this process with a terminal that keeps what is printed. */
export async function runCommand(
  args: readonly string[],
  options: {
    readonly input?: string;
    readonly signal?: AbortSignal;
    readonly onOut?: (line: string) => void;
  } = {},
): Promise<CommandOutcome> {
  const out: string[] = [];
  const notes: string[] = [];
  const terminal: Terminal = {
    out: (line) => {
      out.push(line);
      options.onOut?.(line);
    },
    note: (line) => void notes.push(line),
    raw: (text) => void notes.push(text),
    isInteractive: false,
    input: options.input === undefined ? new PassThrough().end() : Readable.from([options.input]),
    hasKeyboard: false,
  };
  const status = await runUnderstudy(args, terminal, options.signal ?? new AbortController().signal);
  return { status, out: out.join('\n'), notes: notes.join('\n') };
}
