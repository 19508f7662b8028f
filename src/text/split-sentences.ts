const ABBREVIATIONS: ReadonlySet<string> = new Set(
  'mr mrs ms dr prof sr jr st no nos vol fig eq vs etc e.g i.e eg ie cf approx dept est inc ltd co corp tel ext min max a.m p.m u.s u.k z.b bzw ca d.h u.a usw nr str art p pp ed al jan feb mar apr jun jul aug sep sept oct nov dec'.split(
    ' ',
  ),
);
/** Abbreviations that also end sentences; a capital after them starts a new one. */
const ENDS_SENTENCE_TOO: ReadonlySet<string> = new Set([
  'etc',
  'a.m',
  'p.m',
  'u.s',
  'u.k',
  'usw',
  'inc',
  'ltd',
  'min',
  'max',
  'no',
]);
const CLOSERS = '"\'”’»)\\]*_』」）】》';
/** A western end with what closes after it and white space, or a Chinese end, or a blank line. */
const END = new RegExp(
  `([.!?…]{1,9}[${CLOSERS}]{0,9})(?=\\s)|([。！？]{1,9}[${CLOSERS}]{0,9})|(\\n[ \\t]*\\n)`,
  'gu',
);
const STARTS = /^\s+["'“‘«([*_¿¡]*[\p{Lu}\p{Nd}\p{Lo}]/u;
const LAST_WORD = /(\S{1,20})$/;
const LOWER_START = /^\s+["'“‘«([*_]*\p{Ll}/u;

function endsSentence(before: string, end: string, after: string): boolean {
  if (!end.startsWith('.') || end.startsWith('..')) return !LOWER_START.test(after);
  const word = (LAST_WORD.exec(before)?.[1] ?? '').replace(/^["'“‘«([*_]+/, '').toLowerCase();
  if (ABBREVIATIONS.has(word)) return ENDS_SENTENCE_TOO.has(word) && /^\s+["'“‘([*_]*\p{Lu}/u.test(after);
  if (/^\p{L}$/u.test(word) && word !== 'i') return false;
  // "1. Do this": the number of a list item belongs to what follows.
  if (/^\d{1,2}$/.test(word) && /(?:^|\n)\s*\d{1,2}$/.test(before)) return false;
  return STARTS.test(after) || !LOWER_START.test(after);
}

/**
 * Splits running text into sentences, verbatim but trimmed; knows western and Chinese ends, common abbreviations and decimals.
 */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  const push = (end: number): void => {
    const sentence = text.slice(start, end).trim();
    if (sentence !== '') sentences.push(sentence);
    start = end;
  };
  for (const match of text.matchAll(END)) {
    const end = match.index + match[0].length;
    const western = match[1];
    if (western === undefined) push(end);
    else if (
      endsSentence(
        text.slice(Math.max(start, match.index - 24), match.index),
        western,
        text.slice(end, end + 12),
      )
    )
      push(end);
  }
  push(text.length);
  return sentences;
}
