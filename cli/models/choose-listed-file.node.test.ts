import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findModel } from './find-model.ts';
import { chooseListedFile } from './choose-listed-file.ts';
import { loadCatalogue } from './load-catalogue.ts';

const { models } = await loadCatalogue();
const GIB = 2 ** 30;

function choose(
  id: string,
  sizes: { readonly [path: string]: number },
  wanted: string | null = null,
): string | null {
  const model = findModel(models, id);
  const format = model.formats.find(({ kind }) => kind === 'gguf');
  assert.ok(format !== undefined);
  const files = Object.entries(sizes).map(([path, sizeBytes]) => ({ path, sizeBytes, sha256: null }));
  return chooseListedFile(model, format, files, wanted, GIB)?.path ?? null;
}

describe('the file of a repository', () => {
  const small = { 'm.Q2_K.gguf': 88e6, 'm.Q4_K_M.gguf': 105e6, 'm.Q8_0.gguf': 145e6, 'm.f16.gguf': 270e6 };
  const large = {
    'm.Q2_K.gguf': 483e6,
    'm.Q4_K_M.gguf': 669e6,
    'm.Q6_K.gguf': 904e6,
    'm.Q8_0.gguf': 1170e6,
  };

  it('is in eight bits where that is small, else in about four', () => {
    assert.equal(choose('smollm2-135m-instruct', small), 'm.Q8_0.gguf');
    assert.equal(choose('tinyllama-1.1b-chat-v1.0', large), 'm.Q4_K_M.gguf');
  });

  it('is the one that was wanted, if it is read and not too long', () => {
    assert.equal(choose('smollm2-135m-instruct', small, 'q4_k_m'), 'm.Q4_K_M.gguf');
    assert.equal(choose('smollm2-135m-instruct', small, 'Q2_K'), null);
    assert.equal(choose('tinyllama-1.1b-chat-v1.0', large, 'Q8_0'), null);
  });

  it('is a whole model, and no part or companion of one', () => {
    const parts = {
      'm-Q8_0-00001-of-00002.gguf': 9e6,
      'mmproj-m-Q8_0.gguf': 9e6,
      'm.imatrix-Q8_0.gguf': 9e6,
      'README.md': 1,
    };
    assert.equal(choose('smollm2-135m-instruct', parts), null);
    assert.equal(choose('smollm2-135m-instruct', { ...parts, 'm-fp16.gguf': 270e6 }), 'm-fp16.gguf');
  });

  it('holds Q5_K only where the width of the model takes its blocks', () => {
    assert.equal(choose('smollm2-135m-instruct', { 'm.Q5_K_M.gguf': 112e6 }), null);
    assert.equal(choose('tinyllama-1.1b-chat-v1.0', { 'm.Q5_K_M.gguf': 783e6 }), 'm.Q5_K_M.gguf');
  });
});
