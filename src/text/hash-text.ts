/** Where a hash begins (FNV-1a). */
export const HASH_BASIS = 0x811c9dc5;

/**
 * Hashes the UTF-16 units of a text to 32 bits (FNV-1a over units, not bytes).
 *
 * @param basis - A hash to go on from. Default: the start.
 * @param from - First unit. Default 0.
 * @param to - Unit behind the last. Default: the end.
 * @returns A signed number; what compares or stores it makes it unsigned.
 */
export function hashText(
  text: string,
  basis: number = HASH_BASIS,
  from = 0,
  to: number = text.length,
): number {
  let value = basis;
  for (let at = from; at < to; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value;
}

/** Spreads the bits of a number over all 32, unsigned (the finalizer of MurmurHash3): for tables that use the lower ones. */
export function spreadBits(key: number): number {
  let value = Math.imul(key ^ (key >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
