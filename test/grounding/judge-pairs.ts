import { createGroundingCheck } from '../../src/grounding/check.ts';
import type { PassageCases, StatementCase } from './read-pairs.ts';

/** A statement that was judged wrongly. */
export interface Misjudged extends StatementCase {
  readonly id: string;
  /** `kind: piece` of each reason that was given; none when it was accepted. */
  readonly reasons: readonly string[];
}

/** How often the check is wrong. */
export interface Rates {
  readonly supported: number;
  readonly unsupported: number;
  /** Statements that are not supported and pass. */
  readonly falseAccepts: readonly Misjudged[];
  /** Statements word for word from the passage that do not pass. */
  readonly verbatimRejects: readonly Misjudged[];
  /** Fair paraphrases, cuts and conversions that do not pass. */
  readonly paraphraseRejects: readonly Misjudged[];
  readonly paraphrases: number;
  readonly msPerStatement: number;
}

/** Judges every statement of some passages, and some statements again to time them. */
export function judgePairs(passages: readonly PassageCases[]): Rates {
  const grounding = createGroundingCheck();
  const wrong: Misjudged[] = [];
  let count = 0;
  let startMs = 0;
  // The first round prepares passages and code, the second is timed.
  for (const round of [0, 1]) {
    startMs = performance.now();
    for (const { passage, cases } of passages) {
      for (const each of cases) {
        const { isSupported, reasons } = grounding.check(each.statement, [passage]);
        if (round === 0) continue;
        count += 1;
        if (isSupported === each.isSupported) continue;
        wrong.push({
          ...each,
          id: passage.id,
          reasons: reasons.map(({ kind, piece }) => `${kind}: ${piece}`),
        });
      }
    }
  }
  const msPerStatement = (performance.now() - startMs) / count;
  const all = passages.flatMap(({ cases }) => cases);
  const isPlain = (kind: string): boolean => kind === 'verbatim';
  return {
    supported: all.filter((each) => each.isSupported).length,
    unsupported: all.filter((each) => !each.isSupported).length,
    falseAccepts: wrong.filter((each) => !each.isSupported),
    verbatimRejects: wrong.filter((each) => each.isSupported && isPlain(each.kind)),
    paraphraseRejects: wrong.filter((each) => each.isSupported && !isPlain(each.kind)),
    paraphrases: all.filter((each) => each.isSupported && !isPlain(each.kind)).length,
    msPerStatement,
  };
}
