import type { DayNumber } from './calendar.ts';
import { addMonths, dayOf, monthAround, monthOf, nearestDay, weekdayOf, writeDay } from './calendar.ts';
import type { FoundPiece } from './found-piece.ts';
import { plainCharacters } from './plain-characters.ts';
import { CHINESE_NUMERAL, COUNT, readCount } from './read-numbers.ts';

/** A day or a run of days, as ISO 8601 dates; `to` is the last day and equals `from` for one day. */
export interface DateValue {
  readonly from: string;
  readonly to: string;
}

type Days = DayNumber | readonly [from: DayNumber, to: DayNumber] | null;

/** One way to write a date. The groups of the pattern go to `read`. */
interface DateForm {
  readonly pattern: RegExp;
  readonly read: (groups: readonly string[], context: DateContext) => Days;
}

/** What a date depends on besides its words. */
export interface DateContext {
  readonly today: DayNumber;
  /** Whether `3/4/2026` is the fourth of March; null = not known, and what could be either is left out. */
  readonly isMonthFirst: boolean | null;
  /** BCP 47 primary subtag of the message: "hier" is yesterday in French alone. */
  readonly language: string;
}

const MONTHS: readonly string[] = [
  'january|jan|januar|janner|jan|janvier|enero|ene',
  'february|feb|februar|fevrier|fevr|febrero',
  'march|mar|marz|mars|marzo',
  'april|apr|avril|avr|abril|abr',
  'may|mai|mayo',
  'june|jun|juni|juin|junio',
  'july|jul|juli|juillet|juil|julio',
  'august|aug|aout|agosto|ago',
  'september|sept|sep|septembre|septiembre',
  'october|oct|oktober|okt|octobre|octubre',
  'november|nov|novembre|noviembre',
  'december|dec|dezember|dez|decembre|diciembre|dic',
];
const WEEKDAYS: readonly string[] = [
  'monday|mon|montag|lundi|lunes',
  'tuesday|tue|tues|dienstag|mardi|martes',
  'wednesday|wed|mittwoch|mercredi|miercoles',
  'thursday|thu|thurs|donnerstag|jeudi|jueves',
  'friday|fri|freitag|vendredi|viernes',
  'saturday|sat|samstag|sonnabend|samedi|sabado',
  'sunday|sun|sonntag|dimanche|domingo',
];
/** Abbreviations that are words of their own are taken only with a number beside them. */
const FULL_WEEKDAYS = WEEKDAYS.map((names) =>
  names
    .split('|')
    .filter((name) => name.length > 4)
    .join('|'),
);
const DAY_WORDS: readonly (readonly [words: string, offset: number])[] = [
  ['大后天|大後天', 3],
  ['大前天', -3],
  ['(?:the )?day before yesterday|vorgestern|avant-hier|anteayer|antes de ayer|前天', -2],
  ['(?:the )?day after tomorrow|ubermorgen|apres-demain|pasado manana|后天|後天', 2],
  ['today|tonight|heute|aujourd.hui|hoy|今天|今日|今晚', 0],
  ['yesterday|gestern|ayer|昨天|昨日|昨晚', -1],
  ['tomorrow|demain|明天|明日|明晚', 1],
];
const UNITS: readonly (readonly [unit: Unit, words: string])[] = [
  ['day', 'days?|tage?n?|jours?|dias?|天|日'],
  ['week', 'weeks?|wochen?|semaines?|semanas?|周|週|个星期|星期|个礼拜|礼拜'],
  ['month', 'months?|monate?n?|mois|mes(?:es)?|个月|個月'],
  ['year', 'years?|jahre?n?|ans?|annees?|anos?|年'],
];
type Unit = 'day' | 'week' | 'month' | 'year';
const UNIT = UNITS.map(([, words]) => words).join('|');
/** "The last day" and "next day delivery" name no date. */
const SPAN = UNITS.flatMap(([unit, words]) => (unit === 'day' ? [] : [words])).join('|');
const MONTH = MONTHS.join('|');
const LAST = 'last|letzte[rnsm]?|vergangene[rnsm]?|vorige[rnsm]?';
const NEXT = 'next|coming|nachste[rnsm]?|kommende[rnsm]?';
const THIS = 'this|diese[rnsm]?|cette|ce|esta?';
const HAN_NUMBER = `\\d{1,2}|[${CHINESE_NUMERAL}]{1,3}`;

function form(source: string, read: DateForm['read']): DateForm {
  return { pattern: new RegExp(source, 'giu'), read };
}

const EDGE = '(?<![\\p{L}\\p{N}])';
const END = '(?![\\p{L}\\p{N}])';

