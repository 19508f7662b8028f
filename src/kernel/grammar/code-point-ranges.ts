const MAXIMUM = 0x10ffff;

/** Sorts and joins pairs of first and last code point, and takes out the surrogates, which no UTF-8 text holds. */
export function normalizeRanges(pairs: readonly number[]): number[] {
  const sorted: [number, number][] = [];
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const first = pairs[at] ?? 0;
    const last = pairs[at + 1] ?? 0;
    if (first < 0xd800) sorted.push([first, Math.min(last, 0xd7ff)]);
    if (last > 0xdfff) sorted.push([Math.max(first, 0xe000), last]);
  }
  sorted.sort((a, b) => a[0] - b[0]);
  const joined: number[] = [];
  for (const [first, last] of sorted) {
    const end = joined.at(-1);
    if (end !== undefined && first <= end + 1) joined[joined.length - 1] = Math.max(end, last);
    else joined.push(first, last);
  }
  return joined;
}

/** All code points that are not in the ranges; takes and gives normalized ranges. */
export function invertRanges(ranges: readonly number[]): number[] {
  const inverted: number[] = [];
  let from = 0;
  for (let at = 0; at + 1 < ranges.length; at += 2) {
    const first = ranges[at] ?? 0;
    if (first > from) inverted.push(from, first - 1);
    from = (ranges[at + 1] ?? 0) + 1;
  }
  if (from <= MAXIMUM) inverted.push(from, MAXIMUM);
  return normalizeRanges(inverted);
}

/** What both hold; takes and gives normalized ranges. */
export function intersectRanges(a: readonly number[], b: readonly number[]): number[] {
  return invertRanges(normalizeRanges([...invertRanges(a), ...invertRanges(b)]));
}

/** One or more bytes that stand for a character: pairs of lowest and highest value of each byte. */
export type ByteSequence = readonly number[];

/** Last code points of UTF-8 sequences of 1, 2, 3 and 4 bytes (RFC 3629 §3). */
const LENGTH_ENDS = [0x7f, 0x7ff, 0xffff, MAXIMUM];

/**
 * Spells normalized ranges as UTF-8: the sequences match exactly the encodings of the code points, shortest form only.
 */
export function toByteSequences(ranges: readonly number[]): ByteSequence[] {
  const sequences: ByteSequence[] = [];
  for (let at = 0; at + 1 < ranges.length; at += 2) {
    let first = ranges[at] ?? 0;
    const last = ranges[at + 1] ?? 0;
    for (const end of LENGTH_ENDS) {
      if (first > end) continue;
      if (first > last) break;
      splitRange(first, Math.min(last, end), sequences);
      first = end + 1;
    }
  }
  return sequences;
}

/** Cuts a range of equally long encodings until each byte varies on its own. */
function splitRange(first: number, last: number, into: ByteSequence[]): void {
  const low = encode(first);
  const high = encode(last);
  for (let shift = 6 * (low.length - 1); shift > 0; shift -= 6) {
    const mask = (1 << shift) - 1;
    if (first >> shift === last >> shift) continue;
    if ((first & mask) !== 0) {
      splitRange(first, first | mask, into);
      splitRange((first | mask) + 1, last, into);
      return;
    }
    if ((last & mask) !== mask) {
      splitRange(first, (last & ~mask) - 1, into);
      splitRange(last & ~mask, last, into);
      return;
    }
  }
  into.push(low.flatMap((byte, at) => [byte, high[at] ?? byte]));
}

function encode(point: number): number[] {
  if (point < 0x80) return [point];
  const tail = (shift: number): number => 0x80 | ((point >> shift) & 0x3f);
  if (point < 0x800) return [0xc0 | (point >> 6), tail(0)];
  if (point < 0x10000) return [0xe0 | (point >> 12), tail(6), tail(0)];
  return [0xf0 | (point >> 18), tail(12), tail(6), tail(0)];
}
