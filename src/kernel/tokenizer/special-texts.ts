/** Longest text of a special token that is looked for, in UTF-16 units. */
const MAX_LENGTH = 256;

/** A piece of text: a token that is written out, or what stands between such. */
export type TextPiece = number | string;

/** Finds texts of tokens within text; of several at one place the longest. */
export class SpecialTexts {
  readonly #tokens = new Map<string, number>();
  readonly #lengths: readonly number[];
  readonly #firstUnits = new Set<number>();

  constructor(texts: Iterable<readonly [string, number]>) {
    const lengths = new Set<number>();
    for (const [text, token] of texts) {
      if (text === '' || text.length > MAX_LENGTH) continue;
      this.#tokens.set(text, token);
      this.#firstUnits.add(text.charCodeAt(0));
      lengths.add(text.length);
    }
    this.#lengths = [...lengths].sort((a, b) => b - a);
  }

  /** Cuts a text at the tokens that are written in it. */
  split(text: string): TextPiece[] {
    if (this.#tokens.size === 0) return text === '' ? [] : [text];
    const pieces: TextPiece[] = [];
    let start = 0;
    for (let at = 0; at < text.length;) {
      const found = this.#firstUnits.has(text.charCodeAt(at)) ? this.#findAt(text, at) : null;
      if (found === null) {
        at += 1;
        continue;
      }
      if (at > start) pieces.push(text.slice(start, at));
      pieces.push(found.token);
      at += found.length;
      start = at;
    }
    if (start < text.length) pieces.push(text.slice(start));
    return pieces;
  }

  /** Reports whether the text of a token stands at a place. */
  standsAt(text: string, at: number): boolean {
    return this.#firstUnits.has(text.charCodeAt(at)) && this.#findAt(text, at) !== null;
  }

  #findAt(text: string, at: number): { readonly token: number; readonly length: number } | null {
    for (const length of this.#lengths) {
      if (at + length > text.length) continue;
      const token = this.#tokens.get(text.slice(at, at + length));
      if (token !== undefined) return { token, length };
    }
    return null;
  }
}
