import { answerFit } from './answer-fit.ts';
import { EXPECTED, type PassageProfile, PROFILE_ENDS } from './passage-profile.ts';
import { MAX_PERCENT } from './associations.ts';
import type { Query } from './query.ts';
import { ANSWER_KINDS } from './question-form.ts';
import type { SearchIndex } from './search-index.ts';
import { spelledLikeness } from './spelled-likeness.ts';
import { pieceNumbers, PieceTable } from './word-pieces.ts';
import { isUnspaced } from './analyze.ts';

/** What a question finds in one passage on the second look; shares are of the question's weight. */
export interface Sight {
  /** Share whose words the passage holds anywhere, with what goes with them. */
  readonly coverage: number;
  /** Share whose words it holds themselves. */
  readonly ownCoverage: number;
  /** The same for its best sentence. */
  readonly sentenceCoverage: number;
  /** The same for its best sentence read under title, headings and tags. */
  readonly headedCoverage: number;
  /** How alike the question and the title, a heading or an owner's question are spelled. */
  readonly spelledMatch: number;
  /** How alike the question and title, headings and tags are. */
  readonly headCoverage: number;
  /** How alike the question and the most alike one of the owner's are, of those that do not ask for another kind of answer. */
  readonly questionMatch: number;
  /** The same of those that do. */
  readonly otherFormMatch: number;
  /** How alike the question and the nearest of the expected ones are. */
  readonly expectedMatch: number;
  /** Share that lies in the heaviest word the passage lacks. */
  readonly heaviestMissing: number;
  /** Numbers of the question's pairs that stand side by side. */
  readonly pairs: readonly number[];
  /** Numbers of the question's pieces that the passage's words hold. */
  readonly pieces: readonly number[];
  /** How well it holds the kind of span asked for; 0 when the question's form does not say. */
  readonly answerFit: number;
}

/** Looks at passages with the eyes of one question, until the view of the next one is made. */
export interface QuestionView {
  readonly pairCount: number;
  readonly pieceCount: number;
  look(profile: PassageProfile): Sight;
}

/** What more than this share of a word is held is the word or one for the same, and no mere associate. */
const MOST_ASSOCIATE = MAX_PERCENT / 100;

