import type { PassageProfile } from './passage-profile.ts';
import type { Query } from './query.ts';
import type { SearchIndex } from './search-index.ts';
import { spelledLikeness } from './spelled-likeness.ts';
import { pieceNumbers, PieceTable } from './word-pieces.ts';
import { isUnspaced } from './analyze.ts';

/** What a question finds in one passage on the second look; shares are of the question's weight. */
export interface Sight {
  /** Share whose words the passage holds anywhere. */
  readonly coverage: number;
  /** The same for its best sentence. */
  readonly sentenceCoverage: number;
  /** The same for its best sentence read under title, headings and tags. */
  readonly headedCoverage: number;
  /** How alike the question and the title, a heading or an owner's question are spelled. */
  readonly spelledMatch: number;
  /** How alike the question and title, headings and tags are. */
  readonly headCoverage: number;
  /** How alike the question and each of the owner's questions are. */
  readonly questionMatches: readonly number[];
  /** How alike the question and the nearest of the expected ones are. */
  readonly expectedMatch: number;
  /** Share that lies in the heaviest word the passage lacks. */
  readonly heaviestMissing: number;
  /** Numbers of the question's pairs that stand side by side. */
  readonly pairs: readonly number[];
  /** Numbers of the question's pieces that the passage's words hold. */
  readonly pieces: readonly number[];
  /** Share whose words one sentence holds, by its place. */
  readonly coverSentence: (sentence: number) => number;
}

/** Looks at passages with the eyes of one question, until the view of the next one is made. */
export interface QuestionView {
  readonly pairCount: number;
  readonly pieceCount: number;
  look(profile: PassageProfile): Sight;
}

/** Makes a function that looks at passages for one question after the other. */
export function createQuestionViews(
  index: SearchIndex,
): (query: Query, masses: readonly number[], total: number) => QuestionView {
  // Where the terms and pieces of the question at hand are marked; wiped before the next one.
  const termMarks = new Uint16Array(index.postingStart.length);
  const pieceMarks = new Uint16Array(0x10000);
  const pieceTable = new PieceTable(index.terms);
  let markedTerms: number[] = [];
  let markedPieces: number[] = [];

  return (query, masses, total) => {
    for (const term of markedTerms) termMarks[term] = 0;
    for (const piece of markedPieces) pieceMarks[piece] = 0;
    const { terms } = query;
    /** By mark: the words of the question that the term stands for. */
    const meanings: { readonly word: number; readonly share: number }[][] = [[]];
    markedTerms = [];
    terms.forEach(({ matches }, word) => {
      for (const { term, share } of matches) {
        const mark = termMarks[term] ?? 0;
        if (mark > 0) meanings[mark]?.push({ word, share });
        else {
          termMarks[term] = meanings.length;
          meanings.push([{ word, share }]);
          markedTerms.push(term);
        }
      }
    });
    const words = terms.filter((term) => !term.isInherited && !isUnspaced(term.word));
    markedPieces = [...new Set(words.flatMap(({ word }) => pieceNumbers(word)))];
    markedPieces.forEach((piece, at) => {
      pieceMarks[piece] = at + 1;
    });
    const pairNumbers = new Map(
      query.pairs.map(([left, right], at) => [left * terms.length + right, at] as const),
    );
    const best = new Float64Array(terms.length);
    /** The last look, counted, that saw a piece. */
    const seenPieces = new Uint32Array(markedPieces.length + 1);
    let sightCount = 0;

    const cover = (list: Int32Array, start: number, end: number): void => {
      for (let at = start; at < end; at++) {
        const mark = termMarks[list[at] ?? 0] ?? 0;
        if (mark === 0) continue;
        for (const { word, share } of meanings[mark] ?? []) if (share > (best[word] ?? 0)) best[word] = share;
      }
    };
    const covered = (): number => {
      let sum = 0;
      for (let word = 0; word < best.length; word++) sum += (best[word] ?? 0) * (masses[word] ?? 0);
      return sum / total;
    };
    const coverList = (list: Int32Array, start = 0, end = list.length): number => {
      best.fill(0);
      cover(list, start, end);
      return covered();
    };
    const likeness = (list: Int32Array): number => {
      if (list.length === 0) return 0;
      const share = coverList(list);
      if (share === 0) return 0;
      let asked = 0;
      for (const value of best) if (value > 0) asked++;
      return share * Math.sqrt(asked / new Set(list).size);
    };
    /** The word of the question that a term is itself; -1 for a related or mistyped one. */
    const wordOf = (term: number): number => {
      const mark = termMarks[term] ?? 0;
      return mark === 0 ? -1 : (meanings[mark]?.find(({ share }) => share === 1)?.word ?? -1);
    };
    const findPairs = (list: Int32Array, found: Set<number>): void => {
      let previous = -1;
      for (const term of list) {
        const word = wordOf(term);
        if (previous >= 0 && word >= 0) {
          const pair = pairNumbers.get(previous * terms.length + word);
          if (pair !== undefined) found.add(pair);
        }
        previous = word;
      }
    };

    return {
      pairCount: query.pairs.length,
      pieceCount: markedPieces.length,
      look(profile): Sight {
        const { terms: list, sentenceEnds, head, questions, expected } = profile;
        const coverSentence = (sentence: number): number =>
          coverList(list, sentenceEnds[sentence - 1] ?? 0, sentenceEnds[sentence] ?? 0);
        let sentenceCoverage = 0;
        let headedCoverage = 0;
        for (let sentence = 0; sentence < Math.max(1, sentenceEnds.length); sentence++) {
          const share = coverSentence(sentence);
          sentenceCoverage = Math.max(sentenceCoverage, share);
          // The head adds to what the sentence has covered.
          if (head.length > 0) cover(head, 0, head.length);
          headedCoverage = Math.max(headedCoverage, head.length > 0 ? covered() : share);
        }
        let spelledMatch = 0;
        for (const words of profile.spelledHeads)
          spelledMatch = Math.max(spelledMatch, spelledLikeness(query.spelled, words));
        const headCoverage = likeness(head);
        const questionMatches = questions.map(likeness);
        let expectedMatch = 0;
        for (const one of expected) expectedMatch = Math.max(expectedMatch, likeness(one));
        best.fill(0);
        for (const part of [list, head, ...questions, ...expected]) cover(part, 0, part.length);
        const coverage = covered();
        let heaviestMissing = 0;
        best.forEach((share, word) => {
          if (share === 0) heaviestMissing = Math.max(heaviestMissing, (masses[word] ?? 0) / total);
        });
        const pairs = new Set<number>();
        if (pairNumbers.size > 0)
          for (const part of [list, head, ...questions, ...expected]) findPairs(part, pairs);
        const pieces: number[] = [];
        sightCount += 1;
        for (const term of profile.vocabulary)
          pieceTable.eachMarked(term, pieceMarks, (mark) => {
            if (seenPieces[mark] === sightCount) return;
            seenPieces[mark] = sightCount;
            pieces.push(mark - 1);
          });
        return {
          coverage,
          sentenceCoverage,
          headedCoverage,
          spelledMatch,
          headCoverage,
          questionMatches,
          expectedMatch,
          heaviestMissing,
          pairs: [...pairs],
          pieces,
          coverSentence,
        };
      },
    };
  };
}
