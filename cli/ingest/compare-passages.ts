import type { Passage } from '../../src/contracts/passage.ts';
import { findContradictions } from './contradictions.ts';
import { findDuplicates } from './find-duplicates.ts';
import type { SourceRemark } from './source-document.ts';

/** Remarks on passages that repeat or contradict one another; `file` is the id of the later passage. */
export function comparePassages(passages: readonly Passage[]): readonly SourceRemark[] {
  const duplicates = findDuplicates(passages).map(({ first, second, similarity }): SourceRemark => {
    const how = similarity === 1 ? 'says the same as' : 'says nearly the same as';
    return { kind: 'duplicate', file: second, line: null, message: `${how} ${first}` };
  });
  const contradictions = findContradictions(passages).map(
    ({ first, second, firstValue, secondValue }): SourceRemark => ({
      kind: 'contradiction',
      file: second,
      line: null,
      message: `says ${secondValue} where ${first} says ${firstValue}`,
    }),
  );
  return [...duplicates, ...contradictions];
}
