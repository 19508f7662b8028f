import type { Json, JsonObject } from '../../src/contracts/json.ts';
import { invalidModel } from '../../src/kernel/gguf/invalid-model.ts';
import type { LlamaFile } from './llama-file.ts';

/** Ids of tokens that a runtime must know. */
export interface SpecialTokens {
  readonly begin: number | null;
  /** Ends an answer. */
  readonly end: number;
  readonly pad: number | null;
}

const CONTROL = 3;
const USER_DEFINED = 4;

const WORDS_OF_GPT4 =
  "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}DIGITS| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

const byteLevel = (useRegex: boolean): JsonObject => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: useRegex,
});

const splitBy = (regex: string): JsonObject => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior: 'Isolated',
  invert: false,
});

/**
 * How text is cut before merging, by the names of llama.cpp (`tokenizer.ggml.pre`): `smollm` cuts digits one by
 * one and then words as GPT-2 does, `llama-bpe` takes up to three digits, `qwen2` one.
 */
const PRE_TOKENIZERS: { readonly [pre: string]: readonly JsonObject[] } = {
  smollm: [{ type: 'Digits', individual_digits: true }, byteLevel(true)],
  'gpt-2': [byteLevel(true)],
  'llama-bpe': [splitBy(WORDS_OF_GPT4.replace('DIGITS', '{1,3}')), byteLevel(false)],
  qwen2: [splitBy(WORDS_OF_GPT4.replace('DIGITS', '')), byteLevel(false)],
};

function strings(file: LlamaFile, key: string): string[] {
  return [...file.metadata.strings(key)];
}

function tokenId(file: LlamaFile, key: string, vocabulary: number): number | null {
  return file.metadata.integer(key, 0, vocabulary - 1, null);
}

/**
 * Reads which tokens begin, end and pad.
 * @throws UnderstudyError `engine/model-invalid` when none ends an answer.
 */
export function readSpecialTokens(file: LlamaFile): SpecialTokens {
  const { length } = file.metadata.strings('tokenizer.ggml.tokens');
  const end = tokenId(file, 'tokenizer.ggml.eos_token_id', length);
  if (end === null) throw invalidModel('The model names no token that ends an answer.');
  return {
    begin: tokenId(file, 'tokenizer.ggml.bos_token_id', length),
    end,
    pad: tokenId(file, 'tokenizer.ggml.padding_token_id', length),
  };
}

function addedTokens(file: LlamaFile, tokens: readonly string[]): JsonObject[] {
  const types = file.metadata.numbers('tokenizer.ggml.token_type');
  if (types.length !== tokens.length) {
    throw invalidModel('The metadata "tokenizer.ggml.token_type" does not fit the vocabulary.');
  }
  return tokens.flatMap((content, id) => {
    const type = types[id];
    if (type !== CONTROL && type !== USER_DEFINED) return [];
    const strip = { single_word: false, lstrip: false, rstrip: false, normalized: false };
    return [{ id, content, ...strip, special: type === CONTROL }];
  });
}

function mergePairs(file: LlamaFile): Json[] {
  return strings(file, 'tokenizer.ggml.merges').map((merge) => {
    const space = merge.indexOf(' ', 1);
    if (space < 1 || space === merge.length - 1) throw invalidModel(`"${merge}" is no merge of two tokens.`);
    return [merge.slice(0, space), merge.slice(space + 1)];
  });
}

/**
 * Writes the `tokenizer.json` of Hugging Face for the byte-level BPE tokenizer in the metadata.
 * @throws UnderstudyError `engine/model-invalid` when the tokenizer is of another kind or incomplete.
 */
export function writeTokenizerJson(file: LlamaFile, vocabulary: number): JsonObject {
  const model = file.metadata.text('tokenizer.ggml.model');
  const pre = file.metadata.text('tokenizer.ggml.pre');
  if (model !== 'gpt2') throw invalidModel(`The tokenizer is of kind "${model}", not "gpt2".`);
  const preTokenizers = Object.hasOwn(PRE_TOKENIZERS, pre) ? PRE_TOKENIZERS[pre] : undefined;
  if (preTokenizers === undefined) {
    throw invalidModel(
      `The tokenizer cuts text as "${pre}"; known are ${Object.keys(PRE_TOKENIZERS).join(', ')}.`,
    );
  }
  const tokens = strings(file, 'tokenizer.ggml.tokens');
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  if (tokens.length !== vocabulary || Object.keys(vocab).length !== vocabulary) {
    throw invalidModel(
      `The tokenizer has ${tokens.length} tokens, the model ${vocabulary}, or some are alike.`,
    );
  }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens(file, tokens),
    normalizer: null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: preTokenizers },
    post_processor: null,
    decoder: byteLevel(true),
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: pre === 'llama-bpe',
      vocab,
      merges: mergePairs(file),
    },
  };
}

/**
 * Writes the `tokenizer_config.json` of Hugging Face, with the chat template.
 * @throws UnderstudyError `engine/model-invalid` when there is no chat template.
 */
export function writeTokenizerConfig(file: LlamaFile, contextTokens: number): JsonObject {
  const template = file.metadata.text('tokenizer.chat_template');
  const tokens = strings(file, 'tokenizer.ggml.tokens');
  const { begin, end, pad } = readSpecialTokens(file);
  const name = (id: number | null): string | null => (id === null ? null : (tokens[id] ?? null));
  return {
    tokenizer_class: 'PreTrainedTokenizer',
    model_max_length: contextTokens,
    clean_up_tokenization_spaces: false,
    add_bos_token: file.metadata.flag('tokenizer.ggml.add_bos_token', false),
    bos_token: name(begin),
    eos_token: name(end),
    pad_token: name(pad),
    chat_template: template,
  };
}
