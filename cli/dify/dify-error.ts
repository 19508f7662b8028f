import type { ErrorCode } from '../../src/contracts/errors.ts';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { SourcePlace } from '../ingest/source-error.ts';
import { formatPlace } from '../ingest/source-error.ts';

/** A fault of an exported app with its place. */
export interface DifyFault {
  readonly place: SourcePlace;
  /** What is wrong, without a full stop. */
  readonly what: string;
}

/** Codes of exported apps that cannot be used. */
export type DifyErrorCode = Extract<ErrorCode, `dify/${string}`>;

/** Makes the error of an exported app; message and facts begin with `file:line:column`. */
export function difyError(
  code: DifyErrorCode,
  place: SourcePlace,
  what: string,
  cause?: unknown,
): UnderstudyError {
  return faultsError(code, [{ place, what }], cause);
}

/** Makes one error of several faults: the first in words, all of them in `facts.faults`. */
export function faultsError(
  code: DifyErrorCode,
  faults: readonly DifyFault[],
  cause?: unknown,
): UnderstudyError {
  const [first] = faults;
  const place = first?.place ?? { file: '' };
  const more = faults.length > 1 ? ` (${faults.length - 1} more of this kind: see --json)` : '';
  return new UnderstudyError(code, `${formatPlace(place)}: ${first?.what ?? ''}${more}.`, {
    facts: {
      file: place.file,
      line: place.line ?? null,
      column: place.column ?? null,
      faults: faults.slice(0, 100).map((fault) => `${formatPlace(fault.place)}: ${fault.what}`),
    },
    cause,
  });
}
