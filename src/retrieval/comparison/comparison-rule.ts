/**
 * One way in which questions of a language compare two things.
 *
 * The groups `left` and `right` hold the two; `about`, `before`, `rest` and `tail` what they are compared on; `joint` the preposition
 * of a tail, and `right` goes on with it where `left` has it too ("cartridges for the jug and cartridges for the tap").
 */
export interface ComparisonRule {
  readonly pattern: RegExp;
  /** False where such words as often ask for something else: then only an answer that has both sides is a comparison. */
  readonly isCertain: boolean;
}

/** A side as lazily as it can be taken: no mark that ends a phrase. */
export const SIDE: string = String.raw`[^,;:?!。！？，；：]{1,60}?`;

/** Makes a rule; spaces of the source stand for any space, `[^ ]` for what is none, `~` for the marks between two phrases. */
export function rule(source: string, isCertain = true): ComparisonRule {
  const pattern = source
    .replaceAll('[^ ]', String.raw`\S`)
    .replaceAll('~', String.raw`\s*[,;:?–—-]+\s*`)
    .replaceAll(' ', String.raw`\s+`);
  return { pattern: new RegExp(pattern, 'iu'), isCertain };
}
