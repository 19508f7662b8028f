import type { StringTable } from '../gguf/string-table.ts';
import { LETTER_OF_BYTE, lettersToBytes, writeLetters } from './byte-letters.ts';
import { MergeRanks } from './merge-ranks.ts';
import { mergeSymbols } from './merge-symbols.ts';
import type { WordSplitter } from './split-words.ts';
import type { TextIndex } from './text-index.ts';
import type { TokenModel } from './token-model.ts';

const encoder = new TextEncoder();
/** Words whose tokens are kept, and the longest of them in UTF-16 units. */
const CACHED_WORDS = 4096;
const CACHED_LENGTH = 32;

/** Parts of a byte-level tokenizer. */
export interface ByteLevelParts {
  readonly tokens: StringTable;
  readonly index: TextIndex;
  readonly merges: StringTable;
  readonly splitter: WordSplitter;
  /** Stands for bytes that the vocabulary lacks; null leaves them out. */
  readonly unknown: number | null;
}

/**
 * Byte-pair encoding over bytes, as in GPT-2 and most models since.
 * @throws UnderstudyError `engine/model-invalid` for merges that are no two texts.
 */
export function createByteLevelModel({
  tokens,
  index,
  merges,
  splitter,
  unknown,
}: ByteLevelParts): TokenModel {
  const ranks = new MergeRanks(merges, tokens, index);
  const tokenOfByte = LETTER_OF_BYTE.map((letter) => index.findText(String.fromCharCode(letter)));
  const cache = new Map<string, readonly number[]>();

  const wholeWord = (bytes: Uint8Array): number => {
    if (bytes.length > index.longestBytes) return -1;
    const letters = new Uint8Array(bytes.length * 2);
    return index.find(letters, 0, writeLetters(bytes, bytes.length, letters));
  };

  const cut = (word: string): number[] => {
    const bytes = encoder.encode(word);
    if (splitter.ignoresMerges) {
      const whole = wholeWord(bytes);
      if (whole >= 0) return [whole];
    }
    const symbols = Int32Array.from(bytes, (byte) => tokenOfByte[byte] ?? -1);
    const next = mergeSymbols(symbols.length, {
      rate(left, right) {
        const rank = ranks.rankOf(symbols[left] ?? -1, symbols[right] ?? -1);
        return rank < 0 ? Infinity : rank;
      },
      merge(left, right) {
        symbols[left] = ranks.madeOf(symbols[left] ?? -1, symbols[right] ?? -1);
      },
    });
    const found: number[] = [];
    for (let at = 0; at < symbols.length; at = next[at] ?? symbols.length) {
      const token = symbols[at] ?? -1;
      if (token >= 0) found.push(token);
      else if (unknown !== null) found.push(unknown);
    }
    return found;
  };

  return {
    addsSpace: false,
    append(text, _isFirst, output) {
      for (const word of splitter.split(text)) {
        let found = cache.get(word);
        if (found === undefined) {
          found = cut(word);
          if (word.length <= CACHED_LENGTH) {
            if (cache.size >= CACHED_WORDS) cache.clear();
            cache.set(word, found);
          }
        }
        for (const token of found) output.push(token);
      }
    },
    bytesOf(token) {
      return lettersToBytes(tokens.at(token)) ?? tokens.bytesAt(token);
    },
  };
}
