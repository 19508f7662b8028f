import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { wideEncoding } from './decode-source.ts';

/** Bytes that are looked at, at the beginning and at the end of a file. */
const START_BYTES = 4096;
const END_BYTES = 2048;
/** Share of control characters from which on bytes are no text; running text has none. */
const CONTROL_SHARE = 0.02;

const TEXT_OF_IT = 'save its text as .md, .html or .txt';
const ENCRYPTED = 'it is encrypted; save it without a password';

/** What begins a kind of file, one character a byte, and what to say of such a file. */
const KINDS: readonly (readonly [beginning: RegExp, what: string])[] = [
  [/^Salted__|^-----BEGIN PGP MESSAGE-----|^age-encryption\.org\/v1|^\$ANSIBLE_VAULT;/, ENCRYPTED],
  // Bit 0 of the flags of a ZIP entry: encrypted (APPNOTE 4.4.4).
  [/^PK\x03\x04..[\x01\x03\x05\x07\x09\x0b\x0d\x0f]/s, ENCRYPTED],
  [
    /^PK\x03\x04[\s\S]*?(?:word\/|xl\/|ppt\/|\[Content_Types\])/,
    `it is an Office document; name it .docx, or ${TEXT_OF_IT}`,
  ],
  [/^PK\x03\x04/, 'it is an archive; unpack it'],
  [/^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, `it is an old or encrypted Office document; ${TEXT_OF_IT}`],
  [/^\{\\rtf/, `it is an RTF document; ${TEXT_OF_IT}`],
  [/^\x1f\x8b|^7z\xbc\xaf|^Rar!\x1a|^BZh\d1AY|^\xfd7zXZ/, 'it is an archive; unpack it'],
  [
    /^\x89PNG|^\xff\xd8\xff|^GIF8[79]a|^II\*\0|^MM\0\*|^RIFF....WEBP|^....ftypavif/s,
    'it is a picture; what is written in it is not read',
  ],
];

/**
 * Says of a file that is no text what it is and what to do, by its bytes, whatever its name; null where they may be text.
 * @param start - The first 4 kB.
 * @param end - The last 2 kB, where a PDF says that it is encrypted.
 */
export function recognizeBytes(start: Uint8Array, end: Uint8Array): string | null {
  const text = Buffer.from(start).toString('latin1');
  // A PDF may have other bytes before its header (ISO 32000-1, annex H.3.4.1).
  if (/^[\s\S]{0,1023}%PDF-\d/.test(text)) {
    const isEncrypted = /\/Encrypt\b/.test(text) || /\/Encrypt\b/.test(Buffer.from(end).toString('latin1'));
    return isEncrypted ? `it is an encrypted PDF; ${TEXT_OF_IT}` : 'it is a PDF by its bytes; name it .pdf';
  }
  const kind = KINDS.find(([beginning]) => beginning.test(text))?.[1];
  return kind ?? (isBinary(start) ? 'it is no text' : null);
}

/** The same of a file on disk, of which only both ends are read. */
export function recognizeFile(path: string): string | null {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const read = (length: number, place: number): Uint8Array => {
      const bytes = new Uint8Array(Math.min(length, size));
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, Math.max(0, place)));
    };
    return recognizeBytes(read(START_BYTES, 0), read(END_BYTES, size - END_BYTES));
  } finally {
    closeSync(file);
  }
}

/** Both ends of a file that is in memory. */
export function bothEnds(bytes: Uint8Array): readonly [start: Uint8Array, end: Uint8Array] {
  return [bytes.subarray(0, START_BYTES), bytes.subarray(Math.max(0, bytes.length - END_BYTES))];
}

/** Zero bytes and control characters stand in no text but wide ones. */
function isBinary(start: Uint8Array): boolean {
  const isMarked = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
  if (isMarked || wideEncoding(start) !== null) return false;
  if (start.includes(0)) return true;
  // Tab, line ends, page ends and the escapes of Japanese mail are text.
  const controls = start.filter((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b));
  return controls.length > start.length * CONTROL_SHARE;
}
