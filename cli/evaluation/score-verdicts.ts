import type { Verdict } from './judge-answer.ts';
import type { RankFigures } from './rank-figures.ts';
import { rankFigures } from './rank-figures.ts';
import type { Share } from './share.ts';
import { percentile, shareWhere } from './share.ts';

/** The figures of answers to a set of questions. */
export interface Scores extends RankFigures {
  readonly questions: number;
  /** Answers that cite a right passage, of the answered questions whose right passages are known. */
  readonly passageCited: Share;
  /** The same of all answerable ones: a refusal counts as citing none. */
  readonly passageCitedOfAll: Share;
  /** Answers that contain all facts, of the answerable questions with facts; a refusal counts as lacking them. */
  readonly factsContained: Share;
  /** Answers that are wrong without a caveat, of all questions. */
  readonly wrong: Share;
  /** Unanswerable questions for which nothing of the pages was given. */
  readonly refusalsRight: Share;
  /** Answerable questions that were refused, handed over or ended with an error. */
  readonly refusalsFalse: Share;
  /** Refused answerable questions whose right document one of the offered topics leads to. */
  readonly rightOffered: Share;
  /** Answers with citations that cite a right document. */
  readonly citationsRight: Share;
  /** Answers that say of themselves that they may not be right. */
  readonly withCaveat: Share;
  readonly worded: Share;
  readonly errors: number;
  /** Words of the answers that were given. */
  readonly wordsP50: number;
  readonly wordsP95: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Adds up verdicts. */
export function scoreVerdicts(verdicts: readonly Verdict[]): Scores {
  const answerable = verdicts.filter(({ test }) => test.isAnswerable);
  const unanswerable = verdicts.filter(({ test }) => !test.isAnswerable);
  const judged = verdicts.filter(({ found }) => found !== null);
  const times = verdicts.map(({ answered }) => answered.milliseconds);
  const words = verdicts.flatMap((verdict) => (verdict.words === 0 ? [] : [verdict.words]));
  return {
    questions: verdicts.length,
    ...rankFigures(verdicts.flatMap(({ found }) => found ?? [])),
    passageCited: shareWhere(
      verdicts.filter(({ isPassageRight }) => isPassageRight !== null),
      ({ isPassageRight }) => isPassageRight === true,
    ),
    passageCitedOfAll: shareWhere(judged, ({ isPassageRight }) => isPassageRight === true),
    factsContained: shareWhere(
      answerable.filter(({ test }) => test.facts.length > 0),
      ({ missingFacts }) => missingFacts?.length === 0,
    ),
    wrong: shareWhere(verdicts, ({ isWrong }) => isWrong),
    refusalsRight: shareWhere(unanswerable, ({ isDecisionRight }) => isDecisionRight),
    refusalsFalse: shareWhere(answerable, ({ isDecisionRight }) => !isDecisionRight),
    rightOffered: shareWhere(
      verdicts.filter(({ isRightOffered }) => isRightOffered !== null),
      ({ isRightOffered }) => isRightOffered === true,
    ),
    citationsRight: shareWhere(
      verdicts.filter(({ isSourceRight }) => isSourceRight !== null),
      ({ isSourceRight }) => isSourceRight === true,
    ),
    withCaveat: shareWhere(
      verdicts.filter(({ isAnswered }) => isAnswered),
      ({ hasCaveat }) => hasCaveat,
    ),
    worded: shareWhere(verdicts, ({ answered }) => answered.worded),
    errors: verdicts.filter(({ answered }) => answered.code !== null).length,
    wordsP50: percentile(words, 0.5),
    wordsP95: percentile(words, 0.95),
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
  };
}
