/** A value of a step, piece by piece as it is written. */
export class StreamedValue {
  readonly stepId: string;
  readonly name: string;
  /** True once nothing will be added. */
  isWhole = false;
  #pieces: string[] = [];
  /** How many pieces some answer has shown. */
  #shownCount = 0;
  /** What was shown of an attempt that failed, until the next one differs from it. */
  #toRepeat = '';
  #repeated = '';

  constructor(stepId: string, name: string) {
    this.stepId = stepId;
    this.name = name;
  }

  get length(): number {
    return this.#pieces.length;
  }

  add(text: string): void {
    if (this.#toRepeat === '') {
      this.#pieces.push(text);
      return;
    }
    this.#repeated += text;
    if (this.#toRepeat.startsWith(this.#repeated)) return;
    const goesOn = this.#repeated.startsWith(this.#toRepeat);
    // Shown text is not taken back: an attempt that says something else is a paragraph of its own.
    this.#pieces.push(goesOn ? this.#repeated.slice(this.#toRepeat.length) : `\n\n${this.#repeated}`);
    this.#toRepeat = '';
    this.#repeated = '';
  }

  /** Forgets what was not shown, and expects the text from its beginning. */
  restart(): void {
    this.#pieces = this.#pieces.slice(0, this.#shownCount);
    this.#toRepeat = this.#pieces.join('');
    this.#repeated = '';
  }

  /** The pieces from a position on, which are shown now. */
  from(position: number): readonly string[] {
    this.#shownCount = this.#pieces.length;
    return this.#pieces.slice(position);
  }
}
