/** English numerals from zero to nineteen, each at its value. */
export const SMALL_NUMBERS: readonly string[] =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
/** English numerals from twenty to ninety. */
export const TENS: readonly string[] = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const VALUES: ReadonlyMap<string, number> = new Map([
  ...SMALL_NUMBERS.map((word, value) => [word, value] as const),
  ...TENS.map((word, at) => [word, (at + 2) * 10] as const),
  ['dozen', 12] as const,
]);
const SCALES: ReadonlyMap<string, number> = new Map([
  ['hundred', 100],
  ['thousand', 1000],
]);
const WORD = [...VALUES.keys(), ...SCALES.keys()].join('|');
/** A pattern of an English numeral in words, such as "twenty-eight" or "two hundred and five". */
export const NUMBER_WORDS: string = `(?:${WORD})(?:(?:[-\\s]|\\sand\\s)(?:${WORD}))*`;

/** Reads an English numeral in lower-case words. */
export function parseEnglishNumber(numeral: string): number {
  let total = 0;
  let section = 0;
  for (const word of numeral.split(/[-\s]+/)) {
    const scale = SCALES.get(word);
    if (scale === undefined) section += VALUES.get(word) ?? 0;
    else if (scale === 100) section = (section || 1) * scale;
    else {
      total += (section || 1) * scale;
      section = 0;
    }
  }
  return total + section;
}

/** Characters of Chinese numerals. */
export const CHINESE_DIGITS = '零〇一二两三四五六七八九十百千万点';
const CHINESE_SCALES: ReadonlyMap<string, number> = new Map([
  ['十', 10],
  ['百', 100],
  ['千', 1000],
]);

/** Reads a Chinese numeral below one hundred million, with decimals after 点; null when the characters make no number. */
export function parseChineseNumber(numeral: string): number | null {
  const [whole = '', decimals, ...more] = numeral.replaceAll('〇', '零').replaceAll('两', '二').split('点');
  if (more.length > 0 || whole === '' || decimals === '') return null;
  let total = 0;
  let section = 0;
  let digit: number | null = null;
  for (const character of whole) {
    const value = digitOf(character);
    const scale = CHINESE_SCALES.get(character);
    if (value >= 0) digit = value;
    else if (scale !== undefined) {
      section += (digit ?? 1) * scale;
      digit = null;
    } else if (character === '万') {
      total += (section + (digit ?? 0)) * 10_000;
      section = 0;
      digit = null;
    } else return null;
  }
  const sum = total + section + (digit ?? 0);
  if (decimals === undefined) return sum;
  const digits = Array.from(decimals, digitOf);
  return digits.some((value) => value < 0) ? null : Number(`${sum}.${digits.join('')}`);
}

function digitOf(character: string): number {
  return '零一二三四五六七八九'.indexOf(character);
}
