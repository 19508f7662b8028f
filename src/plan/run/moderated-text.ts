import { splitsAfter } from './sentence-end.ts';
import { holdsKeyword } from './screen-turn.ts';

/**
 * Holds an answer back until its sentences are known to hold no keyword: what a visitor has seen is not taken back.
 */
export class ModeratedText {
  readonly #keywords: readonly string[];
  /** A keyword may begin this many characters before the end of what is known. */
  readonly #tail: number;
  #held = '';
  /** The end of what was let go, in which a keyword may have begun. */
  #before = '';

  constructor(keywords: readonly string[]) {
    this.#keywords = keywords;
    this.#tail = Math.max(0, ...keywords.map((keyword) => keyword.length - 1));
  }

  /** Takes the next piece. @returns What may be shown now, '' when nothing; null when a keyword was found. */
  take(text: string): string | null {
    this.#held += text;
    if (holdsKeyword(this.#before + this.#held, this.#keywords)) return null;
    const end = splitsAfter(this.#held, this.#held.length - this.#tail);
    const free = this.#held.slice(0, end);
    this.#held = this.#held.slice(end);
    this.#before = this.#tail === 0 ? '' : (this.#before + free).slice(-this.#tail);
    return free;
  }

  /** What is left at the end. */
  rest(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }
}
