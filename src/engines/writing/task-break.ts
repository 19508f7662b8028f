/**
 * Lets the event loop take its turn, so that messages (an abort, a new question) arrive between two tokens.
 *
 * WebAssembly runs without giving way, and timers are clamped to 4 ms; a message to oneself costs microseconds. Node takes up to a
 * thousand messages in one turn and lets no timer have its own meanwhile, but has turns of its own to ask for.
 */
export class TaskBreak {
  readonly #channel = new MessageChannel();

  /** Waits until tasks that were queued before have run. */
  take(): Promise<void> {
    const nextTurn: unknown = Reflect.get(globalThis, 'setImmediate');
    return new Promise((resolve) => {
      if (typeof nextTurn === 'function') {
        Reflect.apply(nextTurn, globalThis, [resolve]);
        return;
      }
      this.#channel.port1.onmessage = () => {
        resolve();
      };
      this.#channel.port2.postMessage(null);
    });
  }

  close(): void {
    this.#channel.port1.close();
  }
}
