/*
 * Cutting of text before WordPiece, as BERT's BasicTokenizer does
 * (https://github.com/google-research/bert/blob/master/tokenization.py).
 */

/** Characters of Chinese script, which are words each. */
const HAN =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b820}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;
const CONTROL = /[^\P{C}\t\n\r]|\ufffd/gu;
const MARK = /\p{Mn}/gu;
/** A word is a run of what is neither space nor punctuation, or one sign of punctuation. */
const WORD = /[!-/:-@[-`{-~\p{P}]|[^!-/:-@[-`{-~\p{P}\p{White_Space}]+/gu;

/**
 * Cuts text into words without spaces.
 * @param lowers - Whether capital letters and accents are taken away, as uncased models want.
 */
export function basicWords(text: string, lowers: boolean): string[] {
  const spaced = text.replace(CONTROL, '').replace(HAN, ' $& ');
  return (lowers ? lower(spaced.normalize('NFD').replace(MARK, '')) : spaced).match(WORD) ?? [];
}

/** Lower-cases letter by letter: in whole words JavaScript writes the last sigma in its other form. */
function lower(text: string): string {
  const lowered = text.toLowerCase();
  return lowered.includes('\u03c2') ? text.replace(/\u03a3/gu, '\u03c3').toLowerCase() : lowered;
}
