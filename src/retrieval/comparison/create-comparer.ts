import type { Passage } from '../../contracts/passage.ts';
import type {
  ComparedSide,
  Comparer,
  Comparison,
  ExtractSpan,
  RankedPassage,
  Retriever,
  SearchOptions,
  SearchOutcome,
} from '../../contracts/retrieval.ts';
import { guessLanguage } from '../../text/guess-language.ts';
import type { SearchIndex } from '../search-index.ts';
import { directness } from '../span-scorer.ts';
import { type ComparisonView, viewComparison } from './comparison-view.ts';
import { type ComparedThings, parseInHistory } from './parse-comparison.ts';
import { sharedPieces } from './shared-pieces.ts';
import { spansOfSide } from './side-spans.ts';

/** Passages looked at for each side, and for both together. */
const LOOKED_AT = 12;
const MOST_SHARED = 2;
/** Passages given, unless the options say, when none tells what is asked: what the pages say near the question. */
const NEAR_PASSAGES = 5;
/** Share of the best shared piece's score from which on a second one is shown, where no attribute was named. */
const NEAR_BEST = 0.75;
/** So much nearer must passages on one side each come than what tells of both, to be shown in its place. */
const APART_FROM = 0.25;

type Searching = Pick<Retriever, 'search' | 'extract'>;

/** Makes what finds both sides of a comparison in the pages of an index. */
export function createComparer(index: SearchIndex, searching: Searching): Comparer {
  // What a search chose to know whether it is answerable is what its passages are then asked for.
  const chosen = new WeakMap<
    readonly RankedPassage[],
    { readonly key: string; readonly is: Comparison | null }
  >();
  return {
    search(question: string, options: SearchOptions = {}): SearchOutcome | null {
      const { history = [], ...others } = options;
      const things = parseInHistory(question, history);
      if (things === null) return null;
      const language = guessLanguage(question, options.language);
      const view = viewComparison(index, things, language);
      const outcomes = [view.joint, ...view.questions].map((asked) =>
        searching.search(asked, {
          ...others,
          language: view.language,
          limit: LOOKED_AT,
          likensExpected: false,
        }),
      );
      const ranked = mergeRanked(outcomes);
      const comparison = compareIn(searching, view, things, ranked);
      const isAnswerable = comparison !== null;
      // Words that may ask for something else are looked up as any other.
      if (!isAnswerable && !things.isCertain) return null;
      const confidences = outcomes.map(({ confidence }) => confidence);
      if (!isAnswerable) {
        const { limit = NEAR_PASSAGES } = options;
        return { ranked: ranked.slice(0, limit), confidence: Math.min(...confidences), isAnswerable };
      }
      chosen.set(ranked, { key: keyOf(things, language), is: comparison });
      return { ranked, confidence: Math.max(...confidences), isAnswerable };
    },
    compare(
      question: string,
      ranked: readonly RankedPassage[],
      history: readonly string[],
      given?: string,
    ): Comparison | null {
      const things = parseInHistory(question, history);
      if (things === null) return null;
      const language = guessLanguage(question, given);
      const known = chosen.get(ranked);
      return known?.key === keyOf(things, language)
        ? known.is
        : compareIn(searching, viewComparison(index, things, language), things, ranked);
    },
  };
}

function keyOf(things: ComparedThings, language: string): string {
  return JSON.stringify([things, language]);
}

/** The passages of several searches, each with its best score relative to the best of that search. */
function mergeRanked(outcomes: readonly SearchOutcome[]): readonly RankedPassage[] {
  const merged = new Map<string, RankedPassage>();
  for (const { ranked } of outcomes) {
    const best = Math.max(1e-9, ranked[0]?.score ?? 0);
    for (const { passage, score } of ranked) {
      const share = score / best;
      if (share > (merged.get(passage.id)?.score ?? -1)) merged.set(passage.id, { passage, score: share });
    }
  }
  return [...merged.values()].sort((left, right) => right.score - left.score);
}

/** What some passages say of both sides; null when they do not say of either what is asked. */
function compareIn(
  searching: Searching,
  view: ComparisonView,
  { names, isCertain }: ComparedThings,
  given: readonly RankedPassage[],
): Comparison | null {
  const ids = new Set(given.map(({ passage }) => passage.id));
  const searchSide = (side: 0 | 1): SearchOutcome =>
    searching.search(view.questions[side], {
      language: view.language,
      limit: ids.size,
      accepts: ({ id }) => ids.has(id),
      likensExpected: false,
    });
  const outcomes = [searchSide(0), searchSide(1)] as const;
  const left = spansOfSide(view, 0, outcomes[0], searching.extract);
  const right = spansOfSide(view, 1, outcomes[1], searching.extract);
  const shared = rankShared(view, given, outcomes);
  const [best] = shared;
  const isApart = view.hasAttribute && left.spans.length > 0 && right.spans.length > 0;
  const side = (at: 0 | 1, spans: readonly ExtractSpan[]): ComparedSide => ({ name: names[at], spans });
  if (best !== undefined && !(isApart && (left.share + right.share) / 2 - best.share > APART_FROM)) {
    const isNear = (piece: RankedShared): boolean =>
      !view.hasAttribute &&
      piece.score >= best.score * NEAR_BEST &&
      piece.span.passage.id !== best.span.passage.id;
    const spans = shared.filter((piece, at) => at === 0 || isNear(piece)).map(({ span }) => span);
    return { shared: spans.slice(0, MOST_SHARED), sides: [side(0, []), side(1, [])] };
  }
  const found = ([left, right] as const).flatMap(({ spans }, at) => (spans.length > 0 ? [outcomes[at]] : []));
  if (found.length === 0) return null;
  // What tells of one side only is an answer when it is surely about that side.
  if (found.length === 1 && !(isCertain && found[0]?.isAnswerable === true)) return null;
  return { shared: [], sides: [side(0, left.spans), side(1, right.spans)] };
}

interface RankedShared {
  readonly span: ExtractSpan;
  readonly score: number;
  /** How near its passage comes to the best ones of both sides' searches, 0 to 1. */
  readonly share: number;
}

/** What tells of both sides, best first. */
function rankShared(
  view: ComparisonView,
  given: readonly RankedPassage[],
  outcomes: readonly SearchOutcome[],
): readonly RankedShared[] {
  const shares = outcomes.map(({ ranked }) => {
    const best = Math.max(1e-9, ranked[0]?.score ?? 0);
    return new Map(ranked.map(({ passage, score }) => [passage.id, Math.max(0, score / best)]));
  });
  const shareOf = ({ id }: Passage): number =>
    shares.reduce((sum, of) => sum + (of.get(id) ?? 0), 0) / shares.length;
  return given
    .flatMap(({ passage }) => {
      const share = shareOf(passage);
      const pieces = sharedPieces(passage, view.nameOf, (text) => view.isAbout(text, passage.language));
      return pieces.map(({ markdown, text, alignment, parts }): RankedShared => {
        const told = parts.every(view.holdsKind) ? view.tells(text, passage) : 0;
        return {
          span: { passage, markdown, text },
          score: told * alignment * directness(markdown) * share ** 2,
          share,
        };
      });
    })
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score);
}
