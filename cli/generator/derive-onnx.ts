import type { JsonObject } from '../../src/contracts/json.ts';
import { writeModelConfig } from './decoder-config.ts';
import { readLlamaFile } from './llama-file.ts';
import { writeLlamaGraph } from './llama-graph.ts';
import type { HalvesAs } from './llama-weights.ts';
import type { LlamaShape } from './llama-shape.ts';
import { readLlamaShape } from './llama-shape.ts';
import type { SpecialTokens } from './tokenizer-json.ts';
import { readSpecialTokens, writeTokenizerConfig, writeTokenizerJson } from './tokenizer-json.ts';

/** A file that the build makes from a model. */
export interface DerivedFile {
  /** Name of the artifact in the bundle. */
  readonly name: string;
  readonly role: 'model' | 'tokenizer' | 'model-config';
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function modelConfig(shape: LlamaShape, tokens: SpecialTokens, halves: HalvesAs): JsonObject {
  return {
    ...writeModelConfig({ ...shape, modelType: 'llama' }, halves !== 'f32'),
    rms_norm_eps: shape.normEpsilon,
    rope_theta: shape.ropeBase,
    bos_token_id: tokens.begin,
    eos_token_id: tokens.end,
    pad_token_id: tokens.pad,
  };
}

function generationConfig({ begin, end, pad }: SpecialTokens): JsonObject {
  return { bos_token_id: begin, eos_token_id: end, pad_token_id: pad ?? end, do_sample: false };
}

function json(name: string, role: DerivedFile['role'], value: JsonObject): DerivedFile {
  const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify(value)));
  return { name, role, mediaType: 'application/json', bytes };
}

/** Options of {@link deriveTransformersFiles}. */
export interface DeriveOptions {
  /**
   * How scales and matrices in 16-bit floats are written: `f16` as they are, `f32` widened, for graphics devices without
   * 16-bit floats; a Q8_0 model grows by 6 % then, one in F16 to twice its size. Default `f16`.
   */
  readonly scales?: HalvesAs;
}

/**
 * Derives the files Transformers.js runs from one GGUF file of a llama model.
 *
 * The same input gives the same bytes.
 * @param gguf - Tensors in F32, F16 or Q8_0; byte-level BPE tokenizer and chat template in the metadata.
 * @throws UnderstudyError `engine/model-invalid`.
 */
export function deriveTransformersFiles(
  gguf: Uint8Array,
  { scales = 'f16' }: DeriveOptions = {},
): DerivedFile[] {
  const file = readLlamaFile(gguf);
  const shape = readLlamaShape(file);
  const tokens = readSpecialTokens(file);
  const onnx = writeLlamaGraph(file, shape, scales);
  return [
    { name: 'model.onnx', role: 'model', mediaType: 'application/octet-stream', bytes: onnx },
    json('tokenizer.json', 'tokenizer', writeTokenizerJson(file, shape.vocabulary)),
    json('tokenizer-config.json', 'tokenizer', writeTokenizerConfig(file, shape.contextTokens)),
    json('model-config.json', 'model-config', modelConfig(shape, tokens, scales)),
    json('generation-config.json', 'model-config', generationConfig(tokens)),
  ];
}
