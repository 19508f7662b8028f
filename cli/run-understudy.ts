import { askCommand } from './commands/ask.ts';
import { buildCommand } from './commands/build.ts';
import type { Command } from './commands/command.ts';
import { usageError } from './commands/command.ts';
import { evalCommand } from './commands/eval.ts';
import { expectCommand } from './commands/expect.ts';
import { initCommand } from './commands/init.ts';
import { inspectCommand } from './commands/inspect.ts';
import { modelsCommand } from './commands/models.ts';
import { packCommand } from './commands/pack.ts';
import { publishCommand } from './commands/publish.ts';
import { runCommand } from './commands/run.ts';
import { serveCommand } from './commands/serve.ts';
import { suggestCommand } from './commands/suggest.ts';
import { suggestName } from './config/suggest-name.ts';
import { packageFolder } from './package-folder.ts';
import { reportError } from './terminal/report-error.ts';
import type { Terminal } from './terminal/terminal.ts';

const COMMANDS: readonly Command[] = [
  initCommand,
  buildCommand,
  inspectCommand,
  askCommand,
  runCommand,
  serveCommand,
  publishCommand,
  evalCommand,
  suggestCommand,
  expectCommand,
  modelsCommand,
  packCommand,
];

/** Exit status after Ctrl+C, as shells expect it. */
const EXIT_INTERRUPTED = 130;

/** Runs one command line and says with which status to exit; prints errors, never throws. */
export async function runUnderstudy(
  argv: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const [name, ...args] = argv;
  try {
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
      terminal.out(findCommand(args)?.command.help ?? overview());
      return 0;
    }
    if (name === '--version' || name === '-v') {
      terminal.out(packageFolder().version);
      return 0;
    }
    const found = findCommand(argv);
    if (found === null) throw unknownCommand(name);
    if (beforeDashes(found.args).some((arg) => arg === '--help' || arg === '-h')) {
      terminal.out(found.command.help);
      return 0;
    }
    return await found.command.run({ args: found.args, terminal, signal });
  } catch (error) {
    if (signal.aborted) return EXIT_INTERRUPTED;
    return reportError(error, terminal, beforeDashes(args).includes('--json'));
  }
}

/** The command that a line names, or the part of it, with the arguments behind the name; null when there is none. */
function findCommand(
  argv: readonly string[],
): { readonly command: Command; readonly args: readonly string[] } | null {
  const [name, ...args] = argv;
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) return null;
  const part = command.parts?.find((candidate) => candidate.name === args[0]);
  return part === undefined ? { command, args } : { command: part, args: args.slice(1) };
}

function beforeDashes(args: readonly string[]): readonly string[] {
  const dashes = args.indexOf('--');
  return dashes === -1 ? args : args.slice(0, dashes);
}

function overview(): string {
  const width = Math.max(...COMMANDS.map((command) => command.name.length));
  return [
    'Usage: understudy <command> [options]',
    '',
    'Builds and tries the answers your visitors get when the cloud agent cannot answer.',
    '',
    ...COMMANDS.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'understudy <command> --help tells more; understudy --version prints the version.',
    'Exit status: 0 done, 1 failed, 2 input that cannot be used, 64 a command line that cannot be understood.',
  ].join('\n');
}

function unknownCommand(name: string): Error {
  const names = COMMANDS.map((command) => command.name);
  const close = suggestName(name, names);
  return usageError(`There is no command "${name}"${close === null ? '.' : `; did you mean "${close}"?`}`);
}
