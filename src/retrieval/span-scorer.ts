import { normalizeText } from '../text/normalize-text.ts';
import { analyzeText } from './analyze.ts';
import { type BlockShape, blockSuits, holdsAnswer } from './answer-kinds.ts';
import { type Query, TELLING_WEIGHT } from './query.ts';
import type { AnswerKind } from './question-form.ts';
import { wordsForPhrases } from '../text/related-words.ts';

/** Scores pieces of one passage for one question. */
export interface SpanScorer {
  /** Share of the question that a text covers. */
  readonly cover: (text: string, language: string) => number;
  /** Whether a text holds a word of the topic that title and headings do not hold: what tells it from its neighbors. */
  readonly tellsApart: (text: string, language: string) => boolean;
  /** What a text gains for holding the kind of span asked for. */
  readonly answers: (text: string) => number;
  /** Whether a text holds a period, a time or a price and one is asked for: of several, any may be the one that is meant. */
  readonly holdsSpan: (text: string) => boolean;
  /** What a block gains for being the kind of block asked for. */
  readonly suits: (block: BlockShape) => number;
  /** Whether a text or its block is of the kind asked for; false where the form of the question tells little of it. */
  readonly isOfKind: (text: string, block: BlockShape) => boolean;
}

/** Weight of words of the question that title or headings of the passage already say. */
const GIVEN_WEIGHT = 0.4;
const ANSWER_BONUS = 0.15;
const BLOCK_BONUS = 0.35;
const WEAK_SHARE = 0.7;
const SPANS_ASKED_FOR: ReadonlySet<AnswerKind> = new Set(['duration', 'time', 'price']);

const LEANS_BACK =
  /^(?:\*\*)?(?:that(?:'s| is| means)|this|these|those|it|they|then|so|therefore|otherwise|in (?:that|this) case|in those cases|for (?:these|those|that|this)|such|also|and|but|after that|both|neither)\b|^(?:这样|因此|所以|那|否则|这种|这些|此外|另外|不过)/iu;
const NOTE = /^(?:>\s*)?\**(?:note|tip|hint|remark|提示|注意|备注|说明)\s?[:：]/iu;
const POINTS =
  /\b(?:read|see|described in|shown in|details (?:are )?in|listed in)\b[^.]*\]\(|(?:请看|参见|见)[^。]*\]\(/iu;

/** Reports whether a sentence is hard to understand without the one before. */
export function leansBack(sentence: string): boolean {
  return LEANS_BACK.test(sentence.trim());
}

/** "There" for a place that was named before, not as in "there is". */
const OF_A_PLACE =
  /\bthere\b(?!['’]s\b|\s+(?:is|are|was|were|will|would|may|might|can|could|must|should|has|have)\b)|那里|那儿/iu;

/** Reports whether a sentence leans on the one before, at its beginning or within. */
export function refersBack(sentence: string): boolean {
  return leansBack(sentence) || OF_A_PLACE.test(sentence);
}

/** Reports whether a sentence sends the reader to another page. */
export function pointsElsewhere(sentence: string): boolean {
  return POINTS.test(sentence);
}

/** Reports whether a sentence asks. */
export function isQuestion(sentence: string): boolean {
  return /[?？]\**$/.test(sentence.trim());
}

/** Share of its score that a sentence keeps: less when it leans back, is a note, a question or points to another page. */
export function directness(sentence: string): number {
  const bare = sentence.trim();
  const isWeak = leansBack(bare) || pointsElsewhere(bare) || NOTE.test(bare) || isQuestion(bare);
  return isWeak ? WEAK_SHARE : 1;
}

/**
 * Makes the scorer of a passage. Words of its title and headings tell little about where in it the answer stands.
 *
 * @param head - Terms of title and headings.
 */
export function createScorer(query: Query, head: ReadonlySet<string>): SpanScorer {
  const kind = query.answerKind;
  const wanted = query.terms.map((term) => {
    const words = new Set([term.word, ...term.matches.map(({ text }) => text)]);
    const full = term.weight * term.rarity;
    const isGiven = [...words].some((word) => head.has(word));
    return {
      words,
      associates: term.found.slice(term.matches.length),
      full,
      isTelling: !isGiven && term.weight >= TELLING_WEIGHT,
      mass: full * (isGiven ? GIVEN_WEIGHT : 1),
    };
  });
  const total = Math.max(
    1e-9,
    wanted.reduce((sum, term) => sum + term.full, 0),
  );
  return {
    cover(text: string, language: string): number {
      const terms = analyzeText(text, language);
      const set = new Set([...terms, ...analyzeText(wordsForPhrases(normalizeText(text)), 'en')]);
      let sum = 0;
      for (const { words, mass, associates } of wanted) {
        if ([...words].some((word) => set.has(word))) sum += mass;
        else
          sum += mass * Math.max(0, ...associates.map(({ text: one, share }) => (set.has(one) ? share : 0)));
      }
      return sum / total / (1 + 0.006 * Math.max(0, terms.length - 12));
    },
    tellsApart(text: string, language: string): boolean {
      const set = new Set(analyzeText(text, language));
      return wanted.some(({ isTelling, words }) => isTelling && [...words].some((word) => set.has(word)));
    },
    answers(text: string): number {
      return kind !== null && holdsAnswer(kind, text) ? ANSWER_BONUS : 0;
    },
    holdsSpan(text): boolean {
      return kind !== null && SPANS_ASKED_FOR.has(kind) && holdsAnswer(kind, text);
    },
    suits(block): number {
      return kind === null ? 0 : BLOCK_BONUS * blockSuits(kind, block);
    },
    isOfKind(text, block): boolean {
      // Nearly every text says what one may and may not do.
      if (kind === null || kind === 'verdict') return false;
      return blockSuits(kind, block) > 0 || holdsAnswer(kind, text);
    },
  };
}
