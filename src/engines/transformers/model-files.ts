import type { ArtifactReader } from '../../contracts/engine.ts';
import { UnderstudyError } from '../../contracts/errors.ts';
import { isInteger, isRecord } from '../../contracts/json.ts';
import type { GoldenCase } from '../writing/golden-cases.ts';
import { parseGoldenCases } from '../writing/golden-cases.ts';
import type { GraphicsNeeds } from './graphics-device.ts';

type JsonRecord = Readonly<Record<string, unknown>>;

/** What the bundle holds of a model, read and checked. */
export interface ModelFiles {
  /** ONNX model. */
  readonly model: Uint8Array<ArrayBuffer>;
  readonly tokenizer: JsonRecord;
  readonly tokenizerConfig: JsonRecord;
  readonly config: JsonRecord;
  readonly generationConfig: JsonRecord;
  readonly contextTokens: number;
  /** Tokens that end an answer. */
  readonly endTokens: readonly number[];
  /** Names of tokens that steer the model; they must not be read out of a message. */
  readonly specialTexts: readonly string[];
  readonly golden: readonly GoldenCase[];
  readonly sizeBytes: number;
}

const MAX_CONTEXT = 131_072;

function invalid(name: string, what: string, cause?: unknown): UnderstudyError {
  return new UnderstudyError('engine/load-failed', `The artifact "${name}" ${what}.`, {
    facts: { artifact: name },
    cause,
  });
}

function parseJson(name: string, bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return value;
  } catch (cause) {
    throw invalid(name, 'is no JSON', cause);
  }
}

function parseRecord(name: string, bytes: Uint8Array): JsonRecord {
  const value = parseJson(name, bytes);
  if (!isRecord(value)) throw invalid(name, 'is no JSON object');
  return value;
}

function parseEndTokens(config: JsonRecord): readonly number[] {
  const value = config['eos_token_id'];
  const tokens: unknown[] = Array.isArray(value) ? value : [value];
  const ids = tokens.filter((id): id is number => isInteger(id));
  if (ids.length === 0) throw invalid('generation-config.json', 'names no token that ends an answer');
  return ids;
}

function parseSpecialTexts(tokenizer: JsonRecord): readonly string[] {
  const added = tokenizer['added_tokens'];
  if (!Array.isArray(added)) return [];
  return added.flatMap((token: unknown) => {
    const content = isRecord(token) ? token['content'] : undefined;
    return typeof content === 'string' && content.length > 1 ? [content] : [];
  });
}

function parseContextTokens(config: JsonRecord): number {
  const tokens = config['max_position_embeddings'];
  if (!isInteger(tokens, 2) || tokens > MAX_CONTEXT)
    throw invalid('model-config.json', 'gives no valid context');
  const type = config['model_type'];
  if (type !== 'llama' && type !== 'qwen2')
    throw invalid('model-config.json', 'describes no llama or qwen2 model');
  return tokens;
}

/** Bytes of a float as matrices lie on a graphics device: the runtime unpacks them while it loads. */
const FLOAT_BYTES = 4;

function sizeIn(config: JsonRecord, name: string): number {
  const value = config[name];
  if (!isInteger(value, 1)) throw invalid('model-config.json', `gives no valid ${name}`);
  return value;
}

/**
 * Reads the model's configuration alone and tells what it needs of a graphics device.
 * @throws UnderstudyError `engine/load-failed`, what `read` throws, and the signal's reason.
 */
export async function readGraphicsNeeds(read: ArtifactReader, signal: AbortSignal): Promise<GraphicsNeeds> {
  const config = parseRecord('model-config.json', await read('model-config.json', { signal }));
  signal.throwIfAborted();
  const width = sizeIn(config, 'hidden_size');
  const attention = sizeIn(config, 'num_attention_heads') + 2 * sizeIn(config, 'num_key_value_heads');
  // Gate and up lie in one matrix, as do query, key and value.
  const rows = Math.max(
    sizeIn(config, 'vocab_size'),
    2 * sizeIn(config, 'intermediate_size'),
    attention * sizeIn(config, 'head_dim'),
  );
  return { largestTensorBytes: rows * width * FLOAT_BYTES, hasHalves: config['dtype'] !== 'float32' };
}

/**
 * Reads the artifacts of a model and checks what the engine relies on.
 * @throws UnderstudyError `engine/load-failed`, what `read` throws, and the signal's reason.
 */
export async function readModelFiles(
  read: ArtifactReader,
  signal: AbortSignal | undefined,
): Promise<ModelFiles> {
  const options = signal === undefined ? {} : { signal };
  // Recorded cases are optional: a bundle without them is served without the self-test.
  const golden = read('golden.json', options).catch(() => null);
  const [model, ...rest] = await Promise.all([
    read('model.onnx', options),
    read('tokenizer.json', options),
    read('tokenizer-config.json', options),
    read('model-config.json', options),
    read('generation-config.json', options),
  ]);
  const goldenBytes = await golden;
  signal?.throwIfAborted();
  const tokenizer = parseRecord('tokenizer.json', rest[0]);
  const config = parseRecord('model-config.json', rest[2]);
  const generationConfig = parseRecord('generation-config.json', rest[3]);
  return {
    model,
    tokenizer,
    tokenizerConfig: parseRecord('tokenizer-config.json', rest[1]),
    config,
    generationConfig,
    contextTokens: parseContextTokens(config),
    endTokens: parseEndTokens(generationConfig),
    specialTexts: parseSpecialTexts(tokenizer),
    golden: goldenBytes === null ? [] : parseGoldenCases(parseJson('golden.json', goldenBytes)),
    sizeBytes: rest.reduce((sum, bytes) => sum + bytes.length, model.length),
  };
}
