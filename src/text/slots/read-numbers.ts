import { plainCharacters } from './plain-characters.ts';

const CHINESE_DIGITS = '零一二三四五六七八九';
const CHINESE_VARIANTS: { readonly [letter: string]: number } = {
  〇: 0,
  两: 2,
  兩: 2,
  壹: 1,
  贰: 2,
  叁: 3,
  肆: 4,
  伍: 5,
  陆: 6,
  柒: 7,
  捌: 8,
  玖: 9,
};
const CHINESE_UNITS: { readonly [letter: string]: number } = {
  十: 10,
  拾: 10,
  百: 100,
  佰: 100,
  千: 1000,
  仟: 1000,
};
const CHINESE_MYRIADS: { readonly [letter: string]: number } = { 万: 1e4, 萬: 1e4, 亿: 1e8, 億: 1e8 };

/** Letters of Chinese numerals, for classes of regular expressions. */
export const CHINESE_NUMERAL = '零〇一二两兩三四五六七八九十百千万萬亿億壹贰叁肆伍陆柒捌玖拾佰仟';

/** Number words of English to twenty, of German, French and Spanish to twelve, without accents. */
const WORDS: { readonly [word: string]: number } = Object.fromEntries(
  [
    'zero',
    'a an one ein eine einem einen einer un une uno una',
    'two zwei deux dos',
    'three drei trois tres',
    'four vier quatre cuatro',
    'five funf cinq cinco',
    'six sechs seis',
    'seven sieben sept siete',
    'eight acht huit ocho',
    'nine neun neuf nueve',
    'ten zehn dix diez',
    'eleven elf onze once',
    'twelve zwolf douze doce',
    ...'thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(' '),
  ].flatMap((list, value) => list.split(' ').map((word) => [word, value])),
);
/** Words that are more often something else than a number. */
const MORE_THAN_NUMBERS: ReadonlySet<string> = new Set(
  'a an ein eine einem einen einer un une uno una once elf neuf sept dos'.split(' '),
);

/** The number words that are numbers wherever they stand, for alternations of regular expressions. */
export const NUMBER_WORDS: string = Object.keys(WORDS)
  .filter((word) => !MORE_THAN_NUMBERS.has(word))
  .sort((left, right) => right.length - left.length)
  .join('|');

/** The number words as an alternation of a regular expression that also takes digits and Chinese numerals. */
export const COUNT: string = `\\d{1,4}|[${CHINESE_NUMERAL}]{1,8}|${Object.keys(WORDS)
  .sort((left, right) => right.length - left.length)
  .join('|')}`;

/** Reads a count in digits, Chinese numerals or the words of four languages; null when it is none. */
export function readCount(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text);
  const word = plainCharacters(text).toLowerCase();
  if (Object.hasOwn(WORDS, word)) return WORDS[word] ?? null;
  return readChineseNumber(text);
}

/**
 * Reads a Chinese numeral such as `一百二十`, `两万三千`, or digits in a row such as `二〇二六`.
 * @returns null when it is none.
 */
export function readChineseNumber(text: string): number | null {
  if (text === '') return null;
  const digits = Array.from(text, digitOf);
  if (digits.every((digit) => digit !== null)) return digits.reduce((sum, digit) => sum * 10 + digit, 0);
  let [total, section, digit] = [0, 0, 0];
  let lastUnit = 0;
  for (const letter of text) {
    const value = digitOf(letter);
    const unit = CHINESE_UNITS[letter];
    const myriad = CHINESE_MYRIADS[letter];
    if (value !== null) {
      digit = value;
      // "一百零五": the zero ends the short form in which a last digit belongs to the next smaller unit.
      if (value === 0) lastUnit = 0;
    } else if (unit !== undefined) {
      section += (digit === 0 ? 1 : digit) * unit;
      lastUnit = unit;
      digit = 0;
    } else if (myriad !== undefined) {
      total = (total + section + digit) * myriad;
      lastUnit = myriad;
      section = digit = 0;
    } else return null;
  }
  // "一百二" is 120, "三万五" is 35,000; "十二" stays twelve.
  const short = digit > 0 && lastUnit >= 100 ? (lastUnit / 10) * digit : digit;
  return total + section + short;
}

function digitOf(letter: string): number | null {
  const at = CHINESE_DIGITS.indexOf(letter);
  return at === -1 ? (CHINESE_VARIANTS[letter] ?? null) : at;
}

/**
 * Reads a decimal number with or without groups: `1,234.50`, `1.234,50`, `1 234,5`, `19.99`.
 * @param hasDecimalComma - Whether a lone comma before three digits is a decimal one, and a lone point groups.
 */
export function readDecimal(text: string, hasDecimalComma: boolean): number | null {
  const bare = text.replace(/[\s\u00a0\u202f']/g, '');
  if (!/^\d[\d.,]*$/.test(bare)) return null;
  const mark = Math.max(bare.lastIndexOf('.'), bare.lastIndexOf(','));
  const decimals = mark === -1 ? 0 : bare.length - mark - 1;
  const lone = mark !== -1 && bare.search(/[.,]/) === mark;
  const isGroup =
    decimals === 3 &&
    (lone ? (bare[mark] === ',') !== hasDecimalComma : bare.split(bare[mark] ?? '').length > 2);
  const isDecimal = mark !== -1 && decimals > 0 && !isGroup;
  const whole = (isDecimal ? bare.slice(0, mark) : bare).replace(/[.,]/g, '');
  const value = Number(isDecimal ? `${whole}.${bare.slice(mark + 1)}` : whole);
  return Number.isFinite(value) ? value : null;
}
