/** A day as the number of days since 1970-01-01. */
export type DayNumber = number;

const DAY_MS = 86_400_000;

/** Gives the number of a day; null when the calendar has no such day, or its year has not four digits. */
export function dayOf(year: number, month: number, day: number): DayNumber | null {
  if (!(year >= 1000 && year <= 9999 && month >= 1 && month <= 12 && day >= 1)) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() / DAY_MS : null;
}

/** Parses an ISO 8601 date; null when it is none. */
export function parseDay(iso: string): DayNumber | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso);
  return match === null ? null : dayOf(Number(match[1]), Number(match[2]), Number(match[3]));
}

/** The day it is by the device's clock. */
export function localDay(nowMs: number): DayNumber {
  const now = new Date(nowMs);
  return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / DAY_MS;
}

/** Writes a day as an ISO 8601 date. */
export function writeDay(day: DayNumber): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The year and month (1 to 12) of a day. */
export function monthOf(day: DayNumber): { readonly year: number; readonly month: number } {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 };
}

/** Day of the week, 1 for Monday to 7 for Sunday. */
export function weekdayOf(day: DayNumber): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** The day so many months later (or earlier); a day that month has not becomes its last. */
export function addMonths(day: DayNumber, months: number): DayNumber {
  const { year, month } = monthOf(day);
  const date = new Date(day * DAY_MS).getUTCDate();
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return Date.UTC(year, month - 1 + months, Math.min(date, last)) / DAY_MS;
}

/** The first and the last day of a month, `offset` months from the day's. */
export function monthAround(day: DayNumber, offset: number): readonly [from: DayNumber, to: DayNumber] {
  const { year, month } = monthOf(day);
  return [Date.UTC(year, month - 1 + offset, 1) / DAY_MS, Date.UTC(year, month + offset, 0) / DAY_MS];
}

/** The year in which a day of the calendar is nearest to another day; null when it is nearest in none. */
export function nearestDay(month: number, day: number, to: DayNumber): DayNumber | null {
  const { year } = monthOf(to);
  let best: DayNumber | null = null;
  for (const candidate of [year - 1, year, year + 1]) {
    const found = dayOf(candidate, month, day);
    if (found !== null && (best === null || Math.abs(found - to) < Math.abs(best - to))) best = found;
  }
  return best;
}