/** Makes a function that looks at passages for one question after the other. */
export function createQuestionViews(
  index: SearchIndex,
): (query: Query, masses: readonly number[], total: number) => QuestionView {
  // Where the terms and pieces of the question at hand are marked; wiped before the next one.
  const termMarks = new Uint16Array(index.postingStart.length);
  const pieceMarks = new Uint16Array(0x10000);
  const pieceTable = new PieceTable(index.terms);
  /** For each word twice the number of the last question that met it, and 1 more where it has a piece of that question. */
  const pieceNotes = new Uint32Array(index.terms.length);
  /** For each word the last look that met it with such a piece. */
  const lastLook = new Uint32Array(index.terms.length);
  let question = 0;
  let lookCount = 0;
  let markedTerms: number[] = [];
  let markedPieces: number[] = [];

  return (query, masses, total) => {
    for (const term of markedTerms) termMarks[term] = 0;
    for (const piece of markedPieces) pieceMarks[piece] = 0;
    const none = 2 * ++question;
    const { terms } = query;
    /** By mark: the words of the question that the term stands for. */
    const meanings: { readonly word: number; readonly share: number }[][] = [[]];
    markedTerms = [];
    terms.forEach(({ found }, word) => {
      for (const { term, share } of found) {
        const mark = termMarks[term] ?? 0;
        if (mark > 0) meanings[mark]?.push({ word, share });
        else {
          termMarks[term] = meanings.length;
          meanings.push([{ word, share }]);
          markedTerms.push(term);
        }
      }
    });
    /** By mark: the word of the question that a term is itself; -1 for a related or mistyped one. */
    const ownWords = meanings.map((words) => words.find(({ share }) => share === 1)?.word ?? -1);
    const words = terms.filter((term) => !term.isInherited && !isUnspaced(term.word));
    markedPieces = [...new Set(words.flatMap(({ word }) => pieceNumbers(word)))];
    markedPieces.forEach((piece, at) => {
      pieceMarks[piece] = at + 1;
    });
    const pairNumbers = new Map(
      query.pairs.map(([left, right], at) => [left * terms.length + right, at] as const),
    );
    /** What a part of a passage, its head and all of it hold of each word of the question. */
    const best = new Float64Array(terms.length);
    const headBest = new Float64Array(terms.length);
    const allBest = new Float64Array(terms.length);

    /** Weight of the words of which a share above some is held, as far as they are. */
    const covered = (shares: Float64Array, above = 0): number => {
      let sum = 0;
      for (let word = 0; word < shares.length; word++) {
        const share = shares[word] ?? 0;
        if (share > above) sum += share * (masses[word] ?? 0);
      }
      return sum / total;
    };
    /** Notes what a term says in the part at hand. */
    const cover = (mark: number): void => {
      for (const { word, share } of meanings[mark] ?? []) if (share > (best[word] ?? 0)) best[word] = share;
    };
    /** Keeps the greater shares of both. */
    const raise = (shares: Float64Array, others: Float64Array): void => {
      for (let word = 0; word < shares.length; word++)
        if ((others[word] ?? 0) > (shares[word] ?? 0)) shares[word] = others[word] ?? 0;
    };
    /** How alike the part at hand is, which has some number of different terms. */
    const likeness = (share: number, count: number): number => {
      if (share === 0) return 0;
      let asked = 0;
      for (const value of best) if (value > 0) asked++;
      return share * Math.sqrt(asked / count);
    };
    const wordCount = markedPieces.length > 0 ? index.terms.length : 0;
    let foundCount = 0;
    const onAny = (): void => {
      foundCount += 1;
    };
    /** Reports whether a word has a marked piece; most words are met in many passages. */
    const hasPiece = (word: number): boolean => {
      const known = pieceNotes[word] ?? 0;
      if (known >= none) return known > none;
      const before = foundCount;
      pieceTable.eachMarked(word, pieceMarks, onAny);
      pieceNotes[word] = none + (foundCount > before ? 1 : 0);
      return foundCount > before;
    };
    /** Words of the passage at hand that have such pieces, ascending, and those pieces. */
    const holding: number[] = [];
    let holdingCount = 0;
    let pieces: number[] = [];
    /** The last look that saw a piece, by its mark. */
    const seenPieces = new Uint32Array(markedPieces.length + 1);
    const hold = (word: number): void => {
      lastLook[word] = lookCount;
      let place = holdingCount++;
      for (; place > 0 && (holding[place - 1] ?? 0) > word; place--) holding[place] = holding[place - 1] ?? 0;
      holding[place] = word;
    };
    const onPiece = (mark: number): void => {
      if (seenPieces[mark] !== lookCount) pieces.push(mark - 1);
      seenPieces[mark] = lookCount;
    };

    return {
      pairCount: query.pairs.length,
      pieceCount: markedPieces.length,
      look(profile): Sight {
        lookCount += 1;
        holdingCount = 0;
        pieces = [];
        const sentenceCount = profile[0] ?? 0;
        const partCount = profile[1] ?? 0;
        const notesAt = PROFILE_ENDS + partCount;
        const kindsAt = notesAt + partCount - sentenceCount - 1;
        const termsAt = kindsAt + partCount;
        const endOf = (part: number): number =>
          part < 0 ? termsAt : termsAt + (profile[PROFILE_ENDS + part] ?? 0);
        const pairs: number[] = [];
        const shares: number[] = [];
        let sentenceCoverage = 0;
        let headCoverage = 0;
        let questionMatch = 0;
        let otherFormMatch = 0;
        let expectedMatch = 0;
        best.fill(0);
        const headEnd = endOf(sentenceCount);
        for (let at = endOf(sentenceCount - 1); at < headEnd; at++) cover(termMarks[profile[at] ?? 0] ?? 0);
        headBest.set(best);
        allBest.set(best);
        let headedCoverage = covered(best);
        let previous = -1;
        let at = termsAt;
        for (let part = 0; part < partCount; part++) {
          // The sentences follow each other; what comes after them does not.
          if (part >= sentenceCount) previous = -1;
          let isSaid = false;
          for (const end = endOf(part); at < end; at++) {
            const term = profile[at] ?? 0;
            if (term < wordCount && hasPiece(term) && lastLook[term] !== lookCount) hold(term);
            const mark = termMarks[term] ?? 0;
            if (mark === 0) {
              previous = -1;
              continue;
            }
            if (!isSaid) best.fill(0);
            isSaid = true;
            cover(mark);
            const word = ownWords[mark] ?? -1;
            if (previous >= 0 && word >= 0) {
              const pair = pairNumbers.get(previous * terms.length + word);
              if (pair !== undefined && !pairs.includes(pair)) pairs.push(pair);
            }
            previous = word;
          }
          const share = isSaid ? covered(best) : 0;
          if (isSaid) raise(allBest, best);
          if (part < sentenceCount) {
            shares.push(share);
            if (!isSaid) continue;
            sentenceCoverage = Math.max(sentenceCoverage, covered(best, MOST_ASSOCIATE));
            // The head adds to what the sentence has covered.
            raise(best, headBest);
            headedCoverage = Math.max(headedCoverage, covered(best));
            continue;
          }
          const match = likeness(share, profile[notesAt + part] ?? 0);
          // The head asks for nothing.
          const number = part === sentenceCount ? 0 : (profile[kindsAt + part] ?? 0);
          const kind = ANSWER_KINDS[number - 1];
          if (part === sentenceCount) headCoverage = match;
          else if (number === EXPECTED) expectedMatch = Math.max(expectedMatch, match);
          else if (kind === undefined || query.answerKind === null || kind === query.answerKind)
            questionMatch = Math.max(questionMatch, match);
          else otherFormMatch = Math.max(otherFormMatch, match);
        }
        let heaviestMissing = 0;
        for (let word = 0; word < allBest.length; word++)
          if ((allBest[word] ?? 0) <= MOST_ASSOCIATE)
            heaviestMissing = Math.max(heaviestMissing, (masses[word] ?? 0) / total);
        for (let place = 0; place < holdingCount; place++)
          pieceTable.eachMarked(holding[place] ?? 0, pieceMarks, onPiece);
        return {
          coverage: covered(allBest),
          ownCoverage: covered(allBest, MOST_ASSOCIATE),
          sentenceCoverage,
          headedCoverage,
          spelledMatch: spelledLikeness(query.spelled, profile, at),
          headCoverage,
          questionMatch,
          otherFormMatch,
          expectedMatch,
          heaviestMissing,
          answerFit: answerFit(query.answerKind, profile[2] ?? 0, shares, profile.subarray(notesAt)),
          pairs,
          pieces,
        };
      },
    };
  };
}
