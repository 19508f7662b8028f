const CONTROL = 3;
const NORMAL = 1;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Bytes as the characters that byte-level BPE writes them with (GPT-2's table): printable ones as themselves. */
function byteCharacters() {
  const isPrintable = (byte) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isPrintable(byte) ? byte : next++));
}

/**
 * A byte-level BPE vocabulary of any size from 400 that every engine can load: two control tokens, the 256 bytes, and words
 * that grow letter by letter behind a space (` a`, ` ab`, ` abc`), each by one merge.
 *
 * @param {number} size
 * @returns {{tokens: string[], types: number[], merges: string[], begin: number, end: number}}
 */
export function makeVocabulary(size) {
  const tokens = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', ...byteCharacters()];
  const merges = [];
  const space = byteCharacters()[0x20];
  let grown = [space];
  while (tokens.length < size) {
    const next = [];
    for (const word of grown) {
      for (const letter of LETTERS) {
        if (tokens.length === size) break;
        tokens.push(word + letter);
        merges.push(`${word} ${letter}`);
        next.push(word + letter);
      }
    }
    grown = next;
  }
  const types = tokens.map((_, id) => (id < 3 ? CONTROL : NORMAL));
  return { tokens, types, merges, begin: 1, end: 2 };
}

/**
 * Ids of words that are one token each, and the text that gives exactly these tokens. Spread over the vocabulary.
 *
 * @param {number} size Of the vocabulary.
 * @param {number} count
 * @param {number} from Number of the first word; another one gives another text.
 */
export function makePrompt(size, count, from = 0) {
  const { tokens } = makeVocabulary(size);
  const firstWord = 3 + 256;
  const words = size - firstWord;
  const ids = Array.from({ length: count }, (_, at) => firstWord + (((from + at) * 7919 + 13) % words));
  const text = ids.map((id) => ` ${tokens[id].slice(1)}`).join('');
  return { ids, text };
}
