import { expect } from '@open-wc/testing';
import type { EngineFault } from '../../../test/contract/engine.ts';
import { runEngineContract } from '../../../test/contract/engine.ts';
import { readerOf } from '../../../test/fixtures/artifact-reader.ts';
import { goldenFile, referenceTokens } from '../../../test/fixtures/golden-file.ts';
import { tinyLlama } from '../../../test/fixtures/tiny-llama.ts';
import type { Engine } from '../../contracts/engine.ts';
import { isUnderstudyError } from '../../contracts/errors.ts';
import { createWllamaEngine } from './create-wllama-engine.ts';
import type { WllamaModule } from './wllama-module.ts';

const packageUrl = new URL('/node_modules/@wllama/wllama/esm/', location.href).href;
/** Text that is no UTF-8 ends the library with an exception: random weights must not write any. */
const gguf = tinyLlama({ writesAscii: true, seed: 2 });
/** The message `#$%` in the chat format of the model. */
const prompt = [3, 15, 40, 41, 42, 1, 15, 4, 15];

function makeEngine(fault: EngineFault): Engine {
  const recorded = referenceTokens(gguf, prompt, 8).map((id) => (fault === 'golden-wrong' ? id + 1 : id));
  const files = new Map([
    ['model.gguf', fault === 'artifact-broken' ? new Uint8Array(1000).fill(7) : gguf],
    ['golden.json', goldenFile(prompt, recorded, '#$%')],
  ]);
  if (fault === 'artifact-missing') files.delete('model.gguf');
  return createWllamaEngine({
    read: readerOf(files),
    modelId: 'tiny-llama',
    moduleUrl: `${packageUrl}index.js`,
    wasmUrl: `${packageUrl}wasm/wllama.wasm`,
  });
}

runEngineContract('the wllama engine', makeEngine, {
  hasSelfTest: true,
  keepsForms: true,
  longRequest: { messages: [{ role: 'user', content: 'How long does delivery take?' }] },
});

describe('the wllama engine where something is missing', () => {
  const read = readerOf(new Map([['model.gguf', gguf]]));
  const options = {
    read,
    modelId: 'tiny-llama',
    moduleUrl: `${packageUrl}index.js`,
    wasmUrl: `${packageUrl}x.wasm`,
  };

  async function codeOf(engine: Engine): Promise<string> {
    try {
      await engine.load();
      return 'none';
    } catch (error) {
      return isUnderstudyError(error) ? error.code : String(error);
    } finally {
      await engine.dispose();
    }
  }

  /** A library whose model never starts, as where the worker is forbidden. */
  function hangingLibrary(onStart: () => void): () => Promise<WllamaModule> {
    class Hanging {
      setCompat = (): void => undefined;
      loadModel = (): Promise<void> => {
        onStart();
        return new Promise(() => undefined);
      };
      getLoadedContextInfo = () => ({ n_ctx: 1 });
      createChatCompletion = (): Promise<unknown> => Promise.resolve();
      exit = (): Promise<void> => new Promise(() => undefined);
    }
    return () => Promise.resolve({ Wllama: Hanging });
  }

  it('tells a module that is not there, and one that is another', async () => {
    expect(await codeOf(createWllamaEngine({ ...options, moduleUrl: `${packageUrl}none.js` }))).to.equal(
      'engine/load-failed',
    );
    const other = URL.createObjectURL(new Blob(['export const x = 1;'], { type: 'text/javascript' }));
    expect(await codeOf(createWllamaEngine({ ...options, moduleUrl: other }))).to.equal('engine/load-failed');
  });

  it('tells a start that never ends', async () => {
    const importModule = hangingLibrary(() => undefined);
    expect(await codeOf(createWllamaEngine({ ...options, importModule, loadTimeoutMs: 1 }))).to.equal(
      'engine/load-failed',
    );
  });

  it('tells a policy that forbids its worker, without waiting for the time to run out', async () => {
    const importModule = hangingLibrary(() => {
      const init = { effectiveDirective: 'worker-src', documentURI: '', originalPolicy: '', statusCode: 200 };
      const fields = { violatedDirective: 'worker-src', disposition: 'enforce' } as const;
      dispatchEvent(new SecurityPolicyViolationEvent('securitypolicyviolation', { ...init, ...fields }));
    });
    expect(await codeOf(createWllamaEngine({ ...options, importModule }))).to.equal('engine/blocked');
  });

  it('fetches nothing from another origin', () => {
    const origins = performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin);
    expect([...new Set(origins)]).to.deep.equal([location.origin]);
  });
});
