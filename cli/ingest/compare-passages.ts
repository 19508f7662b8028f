import type { Passage } from '../../src/contracts/passage.ts';
import { findContradictions } from './find-contradictions.ts';
import { findDuplicates } from './find-duplicates.ts';
import type { SourceRemark } from './source-document.ts';

/** Remarks on passages that repeat or contradict one another; `file` is the id of the later passage. */
export function comparePassages(passages: readonly Passage[]): readonly SourceRemark[] {
  const duplicates = findDuplicates(passages).map(({ first, second, similarity }): SourceRemark => {
    const how = similarity === 1 ? 'says the same as' : 'says nearly the same as';
    return { kind: 'duplicate', file: second, line: null, message: `${how} ${first}` };
  });
  const contradictions = findContradictions(passages).map((found): SourceRemark => {
    const { first, second, firstValue, secondValue, firstText, secondText, reason } = found;
    const message =
      reason === 'negation'
        ? `says "${secondText}" where ${first} says "${firstText}"`
        : `says ${secondValue} where ${first} says ${firstValue}`;
    return { kind: 'contradiction', file: second, line: null, message };
  });
  return [...duplicates, ...contradictions];
}
