/** Reads the ONNX encoders that an unpacked wheel of FastEmbed lists; the Python files are read as text, never run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES = ['onnx_embedding.py', 'pooled_embedding.py', 'pooled_normalized_embedding.py'];

export function readFastEmbed(folder) {
  const encoders = new Map();
  for (const file of FILES) {
    const place = `fastembed/text/${file}`;
    const text = readFileSync(join(folder, place), 'utf8');
    for (const [, body] of text.matchAll(/DenseModelDescription\(\n([\s\S]*?)\n {4}\)/g)) {
      const field = (name) => new RegExp(`\\b${name}="?([^",)\\n]+)`).exec(body)?.[1] ?? null;
      encoders.set(field('model'), {
        place,
        licence: field('license'),
        width: Number(field('dim')),
        sizeBytes: Math.round(Number(field('size_in_GB')) * 1e9),
        repository: field('hf'),
        file: field('model_file'),
        isEnglish: /\bEnglish\b/.test(body) && !/[Mm]ultilingual/.test(body),
      });
    }
  }
  return encoders;
}
