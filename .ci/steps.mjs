import { spawn } from 'node:child_process';

/** Most of a command's output that is kept to be shown when it fails. */
const KEPT_OUTPUT_CHARS = 20_000;
const TICK_MS = 200;

/** A step that did not end well; `output` is what its command printed. */
export class StepFailure extends Error {
  /**
   * @param {string} message
   * @param {string} output
   */
  constructor(message, output = '') {
    super(message);
    this.name = 'StepFailure';
    this.output = output;
  }
}

/** @param {number} sinceMs Time of `performance.now()` at the start. */
export const seconds = (sinceMs) => `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;

/**
 * Runs a command to its end and returns what it printed.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: Record<string, string | undefined>, onLine?: (line: string) => void, inherit?: boolean, timeoutMs?: number,
 *   keptChars?: number, acceptAnyCode?: boolean}} [options]
 *   `inherit` lets the command write to this terminal instead; `onLine` hears each line as it comes; of long output only
 *   the last `keptChars` are kept.
 * @returns {Promise<string>}
 * @throws StepFailure when it cannot start or ends with another code than 0.
 */
export async function runCommand(command, args, options = {}) {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    stdio: options.inherit ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const hear = (chunk) => {
    output = (output + chunk).slice(-(options.keptChars ?? KEPT_OUTPUT_CHARS));
    const line = String(chunk).trim().split('\n').at(-1)?.trim();
    if (line) options.onLine?.(line);
  };
  child.stdout?.setEncoding('utf8').on('data', hear);
  child.stderr?.setEncoding('utf8').on('data', hear);
  const ending = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  }).catch((error) => {
    throw new StepFailure(`${command} could not be started: ${error.message}`);
  });
  if (ending.code === 0 || (options.acceptAnyCode && ending.code !== null)) return output;
  const how = ending.signal === null ? `code ${ending.code}` : `signal ${ending.signal}`;
  throw new StepFailure(`${[command, ...args].join(' ')} ended with ${how}.`, output);
}

/**
 * Runs one named step and prints its time: a ticking line in a terminal, plain lines elsewhere.
 *
 * The work may return a short text that is shown behind the time ("unchanged").
 *
 * @param {string} title
 * @param {(note: (text: string) => void) => Promise<string | void>} work `note` shows what is going on right now.
 */
export async function step(title, work) {
  const start = performance.now();
  const isTerminal = process.stdout.isTTY === true;
  let note = '';
  const draw = () => {
    const line = `  … ${title} (${seconds(start)})${note === '' ? '' : `  ${note}`}`;
    process.stdout.write(`\r\x1b[2K${line.slice(0, (process.stdout.columns ?? 80) - 1)}`);
  };
  const ticker = isTerminal ? setInterval(draw, TICK_MS) : undefined;
  if (isTerminal) draw();
  else console.log(`  … ${title}`);
  const finish = (mark, text) => {
    clearInterval(ticker);
    if (isTerminal) process.stdout.write('\r\x1b[2K');
    console.log(`  ${mark} ${title} (${seconds(start)})${text ? `  ${text}` : ''}`);
  };
  try {
    const result = await work((text) => {
      note = text;
    });
    finish('✓', result ?? '');
  } catch (error) {
    finish('✗', '');
    throw error;
  }
}

/** Prints why a run ended early, with the output of the step that failed. */
export function explainFailure(error) {
  if (!(error instanceof StepFailure)) {
    console.error(error);
    return;
  }
  if (error.output.trim() !== '') console.error(`\n${error.output.trimEnd()}\n`);
  console.error(error.message);
}
