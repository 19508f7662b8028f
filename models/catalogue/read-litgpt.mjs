/** Reads the shapes of models in `litgpt/config.py` of an unpacked wheel of LitGPT; the file is read as text, never run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Shape of the config whose name is `name`, with `{}` where variants differ; null when there is none. */
export function readLitGpt(folder) {
  const text = readFileSync(join(folder, 'litgpt/config.py'), 'utf8');
  return (name) => {
    const start = text.indexOf(`\n        name="${name}",`);
    if (start < 0) return null;
    const block = text.slice(start, text.indexOf('\n    )', start));
    const number = (key) => {
      const found = new RegExp(`^ {8}${key}=(\\d+),`, 'm').exec(block)?.[1];
      return found === undefined ? null : Number(found);
    };
    return {
      layers: number('n_layer'),
      width: number('n_embd'),
      heads: number('n_head'),
      kvHeads: number('n_query_groups'),
      vocabulary: number('padded_vocab_size'),
      context: number('block_size'),
    };
  };
}
