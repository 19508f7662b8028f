import type { FoundPiece } from './found-piece.ts';
import { findAll, outside } from './found-piece.ts';
import { chineseNumber } from './find-numbers.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const CHINESE_DAYS = '日一二三四五六';
const NUMERAL = '([\\d一二两三四五六七八九十]{1,3})';

const ISO = /(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?!\d)/gu;
const DAY_MONTH = new RegExp(
  String.raw`\b(\d{1,2})(?:st|nd|rd|th)?(?: of)? ${MONTH}\b\.?(?:,? (\d{4}))?`,
  'giu',
);
const MONTH_DAY = new RegExp(String.raw`\b${MONTH}\.? (\d{1,2})(?:st|nd|rd|th)?\b(?:,? (\d{4}))?`, 'giu');
const CHINESE_DATE = new RegExp(String.raw`${NUMERAL}月${NUMERAL}[日号]`, 'gu');
const RELATIVE =
  /\bday after tomorrow\b|\bday before yesterday\b|\btomorrow\b|\byesterday\b|\btoday\b|\btonight\b|大后天|后天|明天|明日|今天|今日|今晚|昨天|前天/giu;
const WEEKDAY = /\b(next |this |last )?(sunday|monday|tuesday|wednesday|thursday|friday|saturday)\b/giu;
const CHINESE_WEEKDAY = /(下|这|本|上)?(?:周|星期|礼拜)([一二三四五六日天])/gu;
const AWAY =
  /\bin (\d{1,3}|an?|one|two|three|four|five|six|seven) (day|week)s?\b|\b(\d{1,3}) (day|week)s? ago\b|(\d{1,3}|[一二两三四五六七八九十]{1,3})(天|周|个星期)(后|之后|前|之前)/giu;
const SMALL = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven'];
const CLOCK =
  /\b([01]?\d|2[0-3]):([0-5]\d)\s?(am|pm)?\b|\b(1[0-2]|0?[1-9])\s?(am|pm)\b|(上午|早上|下午|晚上|中午)?\s?([\d一二两三四五六七八九十]{1,3})点(半|([0-5]?\d)分)?/giu;

/**
 * Days that a message speaks of, as YYYY-MM-DD.
 * @param nowMs - The time of the message; days are those of the device's clock.
 */
export function findDates(message: string, nowMs: number): readonly FoundPiece<string>[] {
  const now = new Date(nowMs);
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const after = (days: number): string =>
    iso(new Date(today.getFullYear(), today.getMonth(), today.getDate() + days));
  const whole = findAll(message, ISO, ([, year, month, day]) =>
    valid(Number(year), Number(month), Number(day)),
  );
  const named = [
    ...whole,
    ...outside(
      [
        ...findAll(message, DAY_MONTH, ([, day, month, year]) =>
          inYear(today, monthOf(month), Number(day), year),
        ),
        ...findAll(message, MONTH_DAY, ([, month, day, year]) =>
          inYear(today, monthOf(month), Number(day), year),
        ),
        ...findAll(message, CHINESE_DATE, ([, month, day]) =>
          inYear(today, numeral(month), numeral(day), undefined),
        ),
      ],
      whole,
    ),
  ];
  const relative = [
    ...findAll(message, RELATIVE, ([text]) => {
      const days = RELATIVE_DAYS[text.toLowerCase()];
      return days === undefined ? null : after(days);
    }),
    ...findAll(message, WEEKDAY, ([, which, day]) =>
      after(daysTo(today, DAYS.indexOf((day ?? '').toLowerCase()), (which ?? '').trim().toLowerCase())),
    ),
    ...findAll(message, CHINESE_WEEKDAY, ([, which, day]) =>
      after(chineseDaysTo(today, CHINESE_DAYS.indexOf((day ?? '').replace('天', '日')), which ?? '')),
    ),
    ...findAll(message, AWAY, (match) => {
      const days = daysAway(match);
      return days === null ? null : after(days);
    }),
  ];
  return [...named, ...outside(relative, named)].sort((left, right) => left.start - right.start);
}

