/** What a model writes when it thinks aloud, split from what it says. */
export interface SplitReasoning {
  readonly text: string;
  readonly reasoning: string;
}

const OPEN = /<think(?:\s[^<>]{0,512})?>/i;
const CLOSE = /<\/think>/i;
/** The end of a text that may become a tag. */
const OPENING = /<(?:t(?:h(?:i(?:n(?:k(?:\s[^<>]{0,512})?)?)?)?)?)?$/i;
const CLOSING = /<(?:\/(?:t(?:h(?:i(?:n(?:k)?)?)?)?)?)?$/i;

/** Takes `<think>…</think>` out of a whole text; one that was never closed goes to its end. What stands around a thought makes no new one. */
export function splitReasoning(whole: string): SplitReasoning {
  const thoughts: string[] = [];
  let text = '';
  let rest = whole;
  for (let open = OPEN.exec(rest); open !== null; open = OPEN.exec(rest)) {
    text += rest.slice(0, open.index);
    rest = rest.slice(open.index + open[0].length);
    const close = CLOSE.exec(rest);
    thoughts.push(rest.slice(0, close?.index));
    rest = close === null ? '' : rest.slice(close.index + close[0].length);
  }
  text += rest;
  return {
    text: text.replaceAll(/\n\s*\n/g, '\n\n').trim(),
    reasoning: thoughts
      .map((thought) => thought.trim())
      .filter((thought) => thought !== '')
      .join('\n'),
  };
}

/** Takes `<think>…</think>` out of a text as it grows, wherever its pieces are cut. */
export class ReasoningFilter {
  #held = '';
  #isInside = false;
  #hasText = false;

  /** Adds a piece; gives what of it is surely said. */
  push(piece: string): string {
    let said = '';
    let rest = this.#held + piece;
    this.#held = '';
    while (rest !== '') {
      const tag = (this.#isInside ? CLOSE : OPEN).exec(rest);
      if (tag !== null) {
        if (!this.#isInside) said += rest.slice(0, tag.index);
        this.#isInside = !this.#isInside;
        rest = rest.slice(tag.index + tag[0].length);
        continue;
      }
      const start = (this.#isInside ? CLOSING : OPENING).exec(rest)?.index ?? rest.length;
      if (!this.#isInside) said += rest.slice(0, start);
      this.#held = rest.slice(start);
      rest = '';
    }
    return this.#withoutLead(said);
  }

  /** Gives what was held back at the end of the text. */
  finish(): string {
    const rest = this.#isInside ? '' : this.#held;
    this.#held = '';
    return this.#withoutLead(rest);
  }

  /** White space behind the thoughts, before the first word, is no part of the answer. */
  #withoutLead(said: string): string {
    const text = this.#hasText ? said : said.trimStart();
    this.#hasText ||= text !== '';
    return text;
  }
}
