import type { FoundNumber } from './numbers.ts';
import { takeNumbers } from './numbers.ts';
import { type Marker, takeMarkers } from './markers.ts';
import { contentWords } from './wording.ts';
import { normalizeText } from '../text/normalize-text.ts';

/** A stretch of a sentence that says one thing. */
export interface Clause {
  readonly text: string;
  /** Its words, names among them, and its numbers: what ties it together. */
  readonly tokens: ReadonlySet<string>;
  readonly negations: number;
  readonly markers: ReadonlySet<Marker>;
  /** True when it only continues what the clause before it says; false when it is joined by "and" or "but" and has a verb of its own. */
  readonly isDependent: boolean;
}

const CLAUSE_END =
  /[，：、。！？]\s*|[,:](?!\d)\s*|[.!?]\s+|\s\|\s|\s[–—-]\s|\s(?=(?:but|although|though|while|whereas|because|so that|and|und|et|y)\s)|(?=但|然而|因为|所以)/u;

/** What a token counts against a clause that the statement leaves out. */
const LEFT_OUT = 0.5;
/** A list's item has no more words than this; it belongs to the clause beside it. */
const ITEM_TOKENS = 2;

/** How a number stands among the tokens of a clause. */
export function numberToken({ value, unit }: FoundNumber): string {
  return `#${value}${unit}`;
}

/** Splits a sentence where one clause ends and another begins. */
export function splitClauses(sentence: string, language: string): Clause[] {
  const clauses = withoutItems(
    sentence
      .split(CLAUSE_END)
      .filter((text) => /[\p{L}\p{N}]/u.test(text))
      .map((text) => readClause(text, language)),
  );
  return clauses.map((clause, at) => completed(clause, clauses[at - 1]));
}

/** What makes a few words a clause of its own. */
const VERBAL =
  /(?<!\p{L})(?:we|you|they|it|there|is|are|was|were|can|may|must|will|has|have|had|do|does|did|be|been)(?!\p{L})|[是能会要须]|可以/iu;

/** "Cards and opened software cannot …": what is too short to say something belongs to its neighbor. */
function withoutItems(clauses: readonly Clause[]): Clause[] {
  const whole: Clause[] = [];
  let waiting: Clause | null = null;
  for (const clause of clauses) {
    const isItem =
      clause.negations === 0 &&
      clause.markers.size === 0 &&
      !VERBAL.test(clause.text) &&
      clause.tokens.size <= ITEM_TOKENS &&
      ![...clause.tokens].some((token) => token.startsWith('#'));
    const last = whole.at(-1);
    if (isItem && last === undefined) waiting = waiting === null ? clause : joined(waiting, clause);
    else if (isItem && last !== undefined) whole[whole.length - 1] = joined(last, clause);
    else {
      whole.push(waiting === null ? clause : joined(waiting, clause));
      waiting = null;
    }
  }
  return waiting === null ? whole : [...whole, waiting];
}

function joined(left: Clause, right: Clause): Clause {
  return {
    text: `${left.text} ${right.text}`,
    tokens: new Set([...left.tokens, ...right.tokens]),
    negations: left.negations + right.negations,
    markers: new Set([...left.markers, ...right.markers]),
    isDependent: left.isDependent,
  };
}

function readClause(text: string, language: string): Clause {
  const { numbers, rest } = takeNumbers(normalizeText(text));
  const { negations, markers, rest: words } = takeMarkers(rest);
  const tokens = new Set([...contentWords(words, language), ...numbers.map(numberToken)]);
  const isDependent =
    !(/^\s*(?:and|but)(?!\p{L})/iu.test(text) && VERBAL.test(text)) && !/^(?:但|然而)/u.test(text);
  return { text, tokens, negations, markers, isDependent };
}

/** "… but not in Garden rooms" leaves out what the clause before it says of Harbour rooms. */
const ELLIPSIS = /^\s*(?:(?:and|but|or) not|not (?:in|on|at|for|by|to|with)) /iu;

function completed(clause: Clause, before: Clause | undefined): Clause {
  if (before === undefined || !ELLIPSIS.test(clause.text)) return clause;
  const named = new Set(
    [...before.text.matchAll(/(?<=\s)\p{Lu}\p{L}*/gu)].map(([name]) => name.toLowerCase()),
  );
  const shared = [...before.tokens].filter((token) => ![...named].some((name) => name.startsWith(token)));
  return { ...clause, tokens: new Set([...shared, ...clause.tokens]) };
}

/** What a clause shares with another. */
function likeness(clause: Clause, other: Clause): number {
  return weigh([...clause.tokens].filter((token) => other.tokens.has(token)));
}

/** Numbers tell clauses apart better than words. */
function weigh(tokens: readonly string[]): number {
  return tokens.reduce((sum, token) => sum + (token.startsWith('#') ? 2 : 1), 0);
}

/** A clause of a statement with the clause of its source that is most like it. */
export interface Aligned {
  readonly clause: Clause;
  readonly source: Clause;
  /** Tokens of the statement's clause that its source has in other clauses. */
  readonly moved: readonly string[];
  /** Tokens of the source's clause that the statement's leaves out. */
  readonly left: readonly string[];
  /** True when the statement denies what the source affirms, or the other way round, of the clause or of what was moved into it. */
  readonly isTurned: boolean;
}

/** Lays the clauses of a statement beside those of its source; clauses that share nothing are left out. */
export function alignClauses(claim: readonly Clause[], source: readonly Clause[]): Aligned[] {
  const told = new Set(source.flatMap(({ tokens }) => [...tokens]));
  return claim.flatMap((clause) => {
    let best: Aligned | null = null;
    let most = Number.NEGATIVE_INFINITY;
    for (const [at, each] of source.entries()) {
      const left = [...each.tokens].filter((token) => !clause.tokens.has(token));
      const like = likeness(clause, each) - weigh(left) * LEFT_OUT;
      if (like <= most || likeness(clause, each) === 0) continue;
      most = like;
      const moved = [...clause.tokens].filter((token) => !each.tokens.has(token) && told.has(token));
      // The subject of a clause may stand in the one before, whatever that denies.
      const isOtherwise = (token: string): boolean =>
        !source.slice(0, at).some(({ tokens }) => tokens.has(token)) &&
        source.every(({ tokens, negations }) => !tokens.has(token) || negations !== clause.negations);
      const isTurned = clause.negations !== each.negations || moved.some(isOtherwise);
      best = { clause, source: each, moved, left, isTurned };
    }
    return best === null ? [] : [best];
  });
}

/** The markers of a source that bear on what a statement takes from it: not those of clauses that come later and stand by themselves. */
export function bearingMarkers(aligned: readonly Aligned[], source: readonly Clause[]): ReadonlySet<Marker> {
  const markers = new Set<Marker>();
  const last = Math.max(...aligned.map((each) => source.indexOf(each.source)));
  for (const [at, clause] of source.entries()) {
    if (at > last && !clause.isDependent) break;
    for (const marker of clause.markers) markers.add(marker);
  }
  return markers;
}
