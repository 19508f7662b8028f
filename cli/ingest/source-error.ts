import { UnderstudyError } from '../../src/contracts/errors.ts';

/** A place in a file; lines and columns are 1-based. */
export interface SourcePlace {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** Writes a place as `file:line:column`. */
export function formatPlace(place: SourcePlace): string {
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
}

/** Makes the error of a source file that cannot be read, `cli/source-invalid`, with its place in text and facts. */
export function sourceError(place: SourcePlace, what: string, cause?: unknown): UnderstudyError {
  return new UnderstudyError('cli/source-invalid', `${formatPlace(place)}: ${what}.`, {
    facts: placeFacts(place),
    cause,
  });
}

/** Makes the error of a configuration file, `cli/config-invalid`, with its place in text and facts. */
export function configError(place: SourcePlace, what: string, cause?: unknown): UnderstudyError {
  return new UnderstudyError('cli/config-invalid', `${formatPlace(place)}: ${what}.`, {
    facts: placeFacts(place),
    cause,
  });
}

/** 1-based line and column of an offset in UTF-16 code units. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - start + 1 };
}

function placeFacts(place: SourcePlace): { file: string; line: number | null; column: number | null } {
  return { file: place.file, line: place.line ?? null, column: place.column ?? null };
}
