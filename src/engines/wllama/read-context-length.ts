const KEY = '.context_length';
/** Where the header of a published file names its context; the vocabulary comes after it. */
const SEARCHED_BYTES = 1 << 20;
/** Type of a 32-bit unsigned value in GGUF. */
const UINT32 = 4;
const LARGEST = 1 << 20;

/**
 * Finds the context a GGUF file was trained for: the key `<architecture>.context_length`, its type, its value.
 * Gives null when it is not found, or no number of 2 to 2²⁰.
 */
export function readContextLength(file: Uint8Array): number | null {
  const head = file.subarray(0, SEARCHED_BYTES);
  const letters = [...new TextEncoder().encode(KEY)];
  const [first = 0] = letters;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  for (let at = head.indexOf(first); at >= 0; at = head.indexOf(first, at + 1)) {
    const end = at + letters.length;
    if (end + 8 > head.length) return null;
    if (!letters.every((letter, index) => head[at + index] === letter)) continue;
    const value = view.getUint32(end + 4, true);
    return view.getUint32(end, true) === UINT32 && value >= 2 && value <= LARGEST ? value : null;
  }
  return null;
}
