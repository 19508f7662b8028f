import { BrokenDownload } from './broken-download.ts';
import type { FetchServices } from './fetch-services.ts';

/** Tries in a row that brought nothing before it is given up. */
const MAX_TRIES = 4;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Tries again what broke, after a wait that grows or that the host asks for, as long as tries bring something.
 *
 * @param reached - Bytes that are there after a try.
 * @throws BrokenDownload, the last, when it is given up; at once whatever else a try throws; the signal's reason when aborted.
 */
export async function withTries<T>(
  attempt: () => Promise<T>,
  reached: () => number,
  { signal, clock, onProgress }: FetchServices,
): Promise<T> {
  let most = 0;
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof BrokenDownload)) throw error;
      const bytes = reached();
      if (bytes > most) tries = 1;
      // Never less: a host that takes back what it gave would be asked for ever.
      most = Math.max(most, bytes);
      if (tries >= MAX_TRIES) throw error;
      const waitMs = Math.min(LONGEST_WAIT_MS, error.waitMs ?? FIRST_WAIT_MS * 2 ** (tries - 1));
      onProgress(`waiting for the host: ${error.message}`);
      await clock.sleep(waitMs, { signal });
    }
  }
}
