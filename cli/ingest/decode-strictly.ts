/** Characters of windows-1252 from 0x80 to 0x9f (Encoding Standard, index windows-1252). */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/**
 * Decodes bytes in an encoding of the Encoding Standard; null where they are not valid in it, or there is no such encoding.
 *
 * Node 20 decodes windows-1252 as ISO 8859-1: the euro sign and typographic quotes become controls, which is mended here.
 */
export function decodeStrictly(bytes: Uint8Array, encoding: string): string | null {
  try {
    const decoder = new TextDecoder(encoding, { fatal: true });
    const text = decoder.decode(bytes);
    if (decoder.encoding !== 'windows-1252') return text;
    return text.replace(/[\u0080-\u009f]/g, (control) => WINDOWS_1252.charAt(control.charCodeAt(0) - 0x80));
  } catch {
    // TypeError: not valid in this encoding. RangeError: no such encoding.
    return null;
  }
}
