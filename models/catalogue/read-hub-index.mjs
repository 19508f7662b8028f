/**
 * Reads the index of model cards and `config.json` files that the crate `llmfit-core` carries, from its unpacked source.
 *
 * Where the hub did not hand out a `config.json` (gated models), the index writes 4096 as context and leaves the layers
 * empty: such a context is no fact and is not taken. Lists of languages hold stray tags; only language codes are taken.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const LANGUAGE = /^[a-z]{2,3}$/;

export function readHubIndex(folder) {
  const version = /^version = "([^"]+)"/m.exec(readFileSync(join(folder, 'Cargo.toml'), 'utf8'))?.[1];
  const models = new Map();
  for (const entry of JSON.parse(readFileSync(join(folder, 'data/hf_models.json'), 'utf8'))) {
    const hasConfig = Number.isInteger(entry.num_hidden_layers);
    models.set(entry.name, {
      parameters: entry.parameters_raw > 0 ? entry.parameters_raw : null,
      architecture: entry.architecture,
      layers: entry.num_hidden_layers,
      width: entry.hidden_size,
      heads: entry.num_attention_heads,
      kvHeads: entry.num_key_value_heads,
      vocabulary: entry.vocab_size,
      // The index calls the width of every feed-forward layer so.
      feedForward: entry.moe_intermediate_size,
      context: hasConfig ? entry.context_length : null,
      licence: entry.license ?? null,
      languages: entry.languages?.filter((code) => LANGUAGE.test(code)) ?? [],
      ggufRepositories: (entry.gguf_sources ?? []).map(({ repo }) => repo),
    });
  }
  const onnx = new Map();
  for (const { id, name, onnx_files: files } of JSON.parse(
    readFileSync(join(folder, 'data/onnx_models.json'), 'utf8'),
  ))
    onnx.set(name.toLowerCase(), { repository: id, files });
  return { version, models, onnx };
}
