import type { Passage } from '../contracts/passage.ts';
import { answerFit, isNarrow } from './answer-fit.ts';
import { createProfiles } from './passage-profile.ts';
import type { Meaning } from './passage-vectors.ts';
import type { Query } from './query.ts';
import { createQuestionViews } from './question-view.ts';
import type { SearchIndex } from './search-index.ts';

/** Weights of the ranking function; measured on public question sets and the demo's help pages. */
export const RANKING = {
  /** Saturation of frequencies (the k1 of BM25). */
  saturation: 1.2,
  /** Power of the covered share of the question. */
  coverage: 0.5,
  pairs: 0.35,
  pieces: 0.4,
  /** The best sentence, read under the headings it stands under. */
  sentence: 0.45,
  head: 0.6,
  /** A title, heading or owner's question spelled like the question. */
  spelled: 0.3,
  questions: 0.6,
  /** A question that visitors are expected to ask. */
  expected: 1,
  /** An owner's question of another form ("do I need …" for "how do I …"), as a share. */
  otherForm: 0.6,
  /** A span of the kind asked for, between documents: only kinds that numbers and addresses tell for sure. */
  answer: 0.15,
  /** The same for kinds told with less certainty. */
  looseAnswer: 0.07,
  samePage: 0.08,
} as const;

/** Passages looked at a second time. */
const CANDIDATE_COUNT = 40;
/** Share of the best first score that they have; a second look hardly ever lifts others over it. */
const CANDIDATE_SHARE = 0.4;
/** When fewer come that near, those of half the share are looked at too. */
const FEWEST_CANDIDATES = 12;

/** Steers {@link Searcher}. */
export interface RankOptions {
  /** Passages of other languages come only when this one has none; null takes all alike. */
  readonly language: string | null;
  readonly pageUrl: string | null;
  /** Document left out, to measure how a question fares that nothing answers; null for none. */
  readonly withoutDocument: string | null;
  /** Leaves out the passages for which it is false. Default none. */
  readonly accepts?: ((passage: Passage) => boolean) | undefined;
  /** How alike question and passages are in meaning. Default null: nothing is known of it. */
  readonly meaning?: Meaning | null;
}

/** A passage with its parts of the score, each relative to the best any passage could have. */
export interface ScoredPassage {
  readonly passage: Passage;
  readonly number: number;
  readonly score: number;
  /** BM25 score relative to that of a passage full of the question's words. */
  readonly strength: number;
  /** Share of the question's weight whose words the passage holds. */
  readonly coverage: number;
  /** The same for its best sentence. */
  readonly sentenceCoverage: number;
  /** The same for title, headings and tags. */
  readonly headCoverage: number;
  /** How alike the question is to one the owner wrote for the passage. */
  readonly questionMatch: number;
  /** The same for a question that visitors are expected to ask. */
  readonly expectedMatch: number;
  /** Cosine to the nearest expected question, 0 to 1; null without any, or where nothing is known of meaning. */
  readonly expectedLikeness: number | null;
  /** Share of the question's weight that lies in the heaviest word the passage lacks. */
  readonly heaviestMissing: number;
  /** How well it holds the kind of span asked for; 0 when the question's form does not say. */
  readonly answerFit: number;
  /** Its terms, each once, ascending. */
  readonly vocabulary: Int32Array;
}

/** Ranks passages; made once an index. */
export interface Searcher {
  rank(query: Query, options: RankOptions): ScoredPassage[];
}

function primary(language: string): string {
  return language.toLowerCase().split('-')[0] ?? '';
}

/** Path of an address, so that absolute and relative forms of one page compare equal. */
function pagePath(url: string): string {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/, '');
  return path.replace(/(?:index\.html?)?\/*$/, '');
}

interface Mass {
  /** Weight of each word of the query: importance times rarity. */
  readonly masses: readonly number[];
  readonly total: number;
}

function weighQuery(query: Query): Mass {
  const masses = query.terms.map((term) => term.weight * term.rarity);
  return {
    masses,
    total: Math.max(
      1e-9,
      masses.reduce((sum, mass) => sum + mass, 0),
    ),
  };
}

