import type { Clock } from '../contracts/clock.ts';
import type { Retriever } from '../contracts/retrieval.ts';

/** Longest that a message waits for what is being read, but for one long passage. */
const SLICE_MS = 4;
/** Between slices; together with one a frame, for where there is no worker and the page itself reads. */
const PAUSE_MS = 12;

/**
 * Reads the passages of a retriever ahead of the questions, a few milliseconds at a time, until it has read enough or is out of use.
 *
 * @param options.isBusy - While it is true nothing is read: a turn needs the time.
 * @param options.isOver - Whether the retriever is out of use.
 * @throws The reason of the signal.
 */
export async function readAhead(
  retriever: Pick<Retriever, 'prepare'>,
  options: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly isBusy: () => boolean;
    readonly isOver: () => boolean;
  },
): Promise<void> {
  const { clock, signal, isBusy, isOver } = options;
  for (;;) {
    await clock.sleep(PAUSE_MS, { signal });
    if (isOver()) return;
    if (isBusy()) continue;
    const untilMs = clock.monotonicMs() + SLICE_MS;
    const state = retriever.prepare?.(() => clock.monotonicMs() < untilMs);
    if (state?.hasMore !== true) return;
  }
}
