import type { Engine, EnginePart, GenerateRequest } from '../../contracts/engine.ts';

/** The end of the last call of each engine, and of those that wait for it. */
const queues = new WeakMap<Engine, Promise<void>>();

/**
 * As `engine.generate`, but waits until the engine is free: it writes one text at a time, and a plan has steps side by side.
 * @throws UnderstudyError `engine/*`; the signal's reason when aborted, also while it waits.
 */
export async function* generateInTurn(
  engine: Engine,
  request: GenerateRequest,
  signal: AbortSignal,
): AsyncGenerator<EnginePart, void, undefined> {
  let leave = (): void => undefined;
  const mine = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const before = queues.get(engine) ?? Promise.resolve();
  queues.set(
    engine,
    before.then(() => mine),
  );
  try {
    await untilAborted(before, signal);
    yield* engine.generate(request, { signal });
  } finally {
    leave();
  }
}

async function untilAborted(waited: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const ended = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true, signal: ended.signal });
  });
  await Promise.race([waited, aborted]);
  ended.abort();
  signal.throwIfAborted();
}
