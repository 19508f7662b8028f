import type { ErrorCode, ErrorReport } from '../../src/contracts/errors.ts';
import { toErrorReport } from '../../src/contracts/errors.ts';
import type { Terminal } from './terminal.ts';

/** Exit status of a failed run. */
export const EXIT_FAILED = 1;
/** Exit status for input that cannot be used: configuration, pages, model, bundle. */
export const EXIT_BAD_INPUT = 2;
/** Exit status for a command line that cannot be understood. */
export const EXIT_USAGE = 64;

const BAD_INPUT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'cli/config-invalid',
  'cli/source-invalid',
  'cli/not-found',
  'cli/nothing-to-build',
  'cli/model-invalid',
  'cli/model-refused',
  'cli/site-refused',
  'cli/model-damaged',
  'catalogue/invalid',
  'plan/input-invalid',
  'dify/invalid',
  'dify/too-large',
  'dify/version-unsupported',
  'dify/not-an-app',
  'dify/knowledge-missing',
]);

/**
 * Prints an error, as text or as one JSON object on standard output, and says with which status to exit.
 *
 * Text: `error area/reason: message`. JSON: `{"error":{"code","message","facts"}}`.
 */
export function reportError(error: unknown, terminal: Terminal, isJson: boolean): number {
  const report = toErrorReport(error);
  if (isJson) terminal.out(JSON.stringify({ error: report }));
  else terminal.note(`error ${report.code}: ${report.message}`);
  if (report.code === 'internal/unexpected' && error instanceof Error && !isJson)
    terminal.note(error.stack ?? '');
  return exitStatus(report);
}

function exitStatus({ code }: ErrorReport): number {
  if (code === 'cli/usage') return EXIT_USAGE;
  return BAD_INPUT.has(code) || code.startsWith('bundle/') ? EXIT_BAD_INPUT : EXIT_FAILED;
}
