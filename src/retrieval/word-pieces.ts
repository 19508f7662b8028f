/** Length of the pieces that tell related words of one root. */
const LENGTH = 4;

/** Numbers of 16 bits that stand for the pieces of four letters of a word with its edges; rarely two for one number. */
export function pieceNumbers(word: string): number[] {
  const marked = `<${word}>`;
  const numbers: number[] = [];
  for (let at = 0; at + LENGTH <= marked.length; at++) {
    let value = 0x811c9dc5;
    for (let letter = at; letter < at + LENGTH; letter++)
      value = Math.imul(value ^ marked.charCodeAt(letter), 0x01000193);
    numbers.push((value ^ (value >>> 16)) & 0xffff);
  }
  return numbers;
}