/** Weight of each part of the question by its rarity among the passages looked at, as the index counts no such parts. Parts that none holds count too,
 * lest one that stands alone by chance counted for all. */
function localRarity(count: number, sights: readonly (readonly number[])[]): Float64Array {
  const holders = new Float64Array(count);
  for (const parts of sights) for (const part of parts) holders[part] = (holders[part] ?? 0) + 1;
  return holders.map((held) => Math.log(1 + (sights.length - held + 0.5) / (held + 0.5)));
}

/** Share of the weight of all parts that lies in some. */
function shareOf(parts: readonly number[], rarity: Float64Array): number {
  const total = rarity.reduce((sum, value) => sum + value, 0);
  return parts.reduce((sum, part) => sum + (rarity[part] ?? 0), 0) / Math.max(1e-9, total);
}

/** The passages whose scores come near the best, best first; more of them where few do. Few of many are asked whether they are wanted. */
function nearBest(
  numbers: readonly number[],
  scores: ArrayLike<number>,
  isWanted: (number: number) => boolean,
): number[] {
  let best = 0;
  for (const number of numbers) {
    const score = scores[number] ?? 0;
    if (score > best && isWanted(number)) best = score;
  }
  const from = (share: number): number[] =>
    best === 0 ? [] : numbers.filter((number) => (scores[number] ?? 0) >= best * share && isWanted(number));
  const near = from(CANDIDATE_SHARE);
  const chosen = near.length >= FEWEST_CANDIDATES ? near : from(CANDIDATE_SHARE / 2);
  chosen.sort((left, right) => (scores[right] ?? 0) - (scores[left] ?? 0) || left - right);
  return chosen.slice(0, CANDIDATE_COUNT);
}

/** The wanted numbers with the greatest values, greatest first, equal ones in their order. Most of many are turned away by the least that is kept. */
function greatest(
  numbers: readonly number[],
  values: ArrayLike<number>,
  most: number,
  isWanted: (number: number) => boolean,
): number[] {
  const kept: number[] = [];
  const valueOf = (number: number | undefined): number =>
    number === undefined ? -Infinity : (values[number] ?? -Infinity);
  for (const number of numbers) {
    const value = valueOf(number);
    if (kept.length === most && value <= valueOf(kept.at(-1))) continue;
    if (!isWanted(number)) continue;
    let place = kept.length;
    while (place > 0 && valueOf(kept[place - 1]) < value) place--;
    kept.splice(place, 0, number);
    if (kept.length > most) kept.pop();
  }
  return kept;
}

