import { sourceError } from './source-error.ts';

/**
 * Decodes the bytes of a configuration or an export: UTF-8, or UTF-16 with a byte order mark. Pages are read by `decodeSource`.
 * @throws UnderstudyError `cli/source-invalid` with the line of the first byte that is no UTF-8.
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw sourceError({ file, ...firstBadPlace(bytes) }, 'the text is not UTF-8; save it as UTF-8', error);
  }
}

/** Line and column, from 1, of the first bytes that are no UTF-8. */
export function firstBadPlace(bytes: Uint8Array): { readonly line: number; readonly column: number } {
  const lenient = new TextDecoder().decode(bytes);
  const before = lenient.slice(0, Math.max(0, lenient.indexOf('\ufffd'))).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
