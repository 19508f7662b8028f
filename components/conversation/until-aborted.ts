/** Passes a stream on until the signal aborts, also when the stream itself has stopped moving. */
export async function* untilAborted<Item>(
  stream: AsyncIterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item, void, undefined> {
  const iterator = stream[Symbol.asyncIterator]();
  let stop = (): void => undefined;
  const aborted = new Promise<null>((resolve) => {
    stop = () => resolve(null);
  });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next === null || next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    // Not waited for: a stream that hangs would keep the turn from ending.
    iterator.return?.().catch(() => undefined);
  }
}
