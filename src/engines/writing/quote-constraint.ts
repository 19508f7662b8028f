import type { TokenConstraint } from '../../contracts/engine.ts';
import { splitSentences } from '../../text/split-sentences.ts';

/** What {@link QuoteConstraint} needs of a tokenizer. */
export interface QuoteTokenizer {
  /** Tokens of a text as it stands, without special tokens. */
  encode(text: string): readonly number[];
  decode(tokens: readonly number[]): string;
}

/** One sentence that may be written, in the form of its place in the answer. */
interface Sentence {
  readonly id: string;
  readonly tokens: readonly number[];
  /** Numbers of tokens after which a clause ends and the sentence may be left. */
  readonly stops: ReadonlySet<number>;
  /** ` [n].` */
  readonly mark: readonly number[];
}

/** Where the output stands. */
type Place =
  | { readonly phase: 'start'; readonly candidates: readonly Sentence[] }
  | { readonly phase: 'sentence'; readonly candidates: readonly Sentence[]; readonly position: number }
  | { readonly phase: 'mark'; readonly sentence: Sentence; readonly position: number };

const MOST_STATEMENTS = 2;
/** A statement has at least so many letters; Han characters count three times. */
const LEAST_LETTERS = 18;
const WIDE = /\p{Script=Han}/u;
/** Not within "1,000", "14:00" or "3–5". */
const CLAUSE_END = /^\s*(?:[,:—–](?!\d)|[;，；：(（]|$)/u;

/** A clause that says nothing without the one after it. */
const LEANING =
  /(?:^|[,;:，；：—–(（]\s*)(?:if|when|while|unless|until|because|although|though|as|since|before|after|whether|once|where|so that|如果|当|因为|虽然|只要|若|要是|除非|假如|由于|尽管|等到)[^,;:，；：—–(（]*$/iu;

/**
 * Lets a model write nothing but sentences of given texts, whole or up to the end of a clause, each with its `[n]`.
 *
 * The model chooses which sentences, in which order, and where to stop: a small model words a short answer with it that
 * cannot hold a word, a number or a name of its own. The first statement comes from the first text, the best one; sentences of it that
 * are given as openings are said first.
 * What is lost by stopping early (a limit, an exception) is for the grounding check to find.
 */
export class QuoteConstraint implements TokenConstraint {
  readonly #first: readonly Sentence[];
  readonly #later: readonly Sentence[];
  /** Ids of what must be said, in this order, before anything else. */
  readonly #openings: readonly string[];
  readonly #said = new Set<string>();
  /** Null once a token came that nothing allows. */
  #place: Place | null;

  /**
   * @param quotes - Plain texts by citation number, `[1]` first.
   * @param openings - Sentences of the first one that are said before others, in their order there. Default: any may be the first.
   */
  constructor(quotes: readonly string[], tokenizer: QuoteTokenizer, openings: readonly string[] = []) {
    const sentences = quotes.flatMap((quote, index) =>
      splitSentences(quote).map((text, at) => ({
        id: `${index}.${at}`,
        text: withoutEnd(text),
        number: index + 1,
      })),
    );
    const make = (lead: string) =>
      sentences
        .filter(({ text }) => lettersOf(text) >= LEAST_LETTERS)
        .map(({ id, text, number }) =>
          makeSentence(id, WIDE.test(text) ? text : `${lead}${text}`, number, tokenizer),
        );
    this.#first = make('').filter(({ id }) => id.startsWith('0.'));
    this.#later = make(' ');
    const wanted = new Set(openings.map(withoutEnd));
    const opening = new Set(sentences.flatMap(({ id, text }) => (wanted.has(text) ? [id] : [])));
    this.#openings = this.#first.flatMap(({ id }) => (opening.has(id) ? [id] : []));
    this.#place = { phase: 'start', candidates: this.#next() };
  }

  /** True when there is nothing to quote: the model is not constrained then. */
  get isEmpty(): boolean {
    return this.#first.length === 0;
  }

  /** True between two statements once the openings are said, and where nothing fits any more. */
  get isComplete(): boolean {
    if (this.#place === null) return true;
    return this.#place.phase === 'start' && this.#said.size > 0 && this.#opening === undefined;
  }

  allow(mask: Uint32Array): void {
    mask.fill(0);
    for (const token of this.#place === null ? [] : this.#choices(this.#place)) {
      mask[token >> 5] = (mask[token >> 5] ?? 0) | (1 << (token & 31));
    }
  }

  accept(token: number): void {
    this.#place = this.#place === null ? null : this.#step(this.#place, token);
  }

  /** The opening that is said next. */
  get #opening(): string | undefined {
    return this.#openings.find((id) => !this.#said.has(id));
  }

  /** The sentences of which the next statement may be. */
  #next(): readonly Sentence[] {
    const all = this.#said.size === 0 ? this.#first : this.#later;
    const opening = this.#opening;
    if (opening !== undefined) return all.filter(({ id }) => id === opening);
    return this.#said.size < MOST_STATEMENTS ? all.filter(({ id }) => !this.#said.has(id)) : [];
  }

  #choices(place: Place): readonly number[] {
    switch (place.phase) {
      case 'start':
        return place.candidates.flatMap(({ tokens }) => tokens.slice(0, 1));
      case 'sentence': {
        const { candidates, position } = place;
        const next = candidates.flatMap(({ tokens }) => tokens.slice(position, position + 1));
        const marks = candidates.flatMap(({ stops, mark }) => (stops.has(position) ? mark.slice(0, 1) : []));
        return [...next, ...marks];
      }
      case 'mark':
        return place.sentence.mark.slice(place.position, place.position + 1);
    }
  }

  /** The place after a token; null when nothing fits, which ends the output. */
  #step(place: Place, token: number): Place | null {
    if (place.phase === 'mark') {
      const { sentence, position } = place;
      if (sentence.mark[position] !== token) return null;
      if (position + 1 < sentence.mark.length) return { phase: 'mark', sentence, position: position + 1 };
      this.#said.add(sentence.id);
      return { phase: 'start', candidates: this.#next() };
    }
    const position = place.phase === 'start' ? 0 : place.position;
    const goesOn = place.candidates.filter(({ tokens }) => tokens[position] === token);
    if (goesOn.length > 0) return { phase: 'sentence', candidates: goesOn, position: position + 1 };
    const stopped = place.candidates.find(({ stops, mark }) => stops.has(position) && mark[0] === token);
    return stopped === undefined ? null : { phase: 'mark', sentence: stopped, position: 1 };
  }
}

function makeSentence(id: string, text: string, number: number, tokenizer: QuoteTokenizer): Sentence {
  const tokens = tokenizer.encode(text);
  const stops = new Set<number>();
  for (let count = 1; count <= tokens.length; count += 1) {
    const written = tokenizer.decode(tokens.slice(0, count));
    if (!text.startsWith(written) || lettersOf(written) < LEAST_LETTERS) continue;
    if (CLAUSE_END.test(text.slice(written.length)) && !LEANING.test(written)) stops.add(count);
  }
  stops.add(tokens.length);
  return { id, tokens, stops, mark: tokenizer.encode(WIDE.test(text) ? ` [${number}]。` : ` [${number}].`) };
}

function withoutEnd(text: string): string {
  return text.trim().replace(/[.。!！…]+$/u, '');
}

function lettersOf(text: string): number {
  return (text.match(/\p{L}/gu) ?? []).reduce((sum, letter) => sum + (WIDE.test(letter) ? 3 : 1), 0);
}
