import { readRetryAfter } from '../../src/bytes/read-retry-after.ts';
import { BrokenDownload } from './broken-download.ts';

/** Reports whether an answer of this status may be another one soon. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Makes the end of a try whose answer says that a later one may do, with the wait that the host asks for. */
export function brokenAnswer({ status, headers }: Response, nowMs: number): BrokenDownload {
  return new BrokenDownload(`status ${status}`, {
    status,
    waitMs: readRetryAfter(headers.get('retry-after'), nowMs),
  });
}
