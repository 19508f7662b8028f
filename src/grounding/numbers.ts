import { isRecord } from '../contracts/json.ts';
import { normalizeText } from '../text/normalize-text.ts';

/** A number found in a text, in a form that compares equal however it was written. */
export interface FoundNumber {
  /** Decimal digits, times and dotted numbers as written, e.g. `2.95`, `14:00`. */
  readonly value: string;
  /** Canonical unit that stands with it: `%`, `£`, `day`, `cm`, …; '' when none is known. */
  readonly unit: string;
  /** The piece of the text as it stands there. */
  readonly piece: string;
}

const WORDS: { readonly [word: string]: string } = {
  zero: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
  eleven: '11',
  twelve: '12',
  thirteen: '13',
  fourteen: '14',
  fifteen: '15',
  sixteen: '16',
  seventeen: '17',
  eighteen: '18',
  nineteen: '19',
  twenty: '20',
  thirty: '30',
  forty: '40',
  fifty: '50',
  sixty: '60',
  seventy: '70',
  eighty: '80',
  ninety: '90',
  hundred: '100',
  thousand: '1000',
  once: '1×',
  twice: '2×',
  half: '1/2',
  quarter: '1/4',
  dozen: '12',
  double: '2×',
};
const UNITS: { readonly [unit: string]: string } = {
  '%': '%',
  percent: '%',
  'per cent': '%',
  '％': '%',
  '£': '£',
  gbp: '£',
  pound: '£',
  pounds: '£',
  英镑: '£',
  '€': '€',
  eur: '€',
  euro: '€',
  euros: '€',
  欧元: '€',
  $: '$',
  usd: '$',
  dollar: '$',
  dollars: '$',
  美元: '$',
  '¥': '¥',
  rmb: '¥',
  cny: '¥',
  元: '¥',
  块: '¥',
  '°c': '°c',
  '℃': '°c',
  度: '°c',
  摄氏度: '°c',
  '°f': '°f',
  second: 's',
  seconds: 's',
  sec: 's',
  secs: 's',
  s: 's',
  秒: 's',
  秒钟: 's',
  minute: 'min',
  minutes: 'min',
  min: 'min',
  mins: 'min',
  分钟: 'min',
  分: 'min',
  hour: 'h',
  hours: 'h',
  hrs: 'h',
  hr: 'h',
  h: 'h',
  小时: 'h',
  个小时: 'h',
  day: 'day',
  days: 'day',
  天: 'day',
  日: 'day',
  'working day': 'workday',
  'working days': 'workday',
  'business day': 'workday',
  'business days': 'workday',
  个工作日: 'workday',
  工作日: 'workday',
  week: 'week',
  weeks: 'week',
  周: 'week',
  星期: 'week',
  个星期: 'week',
  礼拜: 'week',
  month: 'month',
  months: 'month',
  个月: 'month',
  月: 'month',
  year: 'year',
  years: 'year',
  年: 'year',
  mm: 'mm',
  毫米: 'mm',
  cm: 'cm',
  厘米: 'cm',
  m: 'm',
  metre: 'm',
  metres: 'm',
  meter: 'm',
  meters: 'm',
  米: 'm',
  km: 'km',
  公里: 'km',
  ml: 'ml',
  毫升: 'ml',
  l: 'l',
  litre: 'l',
  litres: 'l',
  liter: 'l',
  liters: 'l',
  升: 'l',
  g: 'g',
  gram: 'g',
  grams: 'g',
  克: 'g',
  kg: 'kg',
  公斤: 'kg',
  千克: 'kg',
  kb: 'kb',
  mb: 'mb',
  gb: 'gb',
  tb: 'tb',
  am: 'am',
  pm: 'pm',
  v: 'v',
  w: 'w',
  bar: 'bar',
  hz: 'hz',
  ghz: 'ghz',
  mhz: 'mhz',
  times: '×',
  time: '×',
  次: '×',
  倍: '×',
};
const UNIT_NAMES: string = Object.keys(UNITS)
  .sort((left, right) => right.length - left.length)
  .map((unit) => unit.replace(/[$]/g, '\\$&'))
  .map((unit) => (/[a-z]$/.test(unit) ? `${unit}(?![\\p{L}])` : unit))
  .join('|');
