import type { Passage } from '../../src/contracts/passage.ts';
import type { RankedPassage, Retriever } from '../../src/contracts/retrieval.ts';
import type { AnsweredQuestion } from '../ask/answer-question.ts';
import { countWords } from '../ingest/count-words.ts';
import { containsFact } from './contains-fact.ts';
import type { GoldPlaces } from './gold-places.ts';
import { findGoldPlaces } from './gold-places.ts';
import { hasCaveat } from './caveat.ts';
import type { TestQuestion } from './question-set.ts';
import type { FoundRanks } from './rank-figures.ts';
import { RANK_DEPTH } from './rank-figures.ts';

/** What is right and wrong about one answer; null where the set does not say what is right. */
export interface Verdict {
  readonly test: TestQuestion;
  readonly answered: AnsweredQuestion;
  /** Where the search found the right documents, or the right sections where the set names them. */
  readonly found: FoundRanks | null;
  /** The first right passage; null when there is none. */
  readonly expected: Passage | null;
  /** Passages that the answer cites. */
  readonly cited: readonly Passage[];
  /** False when it was refused, handed over, or ended with an error. */
  readonly isAnswered: boolean;
  /** True when an answerable question was answered, or nothing of the pages was given for an unanswerable one. */
  readonly isDecisionRight: boolean;
  /** True when the answer cites a right passage; null when it is not answered or not judged. */
  readonly isPassageRight: boolean | null;
  /** True when it cites a right document; null when it cites nothing or is not judged. */
  readonly isSourceRight: boolean | null;
  /** Facts the answer lacks; null when not answered or there are none to look for. */
  readonly missingFacts: readonly string[] | null;
  /** Of an answerable question that was refused: true when a topic that is offered instead leads to a right document. Null otherwise. */
  readonly isRightOffered: boolean | null;
  /** True when the answer says that it may not be right. */
  readonly hasCaveat: boolean;
  /**
   * True for a wrong answer without a caveat: pages are cited for what they do not answer, or no right passage is cited and none of
   * the facts is in the answer.
   */
  readonly isWrong: boolean;
  /** Words of the answer, Chinese ones at 0.6 a character; 0 when not answered. */
  readonly words: number;
}

/** What an answer is judged by. */
export interface JudgedBy {
  readonly gold: GoldPlaces;
  /** What the search finds for the question, best first. */
  readonly ranked: readonly RankedPassage[];
  /** Finds a passage of the bundle by its id. */
  readonly passage: (id: string) => Passage | null;
  /** What an offered topic finds when the visitor chooses it. */
  readonly foundFor: (topic: string) => Passage | null;
}

/** Several passages of one document count as one place, so that the search is asked for more than are looked at. */
const SEARCH_LIMIT = 50;

/** Finds what an answer to a question is judged by: what of the bundle's passages is right, and what its search finds. */
export function judgedBy(
  test: TestQuestion,
  passages: readonly Passage[],
  retriever: Pick<Retriever, 'search' | 'passage'>,
): JudgedBy {
  const { question, language, history } = test;
  const { ranked } = retriever.search(question, { language, history, limit: SEARCH_LIMIT });
  return {
    gold: findGoldPlaces(test, passages),
    ranked,
    passage: (id) => retriever.passage(id),
    foundFor: (topic) => retriever.search(topic, { language, limit: 1 }).ranked[0]?.passage ?? null,
  };
}

/** Judges one answer. */
export function judgeAnswer(test: TestQuestion, answered: AnsweredQuestion, by: JudgedBy): Verdict {
  const { gold } = by;
  const hasSource = test.isAnswerable && gold.passages.length > 0;
  const right = new Set(gold.passages);
  const rightDocuments = new Set(gold.passages.map(({ documentId }) => documentId));
  const isAnswered = !answered.refused && answered.handoff === null && answered.code === null;
  const cited = answered.citations.flatMap(({ passageId }) => {
    const passage = passageId === null ? null : by.passage(passageId);
    return passage === null ? [] : [passage];
  });
  // Small talk and requests for people are not in the pages either: a canned reply is right, an extract is not.
  const claims = answered.citations.length > 0;
  const isPassageRight = hasSource && isAnswered ? cited.some((passage) => right.has(passage)) : null;
  const missingFacts =
    test.isAnswerable && isAnswered && test.facts.length > 0
      ? test.facts.filter((fact) => !containsFact(answered.answer, fact))
      : null;
  const withCaveat = hasCaveat(answered.answer);
  const lacksAll =
    missingFacts === null ? isPassageRight !== null : missingFacts.length === test.facts.length;
  const isWrong = test.isAnswerable
    ? isAnswered && lacksAll && isPassageRight !== true
    : claims && answered.code === null;
  return {
    test,
    answered,
    found: hasSource ? findRanks(by) : null,
    expected: gold.passages[0] ?? null,
    cited,
    isAnswered,
    isDecisionRight: test.isAnswerable ? isAnswered : !claims && answered.code === null,
    isPassageRight,
    isSourceRight:
      hasSource && claims ? cited.some(({ documentId }) => rightDocuments.has(documentId)) : null,
    missingFacts,
    isRightOffered:
      hasSource && answered.refused
        ? answered.suggestions.some((topic) => rightDocuments.has(by.foundFor(topic)?.documentId ?? ''))
        : null,
    hasCaveat: withCaveat,
    isWrong: isWrong && !withCaveat,
    words: isAnswered && answered.answer !== '' ? countWords(answered.answer) : 0,
  };
}

function findRanks({ gold, ranked }: JudgedBy): FoundRanks {
  const right = new Set(gold.passages.map((passage) => gold.placeOf(passage)));
  const places = [...new Set(ranked.map(({ passage }) => gold.placeOf(passage)))].slice(0, RANK_DEPTH);
  return {
    ranks: places.flatMap((place, at) => (right.has(place) ? [at + 1] : [])),
    rightCount: right.size,
  };
}
