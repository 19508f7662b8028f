/** Of each 10 characters outside ASCII, as many must be of Chinese for a text to be taken for it. */
const CHINESE_FROM = 0.7;

/**
 * Reads bytes as text: by their mark of order, else as UTF-8, else as the Chinese encoding when that gives Chinese, else as Western
 * European. Never fails.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const utf8 = decodeExactly(bytes, 'utf-8');
  if (utf8 !== null) return utf8;
  const chinese = decodeExactly(bytes, 'gb18030');
  return chinese !== null && isChinese(chinese) ? chinese : new TextDecoder('windows-1252').decode(bytes);
}

/** Reads bytes in an encoding by its name, or by {@link decodeText} when the platform does not know it. */
export function decodeAs(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    // A RangeError: there is no such encoding.
    return decodeText(bytes);
  }
}

function decodeExactly(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    // A TypeError: the bytes are of another encoding.
    return null;
  }
}

function isChinese(text: string): boolean {
  const others = text.match(/[^\0-\x7f]/gu)?.length ?? 0;
  const chinese = text.match(/[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/gu)?.length ?? 0;
  return chinese >= others * CHINESE_FROM;
}
