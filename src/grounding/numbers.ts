import { normalizeText } from '../text/normalize-text.ts';
import { CHINESE_DIGITS, NUMBER_WORDS, parseChineseNumber, parseEnglishNumber } from './numerals.ts';
import { UNIT_NAMES, unitOf } from './units.ts';

/** A number, date or time found in a text, in a form that compares equal however it was written. */
export interface FoundNumber {
  /** In the base of its unit: `2.95`, seconds of a week; `08-02` of a date, minutes of a time of day; codes as written. */
  readonly value: string;
  /** What it counts: `%`, `£`, `s`, `workday`, `date`, `time`, `ord`, …; '' when unknown. */
  readonly unit: string;
  /** Year of a date, the word that is counted where the unit is unknown; '' when there is none. */
  readonly noun: string;
  /** The limits it stands under, such as `<=` or `after`, sorted; '' for none. */
  readonly limit: string;
  /** The piece of the text as it stands there. */
  readonly piece: string;
}

/** Months in English, German, French and Spanish by how they begin; the same letters mean the same month. */
const MONTHS =
  'jan[a-z]*|ene[a-z]*|janv[a-z]*,feb[a-z]*|f[eé]v[a-z]*,mar[a-z]*|mär[a-z]*,apr[a-z]*|avr[a-z]*|abr[a-z]*,may|mai|mayo,jun[a-z]*|juin,jul[a-z]*|juil[a-z]*,aug[a-z]*|ao[uû]t|ago[a-z]*,sep[a-z]*,o[ck]t[a-z]*,nov[a-z]*,de[cz][a-z]*|déc[a-z]*|dic[a-z]*'.split(
    ',',
  );
