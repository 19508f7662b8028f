import assert from 'node:assert/strict';
import { decodeStrictly } from '../../cli/ingest/decode-strictly.ts';

/** Writes a text in an encoding that only has a decoder: every pair of bytes is decoded once and looked up. */
export function encodeText(text: string, encoding: string): Uint8Array {
  const decode = (...bytes: readonly number[]): string =>
    decodeStrictly(Uint8Array.from(bytes), encoding) ?? '\ufffd\ufffd';
  const bytesOf = new Map<string, readonly number[]>();
  for (let first = 0x80; first < 0x100; first += 1) {
    const alone = decode(first);
    if (!alone.includes('\ufffd')) bytesOf.set(alone, [first]);
    for (let second = 0x40; second < 0xff; second += 1) {
      const pair = decode(first, second);
      if (Array.from(pair).length === 1 && !bytesOf.has(pair)) bytesOf.set(pair, [first, second]);
    }
  }
  return Uint8Array.from(
    Array.from(text).flatMap((character) => {
      const code = character.charCodeAt(0);
      return code < 0x80
        ? [code]
        : (bytesOf.get(character) ?? assert.fail(`${character} is not in ${encoding}`));
    }),
  );
}