/** Longer ways first: a piece that one has taken is not looked at again. */
const FORMS: readonly DateForm[] = [
  form(`(?<!\\d)(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})(?!\\d)`, ([year, month, day]) =>
    dayOf(Number(year), Number(month), Number(day)),
  ),
  form(
    `(?:(\\d{4}|[${CHINESE_NUMERAL}]{4})年)?(${HAN_NUMBER})月份?(\\d{1,2}|[${CHINESE_NUMERAL}]{1,3})(?:日|号|號)`,
    ([year, month, day], { today }) => calendarDay(year, readCount(month ?? ''), readCount(day ?? ''), today),
  ),
  form(`(?<!\\d)(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d{2})(?!\\d)`, numericDate),
  form(
    `${EDGE}(\\d{1,2})(?:st|nd|rd|th|er|\\.)?\\s+(?:of\\s+|de\\s+)?(${MONTH})\\.?(?:,?\\s+(?:de\\s+|del\\s+)?(\\d{4}))?${END}`,
    ([day, month, year], { today }) => calendarDay(year, placeOf(month, MONTHS), Number(day), today),
  ),
  form(
    `${EDGE}(${MONTH})\\.?\\s+(?:the\\s+)?(\\d{1,2})(?:st|nd|rd|th)?(?:,?\\s+(\\d{4}))?${END}`,
    ([month, day, year], { today }) => calendarDay(year, placeOf(month, MONTHS), Number(day), today),
  ),
  form(`${EDGE}(${COUNT})\\s+(${UNIT})\\s+(?:ago|earlier|before)${END}`, ([count, unit], context) =>
    shifted(count, unit, -1, context),
  ),
  form(`${EDGE}(?:vor|il y a|hace)\\s+(${COUNT})\\s+(${UNIT})${END}`, ([count, unit], context) =>
    shifted(count, unit, -1, context),
  ),
  form(`${EDGE}(?:in|dans|en|dentro de)\\s+(${COUNT})\\s+(${UNIT})${END}`, ([count, unit], context) =>
    shifted(count, unit, 1, context),
  ),
  form(
    `(${COUNT})(个月|個月|个星期|个礼拜|星期|天|日|周|週|年)(以?前|之前|以?后|以?後|之后)`,
    (groups, context) => shifted(groups[0], groups[1], groups[2]?.includes('前') === true ? -1 : 1, context),
  ),
  form(`(上|下|这|這|本)?(?:个|個)?(?:周|週|星期|礼拜)([一二三四五六日天])`, ([which, day], { today }) => {
    const monday = today - weekdayOf(today) + 1;
    const offset = '一二三四五六日'.indexOf(day === '天' ? '日' : (day ?? ''));
    if (which === '上') return monday - 7 + offset;
    if (which === '下') return monday + 7 + offset;
    if (which !== undefined && which !== '') return monday + offset;
    return comingWeekday(offset + 1, today);
  }),
  form(
    `(上|下|这|這|本)(?:个|個)?(周|週|星期|礼拜|月)(?![一二三四五六日天边邊围圍])`,
    ([which, unit], { today }) =>
      spanAround(unit === '月' ? 'month' : 'week', which === '上' ? -1 : which === '下' ? 1 : 0, today),
  ),
  form(`(去年|今年|明年)`, ([year], { today }) =>
    spanAround('year', year === '去年' ? -1 : year === '明年' ? 1 : 0, today),
  ),
  form(
    `${EDGE}(?:(${LAST})|${NEXT}|${THIS}|on|el|am|le)\\s+(${FULL_WEEKDAYS.join('|')})(?:\\s+(?:(dernier|pasado)|prochain|proximo))?${END}`,
    ([last, day, lastAfter], { today }) => weekday(day, last ?? lastAfter, today),
  ),
  form(
    `${EDGE}(?:el\\s+)?(?:(pasado|ultimo)|proximo)\\s+(${FULL_WEEKDAYS.join('|')})${END}`,
    ([last, day], { today }) => weekday(day, last, today),
  ),
  form(
    `${EDGE}(${FULL_WEEKDAYS.join('|')})(?:\\s+(?:(dernier|pasado)|prochain|proximo))?${END}`,
    ([day, last], { today }) => weekday(day, last, today),
  ),
  form(`${EDGE}(?:(${LAST})|(${NEXT})|(?:${THIS}))\\s+(${SPAN})${END}`, ([last, next, unit], { today }) =>
    spanAround(unitOf(unit), last ? -1 : next ? 1 : 0, today),
  ),
  form(
    `${EDGE}(?:la |le |el )?(${SPAN})\\s+(?:(derniere?|pasad[oa])|(prochaine?|proxim[oa]|que viene))${END}`,
    ([unit, last], { today }) => spanAround(unitOf(unit), last ? -1 : 1, today),
  ),
  ...DAY_WORDS.map(([words, offset]) =>
    form(
      words
        .split('|')
        .map((word) => (/^\p{Script=Han}/u.test(word) ? word : `${EDGE}${word}${END}`))
        .join('|'),
      (_, { today }) => today + offset,
    ),
  ),
  form(`${EDGE}hier${END}`, (_, { today, language }) => (language === 'fr' ? today - 1 : null)),
  // "morgen" is tomorrow, but "guten Morgen" and "am Morgen" are not.
  form(`${EDGE}(?<!(?:guten|am|jeden|heute)\\s)morgen${END}`, (_, { today }) => today + 1),
];

