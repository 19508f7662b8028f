import type { Passage } from '../contracts/passage.ts';
import { type AlikeTest, createAlikeTest } from './alike-terms.ts';
import { isNarrow } from './answer-fit.ts';
import { createProfiles, type PassageProfiles, termsOf } from './passage-profile.ts';
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
  /** Whether a likeness to expected questions counts. Default true. */
  readonly likensExpected?: boolean;
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
  /** The same without associates. */
  readonly ownCoverage: number;
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
  /** Cosine to the nearest window of its text, 0 to 1; null where questions are expected of it, or nothing is known of meaning. */
  readonly textLikeness: number | null;
  /** Share of the question's weight that lies in the heaviest word the passage lacks. */
  readonly heaviestMissing: number;
  /** How well it holds the kind of span asked for; 0 when the question's form does not say. */
  readonly answerFit: number;
}

/** Ranks passages; made once an index. */
export interface Searcher {
  rank(query: Query, options: RankOptions): ScoredPassage[];
  readonly alikeTest: AlikeTest;
  /** Reads passages ahead, see `Retriever`. */
  readonly prepare: PassageProfiles['prepare'];
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

/**
 * Gives how much of the question some of its parts weigh, by their rarity among the passages looked at, as the index counts no such parts. Parts that none
 * holds count too, lest one that stands alone by chance counted for all.
 */
function shareByRarity(
  count: number,
  sights: readonly (readonly number[])[],
): (parts: readonly number[]) => number {
  const holders = new Float64Array(count);
  for (const parts of sights) for (const part of parts) holders[part] = (holders[part] ?? 0) + 1;
  const rarity = holders.map((held) => Math.log(1 + (sights.length - held + 0.5) / (held + 0.5)));
  const total = Math.max(
    1e-9,
    rarity.reduce((sum, value) => sum + value, 0),
  );
  return (parts) => parts.reduce((sum, part) => sum + (rarity[part] ?? 0), 0) / total;
}

/** Numbers of the wanted values above `above`, the greatest first, equal ones in their order; `most` of them. Few of many are asked whether they are wanted. */
function greatest(
  values: ArrayLike<number>,
  above: number,
  most: number,
  isWanted: (number: number) => boolean,
): number[] {
  let kept: number[] = [];
  let least = above;
  for (let number = 0; number < values.length;) {
    const next: number[] = [];
    // Nothing is called in here, so that a question that filters does not slow the others down.
    for (; number < values.length && next.length < most; number++)
      if ((values[number] ?? 0) > least) next.push(number);
    kept = [...kept, ...next.filter((one) => isWanted(one))];
    kept.sort((left, right) => (values[right] ?? 0) - (values[left] ?? 0) || left - right);
    if (kept.length < most) continue;
    kept.length = most;
    least = values[kept[most - 1] ?? 0] ?? 0;
  }
  return kept;
}

/** The passages whose scores come near the best, best first; more of them where few do. */
function nearBest(scores: ArrayLike<number>, isWanted: (number: number) => boolean): number[] {
  const best = greatest(scores, 0, CANDIDATE_COUNT, isWanted);
  const from = (share: number): number[] => {
    const least = share * (scores[best[0] ?? 0] ?? 0);
    return best.filter((number) => (scores[number] ?? 0) >= least);
  };
  const near = from(CANDIDATE_SHARE);
  return near.length >= FEWEST_CANDIDATES ? near : from(CANDIDATE_SHARE / 2);
}

/** Prepares ranking over an index and its passages. */
export function createSearcher(index: SearchIndex, passages: readonly Passage[]): Searcher {
  const profiles = createProfiles(index, passages);
  const viewFor = createQuestionViews(index);
  const scores = new Float64Array(passages.length);
  const frequencies = new Float64Array(passages.length);
  const met = new Uint32Array(passages.length);
  const names = [...new Set(passages.map((passage) => primary(passage.language)))];
  const languages = Uint16Array.from(passages, (passage) => names.indexOf(primary(passage.language)));

  /** BM25 over the whole index, into {@link scores}. A question reads up to a posting a word and passage here, so that nothing is made on the way. */
  const scoreAll = (query: Query, mass: Mass): void => {
    scores.fill(0);
    const { postingStart, passages: numbers, weights } = index;
    query.terms.forEach(({ found }, at) => {
      const factor = (mass.masses[at] ?? 0) * (RANKING.saturation + 1);
      const [only] = found;
      if (found.length === 1 && only !== undefined) {
        const { term, share } = only;
        const end = postingStart[term + 1] ?? 0;
        for (let posting = postingStart[term] ?? 0; posting < end; posting++) {
          const number = numbers[posting] ?? 0;
          const frequency = (weights[posting] ?? 0) * share;
          scores[number] = (scores[number] ?? 0) + (factor * frequency) / (RANKING.saturation + frequency);
        }
        return;
      }
      // All that counts as one word is added up first, so that a passage gains little from saying it in two ways.
      let count = 0;
      for (const { term, share } of found) {
        const end = postingStart[term + 1] ?? 0;
        for (let posting = postingStart[term] ?? 0; posting < end; posting++) {
          const number = numbers[posting] ?? 0;
          if (frequencies[number] === 0) met[count++] = number;
          frequencies[number] = (frequencies[number] ?? 0) + (weights[posting] ?? 0) * share;
        }
      }
      for (let place = 0; place < count; place++) {
        const number = met[place] ?? 0;
        const frequency = frequencies[number] ?? 0;
        frequencies[number] = 0;
        scores[number] = (scores[number] ?? 0) + (factor * frequency) / (RANKING.saturation + frequency);
      }
    });
  };

  /** Those with the most words of the question, and as many that mean something alike. */
  const pickCandidates = (options: RankOptions): number[] => {
    const language = options.language === null ? null : names.indexOf(primary(options.language));
    const { withoutDocument, accepts, meaning = null } = options;
    const isOpen = withoutDocument === null && accepts === undefined;
    const isWanted = (number: number): boolean => {
      if (isOpen) return true;
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
    const byWords = preferred((isGood) => nearBest(scores, isGood));
    if (meaning === null) return byWords;
    const byMeaning = preferred((isGood) => greatest(meaning.scores, -Infinity, CANDIDATE_COUNT, isGood));
    return [...new Set([...byWords, ...byMeaning])];
  };

  return {
    alikeTest: createAlikeTest(index.postingStart.length, (number) => termsOf(profiles.of(number))),
    prepare: profiles.prepare,
    rank(query: Query, options: RankOptions): ScoredPassage[] {
      const mass = weighQuery(query);
      const { meaning = null } = options;
      scoreAll(query, mass);
      const candidates = pickCandidates(options);
      const view = viewFor(query, mass.masses, mass.total);
      const found = candidates.flatMap((number) => {
        const passage = passages[number];
        if (passage === undefined) return [];
        return [{ passage, number, sight: view.look(profiles.of(number)) }];
      });
      const pieceShare = shareByRarity(
        view.pieceCount,
        found.map(({ sight }) => sight.pieces),
      );
      const pairShare = shareByRarity(
        view.pairCount,
        found.map(({ sight }) => sight.pairs),
      );
      const path = options.pageUrl === null ? null : pagePath(options.pageUrl);
      const ranked = found.map(({ passage, number, sight }): ScoredPassage => {
        const strength = (scores[number] ?? 0) / (mass.total * (RANKING.saturation + 1));
        const { coverage, sentenceCoverage, headCoverage, heaviestMissing } = sight;
        const isExpecting = (passage.expected ?? []).length > 0;
        const questionMatch = Math.max(sight.questionMatch, sight.otherFormMatch * RANKING.otherForm);
        const score =
          strength * coverage ** RANKING.coverage +
          RANKING.pairs * pairShare(sight.pairs) +
          RANKING.pieces * pieceShare(sight.pieces) +
          RANKING.sentence * sight.headedCoverage +
          RANKING.head * headCoverage +
          RANKING.questions * questionMatch +
          (options.likensExpected === false ? 0 : RANKING.expected) * sight.expectedMatch +
          RANKING.spelled * sight.spelledMatch ** 2 +
          (meaning?.scores[number] ?? 0) +
          (isNarrow(query.answerKind) ? RANKING.answer : RANKING.looseAnswer) * coverage * sight.answerFit +
          (path !== null && passage.url !== null && pagePath(passage.url) === path ? RANKING.samePage : 0);
        return {
          passage,
          number,
          score,
          strength,
          coverage,
          ownCoverage: sight.ownCoverage,
          sentenceCoverage,
          headCoverage,
          questionMatch,
          expectedMatch: sight.expectedMatch,
          expectedLikeness: isExpecting ? (meaning?.expected[number] ?? null) : null,
          textLikeness: isExpecting ? null : (meaning?.text[number] ?? null),
          heaviestMissing,
          answerFit: sight.answerFit,
        };
      });
      ranked.sort((left, right) => right.score - left.score || left.number - right.number);
      return ranked;
    },
  };
}
