/** Average length of the chunks texts and indexes are cut into: 4 KiB. */
export const CONTENT_CHUNK_BYTES: number = 4 * 1024;

const GEAR_SEED = 0x756e6465;
const GEAR: Uint32Array = /* @__PURE__ */ createGearTable(GEAR_SEED);

/**
 * Cuts bytes where their content says so, so that an edit moves only the cuts near it (FastCDC, Xia et al. 2016, with
 * normalized chunking of level 2: harder to cut before the average length, easier after it).
 *
 * The cuts depend on the bytes alone: the gear table comes from a fixed seed. They are no part of the bundle format; a
 * client never splits by content, it follows the chunk list.
 *
 * @param averageBytes - A power of two from 256 to 1 MiB; chunks are between a quarter of it and four times it (the
 *   last one may be shorter). Default 4 KiB.
 * @returns Views into `bytes`; none when it is empty.
 */
export function splitContentDefined(
  bytes: Uint8Array<ArrayBuffer>,
  averageBytes: number = CONTENT_CHUNK_BYTES,
): Uint8Array<ArrayBuffer>[] {
  const bits = Math.min(20, Math.max(8, Math.round(Math.log2(averageBytes))));
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let start = 0;
  while (start < bytes.length) {
    const end = findCut(bytes, start, bits);
    chunks.push(bytes.subarray(start, end));
    start = end;
  }
  return chunks;
}

function findCut(bytes: Uint8Array, start: number, bits: number): number {
  const average = 2 ** bits;
  const end = Math.min(bytes.length, start + average * 4);
  const middle = Math.min(end, start + average);
  // Every byte is shifted to the left, so only the upper bits know a window of many bytes.
  const strict = topBits(bits + 2);
  const loose = topBits(bits - 2);
  let at = Math.min(end, start + average / 4);
  let hash = 0;
  for (; at < middle; at++) {
    hash = ((hash << 1) + (GEAR[bytes[at] ?? 0] ?? 0)) | 0;
    if ((hash & strict) === 0) return at + 1;
  }
  for (; at < end; at++) {
    hash = ((hash << 1) + (GEAR[bytes[at] ?? 0] ?? 0)) | 0;
    if ((hash & loose) === 0) return at + 1;
  }
  return end;
}

function topBits(count: number): number {
  return (-1 << (32 - count)) | 0;
}

/** 256 pseudo-random words by xorshift32 (Marsaglia 2003), the same on every machine. */
function createGearTable(seed: number): Uint32Array {
  const table = new Uint32Array(256);
  let state = seed;
  for (let at = 0; at < table.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    table[at] = state;
  }
  return table;
}
