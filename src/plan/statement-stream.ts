/** One statement of a worded answer with the passages it cites. */
export interface Statement {
  /** The statement without its citation marks, trimmed. */
  readonly text: string;
  /** Numbers it cites, in order, without repetition. */
  readonly cites: readonly number[];
  /** The white space that stood before it. */
  readonly gap: string;
}

const MARK = /\s*\[(\d{1,2})\]/g;
/** A sentence end (with closing quotes and trailing marks) that something else follows, or a line break; not `1.` of a step. */
const END =
  /((?<!(?:^|\n)\s*\d{1,2})[.!?。！？…]["”’)）]?(?:\s*\[\d{1,2}\])*|(?:\s*\[\d{1,2}\])+[.!?。！？])(?=\s+[^\s[]|[\p{Script=Han}])|\n+/u;

/**
 * Cuts a growing text into statements as soon as each is complete.
 *
 * A statement ends at a sentence end, together with the `[n]` marks that follow it, or at a line break.
 */
export class StatementStream {
  #rest = '';
  #gap = '';

  /** Adds text and returns the statements it completes. */
  push(text: string): Statement[] {
    this.#rest += text;
    const complete: Statement[] = [];
    for (;;) {
      const end = END.exec(this.#rest);
      if (end === null) return complete;
      const cut = end.index + end[0].length;
      complete.push(...this.#take(this.#rest.slice(0, cut)));
      this.#rest = this.#rest.slice(cut);
    }
  }

  /** Returns what is left as a statement, if it is one. */
  finish(): Statement[] {
    const rest = this.#rest;
    this.#rest = '';
    return this.#take(rest);
  }

  #take(raw: string): Statement[] {
    const cites = [...new Set([...raw.matchAll(MARK)].map((match) => Number(match[1])))];
    const bare = raw.replaceAll(MARK, '');
    const text = bare.trim();
    const gap = this.#gap + bare.slice(0, text === '' ? bare.length : bare.indexOf(text));
    this.#gap = text === '' ? gap : bare.slice(bare.trimEnd().length);
    return text === '' ? [] : [{ text, cites, gap }];
  }
}
