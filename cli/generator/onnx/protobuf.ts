/** Bytes of a message that is written: pieces one behind the other. */
export type Part = Uint8Array | readonly Part[];

/** A field of a message that is read. */
export interface ProtobufField {
  readonly field: number;
  /** Of integers; 0 for others. What does not fit 53 bits is not exact. */
  readonly value: number;
  /** Of texts and inner messages; a view, empty for others. */
  readonly bytes: Uint8Array;
  /** The whole field with its tag, a view. */
  readonly whole: Uint8Array;
}

const WIRE_VARINT = 0;
const WIRE_FIXED64 = 1;
const WIRE_BYTES = 2;
const WIRE_FIXED32 = 5;
const MAX_VARINT_BYTES = 10;

const utf8 = new TextEncoder();
const NOTHING = new Uint8Array(0);

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

const isBytes = (part: Part): part is Uint8Array => part instanceof Uint8Array;

function sizeOf(part: Part): number {
  return isBytes(part) ? part.length : part.reduce((sum, inner) => sum + sizeOf(inner), 0);
}

function copyTo(target: Uint8Array, part: Part, at: number): number {
  if (isBytes(part)) {
    target.set(part, at);
    return at + part.length;
  }
  return part.reduce((offset, inner) => copyTo(target, inner, offset), at);
}

/** Writes an integer field. */
export const integerField = (field: number, value: number | bigint): Part => [
  varint((field << 3) | WIRE_VARINT),
  varint(value),
];

/** Writes a field of bytes, or of an inner message. */
export const messageField = (field: number, content: Part): Part => [
  varint((field << 3) | WIRE_BYTES),
  varint(sizeOf(content)),
  content,
];

/** Writes a text field. */
export const textField = (field: number, value: string): Part => messageField(field, utf8.encode(value));

/** Writes a field of a 32-bit float. */
export function floatField(field: number, value: number): Part {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [varint((field << 3) | WIRE_FIXED32), bytes];
}

/** Puts the pieces of a message together. */
export function joinParts(part: Part): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeOf(part));
  copyTo(bytes, part, 0);
  return bytes;
}

/**
 * Reads the fields of a message one after the other; nothing is copied.
 * @throws RangeError for bytes that are no message, or that end within a field.
 */
export function* readFields(bytes: Uint8Array): Generator<ProtobufField, void, undefined> {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let count = 0; count < MAX_VARINT_BYTES; count += 1) {
      const byte = bytes[at];
      if (byte === undefined) throw new RangeError('The message ends within a number.');
      at += 1;
      // The tenth byte of a negative number: as a double it is far off, and no field that is read may be negative.
      value += (byte & 127) * 2 ** (7 * count);
      if (byte < 128) return value;
    }
    throw new RangeError('A number is too long.');
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new RangeError('The message ends within a field.');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const from = at;
    const tag = number();
    const field = Math.floor(tag / 8);
    if (field < 1 || tag >= 2 ** 32) throw new RangeError('A field has no number.');
    let value = 0;
    let content: Uint8Array = NOTHING;
    switch (tag % 8) {
      case WIRE_VARINT:
        value = number();
        break;
      case WIRE_FIXED64:
        take(8);
        break;
      case WIRE_BYTES:
        content = take(number());
        break;
      case WIRE_FIXED32:
        take(4);
        break;
      default:
        throw new RangeError('A field is of no known type.');
    }
    yield { field, value, bytes: content, whole: bytes.subarray(from, at) };
  }
}
