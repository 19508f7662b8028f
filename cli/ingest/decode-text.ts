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
    const lenient = new TextDecoder().decode(bytes);
    const bad = lenient.indexOf('\ufffd');
    const before = lenient.slice(0, Math.max(0, bad)).split('\n');
    const place = { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    throw sourceError(place, 'the text is not UTF-8; save it as UTF-8', error);
  }
}
