/** Share of index terms from which on two passages are compared word by word; stop words are no terms. */
const ALIKE_SHARE = 0.85;

/** Finds passages of which most terms are the same; made once an index. */
export type AlikeTest = (number: number) => (other: number) => boolean;

/**
 * Makes the test.
 *
 * @param termCount - Of the index.
 * @param termsOf - Gives the terms of a passage by its number; one may come twice.
 */
export function createAlikeTest(
  termCount: number,
  termsOf: (number: number) => ArrayLike<number>,
): AlikeTest {
  // For each term the last passage, and the last of the others it was compared with, that has it; both counted as they come.
  const inFirst = new Uint32Array(termCount);
  const inOther = new Uint32Array(termCount);
  let firstCount = 0;
  let otherCount = 0;
  return (number) => {
    firstCount += 1;
    const terms = termsOf(number);
    let size = 0;
    for (let at = 0; at < terms.length; at++) {
      const term = terms[at] ?? 0;
      if (inFirst[term] !== firstCount) size++;
      inFirst[term] = firstCount;
    }
    return (other) => {
      otherCount += 1;
      const others = termsOf(other);
      let both = 0;
      let more = 0;
      for (let at = 0; at < others.length; at++) {
        const term = others[at] ?? 0;
        if (inOther[term] === otherCount) continue;
        inOther[term] = otherCount;
        if (inFirst[term] === firstCount) both++;
        else if (size / (size + ++more) < ALIKE_SHARE) return false;
      }
      const [few, many] = size < both + more ? [size, both + more] : [both + more, size];
      return few >= ALIKE_SHARE * many && both / Math.max(1, size + more) >= ALIKE_SHARE;
    };
  };
}
