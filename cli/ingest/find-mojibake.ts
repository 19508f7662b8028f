/** Characters that came out of a wrong reading of a text, before it was saved. */
export interface FoundMojibake {
  /** The first piece, at most 12 characters. */
  readonly piece: string;
  readonly count: number;
  /** 1-based line of the first. */
  readonly line: number;
}

// U+FFFD and what it becomes in GBK; UTF-8 that was read as windows-1252: Ã and Â before a sign of 0x80 to 0xBF, â€ before a third.
const WRONG =
  /\ufffd+|(?:锟斤拷)+|烫{3,}|屯{3,}|(?:[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œž]|â[\u0080€][\u0080-\u00bf™œž“”˜¦¢])+|(?:[åäæçèé][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œž]{2}){2,}/gu;
const SHOWN = 12;

/** Finds what is left of letters that were read in a wrong encoding before the file was saved as valid text; null where nothing is. */
export function findMojibake(text: string): FoundMojibake | null {
  const places = [...text.matchAll(WRONG)];
  const [first] = places;
  if (first === undefined) return null;
  const piece = Array.from(first[0]).slice(0, SHOWN).join('');
  return { piece, count: places.length, line: text.slice(0, first.index).split('\n').length };
}
