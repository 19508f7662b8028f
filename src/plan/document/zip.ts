import { isUnderstudyError } from '../../contracts/errors.ts';
import { damagedDocument } from './document-error.ts';

/** Bytes that a member may unpack to; what a document says of its sizes is not believed. */
const MAX_MEMBER_BYTES = 64 * 1024 * 1024;

/** Most members of an archive. */
const MAX_MEMBERS = 20_000;

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const HEADER_SIGNATURE = 0x04034b50;
/** Bytes of the record at the end, without its comment. */
const END_BYTES = 22;

interface Member {
  readonly method: number;
  readonly packedBytes: number;
  readonly headerAt: number;
}

/** An archive whose members are unpacked when they are read. */
export class ZipArchive {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #members: ReadonlyMap<string, Member>;

  /** @throws UnderstudyError `plan/value-invalid` when the bytes are no archive. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#members = this.#readDirectory();
  }

  /** Names of the members, with `/` between folders, in the order of the directory. */
  get names(): readonly string[] {
    return [...this.#members.keys()];
  }

  /**
   * Unpacks a member.
   *
   * @returns null when there is none of this name.
   * @throws UnderstudyError `plan/value-invalid` when it is damaged, encrypted or too large.
   */
  async read(name: string): Promise<Uint8Array | null> {
    const member = this.#members.get(name);
    if (member === undefined) return null;
    const { headerAt, packedBytes, method } = member;
    if (this.#number32(headerAt) !== HEADER_SIGNATURE)
      throw damagedDocument('a member of its archive is missing');
    const dataAt = headerAt + 30 + this.#number16(headerAt + 26) + this.#number16(headerAt + 28);
    const packed = this.#bytes.subarray(dataAt, dataAt + packedBytes);
    if (method === 0) return packed;
    if (method !== 8) throw damagedDocument('its archive is packed in a way that is not known');
    return await inflate(packed, 'deflate-raw');
  }

  /** Unpacks a member as UTF-8 text; null when there is none. */
  async readText(name: string): Promise<string | null> {
    const bytes = await this.read(name);
    return bytes === null ? null : new TextDecoder().decode(bytes);
  }

  #readDirectory(): ReadonlyMap<string, Member> {
    const end = this.#findEnd();
    const count = this.#number16(end + 10);
    if (count > MAX_MEMBERS) throw damagedDocument('its archive has too many members');
    const members = new Map<string, Member>();
    let at = this.#number32(end + 16);
    for (let index = 0; index < count; index += 1) {
      if (this.#number32(at) !== ENTRY_SIGNATURE)
        throw damagedDocument('the directory of its archive is damaged');
      const nameBytes = this.#number16(at + 28);
      const name = new TextDecoder().decode(this.#bytes.subarray(at + 46, at + 46 + nameBytes));
      // Some programs write backslashes between folders.
      members.set(name.replaceAll('\\', '/'), {
        method: this.#number16(at + 10),
        packedBytes: this.#number32(at + 20),
        headerAt: this.#number32(at + 42),
      });
      at += 46 + nameBytes + this.#number16(at + 30) + this.#number16(at + 32);
    }
    return members;
  }

  /** The record at the end lies before a comment of up to 64 KiB. */
  #findEnd(): number {
    const last = this.#bytes.length - END_BYTES;
    for (let at = last; at >= Math.max(0, last - 0xffff); at -= 1) {
      if (this.#number32(at) === END_SIGNATURE) return at;
    }
    throw damagedDocument('it is no archive');
  }

  #number16(at: number): number {
    return at + 2 <= this.#view.byteLength ? this.#view.getUint16(at, true) : -1;
  }

  #number32(at: number): number {
    return at >= 0 && at + 4 <= this.#view.byteLength ? this.#view.getUint32(at, true) : -1;
  }
}

/** Unpacks bytes, up to a limit. @throws UnderstudyError `plan/value-invalid`. */
export async function inflate(packed: Uint8Array, format: 'deflate' | 'deflate-raw'): Promise<Uint8Array> {
  const stream = new Blob([new Uint8Array(packed)]).stream().pipeThrough(new DecompressionStream(format));
  const reader = stream.getReader();
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      sizeBytes += piece.value.length;
      if (sizeBytes > MAX_MEMBER_BYTES) throw damagedDocument('it unpacks to more than 64 MB');
      pieces.push(piece.value);
    }
  } catch (error) {
    // Browsers throw a TypeError, Node.js one of zlib's.
    throw isUnderstudyError(error) ? error : damagedDocument('its packed data is damaged', error);
  } finally {
    void reader.cancel().catch(() => undefined);
  }
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
