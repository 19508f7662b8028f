import type { JsonObject } from '../../src/contracts/json.ts';
import type { LlamaShape } from './llama-shape.ts';

const CLASSES = { llama: 'LlamaForCausalLM', qwen2: 'Qwen2ForCausalLM' } as const;

/** Sizes of a decoder as a `config.json` tells them. */
export interface DecoderConfig extends Omit<LlamaShape, 'normEpsilon' | 'ropeBase'> {
  readonly modelType: keyof typeof CLASSES;
}

/** Writes what the engine reads of a configuration: nothing that strangers wrote besides goes into a bundle. */
export function writeModelConfig(config: DecoderConfig, hasHalves: boolean): JsonObject {
  return {
    model_type: config.modelType,
    // Says to engines on graphics devices that the file holds no 16-bit floats.
    ...(hasHalves ? {} : { dtype: 'float32' }),
    architectures: [CLASSES[config.modelType]],
    hidden_size: config.width,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.keyHeads,
    head_dim: config.headWidth,
    intermediate_size: config.feedForward,
    vocab_size: config.vocabulary,
    max_position_embeddings: config.contextTokens,
  };
}
