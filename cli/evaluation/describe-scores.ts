import type { Verdict } from './judge-answer.ts';
import type { Scores } from './score-verdicts.ts';
import { writeShare } from './share.ts';

/** The figures of answers, but those that have an aim, as rows of name and value. */
export function scoreRows(scores: Scores): readonly (readonly [name: string, value: string])[] {
  const figure = (value: number | null): string => value?.toFixed(3) ?? '–';
  return [
    ['questions', String(scores.questions)],
    ['right place first (R@1)', writeShare(scores.recallAt1)],
    ['right place among three (R@3)', writeShare(scores.recallAt3)],
    ['right place among ten (R@10)', writeShare(scores.recallAt10)],
    ['MRR@10 / nDCG@10', `${figure(scores.meanReciprocalRank)} / ${figure(scores.discountedGain)}`],
    ['right passage cited, of all', writeShare(scores.passageCitedOfAll)],
    ['right page offered, of refused', writeShare(scores.rightOffered)],
    ['citation of a right document', writeShare(scores.citationsRight)],
    ['answers with a caveat', writeShare(scores.withCaveat)],
    ['worded by the generator', writeShare(scores.worded)],
    ['errors', String(scores.errors)],
    ['words of an answer p50 / p95', `${scores.wordsP50} / ${scores.wordsP95}`],
    ['latency p50 / p95', `${scores.p50Ms.toFixed(1)} / ${scores.p95Ms.toFixed(1)} ms`],
  ];
}

/** What is wrong with an answer, in words; null when nothing is. */
export function describeMiss(verdict: Verdict): string | null {
  const { test, answered, found, missingFacts, isDecisionRight, isPassageRight, isWrong } = verdict;
  const faults: string[] = [];
  if (answered.code !== null) faults.push(`error ${answered.code}`);
  else if (!isDecisionRight)
    faults.push(test.isAnswerable ? 'refused, but the pages answer' : 'answered, but the pages do not');
  const first = found?.ranks[0];
  if (found !== null && first === undefined) faults.push('right place not found');
  else if (first !== undefined && first > 1) faults.push(`right place at ${first}`);
  if (isPassageRight === false) faults.push('cites no right passage');
  if (missingFacts !== null && missingFacts.length > 0)
    faults.push(`lacks ${missingFacts.map((fact) => `"${fact}"`).join(', ')}`);
  if (isWrong && test.isAnswerable) faults.push('wrong without a caveat');
  return faults.length === 0 ? null : faults.join('; ');
}
