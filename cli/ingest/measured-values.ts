import {
  CHINESE_DIGITS,
  parseChineseNumber,
  parseEnglishNumber,
  SMALL_NUMBERS,
  TENS,
} from '../../src/grounding/numerals.ts';

/** A number with what it counts. */
export interface Measure {
  /** What is counted, one name for all spellings: `day`, `eur`, `%`, `mm`. */
  readonly unit: string;
  readonly from: number;
  /** The same as `from` unless a range is given. */
  readonly to: number;
  /** Whether the number is the most or the least that holds. */
  readonly bound: 'exact' | 'most' | 'least';
  /** As it is written. */
  readonly text: string;
}

/** What a text measures, and the text without it. */
export interface MeasuredText {
  readonly measures: readonly Measure[];
  readonly rest: string;
}

/** Spellings of units, and how many of the named unit one is. */
const UNITS: readonly (readonly [unit: string, factor: number, spellings: string])[] = [
  ['second', 1, 'seconds?|secs?|s|sekunden?|secondes?|segundos?|秒钟?'],
  ['second', 60, 'minutes?|mins?|minuten?|minutos?|分钟'],
  ['second', 3600, 'hours?|hrs?|h|stunden?|heures?|horas?|个?小时'],
  [
    'working day',
    1,
    '(?:working|business|werk)[ -]?(?:days?|tage?n?)|jours? ouvrables?|días? (?:hábiles|laborables)|个?工作日',
  ],
  ['day', 1, 'days?|tage?n?|jours?|días?|天|日(?![期常])'],
  ['day', 7, 'weeks?|wochen?|semaines?|semanas?|周(?![一二三四五六日末])|个?星期(?![一二三四五六日])'],
  ['month', 1, 'months?|monate?n?|mois|mes(?:es)?|个月'],
  ['month', 12, 'years?|jahre?n?|ans|années?|años?|年(?![年份])'],
  ['%', 1, '%|％|percent|per cent|prozent'],
  ['gbp', 1, '£|gbp|pounds? sterling|英镑'],
  ['eur', 1, '€|eur|euros?|欧元'],
  ['usd', 1, 'us\\$|\\$|usd|us dollars?|美元'],
  ['cny', 1, '¥|￥|cny|rmb|yuan|元|块'],
  ['mm', 1, 'mm|millimet(?:er|re)s?|毫米'],
  ['mm', 10, 'cm|centimet(?:er|re)s?|厘米'],
  ['mm', 1000, 'm|met(?:er|re)s?|米'],
  ['g', 1, 'g|grams?|克'],
  ['g', 1000, 'kg|kilos?|kilograms?|公斤|千克'],
  ['ml', 1, 'ml|millilit(?:er|re)s?|毫升'],
  ['ml', 1000, 'l|lit(?:er|re)s?|升'],
  // Not converted: a GB may be 1000 or 1024 MB.
  ['kb', 1, 'kb|kib'],
  ['mb', 1, 'mb|mib'],
  ['gb', 1, 'gb|gib'],
  ['tb', 1, 'tb|tib'],
  ['°c', 1, '°\\s?c|℃|摄氏度'],
  ['°f', 1, '°\\s?f|℉'],
  ['bar', 1, 'bar'],
  ['v', 1, 'v|volts?|伏'],
  ['w', 1, 'w|watts?|瓦'],
  ['mah', 1, 'mah|毫安时?'],
  ['px', 1, 'px|pixels?|像素'],
  ['character', 1, 'characters?|letters?|个?字符|个?字'],
];
const BELOW_HUNDRED = `(?:(?:${TENS.join('|')})(?:[-\\s](?:${SMALL_NUMBERS.slice(1, 10).join('|')}))?|${SMALL_NUMBERS.join('|')})`;
const BELOW_THOUSAND = `(?:(?:${BELOW_HUNDRED}\\s)?hundred(?:\\s(?:and\\s)?${BELOW_HUNDRED})?|${BELOW_HUNDRED})`;
/** Well-formed numerals alone: "two-three" is a range, "between two and five" names two numbers. */
const ENGLISH = `(?<!\\p{Script=Latin})(?:(?:${BELOW_THOUSAND}\\s)?thousand(?:\\s(?:and\\s)?${BELOW_THOUSAND})?|${BELOW_THOUSAND})(?![a-z])`;
/** "三千克" is three 千克. */
const CHINESE = `[${CHINESE_DIGITS.slice(0, -1)}]+(?<!千(?=克))(?:点[${CHINESE_DIGITS.slice(0, -1)}]+)?`;
const NUMBER = `(?:\\d{1,3}(?:[, \\u202f]\\d{3})+(?:\\.\\d+)?|\\d{1,9}(?:[.,]\\d{1,6})?|${ENGLISH}|${CHINESE})`;
const UNIT = UNITS.map(([, , spellings]) => spellings).join('|');
const SIGN = 'us\\$|£|€|\\$|¥|￥|gbp|eur|usd|cny|rmb';
const MEASURE = new RegExp(
  `(?<![\\p{Script=Latin}\\p{N}第.,/-])(?:(?<sign>${SIGN})\\s?)?(?<from>${NUMBER})(?:\\s?(?:–|—|-|~|to|bis|à|至|到)\\s?(?:${SIGN})?(?<to>${NUMBER}))?(?:[\\s-]?(?<unit>${UNIT})(?![a-z\\p{N}]))?`,
  'giu',
);
const CLOCK =
  /(?<![\p{N}:.])(\d{1,2})(?:[:.](\d{2}))?\s?(am|pm)\b|(?<![\p{N}:.])(\d{1,2}):(\d{2})(?![:\p{N}])/giu;
