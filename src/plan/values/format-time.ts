/** Reports whether this is the IANA name of a time zone that the platform knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    // A RangeError: there is no such zone.
    return false;
  }
}

/** A moment on the clock and the calendar of some place. */
interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** 0 = Sunday. */
  readonly weekday: number;
  /** 1 to 366. */
  readonly dayOfYear: number;
  /** East of Greenwich. */
  readonly offsetMinutes: number;
  readonly epochSeconds: number;
  readonly zone: string;
}

/**
 * Writes a moment as Python's `strftime` does, with English names of days and months.
 *
 * @param format - Directives of the C standard; `%-d` leaves out zeros. Unknown ones stay as they are.
 */
export function formatTime(epochMs: number, format: string, timeZone: string): string {
  const time = localTime(epochMs, timeZone);
  return expand(format, time);
}

function expand(format: string, time: LocalTime): string {
  return format.replace(/%(-?)([A-Za-z%])/g, (directive: string, dash: string, letter: string) => {
    const write = Object.hasOwn(DIRECTIVES, letter) ? DIRECTIVES[letter] : undefined;
    if (write === undefined) return directive;
    const text = write(time);
    return dash === '' ? text : text.replace(/^0+(?=\d)/, '');
  });
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const DIRECTIVES: { readonly [letter: string]: (time: LocalTime) => string } = {
  a: ({ weekday }) => (DAYS[weekday] ?? '').slice(0, 3),
  A: ({ weekday }) => DAYS[weekday] ?? '',
  b: ({ month }) => (MONTHS[month - 1] ?? '').slice(0, 3),
  B: ({ month }) => MONTHS[month - 1] ?? '',
  c: (time) => expand(`%a %b ${String(time.day).padStart(2, ' ')} %H:%M:%S %Y`, time),
  d: ({ day }) => pad(day, 2),
  D: (time) => expand('%m/%d/%y', time),
  e: ({ day }) => String(day).padStart(2, ' '),
  f: ({ millisecond }) => pad(millisecond * 1000, 6),
  F: (time) => expand('%Y-%m-%d', time),
  G: (time) => String(isoWeek(time).year),
  h: (time) => expand('%b', time),
  H: ({ hour }) => pad(hour, 2),
  I: ({ hour }) => pad(hour % 12 === 0 ? 12 : hour % 12, 2),
  j: ({ dayOfYear }) => pad(dayOfYear, 3),
  m: ({ month }) => pad(month, 2),
  M: ({ minute }) => pad(minute, 2),
  n: () => '\n',
  p: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
  r: (time) => expand('%I:%M:%S %p', time),
  R: (time) => expand('%H:%M', time),
  s: ({ epochSeconds }) => String(epochSeconds),
  S: ({ second }) => pad(second, 2),
  t: () => '\t',
  T: (time) => expand('%H:%M:%S', time),
  u: ({ weekday }) => String(weekday === 0 ? 7 : weekday),
  U: ({ dayOfYear, weekday }) => pad(Math.floor((dayOfYear + 6 - weekday) / 7), 2),
  V: (time) => pad(isoWeek(time).week, 2),
  w: ({ weekday }) => String(weekday),
  W: ({ dayOfYear, weekday }) => pad(Math.floor((dayOfYear + 6 - ((weekday + 6) % 7)) / 7), 2),
  x: (time) => expand('%m/%d/%y', time),
  X: (time) => expand('%H:%M:%S', time),
  y: ({ year }) => pad(year % 100, 2),
  Y: ({ year }) => String(year),
  z: ({ offsetMinutes }) => {
    const minutes = Math.abs(offsetMinutes);
    return `${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}${pad(minutes % 60, 2)}`;
  },
  Z: ({ zone }) => zone,
  '%': () => '%',
};

function pad(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}

const DAY_MS = 86_400_000;

function localTime(epochMs: number, timeZone: string): LocalTime {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    timeZoneName: 'short',
  }).formatToParts(epochMs);
  const text = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((part) => part.type === type)?.value ?? '';
  const read = (type: Intl.DateTimeFormatPartTypes): number => Number(text(type));
  const [year, month, day] = [read('year'), read('month'), read('day')];
  const [hour, minute, second] = [read('hour'), read('minute'), read('second')];
  const date = Date.UTC(year, month - 1, day);
  const epochSeconds = Math.floor(epochMs / 1000);
  return {
    year,
    month,
    day,
    hour,
    minute,
    second,
    millisecond: epochMs - epochSeconds * 1000,
    weekday: new Date(date).getUTCDay(),
    dayOfYear: (date - Date.UTC(year, 0, 1)) / DAY_MS + 1,
    offsetMinutes: Math.round(
      (Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - epochSeconds) / 60,
    ),
    epochSeconds,
    zone: text('timeZoneName'),
  };
}

/** Week of the ISO calendar: it belongs to the year of its Thursday. */
function isoWeek({ year, month, day, weekday }: LocalTime): { readonly year: number; readonly week: number } {
  const thursday = new Date(Date.UTC(year, month - 1, day + 4 - (weekday === 0 ? 7 : weekday)));
  const thursdayYear = thursday.getUTCFullYear();
  return {
    year: thursdayYear,
    week: Math.floor((thursday.getTime() - Date.UTC(thursdayYear, 0, 1)) / DAY_MS / 7) + 1,
  };
}
