import type { FoundPiece } from './found-piece.ts';
import { findAll } from './found-piece.ts';
import { readCount } from './read-numbers.ts';

const CLOCK =
  /\b([01]?\d|2[0-3]):([0-5]\d)\s?(am|pm)?\b|\b(1[0-2]|0?[1-9])\s?(am|pm)\b|(上午|早上|下午|晚上|中午)?\s?([\d一二两三四五六七八九十]{1,3})点(半|([0-5]?\d)分)?/giu;

/** Times of day, as HH:MM. */
export function findTimes(message: string): readonly FoundPiece<string>[] {
  return findAll(message, CLOCK, (match) => {
    const [, hour, minute, half, bareHour, bareHalf, part, chineseHour, rest, chineseMinute] = match;
    if (chineseHour !== undefined) {
      const base = readCount(chineseHour) ?? Number.NaN;
      const isLate = (part === '下午' || part === '晚上') && base < 12;
      return clock(base + (isLate ? 12 : 0), rest === '半' ? 30 : Number(chineseMinute ?? 0));
    }
    const suffix = (half ?? bareHalf ?? '').toLowerCase();
    const base = Number(hour ?? bareHour);
    const shifted = suffix === 'pm' && base < 12 ? base + 12 : suffix === 'am' && base === 12 ? 0 : base;
    return clock(shifted, Number(minute ?? 0));
  });
}

function clock(hour: number, minute: number): string | null {
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60)) return null;
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
