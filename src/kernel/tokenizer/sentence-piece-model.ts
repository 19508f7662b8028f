import type { NumberList } from '../gguf/metadata.ts';
import type { StringTable } from '../gguf/string-table.ts';
import { mergeSymbols } from './merge-symbols.ts';
import type { TextIndex } from './text-index.ts';
import type { TokenModel } from './token-model.ts';
import { TOKEN_TYPES } from './vocabulary.ts';

const encoder = new TextEncoder();
const BYTE_TOKEN = /^<0x([0-9A-F]{2})>$/;
/** Stands for a space in the vocabulary. */
const SPACE_MARK = '\u2581';

/** Parts of a SentencePiece-style tokenizer. */
export interface SentencePieceParts {
  readonly tokens: StringTable;
  readonly index: TextIndex;
  /** One a token; the merge that makes the highest goes first. */
  readonly scores: NumberList;
  readonly types: NumberList;
  readonly unknown: number | null;
  /** Whether a space is put before a text. */
  readonly addsSpace: boolean;
}

/** SentencePiece byte-pair encoding over characters, with tokens for the bytes of characters it does not know. */
export function createSentencePieceModel(parts: SentencePieceParts): TokenModel {
  const { tokens, index, scores, types, unknown, addsSpace } = parts;
  const isMergeable = (token: number): boolean => {
    const type = types[token];
    return type === TOKEN_TYPES.normal || type === TOKEN_TYPES.userDefined;
  };
  const tokenOfByte = Array.from({ length: 256 }, (_, byte) =>
    index.findText(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
  );

  const appendBytes = (bytes: Uint8Array, start: number, end: number, output: number[]): void => {
    const found = Array.from(bytes.subarray(start, end), (byte) => tokenOfByte[byte] ?? -1);
    if (found.every((token) => token >= 0)) output.push(...found);
    // Without tokens for bytes a stretch of unknown characters is one unknown token.
    else if (unknown !== null && output.at(-1) !== unknown) output.push(unknown);
  };

  return {
    addsSpace,
    append(text, isFirst, output) {
      if (text === '') return;
      const marked = (addsSpace && isFirst ? ` ${text}` : text).replaceAll(' ', SPACE_MARK);
      const bytes = encoder.encode(marked);
      const { starts, count } = characterStarts(bytes);
      const ends = starts.slice(1);
      const find = (left: number, right: number): number => {
        const token = index.find(bytes, starts[left] ?? 0, ends[right] ?? 0);
        return token >= 0 && isMergeable(token) ? token : -1;
      };
      const next = mergeSymbols(count, {
        rate(left, right) {
          const token = find(left, right);
          return token < 0 ? Infinity : -(scores[token] ?? 0);
        },
        merge(left, right) {
          ends[left] = ends[right] ?? 0;
        },
      });
      for (let at = 0; at < count; at = next[at] ?? count) {
        const token = find(at, at);
        if (token >= 0) output.push(token);
        else appendBytes(bytes, starts[at] ?? 0, ends[at] ?? 0, output);
      }
    },
    bytesOf(token) {
      const text = tokens.at(token);
      const byte = types[token] === TOKEN_TYPES.byte ? BYTE_TOKEN.exec(text)?.[1] : undefined;
      if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16));
      return encoder.encode(text.replaceAll(SPACE_MARK, ' '));
    },
  };
}

/** Where each character begins, and at the end the number of bytes. */
function characterStarts(bytes: Uint8Array): { readonly starts: Int32Array; readonly count: number } {
  const starts = new Int32Array(bytes.length + 1);
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (((bytes[at] ?? 0) & 0xc0) === 0x80) continue;
    starts[count] = at;
    count += 1;
  }
  starts[count] = bytes.length;
  return { starts: starts.subarray(0, count + 1), count };
}
