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
  ['mb', 1 / 1024, 'kb|kib'],
  ['mb', 1, 'mb|mib'],
  ['mb', 1024, 'gb|gib'],
  ['mb', 1024 * 1024, 'tb|tib'],
  ['°c', 1, '°\\s?c|℃|摄氏度'],
  ['°f', 1, '°\\s?f|℉'],
  ['bar', 1, 'bar'],
  ['v', 1, 'v|volts?|伏'],
  ['w', 1, 'w|watts?|瓦'],
  ['mah', 1, 'mah|毫安时?'],
  ['px', 1, 'px|pixels?|像素'],
  ['character', 1, 'characters?|letters?|个?字符|个?字'],
];
const WORDS: { readonly [word: string]: number } = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twelve: 12,
  fourteen: 14,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  sixty: 60,
  ninety: 90,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  十: 10,
  三十: 30,
  六十: 60,
  九十: 90,
};
const NUMBER = `(?:\\d{1,3}(?:[, \\u202f]\\d{3})+(?:\\.\\d+)?|\\d{1,9}(?:[.,]\\d{1,6})?|(?<!\\p{Script=Latin})(?:${Object.keys(
  WORDS,
)
  .sort((left, right) => right.length - left.length)
  .join('|')})(?![a-z]))`;
const UNIT = UNITS.map(([, , spellings]) => spellings).join('|');
const SIGN = 'us\\$|£|€|\\$|¥|￥|gbp|eur|usd|cny|rmb';
const MEASURE = new RegExp(
  `(?<![\\p{Script=Latin}\\p{N}第.,/-])(?:(?<sign>${SIGN})\\s?)?(?<from>${NUMBER})(?:\\s?(?:–|—|-|~|to|bis|à|至|到)\\s?(?:${SIGN})?(?<to>${NUMBER}))?(?:[\\s-]?(?<unit>${UNIT})(?![a-z\\p{N}]))?`,
  'giu',
);
const CLOCK =
  /(?<![\p{N}:.])(\d{1,2})(?:[:.](\d{2}))?\s?(am|pm)\b|(?<![\p{N}:.])(\d{1,2}):(\d{2})(?![:\p{N}])/giu;
const MOST =
  /(?:up to|at most|maximum(?: of)?|max\.?|no more than|not more than|less than|under|below|bis zu|höchstens|maximal|jusqu'à|hasta|最多|不超过|最长|最大|少于)(?: about| approximately| around|可能|需要?|要|会|为)*\s*$/iu;
const LEAST =
  /(?:at least|minimum(?: of)?|min\.?|more than|over|above|from|mindestens|au moins|al menos|至少|超过|最少|满)(?: about| approximately| around|可能|需要?|要|会|为)*\s*$/iu;

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
    if (known === null || Number.isNaN(from)) continue;
    const [unit, factor] = known;
    const to = upper === undefined ? from : readNumber(upper);
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
  const word = WORDS[text.toLowerCase()];
  if (word !== undefined) return word;
  const bare = text.replace(/[, \u202f](?=\d{3}(?!\d))/g, '');
  return Number(bare.replace(',', '.'));
}
