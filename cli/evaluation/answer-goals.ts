import type { Scores } from './score-verdicts.ts';
import type { Share } from './share.ts';
import { writeShare } from './share.ts';

/** A figure that answers ought to reach. */
export interface AnswerGoal {
  readonly name: string;
  readonly aim: number;
  /** True when the aim is the least share, false when it is the most. */
  readonly isLeast: boolean;
  readonly share: Share;
  /** Null when there is nothing it is a share of. */
  readonly isMet: boolean | null;
}

/** What answers ought to reach; docs/cli.md says what each is a share of. */
export function answerGoals(scores: Scores): readonly AnswerGoal[] {
  const goal = (name: string, share: Share, aim: number, isLeast: boolean): AnswerGoal => ({
    name,
    aim,
    isLeast,
    share,
    isMet:
      share.share === null ? null : isLeast ? share.count >= aim * share.of : share.count <= aim * share.of,
  });
  return [
    goal('right passage cited', scores.passageCited, 0.92, true),
    goal('answer contains the facts', scores.factsContained, 0.8, true),
    goal('wrong without a caveat', scores.wrong, 0.03, false),
    goal('unanswerable refused', scores.refusalsRight, 0.85, true),
    goal('answerable refused', scores.refusalsFalse, 0.08, false),
  ];
}

/** The goals as rows of name, value, and aim with whether it is met. */
export function goalRows(scores: Scores): readonly (readonly [name: string, value: string, aim: string])[] {
  return answerGoals(scores).map(({ name, aim, isLeast, share, isMet }) => {
    const wanted = `aim ${isLeast ? '≥' : '≤'} ${Math.round(aim * 100)} %`;
    return [name, writeShare(share), isMet === null ? wanted : `${wanted}: ${isMet ? 'met' : 'missed'}`];
  });
}
