/** How much time is left, in the unit a visitor thinks in. */
export interface TimeLeft {
  readonly unit: 'days' | 'hours' | 'minutes' | 'seconds' | 'none';
  readonly count: number;
  /** When what is told changes, in ms from now; null = never again. */
  readonly changesInMs: number | null;
  /** Whether a screen reader is told: at an hour, at five minutes and at one, at 30 and at 10 seconds, and at the end. */
  readonly isSpoken: boolean;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Seconds are counted in the last minute only: a number that jumps all the time is read by nobody. */
const UNITS = [
  { unit: 'days', ms: DAY, from: 2 * DAY, spoken: [] },
  { unit: 'hours', ms: HOUR, from: 2 * HOUR, spoken: [] },
  { unit: 'minutes', ms: MINUTE, from: MINUTE, spoken: [60, 5] },
  { unit: 'seconds', ms: SECOND, from: 0, spoken: [60, 30, 10] },
] as const;

/** Says how much of a form's time is left, rounded up, so that it never ends before it says so. */
export function timeLeft(expiresAtMs: number, nowMs: number): TimeLeft {
  const leftMs = expiresAtMs - nowMs;
  const found = leftMs > 0 ? UNITS.find(({ from }) => leftMs > from || from === 0) : undefined;
  if (found === undefined) return { unit: 'none', count: 0, changesInMs: null, isSpoken: true };
  const count = Math.ceil(leftMs / found.ms);
  const spoken: readonly number[] = found.spoken;
  return {
    unit: found.unit,
    count,
    changesInMs: Math.min(leftMs, leftMs - (count - 1) * found.ms),
    isSpoken: spoken.includes(count),
  };
}
