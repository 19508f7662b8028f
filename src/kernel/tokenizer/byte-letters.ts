/**
 * The letters that stand for bytes in byte-level vocabularies (GPT-2's `bytes_to_unicode`): printable Latin-1 stands for
 * itself, the other bytes in their order for U+0100 and up.
 */
export const LETTER_OF_BYTE: readonly number[] = makeLetters();

const BYTE_OF_LETTER: ReadonlyMap<number, number> = new Map(
  LETTER_OF_BYTE.map((letter, byte) => [letter, byte]),
);

function makeLetters(): number[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable =
      (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
    if (isPrintable) return byte;
    next += 1;
    return next - 1;
  });
}

/** Writes the letters of bytes as UTF-8, one or two bytes each, and gives how many were written. */
export function writeLetters(bytes: Uint8Array, length: number, output: Uint8Array): number {
  let at = 0;
  for (let index = 0; index < length; index += 1) {
    const letter = LETTER_OF_BYTE[bytes[index] ?? 0] ?? 0;
    if (letter < 128) {
      output[at] = letter;
      at += 1;
    } else {
      output[at] = 0xc0 | (letter >> 6);
      output[at + 1] = 0x80 | (letter & 63);
      at += 2;
    }
  }
  return at;
}

/** Gives the bytes that letters stand for; null when the text has others. */
export function lettersToBytes(text: string): Uint8Array | null {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const byte = BYTE_OF_LETTER.get(text.charCodeAt(index));
    if (byte === undefined) return null;
    bytes[index] = byte;
  }
  return bytes;
}
