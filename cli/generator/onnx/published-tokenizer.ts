import type { JsonObject } from '../../../src/contracts/json.ts';
import { isInteger, isJson, isRecord } from '../../../src/contracts/json.ts';
import { invalidOnnx } from './invalid-onnx.ts';
import type { DecoderConfig } from '../decoder-config.ts';

type JsonRecord = Readonly<Record<string, unknown>>;

/** Names of tokens that templates and libraries ask for. */
const TOKEN_NAMES = ['bos_token', 'eos_token', 'pad_token', 'unk_token'] as const;
const TOKENIZER_PARTS = [
  'added_tokens',
  'normalizer',
  'pre_tokenizer',
  'post_processor',
  'decoder',
  'model',
] as const;

/** A tokenizer that was read: what goes into the bundle, and what its tokens are called. */
export interface PublishedTokenizer {
  readonly json: JsonObject;
  /** Number of a token; null where there is none of that name. */
  idOf(token: string): number | null;
}

/**
 * Reads a `tokenizer.json`.
 * @param path - For errors.
 * @throws UnderstudyError `cli/model-invalid` for one without a vocabulary, or with tokens that the model does not have.
 */
export function readPublishedTokenizer(
  tokenizer: JsonRecord,
  { vocabulary }: DecoderConfig,
  path: string,
): PublishedTokenizer {
  const { model, added_tokens: added } = tokenizer;
  if (!isRecord(model) || model['type'] !== 'BPE' || !isRecord(model['vocab']))
    throw invalidOnnx(path, 'has no vocabulary of the kind BPE, which llama and qwen2 models have');
  const ids = new Map<string, number>();
  const learn = (name: unknown, id: unknown): void => {
    if (typeof name !== 'string' || !isInteger(id))
      throw invalidOnnx(path, 'has tokens without name or number');
    if (id >= vocabulary)
      throw invalidOnnx(
        path,
        `has a token ${id}, and the model knows ${vocabulary}: it belongs to another model`,
      );
    ids.set(name, id);
  };
  for (const [name, id] of Object.entries(model['vocab'])) learn(name, id);
  for (const token of Array.isArray(added) ? added : []) {
    const entry: unknown = token;
    if (!isRecord(entry)) throw invalidOnnx(path, 'has tokens without name or number');
    learn(entry['content'], entry['id']);
  }
  const json = {
    version: '1.0',
    truncation: null,
    padding: null,
    ...Object.fromEntries(TOKENIZER_PARTS.map((part) => [part, tokenizer[part] ?? null])),
  };
  if (!isJson(json)) throw invalidOnnx(path, 'is nested too deeply');
  return { json, idOf: (token) => ids.get(token) ?? null };
}

/**
 * Writes what the engine reads of a `tokenizer_config.json`, with the chat template.
 * @param template - Text of `chat_template.jinja`; null when there is none.
 * @throws UnderstudyError `cli/model-invalid` when there is no chat template at all.
 */
export function publishedTokenizerConfig(
  config: JsonRecord,
  template: string | null,
  { contextTokens }: DecoderConfig,
  path: string,
): JsonObject {
  const chatTemplate = templateOf(config['chat_template']) ?? template;
  if (chatTemplate === null || chatTemplate.trim() === '')
    throw invalidOnnx(
      path,
      'has no chat_template, nor has the folder a chat_template.jinja: it is no model for chats',
    );
  return {
    tokenizer_class: 'PreTrainedTokenizer',
    model_max_length: contextTokens,
    clean_up_tokenization_spaces: false,
    add_bos_token: config['add_bos_token'] === true,
    ...Object.fromEntries(TOKEN_NAMES.map((name) => [name, tokenName(config[name])])),
    chat_template: chatTemplate,
  };
}

/** The tokens that end an answer, as any of the configurations names them; empty when none does. */
export function endTokensOf(
  config: JsonRecord,
  generation: JsonRecord,
  tokenizerConfig: JsonRecord,
  tokenizer: PublishedTokenizer,
  { vocabulary }: DecoderConfig,
): readonly number[] {
  const told = [generation['eos_token_id'], config['eos_token_id']].flat();
  const name = tokenName(tokenizerConfig['eos_token']);
  const named = name === null ? null : tokenizer.idOf(name);
  const ids = [...told, named].filter((id): id is number => isInteger(id) && id < vocabulary);
  return [...new Set(ids)];
}

/** A number of a token in a configuration; null for what is none, or one that the model does not have. */
export function tokenIdOf(value: unknown, { vocabulary }: DecoderConfig): number | null {
  return isInteger(value) && value < vocabulary ? value : null;
}

/** A template, or the default one of several with names. */
function templateOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  for (const item of value) {
    const entry: unknown = item;
    if (isRecord(entry) && entry['name'] === 'default' && typeof entry['template'] === 'string')
      return entry['template'];
  }
  return null;
}

/** Tokens stand as names, or as objects that hold theirs. */
function tokenName(value: unknown): string | null {
  const name = isRecord(value) ? value['content'] : value;
  return typeof name === 'string' ? name : null;
}