const MONTH = `(?:${MONTHS.join('|')})`;
const MONTH_FORMS = MONTHS.map((names) => new RegExp(`^(?:${names})$`, 'u'));
const ORDINALS = 'first second third fourth fifth sixth seventh eighth ninth tenth'.split(' ');
const WEEKDAYS = '一二三四五六日';
const DIGITS = '\\p{Nd}+(?:[.,:/]\\p{Nd}+)*';
const RANGE = '\\s?(?:-|–|—|~|to|至|到|bis|à)\\s?';
const MEASURES = '个(?!人)|[张台件块种根步支年点片本节份号册瓶双套位部辆门层页条名]';
/** Alternatives with an empty last one: a group that is optional forgets what it only looked ahead to. */
const FOUND = new RegExp(
  [
    `(?<isoYear>\\d{4})-(?<isoMonth>\\d\\d)-(?<isoDay>\\d\\d)(?!\\d)`,
    `(?:(?<hanYear>\\d{4})\\s?年\\s?)?(?<hanMonth>\\d{1,2})\\s?月\\s?(?<hanDay>\\d{1,2})\\s?[日号]`,
    `(?<![\\p{L}\\p{N}])(?<day>\\d{1,2})(?:st|nd|rd|th|\\.)?\\s(?:of\\s|de\\s)?(?<month>${MONTH})(?![\\p{L}])\\.?(?:,?\\s(?:de\\s)?(?<year>\\d{4})(?!\\d))?`,
    `(?<![\\p{L}\\p{N}])(?<monthFirst>${MONTH})\\.?\\s(?<dayNext>\\d{1,2})(?:st|nd|rd|th)?(?![\\d:])(?:,?\\s(?<yearNext>\\d{4})(?!\\d))?`,
    `(?<![\\p{L}\\p{N}])(?<hour>\\d{1,2})(?:[:.](?<minute>\\d\\d))?\\s?(?<half>[ap])\\.?m(?![\\p{L}\\p{N}])\\.?`,
    `(?<![\\p{L}\\p{N}:])(?<hour24>[0-2]?\\d):(?<minute24>[0-5]\\d)(?![\\d:])`,
    `(?<part>凌晨|早上|上午|中午|下午|晚上|傍晚)?\\s?(?<hanHour>\\d{1,2}|[一二两三四五六七八九十]+)\\s?点(?![一二三四五六七八九十]?(?:\\d|[一二三四五六七八九]))(?:(?<hanHalf>半)|(?<hanMinute>\\d{1,2})分)?`,
    `(?:周|星期|礼拜)(?<weekday>[一二三四五六日天])`,
    `百分之(?<hanPercent>${DIGITS}|[${CHINESE_DIGITS}]+)`,
    `(?<hanAndHalf>\\d+|[一二两三四五六七八九十]+)个半(?<hanHalfUnit>${UNIT_NAMES})`,
    `半个?(?<halfOf>小时|钟头|天|月|年|公里|公斤)`,
    `(?<![\\p{L}])(?<fraction>half|quarter|three quarters)\\s(?:of\\s)?(?:an?\\s)?(?<fractionOf>hour|hours|day|year|kilo|litre|liter)(?![\\p{L}])`,
    `(?<code>\\p{Script=Latin}+-?\\p{Nd}[\\p{Script=Latin}\\p{Nd}]*)`,
    `(?<![\\p{L}\\p{N}])(?<ordinal>\\d{1,3})(?:st|nd|rd|th)(?![\\p{L}])|第(?<hanOrdinal>\\d+|[${CHINESE_DIGITS}]+)`,
    `(?<phone>(?<![\\p{L}\\p{N}])\\+?\\d{2,5}(?:[-\\s]\\d{2,5}){2,5}(?!\\d))`,
    `(?:(?<currency>[£€$¥])\\s?)?(?<digits>(?<![\\p{L}\\p{N}][-−]?)[-−]?${DIGITS})(?:\\s?-?(?<unit>${UNIT_NAMES})|(?=${RANGE}[£€$¥]?${DIGITS}\\s?-?(?<rangeUnit>${UNIT_NAMES}))|(?<letters>\\p{Script=Latin}+)|)`,
    `(?<![\\p{L}\\p{N}])(?<word>${NUMBER_WORDS})(?![\\p{L}\\p{N}])(?:[\\s-]?(?<wordUnit>${UNIT_NAMES})|(?=${RANGE}${NUMBER_WORDS}\\s(?<wordRangeUnit>${UNIT_NAMES}))|)`,
    `(?<![\\p{L}\\p{N}])(?<times>once|twice|half|quarter|double|${ORDINALS.join('|')})(?![\\p{L}\\p{N}])`,
    `(?<chinese>[${CHINESE_DIGITS.slice(0, -1)}]+(?:点[${CHINESE_DIGITS.slice(0, 11)}]+)?)(?:(?<chineseUnit>${UNIT_NAMES})|(?<measure>${MEASURES}))`,
  ].join('|'),
  'gu',
);
/** Limits that stand before a number, and after it. */
const LIMITS_BEFORE: readonly (readonly [limit: string, form: RegExp])[] = [
  [
    '<=',
    /(?:at most|up to|(?:no|not|never) (?:be )?(?:more|longer|later|larger|greater|heavier|bigger) than|within|maximum(?: of)?|höchstens|maximal|bis zu|innerhalb von|au plus|jusqu'à|como máximo|hasta|(?:最多|至多|最高)[^\d，。]{0,6}|不(?:得|能|可|可以)?超过)[\s(]*$/u,
  ],
  [
    '>=',
    /(?:at least|(?:no|not) (?:less|fewer|earlier) than|minimum(?: of)?|mindestens|au moins|al menos|(?:至少|最少|最低)[^\d，。]{0,6}|不(?:得)?(?:少|低)于|年满|已满|满)\s*$/u,
  ],
  [
    '>',
    /(?:more than|over|above|(?:larger|longer|older|greater|bigger|heavier|higher|later) than|exceed(?:s|ing)?|mehr als|über|plus de|más de|超过|大于|高于)\s*$/u,
  ],
  [
    '<',
    /(?:less than|under|below|(?:smaller|younger|shorter|fewer|lower|lighter|earlier) than|weniger als|unter|moins de|menos de|不足|不到|未满|小于|低于|少于)\s*$/u,
  ],
  ['before', /(?:before|prior to|until|till|前)\s*$/u],
  ['after', /(?:after|since|后)\s*$/u],
  ['=', /(?:exactly|precisely|genau|正好|刚好)\s*$/u],
  [
    '..',
    /(?:\d[\p{L}°%]{0,3}|\p{Nd}\s(?:am|pm)|[点日月号天])(?:\s?(?:-|–|—|~|to|至|到|x|×)\s?|[，,]\s?)?(?<=-|–|—|~|to|至|到|x|×)\s?[£€$¥]?\s*$/u,
  ],
  ['..', /between\s(?:the\s)?(?:[£€$¥]?[\d:.]+\S*(?:\s[ap]m)?\sand\s(?:the\s)?)?$/u],
];
const LIMITS_AFTER: readonly (readonly [limit: string, form: RegExp])[] = [
  ['<=', /^\s*(?:以内|之内|内|or (?:less|fewer))/u],
  ['>=', /^\s*(?:及?以上|or (?:more|older))/u],
  ['<', /^\s*(?:及?以下)/u],
  ['before', /^\s*(?:之前|以前|前)/u],
  ['after', /^\s*(?:之后|以后|后)/u],
  ['..', /^\s?(?:(?:-|–|—|~|to|至|到|x|×)\s?[£€$¥]?(?:\d|上午|下午|中午|晚上|周|星期)|to the \d)/u],
];
/** "You have 30 days to …" is a limit of time. */
const HAS_TIME = /(?:have|has)\s*$/u;

/** The limits of the number that stands between two places of a text, and where the words begin and end that tell them. */
function limitsOf(
  text: string,
  from: number,
  to: number,
  unit: string,
): { limit: string; from: number; to: number } {
  const before = text.slice(Math.max(0, from - 40), from);
  const after = text.slice(to, to + 20);
  const limits = new Set<string>();
  const first = LIMITS_BEFORE.map(([limit, form]) => ({ limit, found: form.exec(before) })).find(
    ({ found }) => found !== null,
  );
  let end = to;
  if (first !== undefined) limits.add(first.limit);
  else if (unit === 's' && HAS_TIME.test(before)) limits.add('<=');
  for (const [limit, form] of LIMITS_AFTER) {
    const found = form.exec(after);
    if (found === null) continue;
    limits.add(limit);
    if (limit !== '..') end = to + found[0].length;
  }
  const words = first?.limit === '..' ? '' : (first?.found?.[0] ?? '');
  return { limit: [...limits].sort().join(' '), from: from - words.length, to: end };
}

function canonicalDigits(digits: string): string {
  let value = digits.replace('−', '-').replace(/,(?=\d{3}(?:\D|$))/g, '');
  if (/^\d+,\d{1,2}$/.test(value)) value = value.replace(',', '.');
  return /^-?\d+(?:\.\d+)?$/.test(value) ? String(Number(value)) : value;
}

/** A number in the base of its unit. */
function measured(value: string, unitName: string | undefined): { value: string; unit: string } {
  const unit = unitOf(unitName);
  if (unit === undefined) return { value, unit: '' };
  const amount = Number(value) * unit.factor;
  return {
    value: Number.isFinite(amount) ? String(Number(amount.toPrecision(12))) : value,
    unit: unit.dimension,
  };
}

function dateOf(
  year: string,
  month: number | string,
  day: string,
): { value: string; unit: string; noun: string } {
  return { value: `${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`, unit: 'date', noun: year };
}

function timeOf(
  hour: number,
  minute: string | undefined,
  isLate: boolean,
  isEarly = false,
): { value: string; unit: string } {
  const hours = isLate && hour < 12 ? hour + 12 : isEarly && hour === 12 ? 0 : hour;
  return { value: String(hours * 60 + Number(minute ?? 0)), unit: 'time' };
}

type Groups = { readonly [name: string]: string | undefined };

function readNumber(groups: Groups): { value: string; unit: string; noun?: string } | null {
  const chinese = (numeral: string): string | null => {
    const value = /^\d/.test(numeral) ? Number(numeral) : parseChineseNumber(numeral);
    return value === null ? null : String(value);
  };
  const { isoYear, isoMonth, isoDay, hanYear, hanMonth, hanDay, day, month, year } = groups;
  if (isoYear !== undefined) return dateOf(isoYear, isoMonth ?? '', isoDay ?? '');
  if (hanMonth !== undefined) return dateOf(hanYear ?? '', hanMonth, hanDay ?? '');
  const name = month ?? groups['monthFirst'];
  if (name !== undefined)
    return dateOf(
      year ?? groups['yearNext'] ?? '',
      MONTH_FORMS.findIndex((form) => form.test(name)) + 1,
      day ?? groups['dayNext'] ?? '',
    );
  const { hour, minute, half, hour24, minute24, hanHour, hanHalf, hanMinute, part } = groups;
  if (hour !== undefined) return timeOf(Number(hour), minute, half === 'p', half === 'a');
  if (hour24 !== undefined) return timeOf(Number(hour24), minute24, false);
  if (hanHour !== undefined)
    return timeOf(
      Number(chinese(hanHour) ?? 0),
      hanHalf === undefined ? hanMinute : '30',
      part === '下午' || part === '晚上' || part === '傍晚',
    );
  const { weekday, hanPercent, hanAndHalf, hanHalfUnit, halfOf, fraction, fractionOf } = groups;
  if (weekday !== undefined)
    return { value: String(WEEKDAYS.indexOf(weekday === '天' ? '日' : weekday) + 1), unit: 'weekday' };
  if (hanPercent !== undefined) return { value: chinese(hanPercent) ?? hanPercent, unit: '%' };
  if (hanAndHalf !== undefined) return measured(`${chinese(hanAndHalf) ?? '0'}.5`, hanHalfUnit);
  if (halfOf !== undefined) return measured('0.5', halfOf);
  if (fraction !== undefined)
    return measured(fraction === 'half' ? '0.5' : fraction === 'quarter' ? '0.25' : '0.75', fractionOf);
  const { code, ordinal, hanOrdinal, phone, currency, digits, unit, rangeUnit, letters } = groups;
  if (code !== undefined) return { value: code.replace('-', ''), unit: '' };
  if (ordinal !== undefined) return { value: ordinal, unit: 'ord' };
  if (hanOrdinal !== undefined) return { value: chinese(hanOrdinal) ?? hanOrdinal, unit: 'ord' };
  if (phone !== undefined) return { value: phone.replaceAll(/\D/g, ''), unit: 'phone' };
  if (digits !== undefined) {
    if (letters !== undefined) return { value: digits + letters, unit: '' };
    return measured(canonicalDigits(digits), currency ?? unit ?? rangeUnit);
  }
  const { word, wordUnit, wordRangeUnit, times, chinese: numeral, chineseUnit, measure } = groups;
  // "the old one", "one of them": a pronoun more often than a count.
  if (word === 'one' && wordUnit === undefined) return null;
  if (word !== undefined) return measured(String(parseEnglishNumber(word)), wordUnit ?? wordRangeUnit);
  if (times !== undefined) return readTimes(times);
  const value = numeral === undefined ? null : chinese(numeral);
  return value === null ? null : { ...measured(value, chineseUnit), noun: measure ?? '' };
}

function readTimes(word: string): { value: string; unit: string } {
  const ordinal = ORDINALS.indexOf(word) + 1;
  if (ordinal > 0) return { value: String(ordinal), unit: 'ord' };
  if (word === 'half' || word === 'quarter') return { value: word, unit: 'part' };
  return { value: word === 'once' ? '1' : '2', unit: '×' };
}

/** The word that follows a number: what it counts. */
const COUNTED = /^\s?-?(?:(\p{Script=Han})|([\p{Script=Latin}]{2,}))/u;

/**
 * Finds the numbers of a text with their units and limits: digits, English number words, Chinese numerals before a measure
 * word, dates and times of day.
 */
export function findNumbers(text: string): FoundNumber[] {
  return takeNumbers(normalizeText(text)).numbers;
}

/** Finds the numbers of a normalized text and gives the text without them, so that they are no words to compare. */
export function takeNumbers(normalized: string): { numbers: FoundNumber[]; rest: string } {
  const numbers: FoundNumber[] = [];
  let rest = '';
  let end = 0;
  for (const match of normalized.matchAll(FOUND)) {
    const read = readNumber(match.groups ?? {});
    if (read === null) continue;
    const from = match.index + match[0].length - match[0].trimStart().length;
    const to = match.index + match[0].length;
    const counted = COUNTED.exec(normalized.slice(to, to + 40));
    const noun = read.noun ?? (read.unit === '' ? (counted?.[1] ?? counted?.[2] ?? '') : '');
    const limits = limitsOf(normalized, from, to, read.unit);
    numbers.push({ ...read, noun, limit: limits.limit, piece: match[0].trim() });
    // The words of a limit belong to the number, not to the sentence.
    const isBeside = !/最|至/u.test(normalized.slice(limits.from, from));
    rest += `${normalized.slice(end, Math.max(end, isBeside ? limits.from : from))} ${match.groups?.['measure'] ?? ''}`;
    end = isBeside ? limits.to : to;
  }
  return { numbers, rest: rest + normalized.slice(end) };
}

/** How a number of a text fails to back one of a statement; null when it does not. */
export function numberConflict(
  source: FoundNumber,
  claimed: FoundNumber,
  isGrammar: (word: string) => boolean,
): 'number' | 'unit' | 'date' | 'limit' | null {
  if (source.value !== claimed.value)
    return claimed.unit === 'date' && source.unit === 'date' ? 'date' : 'number';
  const counts = (number: FoundNumber): string => (isGrammar(number.noun) ? '' : number.noun);
  if (source.unit !== claimed.unit) {
    // "at least eighteen" says no unit; "3 items" says another one than "3 weeks".
    if (claimed.unit !== '' || counts(claimed) !== '') return 'unit';
  } else if (claimed.unit === 'date') {
    if (claimed.noun !== '' && claimed.noun !== source.noun) return 'date';
  } else if (claimed.unit === '' && counts(claimed) !== '' && counts(source) !== '') {
    const [left, right] = [counts(source), counts(claimed)];
    if (left.slice(0, 4) !== right.slice(0, 4)) return 'unit';
  }
  return source.limit === claimed.limit ? null : 'limit';
}
