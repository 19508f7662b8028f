import { invalidOnnx, quoted } from './invalid-onnx.ts';
import { ONNX_TYPES } from './onnx-writer.ts';
import type { DecoderConfig } from '../decoder-config.ts';
import type { OnnxHeader, OnnxValue } from './read-onnx.ts';

const IDS = 'input_ids';
const MASK = 'attention_mask';
/** Inputs of whole numbers that the engine gives; the first two have to be there. */
const WHOLE_NUMBERS: ReadonlySet<string> = new Set([IDS, MASK, 'position_ids', 'num_logits_to_keep']);
const FLOATS: ReadonlySet<number> = new Set([ONNX_TYPES.float32, ONNX_TYPES.float16]);

/**
 * Checks that a graph is a decoder as the engine drives it: tokens, mask and the keys and values before go in, logits and all keys and
 * values come out.
 * @param path - For errors.
 * @throws UnderstudyError `cli/model-invalid`.
 */
export function checkGraph({ inputs, outputs }: OnnxHeader, config: DecoderConfig, path: string): void {
  const fail = (what: string): never => {
    throw invalidOnnx(path, what);
  };
  const given = byName(inputs);
  const made = byName(outputs);
  const pasts = new Set(cacheNames('past_key_values', config));
  for (const { name } of inputs)
    if (!WHOLE_NUMBERS.has(name) && !pasts.has(name))
      fail(`asks for an input ${quoted(name)}, which the engine does not give`);
  for (const name of [IDS, MASK, ...pasts])
    if (!given.has(name)) fail(`has no input ${quoted(name)}; export it for text generation with its cache`);
  for (const name of ['logits', ...cacheNames('present', config)])
    if (!made.has(name)) fail(`has no output ${quoted(name)}; export it for text generation with its cache`);
  for (const { name, type, dims } of inputs) {
    if (WHOLE_NUMBERS.has(name)) {
      if (type !== ONNX_TYPES.int64) fail(`takes ${quoted(name)} as something else than 64-bit integers`);
      continue;
    }
    const [, keyHeads, , headWidth] = dims;
    if (!FLOATS.has(type)) fail(`keeps ${quoted(name)} as something else than floats`);
    if (dims.length !== 4 || keyHeads !== config.keyHeads || headWidth !== config.headWidth)
      fail(
        `keeps ${quoted(name)} in another shape than ${config.keyHeads} heads of width ${config.headWidth}`,
      );
  }
  const logits = made.get('logits');
  const rows = logits?.dims.at(-1);
  if (logits === undefined || !FLOATS.has(logits.type) || logits.dims.length !== 3)
    fail('gives logits in an unknown form');
  if (typeof rows === 'number' && rows !== config.vocabulary)
    fail(`gives logits of ${rows} tokens, and config.json tells of ${config.vocabulary}`);
}

const byName = (values: readonly OnnxValue[]): ReadonlyMap<string, OnnxValue> =>
  new Map(values.map((value) => [value.name, value]));

function cacheNames(prefix: string, { layers }: DecoderConfig): readonly string[] {
  return Array.from({ length: layers }, (_, layer) =>
    ['key', 'value'].map((part) => `${prefix}.${layer}.${part}`),
  ).flat();
}