/** Times of day, as HH:MM. */
export function findTimes(message: string): readonly FoundPiece<string>[] {
  return findAll(message, CLOCK, (match) => {
    const [, hour, minute, half, bareHour, bareHalf, part, chineseHour, rest, chineseMinute] = match;
    if (chineseHour !== undefined) {
      const base = numeral(chineseHour);
      const isLate = (part === '下午' || part === '晚上') && base < 12;
      return clock(base + (isLate ? 12 : 0), rest === '半' ? 30 : Number(chineseMinute ?? 0));
    }
    const suffix = (half ?? bareHalf ?? '').toLowerCase();
    const base = Number(hour ?? bareHour);
    const shifted = suffix === 'pm' && base < 12 ? base + 12 : suffix === 'am' && base === 12 ? 0 : base;
    return clock(shifted, Number(minute ?? 0));
  });
}

const RELATIVE_DAYS: { readonly [word: string]: number } = {
  today: 0,
  tonight: 0,
  tomorrow: 1,
  yesterday: -1,
  'day after tomorrow': 2,
  'day before yesterday': -2,
  今天: 0,
  今日: 0,
  今晚: 0,
  明天: 1,
  明日: 1,
  后天: 2,
  大后天: 3,
  昨天: -1,
  前天: -2,
};

function clock(hour: number, minute: number): string | null {
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60)) return null;
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

function iso(date: Date): string {
  const part = (value: number): string => String(value).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${part(date.getMonth() + 1)}-${part(date.getDate())}`;
}

function valid(year: number, month: number, day: number): string | null {
  const date = new Date(year, month - 1, day);
  const isSame = date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day;
  return isSame && year >= 1000 ? iso(date) : null;
}

/** A day without its year is the one nearest to today. */
function inYear(today: Date, month: number, day: number, year: string | undefined): string | null {
  if (year !== undefined) return valid(Number(year), month, day);
  const distance = (candidate: number): number =>
    Math.abs(new Date(candidate, month - 1, day).getTime() - today.getTime());
  const own = today.getFullYear();
  const [best = own] = [own, own + 1, own - 1].sort((left, right) => distance(left) - distance(right));
  return valid(best, month, day);
}

function monthOf(name: string | undefined): number {
  return MONTHS.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1;
}

function numeral(text: string | undefined): number {
  if (text === undefined) return Number.NaN;
  return /^\d+$/.test(text) ? Number(text) : (chineseNumber(text) ?? Number.NaN);
}

/** Days to the weekday that is meant: the next one that comes, today not counted; with "last" the one before. */
function daysTo(today: Date, day: number, which: string): number {
  const ahead = (day - today.getDay() + 7) % 7;
  if (which === 'last') return ahead === 0 ? -7 : ahead - 7;
  return ahead === 0 ? 7 : ahead;
}

/** In Chinese the week, from Monday on, is named with the day. */
function chineseDaysTo(today: Date, day: number, which: string): number {
  const fromMonday = (weekday: number): number => (weekday + 6) % 7;
  const within = fromMonday(day) - fromMonday(today.getDay());
  if (which === '下') return within + 7;
  if (which === '上') return within - 7;
  return which === '' && within < 0 ? within + 7 : within;
}

function daysAway([, ahead, unit, ago, agoUnit, count, chineseUnit, direction]: RegExpMatchArray):
  number | null {
  if (ahead !== undefined) return amount(ahead) * (unit?.toLowerCase() === 'week' ? 7 : 1);
  if (ago !== undefined) return -Number(ago) * (agoUnit?.toLowerCase() === 'week' ? 7 : 1);
  const days = numeral(count) * (chineseUnit === '天' ? 1 : 7);
  if (Number.isNaN(days)) return null;
  return direction?.includes('前') === true ? -days : days;
}

function amount(text: string): number {
  const word = SMALL.indexOf(text.toLowerCase());
  return /^an?$/i.test(text) ? 1 : word >= 0 ? word : Number(text);
}
