import { invalidModel } from '../gguf/invalid-model.ts';
import type { GgufMetadata } from '../gguf/metadata.ts';
import { createByteLevelModel } from './byte-level-model.ts';
import { createFramedTokenizer } from './framed-tokenizer.ts';
import { createSentencePieceModel } from './sentence-piece-model.ts';
import { readSpecialTokens } from './special-tokens.ts';
import { wordSplitter } from './split-words.ts';
import type { SpecialTokens, Tokenizer } from './tokenizer.ts';
import { readPerToken, readVocabulary, TOKEN_TYPES } from './vocabulary.ts';
import { createWordPieceModel } from './word-piece-model.ts';

/**
 * Makes the tokenizer of a model from the metadata of its GGUF file (`tokenizer.ggml.*`).
 *
 * Read are `gpt2` (byte-level), `llama` (SentencePiece-style) and `bert` (WordPiece); without a `tokenizer.ggml.pre` text
 * is cut as llama.cpp does by default.
 * @throws UnderstudyError `engine/model-invalid` for other kinds, and for metadata that do not fit together.
 */
export function createTokenizer(metadata: GgufMetadata): Tokenizer {
  const kind = metadata.text('tokenizer.ggml.model');
  switch (kind) {
    case 'gpt2':
      return createByteLevel(metadata);
    case 'llama':
      return createSentencePiece(metadata);
    case 'bert':
      return createWordPiece(metadata);
    default:
      throw invalidModel(`The tokenizer is of kind "${kind}"; read are gpt2, llama and bert.`);
  }
}

function createByteLevel(metadata: GgufMetadata): Tokenizer {
  const vocabulary = readVocabulary(metadata);
  const special = readSpecialTokens(metadata, vocabulary, {});
  const splitter = wordSplitter(metadata.text('tokenizer.ggml.pre', 'default'));
  const merges = metadata.strings('tokenizer.ggml.merges');
  const { unknown } = special;
  const model = createByteLevelModel({ ...vocabulary, merges, splitter, unknown });
  return createFramedTokenizer({
    vocabulary,
    model,
    special,
    frame: readFrame(metadata, special, splitter.addsBegin),
  });
}

function createSentencePiece(metadata: GgufMetadata): Tokenizer {
  const vocabulary = readVocabulary(metadata);
  const { tokens, index, types } = vocabulary;
  const special = readSpecialTokens(metadata, vocabulary, { unknown: 0, begin: 1, end: 2 });
  const scores = readPerToken(metadata, 'tokenizer.ggml.scores', tokens.length);
  if (scores === null) throw invalidModel('The metadata "tokenizer.ggml.scores" is missing.');
  if (scores.some(Number.isNaN)) throw invalidModel('A score of the tokenizer is no number.');
  const model = createSentencePieceModel({
    tokens,
    index,
    scores,
    types,
    unknown: special.unknown,
    addsSpace: metadata.flag('tokenizer.ggml.add_space_prefix', true),
  });
  return createFramedTokenizer({ vocabulary, model, special, frame: readFrame(metadata, special, true) });
}

function createWordPiece(metadata: GgufMetadata): Tokenizer {
  const vocabulary = readVocabulary(metadata);
  const { tokens, index, types } = vocabulary;
  const read = readSpecialTokens(metadata, vocabulary, {});
  const named = (role: number | null, text: string): number | null => {
    const token = role ?? index.findText(text);
    if (token < 0) return null;
    types[token] = TOKEN_TYPES.control;
    return token;
  };
  const special: SpecialTokens = {
    ...read,
    unknown: named(read.unknown, '[UNK]'),
    pad: named(read.pad, '[PAD]'),
    classify: named(read.classify ?? read.begin, '[CLS]'),
    separator: named(read.separator, '[SEP]'),
  };
  const { unknown, classify, separator } = special;
  if (unknown === null || classify === null || separator === null) {
    throw invalidModel('The tokenizer of kind "bert" lacks one of [UNK], [CLS] and [SEP].');
  }
  return createFramedTokenizer({
    vocabulary,
    model: createWordPieceModel({ tokens, index, unknown }),
    special,
    frame: { before: [classify], after: [separator] },
  });
}

function readFrame(
  metadata: GgufMetadata,
  { begin, end }: SpecialTokens,
  addsBegin: boolean,
): { readonly before: readonly number[]; readonly after: readonly number[] } {
  const addBegin = metadata.flag('tokenizer.ggml.add_bos_token', addsBegin);
  const addEnd = metadata.flag('tokenizer.ggml.add_eos_token', false);
  return { before: addBegin && begin !== null ? [begin] : [], after: addEnd && end !== null ? [end] : [] };
}
