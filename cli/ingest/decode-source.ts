import type { EncodingGuess } from './guess-encoding.ts';
import { GUESSABLE, guessEncoding } from './guess-encoding.ts';
import { decodeStrictly } from './decode-strictly.ts';
import { firstBadPlace } from './decode-text.ts';
import { sourceError } from './source-error.ts';

/** A decoded page. */
export interface DecodedSource {
  readonly text: string;
  /** Why it was read as it was, where that was not certain; null: UTF-8, a mark, or what the owner says. */
  readonly remark: string | null;
}

/** Share of zero bytes in one half of the bytes from which on they are UTF-16. */
const ZERO_SHARE = 0.2;
const LOOKED_AT = 4096;

/**
 * Decodes a page: as the owner says, else by its byte order mark, as UTF-8, as the page declares (HTML `charset`, XML `encoding`),
 * or by {@link guessEncoding}. Never gives replacement characters in silence.
 * @param encoding - A label of the Encoding Standard; null: find out.
 * @throws UnderstudyError `cli/source-invalid` with the place of the first byte that cannot be read.
 */
export function decodeSource(bytes: Uint8Array, file: string, encoding: string | null): DecodedSource {
  const hasMark = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (encoding !== null && !hasMark) {
    const text = decodeStrictly(bytes, encoding);
    const doubt = isUtf8(bytes) ? null : guessEncoding(bytes);
    if (text !== null && isRefuted(encoding, doubt))
      return {
        text,
        remark: `read as ${encoding}, which the source says; it looks like ${doubt?.encoding ?? ''}`,
      };
    if (text !== null) return { text, remark: null };
    throw sourceError({ file }, `the text is not ${encoding}, which the source says`);
  }
  const wide = hasMark ? null : wideEncoding(bytes);
  const wideText = wide === null ? null : decodePlausibly(bytes, wide);
  if (wideText !== null) return { text: wideText, remark: `read as ${String(wide)}, without a mark` };
  // Seven-bit Japanese mail is valid UTF-8 that says nothing.
  if (bytes.indexOf(0x1b) !== -1) {
    const text = decodeStrictly(bytes, 'iso-2022-jp');
    if (text !== null && /[\u3040-\u30ff]/.test(text)) return { text, remark: 'read as iso-2022-jp' };
  }
  const marked = hasMark ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  const plain = decodeStrictly(bytes, marked);
  if (plain !== null) return { text: plain, remark: null };
  if (hasMark) throw sourceError({ file }, `its byte order mark says ${marked}, and it is damaged`);
  const declared = declaredEncoding(bytes);
  const guess = guessEncoding(bytes);
  // Any bytes are valid in windows-1252 and most in the double-byte encodings: a declaration alone proves nothing.
  if (declared !== null && !isRefuted(declared, guess)) {
    const text = decodeStrictly(bytes, declared);
    if (text !== null) return { text, remark: null };
  }
  const text = guess === null ? null : decodePlausibly(bytes, guess.encoding);
  if (guess === null || text === null) {
    const what =
      'the text is not UTF-8, and its encoding cannot be told; save it as UTF-8, or name it with "encoding" of the source';
    throw sourceError({ file, ...firstBadPlace(bytes) }, what);
  }
  const against = declared === null ? '' : `, not as ${declared}, which it declares`;
  return {
    text,
    remark: `read as ${guess.encoding}${against}, which is a guess; "encoding" of the source makes it sure`,
  };
}

/** A guess that gives a replacement character, which some encodings can spell, is wrong. */
function decodePlausibly(bytes: Uint8Array, encoding: string): string | null {
  const text = decodeStrictly(bytes, encoding);
  return text === null || text.includes('\ufffd') ? null : text;
}

/** What is valid UTF-8 is hardly ever anything else. */
function isUtf8(bytes: Uint8Array): boolean {
  return decodeStrictly(bytes, 'utf-8') !== null;
}

/** Reports whether the platform knows an encoding. */
export function isKnownEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    // RangeError: no such encoding.
    return false;
  }
}

/** Text in UTF-16 without a mark: every other byte of what is ASCII is zero. */
export function wideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const start = bytes.subarray(0, LOOKED_AT);
  const half = Math.floor(start.length / 2);
  if (half === 0 || bytes.length % 2 === 1) return null;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < half * 2; at += 2) {
    if (start[at] === 0) even += 1;
    if (start[at + 1] === 0) odd += 1;
  }
  if (odd / half >= ZERO_SHARE && even === 0) return 'utf-16le';
  return even / half >= ZERO_SHARE && odd === 0 ? 'utf-16be' : null;
}

/** Reports whether the bytes speak clearly for another one of the encodings that can be guessed. */
function isRefuted(declared: string, guess: EncodingGuess | null): boolean {
  if (guess === null || !isKnownEncoding(declared)) return false;
  const { encoding } = new TextDecoder(declared);
  // GB18030 holds all of GBK and GB2312.
  const name = encoding === 'gbk' ? 'gb18030' : encoding;
  return GUESSABLE.has(name) && name !== guess.encoding;
}

function declaredEncoding(bytes: Uint8Array): string | null {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 2048));
  const label =
    /<meta[^>]{1,200}charset\s*=\s*["']?([\w-]+)/i.exec(start)?.[1] ??
    /^<\?xml[^>]{1,200}encoding\s*=\s*["']([\w-]+)/i.exec(start)?.[1];
  return label === undefined || /^utf-?8$/i.test(label) ? null : label.toLowerCase();
}
