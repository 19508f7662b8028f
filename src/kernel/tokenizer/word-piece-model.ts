import type { StringTable } from '../gguf/string-table.ts';
import { basicWords } from './basic-words.ts';
import type { TextIndex } from './text-index.ts';
import type { TokenModel } from './token-model.ts';

const encoder = new TextEncoder();
/** Words of more characters are unknown, as in the original. */
const MAX_WORD = 100;
/** Marks what begins a word, in files by llama.cpp's converter. */
const BEGIN_MARK = '\u2581';
/** Marks what continues a word, in vocabularies as published. */
const CONTINUE_MARK = '##';

/** Parts of a WordPiece tokenizer. */
export interface WordPieceParts {
  readonly tokens: StringTable;
  readonly index: TextIndex;
  readonly unknown: number;
}

/** WordPiece, of which BERT-class encoders are made: of each word the longest beginning that is a token, and so on. */
export function createWordPieceModel({ tokens, index, unknown }: WordPieceParts): TokenModel {
  const { marksBegin, lowers } = describeVocabulary(tokens, index);
  const first = encoder.encode(marksBegin ? BEGIN_MARK : '');
  const later = encoder.encode(marksBegin ? '' : CONTINUE_MARK);

  const appendWord = (word: string, output: number[]): void => {
    const bytes = encoder.encode(word);
    const found: number[] = [];
    for (let start = 0; start < bytes.length;) {
      const mark = start === 0 ? first : later;
      let end = Math.min(bytes.length, start + index.longestBytes);
      let token = -1;
      for (; end > start; end -= 1) {
        token = findMarked(mark, bytes.subarray(start, end));
        if (token >= 0) break;
      }
      if (token < 0) {
        output.push(unknown);
        return;
      }
      found.push(token);
      start = end;
    }
    output.push(...found);
  };

  const findMarked = (mark: Uint8Array, part: Uint8Array): number => {
    if (mark.length === 0) return index.find(part, 0, part.length);
    const joined = new Uint8Array(mark.length + part.length);
    joined.set(mark);
    joined.set(part, mark.length);
    return index.find(joined, 0, joined.length);
  };

  return {
    addsSpace: true,
    append(text, _isFirst, output) {
      for (const word of basicWords(text, lowers)) {
        // Units bound characters from above, so that an endless word is not spread out to be counted.
        if (word.length > MAX_WORD && (word.length > 2 * MAX_WORD || Array.from(word).length > MAX_WORD)) {
          output.push(unknown);
        } else appendWord(word, output);
      }
    },
    bytesOf(token) {
      const text = tokens.at(token);
      const mark = marksBegin ? BEGIN_MARK : CONTINUE_MARK;
      const isMarked = text.startsWith(mark);
      const bare = isMarked ? text.slice(mark.length) : text;
      return encoder.encode(isMarked === marksBegin ? ` ${bare}` : bare);
    },
  };
}

/** Sees from the tokens which of the two marks a vocabulary uses, and whether it has capital letters. */
function describeVocabulary(
  tokens: StringTable,
  index: TextIndex,
): { readonly marksBegin: boolean; readonly lowers: boolean } {
  const begin = encoder.encode(BEGIN_MARK);
  let begins = 0;
  let continues = 0;
  for (let token = 0; token < tokens.length; token += 1) {
    const at = tokens.startAt(token);
    const { bytes } = tokens;
    const length = tokens.lengthAt(token);
    if (length >= 3 && begin.every((byte, place) => bytes[at + place] === byte)) begins += 1;
    if (length >= 3 && bytes[at] === 35 && bytes[at + 1] === 35) continues += 1;
  }
  const marksBegin = begins > continues;
  const capitals = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  const lowers = capitals.every((letter) => index.findText((marksBegin ? BEGIN_MARK : '') + letter) < 0);
  return { marksBegin, lowers };
}