/** Prepares ranking over an index and its passages. */
export function createSearcher(index: SearchIndex, passages: readonly Passage[]): Searcher {
  const profileOf = createProfiles(index);
  const viewFor = createQuestionViews(index);
  const scores = new Float64Array(passages.length);
  const frequencies = new Float64Array(passages.length);
  const languages = passages.map((passage) => primary(passage.language));
  const allNumbers = [...passages.keys()];

  /** BM25 over the whole index; gives the numbers of passages that match anything. */
  const scoreAll = (query: Query, mass: Mass): number[] => {
    scores.fill(0);
    const touched: number[] = [];
    query.terms.forEach((term, at) => {
      const factor = (mass.masses[at] ?? 0) * (RANKING.saturation + 1);
      // All that counts as one word is added up first, so that a passage gains little from saying it in two ways.
      const met: number[] = [];
      for (const match of term.matches) {
        const end = index.postingStart[match.term + 1] ?? 0;
        for (let posting = index.postingStart[match.term] ?? 0; posting < end; posting++) {
          const number = index.passages[posting] ?? 0;
          if (frequencies[number] === 0) met.push(number);
          frequencies[number] = (frequencies[number] ?? 0) + (index.weights[posting] ?? 0) * match.share;
        }
      }
      for (const number of met) {
        const frequency = frequencies[number] ?? 0;
        frequencies[number] = 0;
        if (scores[number] === 0) touched.push(number);
        scores[number] = (scores[number] ?? 0) + (factor * frequency) / (RANKING.saturation + frequency);
      }
    });
    return touched;
  };

  /** Those with the most words of the question, and as many that mean something alike. */
  const pickCandidates = (touched: readonly number[], options: RankOptions): number[] => {
    const language = options.language === null ? null : primary(options.language);
    const { withoutDocument, accepts, meaning = null } = options;
    const isWanted = (number: number): boolean => {
      const passage = passages[number];
      if (passage === undefined || passage.documentId === withoutDocument) return false;
      return accepts?.(passage) ?? true;
    };
    const isInLanguage = (number: number): boolean => languages[number] === language && isWanted(number);
    /** Those in the language, or all that are wanted where it has none. */
    const preferred = (pick: (isWanted: (number: number) => boolean) => number[]): number[] => {
      const found = language === null ? [] : pick(isInLanguage);
      return found.length > 0 ? found : pick(isWanted);
    };
    const byWords = preferred((isGood) => nearBest(touched, scores, isGood));
    if (meaning === null) return byWords;
    const byMeaning = preferred((isGood) => greatest(allNumbers, meaning.scores, CANDIDATE_COUNT, isGood));
    return [...new Set([...byWords, ...byMeaning])];
  };

  return {
    rank(query: Query, options: RankOptions): ScoredPassage[] {
      const mass = weighQuery(query);
      const { meaning = null } = options;
      const candidates = pickCandidates(scoreAll(query, mass), options);
      const view = viewFor(query, mass.masses, mass.total);
      const found = candidates.flatMap((number) => {
        const passage = passages[number];
        if (passage === undefined) return [];
        const profile = profileOf(passage);
        return [{ passage, number, profile, sight: view.look(profile) }];
      });
      const pieceRarity = localRarity(
        view.pieceCount,
        found.map(({ sight }) => sight.pieces),
      );
      const pairRarity = localRarity(
        view.pairCount,
        found.map(({ sight }) => sight.pairs),
      );
      const path = options.pageUrl === null ? null : pagePath(options.pageUrl);
      const ranked = found.map(({ passage, number, profile, sight }): ScoredPassage => {
        const strength = (scores[number] ?? 0) / (mass.total * (RANKING.saturation + 1));
        const { coverage, sentenceCoverage, headCoverage, heaviestMissing } = sight;
        const questionMatch = sight.questionMatches.reduce((best, match, at) => {
          const kind = profile.questionKinds[at] ?? null;
          const isOther = kind !== null && query.answerKind !== null && kind !== query.answerKind;
          return Math.max(best, match * (isOther ? RANKING.otherForm : 1));
        }, 0);
        const fit = answerFit(query.answerKind, profile, sight.coverSentence);
        const score =
          strength * coverage ** RANKING.coverage +
          RANKING.pairs * shareOf(sight.pairs, pairRarity) +
          RANKING.pieces * shareOf(sight.pieces, pieceRarity) +
          RANKING.sentence * sight.headedCoverage +
          RANKING.head * headCoverage +
          RANKING.questions * questionMatch +
          RANKING.expected * sight.expectedMatch +
          RANKING.spelled * sight.spelledMatch ** 2 +
          (meaning?.scores[number] ?? 0) +
          (isNarrow(query.answerKind) ? RANKING.answer : RANKING.looseAnswer) * coverage * fit +
          (path !== null && passage.url !== null && pagePath(passage.url) === path ? RANKING.samePage : 0);
        return {
          passage,
          number,
          score,
          strength,
          coverage,
          sentenceCoverage,
          headCoverage,
          questionMatch,
          expectedMatch: sight.expectedMatch,
          expectedLikeness:
            meaning === null || profile.expected.length === 0 ? null : (meaning.expected[number] ?? 0),
          heaviestMissing,
          answerFit: fit,
          vocabulary: profile.vocabulary,
        };
      });
      ranked.sort((left, right) => right.score - left.score || left.number - right.number);
      return ranked;
    },
  };
}