/**
 * Finds the dates of a message. A date without a year is the one nearest to today; a bare weekday is the coming one: today is called today.
 * @param text - Letters may have accents; places are those of this text.
 */
export function findDates(text: string, context: DateContext): readonly FoundPiece<DateValue>[] {
  const plain = plainCharacters(text);
  const found: FoundPiece<DateValue>[] = [];
  for (const { pattern, read } of FORMS) {
    for (const match of plain.matchAll(pattern)) {
      const start = match.index;
      // What ends a sentence is no part of "3 Nov.".
      const end = start + match[0].replace(/\.$/, '').length;
      if (found.some((other) => start < other.end && other.start < end)) continue;
      const days = read([...match].slice(1), context);
      if (days === null) continue;
      const [from, to] = typeof days === 'number' ? [days, days] : days;
      found.push({ start, end, value: { from: writeDay(from), to: writeDay(to) } });
    }
  }
  return found.sort((left, right) => left.start - right.start);
}

function placeOf(name: string | undefined, lists: readonly string[]): number {
  const word = (name ?? '').toLowerCase();
  return lists.findIndex((names) => names.split('|').includes(word)) + 1;
}

function calendarDay(
  year: string | undefined,
  month: number | null,
  day: number | null,
  today: DayNumber,
): Days {
  if (month === null || day === null) return null;
  if (year === undefined || year === '') return nearestDay(month, day, today);
  const number = readCount(year);
  return number === null ? null : dayOf(number, month, day);
}

function numericDate([first, , second, year]: readonly string[], { isMonthFirst }: DateContext): Days {
  const [left, right] = [Number(first), Number(second)];
  const full = year?.length === 2 ? 2000 + Number(year) : Number(year);
  const monthFirst = dayOf(full, left, right);
  const dayFirst = dayOf(full, right, left);
  if (isMonthFirst === null && monthFirst !== null && dayFirst !== null && monthFirst !== dayFirst)
    return null;
  return isMonthFirst === true ? (monthFirst ?? dayFirst) : (dayFirst ?? monthFirst);
}

function unitOf(word: string | undefined): Unit {
  const found = UNITS.find(([, words]) => new RegExp(`^(?:${words})$`, 'iu').test(word ?? ''));
  return found?.[0] ?? 'day';
}

function shifted(
  count: string | undefined,
  unit: string | undefined,
  sign: 1 | -1,
  { today }: DateContext,
): Days {
  const number = readCount(count ?? '');
  if (number === null || number > 1000) return null;
  switch (unitOf(unit)) {
    case 'day':
      return today + sign * number;
    case 'week':
      return today + sign * 7 * number;
    case 'month':
      return addMonths(today, sign * number);
    case 'year':
      return addMonths(today, sign * 12 * number);
  }
}

function spanAround(unit: Unit, offset: number, today: DayNumber): Days {
  if (unit === 'day') return today + offset;
  if (unit === 'month') return monthAround(today, offset);
  if (unit === 'year') {
    const year = monthOf(today).year + offset;
    const [from, to] = [dayOf(year, 1, 1), dayOf(year, 12, 31)];
    return from === null || to === null ? null : [from, to];
  }
  const monday = today - weekdayOf(today) + 1 + 7 * offset;
  return [monday, monday + 6];
}

function comingWeekday(weekday: number, today: DayNumber): DayNumber {
  return today + ((weekday - weekdayOf(today) + 7) % 7);
}

function weekday(name: string | undefined, last: string | undefined, today: DayNumber): Days {
  const wanted = placeOf(name, WEEKDAYS);
  if (wanted === 0) return null;
  const coming = comingWeekday(wanted, today);
  if (last !== undefined) return coming - 7;
  return coming === today ? today + 7 : coming;
}
