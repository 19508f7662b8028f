import type { KernelModel } from './kernel-model.ts';

/** Tokens that are timed each way; few, because nobody waits gladly for a measurement. */
const TIMED_TOKENS = 4;
/** Rounds of one thread and all threads in turn, so that a moment of load disturbs both. */
const ROUNDS = 3;

/** Time of one token with so many threads, in ms. */
function timeTokens(model: KernelModel, threads: number, nowMs: () => number): number {
  const { decoder } = model;
  if (decoder === null) return 0;
  model.useThreads(threads);
  decoder.clear();
  const startMs = nowMs();
  for (let count = 0; count < TIMED_TOKENS; count += 1) decoder.readToken(0);
  return (nowMs() - startMs) / TIMED_TOKENS;
}

/**
 * Measures one thread against all of them and keeps the faster, which is looked at again while tokens are written: on a busy machine more
 * threads can be slower. Warms the kernel up on the way.
 */
export async function keepFasterThreads(model: KernelModel, nowMs: () => number): Promise<void> {
  const { decoder, threads } = model;
  if (decoder === null || threads === 1) return;
  timeTokens(model, 1, nowMs);
  let one = Infinity;
  let all = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    one = Math.min(one, timeTokens(model, 1, nowMs));
    all = Math.min(all, timeTokens(model, threads, nowMs));
    // Lets the engine put its faster code in place, and messages arrive.
    await Promise.resolve();
  }
  model.governThreads(one, all, nowMs);
  decoder.clear();
}
