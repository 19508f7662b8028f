import { invalidModel } from './invalid-model.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A list of texts of the metadata, decoded when they are asked for.
 *
 * A vocabulary has 150,000 of them, of which a conversation sees a few hundred.
 */
export class StringTable {
  /** Number of texts. */
  readonly length: number;
  /** The texts with their lengths, as they stand in the file; for who reads many without decoding them. */
  readonly bytes: Uint8Array;
  /** Where each text begins in {@link bytes}; one more at the end, 8 bytes after the last one's end. */
  readonly starts: Uint32Array;

  /**
   * @param bytes - Texts one after the other, each a 64-bit length and then as many bytes; checked by the reader.
   * @param count - Number of texts.
   */
  constructor(bytes: Uint8Array, count: number) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const starts = new Uint32Array(count + 1);
    let at = 8;
    for (let index = 0; index < count; index += 1) {
      starts[index] = at;
      at += view.getUint32(at - 8, true) + 8;
    }
    starts[count] = at;
    this.length = count;
    this.bytes = bytes;
    this.starts = starts;
  }

  /** Where the text at `index` begins in {@link bytes}; 0 outside. */
  startAt(index: number): number {
    return this.starts[index] ?? 0;
  }

  /** Number of bytes of the text at `index`; 0 outside. */
  lengthAt(index: number): number {
    return Math.max(0, (this.starts[index + 1] ?? 8) - (this.starts[index] ?? 0) - 8);
  }

  /** The UTF-8 of the text at `index`, a view; empty outside. */
  bytesAt(index: number): Uint8Array {
    const start = this.starts[index] ?? 0;
    return this.bytes.subarray(start, start + this.lengthAt(index));
  }

  /**
   * The text at `index`; empty outside.
   * @throws UnderstudyError `engine/model-invalid` when it is not UTF-8.
   */
  at(index: number): string {
    const start = this.starts[index] ?? 0;
    const end = start + this.lengthAt(index);
    // Most tokens are a few ASCII letters; for those the decoder costs more than the letters.
    if (end - start < 16) {
      let text = '';
      let position = start;
      for (; position < end; position += 1) {
        const byte = this.bytes[position] ?? 0;
        if (byte > 127) break;
        text += String.fromCharCode(byte);
      }
      if (position === end) return text;
    }
    try {
      return utf8.decode(this.bytes.subarray(start, end));
    } catch {
      throw invalidModel(`Text ${index} of a list in the metadata is not UTF-8.`);
    }
  }

  *[Symbol.iterator](): Generator<string> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index);
  }
}
