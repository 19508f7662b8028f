/** Passes text from a writer to one reader, in order; pieces that wait are joined. */
export class TextQueue {
  #waiting = '';
  #isClosed = false;
  #wake: () => void = () => undefined;

  push(text: string): void {
    this.#waiting += text;
    this.#wake();
  }

  /** Says that nothing more comes. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  /** Waits for text and takes all there is; null once the queue is closed and empty. */
  async take(): Promise<string | null> {
    while (this.#waiting === '' && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const text = this.#waiting;
    this.#waiting = '';
    return text === '' ? null : text;
  }
}
