import { expect } from '@open-wc/testing';
import type { Engine, EnginePart, GenerateRequest } from '../../contracts/engine.ts';
import { isUnderstudyError } from '../../contracts/errors.ts';
import { createPromptApiEngine } from './create-prompt-api-engine.ts';
import type { LanguageModelCreate, LanguageModelStatic } from './language-model.ts';
import { findLanguageModel } from './language-model.ts';

const messages = [
  { role: 'system', content: 'Be short.' },
  { role: 'user', content: 'How long?' },
] as const;

/** A stand-in for the browser's model. A test with it is a simulation, no proof of the browser. */
function standIn(availability = 'available', words: readonly string[] = ['two ', 'days ', 'or ', 'three']) {
  const seen = {
    created: [] as LanguageModelCreate[],
    prompts: [] as { readonly input: string; readonly constraint: unknown }[],
    destroyed: 0,
    cancelled: 0,
  };
  const api: LanguageModelStatic = {
    availability: () => Promise.resolve(availability),
    create: async (options) => {
      options.signal.throwIfAborted();
      seen.created.push(options);
      const target = new EventTarget();
      options.monitor?.(target);
      target.dispatchEvent(new ProgressEvent('downloadprogress', { loaded: 0.25, total: 1 }));
      return {
        contextWindow: 4096,
        contextUsage: 12,
        promptStreaming: (input, { responseConstraint }) => {
          seen.prompts.push({ input, constraint: responseConstraint });
          if (input.length > 4096) throw new DOMException('The input is too large.', 'QuotaExceededError');
          const left = [...words];
          return new ReadableStream({
            pull(controller) {
              const word = left.shift();
              if (word === undefined) controller.close();
              else controller.enqueue(word);
            },
            cancel() {
              seen.cancelled += 1;
            },
          });
        },
        destroy: () => {
          seen.destroyed += 1;
        },
      };
    },
  };
  return { api, seen };
}

async function loaded(languageModel: LanguageModelStatic | null): Promise<Engine> {
  const engine = createPromptApiEngine({ languageModel });
  await engine.load();
  return engine;
}

async function write(engine: Engine, change: Partial<GenerateRequest> = {}): Promise<EnginePart[]> {
  const parts: EnginePart[] = [];
  for await (const part of engine.generate({ messages, ...change })) parts.push(part);
  return parts;
}

async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    return isUnderstudyError(error) ? error.code : String(error);
  }
  return 'none';
}

const textOf = (parts: readonly EnginePart[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');

describe("the engine over the browser's model, with a stand-in", () => {
  it('streams the pieces and ends once, with the last message as the prompt', async () => {
    const { api, seen } = standIn();
    const engine = await loaded(api);
    const parts = await write(engine);
    expect(textOf(parts)).to.equal('two days or three');
    expect(parts.filter(({ type }) => type === 'end')).to.have.length(1);
    expect(engine.contextTokens).to.equal(4096);
    expect(seen.prompts[0]?.input).to.equal('How long?');
    expect(seen.created.at(-1)?.initialPrompts).to.deep.equal([messages[0]]);
  });

  it('frees a session for each answer, so that no answer knows the one before', async () => {
    const { api, seen } = standIn();
    const engine = await loaded(api);
    await write(engine);
    await write(engine);
    expect([seen.created.length, seen.destroyed]).to.deep.equal([3, 3]);
  });

  it('ends at the limit and at a stop text', async () => {
    const { api, seen } = standIn();
    const engine = await loaded(api);
    const limited = await write(engine, { maxTokens: 2 });
    expect(textOf(limited)).to.equal('two days ');
    expect(limited.at(-1)).to.include({ type: 'end', reason: 'length' });
    const stopped = await write(engine, { stop: ['or'] });
    expect(textOf(stopped)).to.equal('two days ');
    expect(stopped.at(-1)).to.include({ type: 'end', reason: 'stop' });
    expect(seen.cancelled).to.be.at.least(1);
  });

  it('hands a schema on and refuses what the browser cannot keep', async () => {
    const { api, seen } = standIn();
    const engine = await loaded(api);
    await write(engine, { schema: { type: 'object' } });
    expect(seen.prompts[0]?.constraint).to.deep.equal({ type: 'object' });
    expect(await codeOf(write(engine, { grammar: 'root ::= "x"' }))).to.equal('engine/unsupported');
    expect(await codeOf(write(engine, { temperature: 1 }))).to.equal('engine/unsupported');
  });

  it('stops when aborted, with the reason of the signal, and can write again', async () => {
    const engine = await loaded(standIn().api);
    const controller = new AbortController();
    const seen: EnginePart[] = [];
    let failure: unknown = null;
    try {
      for await (const part of engine.generate({ messages }, { signal: controller.signal })) {
        seen.push(part);
        controller.abort(new Error('enough'));
      }
    } catch (error) {
      failure = error;
    }
    expect(String(failure)).to.contain('enough');
    expect(seen).to.have.length(1);
    expect(textOf(await write(engine))).to.equal('two days or three');
  });

  it('tells a prompt that is too long', async () => {
    const engine = await loaded(standIn().api);
    const long = [{ role: 'user', content: 'x'.repeat(5000) }] as const;
    expect(await codeOf(write(engine, { messages: long }))).to.equal('engine/prompt-too-long');
  });

  it('does not make the browser download a model unasked, and tells the progress when asked', async () => {
    for (const availability of ['downloadable', 'downloading', 'unavailable', 'odd']) {
      const { api, seen } = standIn(availability);
      expect(await codeOf(loaded(api))).to.equal('engine/unsupported');
      expect(seen.created).to.have.length(0);
    }
    const shares: number[] = [];
    const { api } = standIn('downloadable');
    await createPromptApiEngine({ languageModel: api, mayDownload: true }).load({
      onProgress: ({ loadedBytes, totalBytes }) => shares.push(loadedBytes / totalBytes),
    });
    expect(shares).to.deep.equal([0.25]);
  });

  it('is unsupported where the browser brings none', async () => {
    expect(await codeOf(loaded(null))).to.equal('engine/unsupported');
    expect(findLanguageModel({})).to.equal(null);
    expect(findLanguageModel({ LanguageModel: { create: 1 } })).to.equal(null);
  });
});
