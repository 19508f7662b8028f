import { isInteger } from '../../../src/contracts/json.ts';
import type { DecoderConfig } from '../decoder-config.ts';
import { invalidOnnx, quoted } from './invalid-onnx.ts';

type JsonRecord = Readonly<Record<string, unknown>>;

const MODEL_TYPES = ['llama', 'qwen2'] as const;
/** Engines read no more. */
const MAX_CONTEXT = 131_072;
/** Far above all published ones. */
const MAX = { width: 65_536, layers: 512, heads: 1024, feedForward: 262_144, vocabulary: 2 ** 20 } as const;

/**
 * Reads the `config.json` of a published model.
 * @param path - For errors.
 * @throws UnderstudyError `cli/model-invalid` for another architecture, and for sizes that are none or do not fit together.
 */
export function readPublishedConfig(config: JsonRecord, path: string): DecoderConfig {
  const told = config['model_type'];
  const modelType = MODEL_TYPES.find((known) => known === told);
  if (modelType === undefined) {
    const what =
      typeof told === 'string' ? `describes a model of type ${quoted(told)}` : 'names no model type';
    throw invalidOnnx(path, `${what}; models of type ${MODEL_TYPES.join(' and ')} are packed`);
  }
  const size = (key: string, most: number, fallback?: number): number => {
    const value = config[key] ?? fallback;
    if (isInteger(value, 1) && value <= most) return value;
    throw invalidOnnx(path, `gives no valid ${key}: an integer from 1 to ${most}`);
  };
  const width = size('hidden_size', MAX.width);
  const heads = size('num_attention_heads', MAX.heads);
  const keyHeads = size('num_key_value_heads', MAX.heads, heads);
  const headWidth = size('head_dim', MAX.width, width / heads);
  if (heads % keyHeads !== 0) throw invalidOnnx(path, `has ${heads} heads and ${keyHeads} key heads`);
  return {
    modelType,
    width,
    layers: size('num_hidden_layers', MAX.layers),
    heads,
    keyHeads,
    headWidth,
    feedForward: size('intermediate_size', MAX.feedForward),
    vocabulary: size('vocab_size', MAX.vocabulary),
    contextTokens: Math.min(MAX_CONTEXT, size('max_position_embeddings', Number.MAX_SAFE_INTEGER)),
  };
}
