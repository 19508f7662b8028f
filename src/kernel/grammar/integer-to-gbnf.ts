/** Digits of the longest integer that is written without bounds: all of them are exact in a double. */
const FREE_DIGITS = 15;

/**
 * A GBNF expression for the integers from `minimum` to `maximum`, without leading zeros and without −0.
 *
 * @param minimum - An integer, or −Infinity for −(10¹⁵ − 1).
 * @param maximum - An integer of at least the minimum, or Infinity for 10¹⁵ − 1; a bound beyond is kept.
 */
export function integerToGbnf(minimum: number, maximum: number): string {
  const free = 10 ** FREE_DIGITS - 1;
  const low = minimum === -Infinity ? Math.min(-free, maximum) : minimum;
  const high = maximum === Infinity ? Math.max(free, minimum) : maximum;
  const options: string[] = [];
  if (low < 0) options.push(`"-" ${group(naturals(Math.max(1, -high), -low))}`);
  if (high >= 0) options.push(...naturals(Math.max(0, low), high));
  return group(options);
}

/** Alternatives for 0 ≤ low … high. */
function naturals(low: number, high: number): string[] {
  const options: string[] = [];
  for (let from = low; from <= high;) {
    const length = String(from).length;
    const to = Math.min(high, 10 ** length - 1);
    options.push(...sameLength(String(from), String(to)));
    from = to + 1;
  }
  return options;
}

/** Alternatives for the digit strings from low to high, both of one length. */
function sameLength(low: string, high: string): string[] {
  const rest = low.length - 1;
  const first = Number(low[0]);
  const last = Number(high[0]);
  if (rest === 0) return [digits(first, last)];
  const lowRest = low.slice(1);
  const highRest = high.slice(1);
  const then = (options: readonly string[]): string => group(options);
  if (first === last) return [`"${first}" ${then(sameLength(lowRest, highRest))}`];
  const options: string[] = [];
  let from = first;
  let to = last;
  const zeros = '0'.repeat(rest);
  const nines = '9'.repeat(rest);
  if (lowRest !== zeros) {
    options.push(`"${first}" ${then(sameLength(lowRest, nines))}`);
    from += 1;
  }
  if (highRest !== nines) to -= 1;
  if (from <= to) options.push(`${digits(from, to)} ${rest === 1 ? '[0-9]' : `[0-9]{${rest}}`}`);
  if (highRest !== nines) options.push(`"${last}" ${then(sameLength(zeros, highRest))}`);
  return options;
}

function digits(first: number, last: number): string {
  return first === last ? `"${first}"` : `[${first}-${last}]`;
}

function group(options: readonly string[]): string {
  return options.length === 1 ? (options[0] ?? '""') : `(${options.join(' | ')})`;
}
