import { sourceError } from './source-error.ts';

/**
 * Decodes the bytes of a page: UTF-8, UTF-16 with a byte order mark, or the `charset` an HTML page names.
 * @throws UnderstudyError `cli/source-invalid` with the line of the first byte that is no UTF-8.
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const named = /\.html?$/i.test(file) ? namedCharset(bytes) : null;
    if (named !== null) return named.decode(bytes);
    const lenient = new TextDecoder().decode(bytes);
    const bad = lenient.indexOf('\ufffd');
    const before = lenient.slice(0, Math.max(0, bad)).split('\n');
    const place = { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    throw sourceError(place, 'the text is not UTF-8; save it as UTF-8', error);
  }
}

function namedCharset(bytes: Uint8Array): TextDecoder | null {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 2048));
  const label = /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(start)?.[1];
  if (label === undefined || /^utf-?8$/i.test(label)) return null;
  try {
    return new TextDecoder(label);
  } catch {
    // RangeError: no such encoding; the UTF-8 error is told instead.
    return null;
  }
}
