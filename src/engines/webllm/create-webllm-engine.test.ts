import { expect } from '@open-wc/testing';
import type { EngineFault } from '../../../test/contract/engine.ts';
import { runEngineContract } from '../../../test/contract/engine.ts';
import { LetterModel } from '../../../test/fixtures/letter-model.ts';
import type { Engine } from '../../contracts/engine.ts';
import { isUnderstudyError } from '../../contracts/errors.ts';
import { GREEDY } from '../writing/self-test.ts';
import type { WebLlmEngineOptions } from './create-webllm-engine.ts';
import { createWebLlmEngine } from './create-webllm-engine.ts';
import type { WebLlmConfig, WebLlmModule } from './webllm-module.ts';

const messages = [{ role: 'user', content: 'How long does delivery take?' }] as const;
const LETTERS = 256;

/** A stand-in for the library: letters instead of a model. A test with it is a simulation, no proof of the library. */
function standIn(fault: EngineFault = 'none') {
  const seen: {
    config: WebLlmConfig | null;
    requests: Readonly<Record<string, unknown>>[];
    unloads: number;
  } = {
    config: null,
    requests: [],
    unloads: 0,
  };
  const letters = new LetterModel();
  const module: WebLlmModule = {
    CreateMLCEngine: async (_, config) => {
      seen.config = config;
      if (fault === 'artifact-missing' || fault === 'artifact-broken')
        throw new Error('Cannot fetch the model.');
      config.initProgressCallback({ progress: 0.5, text: '' });
      let isInterrupted = false;
      return {
        chat: {
          completions: {
            create: async (request) => {
              seen.requests.push(request);
              isInterrupted = false;
              const promptIds = letters.encode(messages);
              const asked = Array.isArray(request['messages'])
                ? JSON.stringify(request['messages']).length
                : 0;
              if (asked > LETTERS * 8) {
                throw Object.assign(new Error('Prompt tokens exceed context window size.'), {
                  name: 'ContextWindowSizeExceededError',
                });
              }
              return writeChunks(letters, promptIds, request, () => isInterrupted);
            },
          },
        },
        interruptGenerate: () => {
          isInterrupted = true;
        },
        unload: async () => {
          seen.unloads += 1;
        },
      };
    },
  };
  return { module, seen };
}

async function* writeChunks(
  letters: LetterModel,
  promptIds: readonly number[],
  request: Readonly<Record<string, unknown>>,
  isInterrupted: () => boolean,
): AsyncGenerator {
  const tokens: number[] = [];
  const numberOf = (name: string): number => Number(request[name]);
  await letters.run({
    ...GREEDY,
    promptIds,
    maxTokens: Math.min(numberOf('max_tokens'), LETTERS - promptIds.length),
    temperature: numberOf('temperature'),
    seed: numberOf('seed'),
    beforeStep: () => Promise.resolve(),
    onToken: (token) => tokens.push(token) > 0,
  });
  let count = 0;
  for (const token of tokens) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (isInterrupted()) break;
    count += 1;
    yield { choices: [{ delta: { content: letters.decode([token]) }, finish_reason: null }] };
  }
  yield { choices: [{ delta: {}, finish_reason: isInterrupted() ? 'abort' : 'length' }] };
  yield { choices: [], usage: { prompt_tokens: promptIds.length, completion_tokens: count } };
}

function engineOver(module: WebLlmModule, change: Partial<WebLlmEngineOptions> = {}): Engine {
  return createWebLlmEngine({
    modelId: 'letters-q4f32_1',
    moduleUrl: 'https://help.example/web-llm/index.js',
    modelUrl: 'https://help.example/model/',
    modelLibUrl: 'https://help.example/model.wasm',
    contextTokens: LETTERS,
    importModule: () => Promise.resolve(module),
    hasAdapter: () => Promise.resolve(true),
    ...change,
  });
}

async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    return isUnderstudyError(error) ? error.code : String(error);
  }
  return 'none';
}

runEngineContract('the WebLLM engine over a stand-in', (fault) => engineOver(standIn(fault).module), {
  hasSelfTest: false,
  keepsForms: 'unchecked',
  longRequest: { messages },
});

describe('the WebLLM engine over a stand-in', () => {
  it('knows the model of the owner and no other', async () => {
    const { module, seen } = standIn();
    const integrity = { config: 'sha256-x', onFailure: 'error' } as const;
    await engineOver(module, { integrity }).load();
    expect(seen.config?.appConfig.model_list).to.deep.equal([
      {
        model: 'https://help.example/model/',
        model_id: 'letters-q4f32_1',
        model_lib: 'https://help.example/model.wasm',
        overrides: { context_window_size: LETTERS },
        integrity,
      },
    ]);
  });

  it('tells its progress', async () => {
    const shares: number[] = [];
    await engineOver(standIn().module).load({
      onProgress: ({ loadedBytes, totalBytes }) => shares.push(loadedBytes / totalBytes),
    });
    expect(shares).to.deep.equal([0.5]);
  });

  it('loads nothing where there is no adapter', async () => {
    const { module, seen } = standIn();
    const engine = engineOver(module, { hasAdapter: () => Promise.resolve(false) });
    expect(await codeOf(engine.load())).to.equal('engine/unsupported');
    expect(seen.config).to.equal(null);
  });

  it('hands a grammar and a schema on in the words of the library', async () => {
    const { module, seen } = standIn();
    const engine = engineOver(module);
    await engine.load();
    for (const form of [{ grammar: 'root ::= "x"' }, { schema: { type: 'object' } }]) {
      for await (const part of engine.generate({ messages, maxTokens: 1, ...form })) expect(part).to.exist;
    }
    expect(seen.requests.map((request) => request['response_format'])).to.deep.equal([
      { type: 'grammar', grammar: 'root ::= "x"' },
      { type: 'json_object', schema: '{"type":"object"}' },
    ]);
  });

  it('frees the model', async () => {
    const { module, seen } = standIn();
    const engine = engineOver(module);
    await engine.load();
    await engine.dispose();
    expect(seen.unloads).to.equal(1);
  });
});
