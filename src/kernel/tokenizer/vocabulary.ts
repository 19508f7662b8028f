import { invalidModel } from '../gguf/invalid-model.ts';
import type { GgufMetadata, NumberList } from '../gguf/metadata.ts';
import type { StringTable } from '../gguf/string-table.ts';
import { TextIndex } from './text-index.ts';

/** Kinds of tokens in `tokenizer.ggml.token_type`. */
export const TOKEN_TYPES = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

/** Tokens of a model with their kinds. */
export interface Vocabulary {
  readonly tokens: StringTable;
  /** Of equal tokens the last is found. */
  readonly index: TextIndex;
  /** A kind of {@link TOKEN_TYPES} a token. */
  readonly types: Int32Array;
}

/** Most tokens that are read; the largest published vocabularies have a quarter of a million. */
const MAX_TOKENS = 2 ** 20;

/**
 * Reads the tokens of a model.
 * @throws UnderstudyError `engine/model-invalid` when there are none, too many, or kinds do not fit them.
 */
export function readVocabulary(metadata: GgufMetadata): Vocabulary {
  const tokens = metadata.strings('tokenizer.ggml.tokens');
  if (tokens.length === 0 || tokens.length > MAX_TOKENS) {
    throw invalidModel(`The tokenizer has ${tokens.length} tokens; from 1 to ${MAX_TOKENS} are read.`);
  }
  const types = readPerToken(metadata, 'tokenizer.ggml.token_type', tokens.length);
  return {
    tokens,
    index: new TextIndex(tokens, 'last'),
    types: types === null ? new Int32Array(tokens.length).fill(TOKEN_TYPES.normal) : new Int32Array(types),
  };
}

/**
 * Reads a list with one number a token; null when it is missing.
 * @throws UnderstudyError `engine/model-invalid` when it has another length.
 */
export function readPerToken(metadata: GgufMetadata, key: string, count: number): NumberList | null {
  const values = metadata.numbers(key, null);
  if (values !== null && values.length !== count) {
    throw invalidModel(`The metadata "${key}" has ${values.length} values for ${count} tokens.`, { key });
  }
  return values;
}