const MORE = '(?:more|later|longer|greater|higher) than|超过|多于';
const LESS = '(?:less|fewer|earlier|shorter|lower) than|少于|低于';
/** "No less than" is a least, "不得超过" a most. */
const DENIED = '(?:\\b(?:no|not) |不(?:得|能|可以?|会|允许)?)';
const BESIDE = '(?: about| approximately| around|可能|需要?|要|会|为)*\\s*$';
const MOST = new RegExp(
  `(?:up to|at most|maximum(?: of)?|max\\.?|under|below|bis zu|höchstens|maximal|jusqu'à|hasta|最多|最长|最大|${DENIED}(?:${MORE})|(?<!${DENIED})(?:${LESS}))${BESIDE}`,
  'iu',
);
const LEAST = new RegExp(
  `(?:at least|minimum(?: of)?|min\\.?|over|above|from|mindestens|au moins|al menos|至少|最少|满|${DENIED}(?:${LESS})|(?<!${DENIED})(?:${MORE}))${BESIDE}`,
  'iu',
);

/** Letters before a number in which a word makes it a limit. */
const LIMIT_LENGTH = 28;

/** Finds what a text measures: durations, money, shares, sizes, times of the day. Numbers that count nothing of these stay in the rest. */
export function measureText(text: string): MeasuredText {
  const measures: Measure[] = [];
  const withoutClock = text.replace(CLOCK, (piece: string, ...groups: unknown[]) => {
    const [hour, minute, half, hour24, minute24] = groups.map((group) =>
      typeof group === 'string' ? group : '',
    );
    const value =
      half === ''
        ? Number(hour24) * 60 + Number(minute24)
        : (Number(hour) % 12) * 60 + Number(minute) + (/p/i.test(half ?? '') ? 720 : 0);
    measures.push({ unit: 'clock', from: value, to: value, bound: 'exact', text: piece.trim() });
    return ' ';
  });
  let rest = '';
  let end = 0;
  for (const match of withoutClock.matchAll(MEASURE)) {
    const { sign, unit: spelling, from: number = '', to: upper } = match.groups ?? {};
    const known = unitOf(sign ?? spelling ?? '');
    const from = readNumber(number);
    const to = upper === undefined ? from : readNumber(upper);
    if (known === null || Number.isNaN(from + to)) continue;
    const [unit, factor] = known;
    const before = withoutClock.slice(Math.max(0, match.index - LIMIT_LENGTH), match.index);
    const isRange = upper !== undefined;
    const bound = isRange ? 'exact' : MOST.test(before) ? 'most' : LEAST.test(before) ? 'least' : 'exact';
    const text = match[0].trim();
    measures.push({ unit, from: from * factor, to: Math.max(from, to) * factor, bound, text });
    // Two ways to give a limit say the same.
    rest += `${withoutClock.slice(end, match.index).replace(MOST, ' ').replace(LEAST, ' ')} `;
    end = match.index + match[0].length;
  }
  rest += withoutClock.slice(end);
  return { measures, rest };
}

/** Reports whether measures of one unit, from two texts that say the same, cannot all hold. */
export function excludeEachOther(ones: readonly Measure[], others: readonly Measure[]): boolean {
  const [left, right] = [asRange(ones), asRange(others)];
  return left.every((one) => right.every((other) => areApart(one, other)));
}

/** "At least 4 and at most 48 hours" is 4 to 48 hours. */
function asRange(measures: readonly Measure[]): readonly Measure[] {
  const [least, most] = (['least', 'most'] as const).map((bound) =>
    measures.filter((one) => one.bound === bound),
  );
  const [from, to] = [least?.[0], most?.[0]];
  if (from === undefined || to === undefined || measures.length !== 2) return measures;
  return [{ ...from, to: to.to, bound: 'exact' }];
}

function areApart(one: Measure, other: Measure): boolean {
  if (one.bound === other.bound) return one.from > other.to || other.from > one.to;
  if (one.bound !== 'exact' && other.bound !== 'exact') return false;
  const [exact, limit] = one.bound === 'exact' ? [one, other] : [other, one];
  return limit.bound === 'most' ? exact.to > limit.to : exact.from < limit.from;
}

const PATTERNS = UNITS.map(
  ([unit, factor, spellings]) => [new RegExp(`^(?:${spellings})$`, 'iu'), unit, factor] as const,
);

function unitOf(spelling: string): readonly [unit: string, factor: number] | null {
  if (spelling === '') return null;
  const found = PATTERNS.find(([pattern]) => pattern.test(spelling));
  return found === undefined ? null : [found[1], found[2]];
}

function readNumber(text: string): number {
  if (/^[a-z]/iu.test(text)) return parseEnglishNumber(text.toLowerCase());
  if (!/^\d/.test(text)) return parseChineseNumber(text) ?? NaN;
  const bare = text.replace(/[, \u202f](?=\d{3}(?!\d))/g, '');
  return Number(bare.replace(',', '.'));
}