const NUMBER_WORDS = Object.keys(WORDS).join('|');
const CHINESE_DIGITS = '零〇一二两三四五六七八九十百千万半';
const RANGE = '\\s?(?:-|–|—|~|～|to|至|到)\\s?';
const DIGITS = '\\p{Nd}+(?:[.,:/]\\p{Nd}+)*';
const FOUND = new RegExp(
  `(?<code>\\p{Script=Latin}+-?\\p{Nd}[\\p{Script=Latin}\\p{Nd}]*)` +
    `|(?<currency>[£€$¥])?\\s?(?<digits>(?<![\\p{L}\\p{N}][-−]?)[-−]?${DIGITS})(?=(?:${RANGE}[£€$¥]?${DIGITS})?\\s?-?(?<unit>${UNIT_NAMES})?)` +
    `|(?<![\\p{L}\\p{N}])(?<word>${NUMBER_WORDS})(?![\\p{L}\\p{N}])(?=(?:${RANGE}(?:${NUMBER_WORDS}))?[\\s-]?(?<wordUnit>${UNIT_NAMES})?)` +
    `|(?<chinese>[${CHINESE_DIGITS}]+)(?<chineseUnit>${UNIT_NAMES}|个(?!人)|张|台|件|块|种|根|步|支|年|点)`,
  'gu',
);

/** Reads a Chinese numeral below one hundred million; null when the characters make no number. */
export function parseChineseNumber(numeral: string): number | null {
  const digits = '零一二三四五六七八九';
  const scales: { readonly [scale: string]: number } = { 十: 10, 百: 100, 千: 1000 };
  let total = 0;
  let section = 0;
  let digit: number | null = null;
  for (const character of numeral.replaceAll('〇', '零').replaceAll('两', '二')) {
    const value = digits.indexOf(character);
    const scale = scales[character];
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
  return total + section + (digit ?? 0);
}

function canonicalDigits(digits: string): string {
  let value = digits.replace('−', '-').replace(/,(?=\d{3}(?:\D|$))/g, '');
  if (/^\d+,\d{1,2}$/.test(value)) value = value.replace(',', '.');
  if (/^-?\d+(?:\.\d+)?$/.test(value)) return String(Number(value));
  return value;
}

/** Reports whether a number of a text backs one of a statement: the same value, and no other unit. */
export function backsNumber(source: FoundNumber, claimed: FoundNumber): boolean {
  if (source.value !== claimed.value) return false;
  return source.unit === claimed.unit || source.unit === '' || claimed.unit === '';
}

/** Finds the numbers of a text with their units: digits, English number words and Chinese numerals before a measure word. */
export function findNumbers(text: string): FoundNumber[] {
  const found: FoundNumber[] = [];
  for (const match of normalizeText(text).matchAll(FOUND)) {
    const groups = match.groups ?? {};
    const { code, currency, digits, unit, word, wordUnit, chinese, chineseUnit } = groups;
    const piece = match[0].trim();
    if (code !== undefined) {
      found.push({ value: code.replace('-', ''), unit: '', piece });
    } else if (digits !== undefined) {
      found.push({
        value: canonicalDigits(digits),
        unit: UNITS[currency ?? unit ?? ''] ?? '',
        piece: piece + (currency === undefined ? (unit ?? '') : ''),
      });
    } else if (word !== undefined) {
      // "the old one", "one of them": a pronoun more often than a count.
      if (word === 'one' && wordUnit === undefined) continue;
      found.push({ value: WORDS[word] ?? word, unit: UNITS[wordUnit ?? ''] ?? '', piece });
    } else if (chinese !== undefined) {
      const value = chinese === '半' ? '1/2' : parseChineseNumber(chinese);
      if (value !== null) found.push({ value: String(value), unit: UNITS[chineseUnit ?? ''] ?? '', piece });
    }
  }
  return found;
}

/** Writes number words and Chinese numerals of a text as digits, so that they are no words to compare. */
export function writeDigits(text: string): string {
  return normalizeText(text).replace(FOUND, (piece: string, ...rest: unknown[]) => {
    const groups = rest.at(-1);
    if (!isRecord(groups)) return piece;
    const { word, wordUnit, chinese, chineseUnit } = groups;
    if (typeof word === 'string')
      return word === 'one' && wordUnit === undefined ? piece : (WORDS[word] ?? piece);
    if (typeof chinese !== 'string') return piece;
    const value = parseChineseNumber(chinese);
    return value === null ? piece : `${value}${typeof chineseUnit === 'string' ? chineseUnit : ''}`;
  });
}
