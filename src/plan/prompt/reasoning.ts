/** What a model writes when it thinks aloud, split from what it says. */
export interface SplitReasoning {
  readonly text: string;
  readonly reasoning: string;
}

const OPEN = /<think(?:\s[^<>]{0,512})?>/i;
const CLOSE = /<\/think>/i;
const BLOCK = /<think(?:\s[^<>]{0,512})?>([\s\S]*?)<\/think>/gi;
const UNCLOSED = /<think(?:\s[^<>]{0,512})?>((?:(?!<\/think>)[\s\S])*)$/i;
/** The end of a text that may become a tag. */
const OPENING = /<(?:t(?:h(?:i(?:n(?:k(?:\s[^<>]{0,512})?)?)?)?)?)?$/i;
const CLOSING = /<(?:\/(?:t(?:h(?:i(?:n(?:k)?)?)?)?)?)?$/i;

/** Takes `<think>…</think>` out of a whole text; one that was never closed goes to its end. */
export function splitReasoning(whole: string): SplitReasoning {
  const thoughts = [...whole.matchAll(BLOCK)].map((match) => match[1] ?? '');
  let text = whole.replaceAll(BLOCK, '');
  const cut = UNCLOSED.exec(text);
  if (cut !== null) {
    thoughts.push(cut[1] ?? '');
    text = text.slice(0, cut.index);
  }
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
