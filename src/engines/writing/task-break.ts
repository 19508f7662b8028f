/**
 * Lets the event loop take its turn, so that messages (an abort, a new question) arrive between two tokens.
 *
 * WebAssembly runs without giving way, and timers are clamped to 4 ms; a message to oneself costs microseconds.
 */
export class TaskBreak {
  readonly #channel = new MessageChannel();

  /** Waits until tasks that were queued before have run. */
  take(): Promise<void> {
    return new Promise((resolve) => {
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
