/** Reads what an unpacked wheel of MTEB says of encoders; the Python files are read as text, never run. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const MODELS = 'mteb/models/model_implementations';

export function readMteb(folder) {
  const encoders = new Map();
  for (const file of readdirSync(join(folder, MODELS)).filter((name) => name.endsWith('.py'))) {
    const text = readFileSync(join(folder, MODELS, file), 'utf8');
    for (const [, body] of text.matchAll(/^\w+ = ModelMeta\(\n([\s\S]*?)\n\)/gm)) {
      const field = (name) => new RegExp(`^ {4}${name}="?([^",\\n]+)"?,`, 'm').exec(body)?.[1] ?? null;
      const number = (name) => {
        const value = Number((field(name) ?? '').replaceAll('_', ''));
        return Number.isInteger(value) && value > 0 ? value : null;
      };
      encoders.set(field('name'), {
        place: `${MODELS}/${file}`,
        parameters: number('n_parameters'),
        width: number('embed_dim'),
        context: number('max_tokens'),
        isEnglishOnly: /^ {4}languages=\["eng-Latn"\],/m.test(body),
      });
    }
  }
  return encoders;
}
