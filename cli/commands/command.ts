import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What a command is given to run. */
export interface CommandRun {
  readonly args: readonly string[];
  readonly terminal: Terminal;
  /** Aborted by Ctrl+C. */
  readonly signal: AbortSignal;
}

/** A command of `understudy`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly help: string;
  /** Commands that its first argument may name; each is run with the arguments behind its name. Default none. */
  readonly parts?: readonly Command[];
  /** @returns the exit status. @throws UnderstudyError which is printed. */
  run(run: CommandRun): Promise<number>;
}

/** The options of a command after parsing. */
export interface CommandOptions {
  readonly positionals: readonly string[];
  /** Names of the options that were given. */
  readonly given: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | null;
  /** Values of an option that may come several times, in order. */
  texts(name: string): readonly string[];
}

/**
 * Parses the arguments of a command.
 * @throws UnderstudyError `cli/usage` for unknown options and missing values.
 */
export function parseOptions(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig['options']>,
): CommandOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    });
    return {
      positionals,
      given: Object.keys(values),
      flag: (name) => values[name] === true,
      text: (name) => {
        const value = values[name];
        return typeof value === 'string' ? value : null;
      },
      texts: (name) => {
        const value = values[name];
        return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
      },
    };
  } catch (error) {
    const message = error instanceof Error ? error.message.split('. To specify')[0] : String(error);
    throw usageError(`${message ?? ''}.`, error);
  }
}

/** Makes the error of a command line that cannot be understood. */
export function usageError(what: string, cause?: unknown): UnderstudyError {
  return new UnderstudyError('cli/usage', what, { cause });
}

/** Reads a whole number option. @throws UnderstudyError `cli/usage` when it is none or out of range. */
export function integerOption(
  options: CommandOptions,
  name: string,
  minimum: number,
  maximum: number,
): number | null {
  const text = options.text(name);
  if (text === null) return null;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value;
  throw usageError(`--${name} must be a whole number from ${minimum} to ${maximum}, not "${text}".`);
}

/** The one positional argument of a command. @throws UnderstudyError `cli/usage`. */
export function onePositional(options: CommandOptions, what: string): string {
  const [first, ...rest] = options.positionals;
  if (first === undefined) throw usageError(`Name ${what}.`);
  if (rest.length > 0)
    throw usageError(`Name one ${what.replace(/^(?:an?|the) /, '')}, not "${rest.join(' ')}" as well.`);
  return first;
}
