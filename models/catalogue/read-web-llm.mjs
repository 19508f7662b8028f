/**
 * Reads the list of models of an unpacked `@mlc-ai/web-llm` package.
 *
 * The list is a literal in `lib/index.js`, beside seven megabytes of runtime that want a browser: it is read as text,
 * record by record, and never run.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const START = 'const prebuiltAppConfig = {';
/** `SmolLM2-360M-Instruct-q4f16_1-MLC-1k` → base, quantization, and a tail for variants of one set of weights. */
const MODEL_ID = /^(.+?)-(q\df\d\d(?:_\d)?)-MLC(?:-(.+))?$/;

export function readWebLlm(folder) {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const text = readFileSync(join(folder, 'lib/index.js'), 'utf8');
  const start = text.indexOf(START);
  const end = text.indexOf('\n};', start);
  if (start < 0 || end < 0) throw new Error(`${folder} has no "${START}" in lib/index.js`);
  const models = new Map();
  for (const [, body] of text.slice(start, end).matchAll(/\n {8}\{\n([\s\S]*?)\n {8}\},?/g)) {
    const field = (name) => new RegExp(`^\\s*${name}: (.+?),?$`, 'm').exec(body)?.[1];
    const id = JSON.parse(field('model_id'));
    const [, base, quantization, variant] = MODEL_ID.exec(id) ?? [];
    if (base === undefined) throw new Error(`${id} is not of the form NAME-QUANTIZATION-MLC`);
    const features = field('required_features');
    const window = field('context_window_size');
    const record = {
      id,
      variant: variant ?? '',
      quantization,
      repository: JSON.parse(field('model')).replace('https://huggingface.co/', ''),
      memoryMB: field('vram_required_MB') === undefined ? null : Number(field('vram_required_MB')),
      features: features === undefined ? [] : JSON.parse(features),
      contextWindow: window === undefined ? null : Number(window),
      isEncoder: /model_type: ModelType\.embedding/.test(body),
      seesImages: /model_type: ModelType\.VLM/.test(body),
    };
    models.set(base, [...(models.get(base) ?? []), record]);
  }
  return { version, models };
}
