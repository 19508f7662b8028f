import process from 'node:process';

/** Where a command reads and writes; injected so that tests see what is printed. */
export interface Terminal {
  /** Writes a line of the command's result. */
  out(line: string): void;
  /** Writes a line about the work: warnings, progress, errors. */
  note(line: string): void;
  /** Writes to the note channel without a line end, for a line that is overwritten. */
  raw(text: string): void;
  /** True when notes go to a person who sees lines being overwritten. */
  readonly isInteractive: boolean;
  /** Lines of the standard input. */
  readonly input: NodeJS.ReadableStream;
  /** True when a person types the input. */
  readonly hasKeyboard: boolean;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    note: (line) => void process.stderr.write(`${line}\n`),
    raw: (text) => void process.stderr.write(text),
    isInteractive: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
    input: process.stdin,
    hasKeyboard: process.stdin.isTTY,
  };
}
