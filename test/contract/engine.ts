import { expect } from '@open-wc/testing';
import type { Engine, EnginePart, GenerateRequest } from '../../src/contracts/engine.ts';
import { isUnderstudyError } from '../../src/contracts/errors.ts';

/** How the factory spoils the engine it makes. */
export type EngineFault = 'none' | 'artifact-missing' | 'artifact-broken' | 'golden-wrong';

/** Makes an engine that is not loaded, over a model of any weights. */
export type EngineFactory = (fault: EngineFault) => Engine | Promise<Engine>;

/** What an implementation is expected to do beyond the contract's minimum. */
export interface EngineCapabilities {
  /** Whether recorded cases are checked while it loads. */
  readonly hasSelfTest: boolean;
  /**
   * Whether output is kept to a `grammar` and to a `schema`; without, both are refused. `unchecked` where a stand-in takes
   * the place of what would keep them.
   */
  readonly keepsForms: boolean | 'unchecked';
  /** A request to which the model writes at least 12 tokens without ending by itself. */
  readonly longRequest: GenerateRequest;
}

async function collect(parts: AsyncIterable<EnginePart>): Promise<EnginePart[]> {
  const all: EnginePart[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

const textOf = (parts: readonly EnginePart[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');

async function failureOf(action: () => Promise<unknown>): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error('It was expected to throw.');
}

async function expectCode(code: string, action: () => Promise<unknown>): Promise<void> {
  const error = await failureOf(action);
  if (!isUnderstudyError(error)) throw error;
  expect(error.code).to.equal(code);
}

/**
 * Declares the tests that every {@link Engine} passes.
 *
 * @param name - Of the implementation, for the report.
 */
export function runEngineContract(
  name: string,
  factory: EngineFactory,
  capabilities: EngineCapabilities,
): void {
  const { longRequest, hasSelfTest, keepsForms } = capabilities;

  describe(`${name} keeps the contract of an engine`, () => {
    let engine: Engine;

    before(async function () {
      this.timeout(60_000);
      engine = await factory('none');
      await engine.load();
    });

    after(() => engine.dispose());

    const generate = (
      change: Partial<GenerateRequest> = {},
      signal?: AbortSignal,
    ): AsyncIterable<EnginePart> =>
      engine.generate({ ...longRequest, ...change }, signal === undefined ? {} : { signal });

    it('says its version, its model and its context', () => {
      expect(engine.contract).to.equal(1);
      expect(engine.modelId).to.not.equal('');
      expect(engine.contextTokens).to.be.greaterThan(1);
    });

    it('streams text and ends with exactly one end', async () => {
      const parts = await collect(generate({ maxTokens: 12 }));
      expect(parts.filter((part) => part.type === 'end')).to.have.length(1);
      expect(parts.at(-1)?.type).to.equal('end');
      expect(parts.length).to.be.greaterThan(3);
      expect(textOf(parts)).to.not.equal('');
    });

    it('writes as many tokens as allowed and says so', async () => {
      const end = (await collect(generate({ maxTokens: 12 }))).at(-1);
      if (end?.type !== 'end') throw new Error('There is no end.');
      expect(end.reason).to.equal('length');
      expect(end.metrics.outputTokens).to.equal(12);
      expect(end.metrics.promptTokens).to.be.greaterThan(0);
      // Clocks of browsers are coarse: a small model may write within one of their ticks.
      expect(end.metrics.firstTokenMs).to.be.within(0, 60_000);
      expect(end.metrics.tokensPerSecond).to.be.within(0, 1e9);
      expect(end.metrics.memoryBytes).to.be.at.least(0);
    });

    it('writes the same text again', async () => {
      const first = textOf(await collect(generate({ maxTokens: 12 })));
      expect(textOf(await collect(generate({ maxTokens: 12 })))).to.equal(first);
    });

    it('writes the same text for the same seed and another for another', async () => {
      const write = async (seed: number): Promise<string> =>
        textOf(await collect(generate({ maxTokens: 12, temperature: 1.5, seed })));
      const first = await write(7);
      expect(await write(7)).to.equal(first);
      const others = [await write(8), await write(9), await write(10)];
      expect(others.some((text) => text !== first)).to.equal(true);
    });

    it('changes what it writes when repetition is discouraged', async () => {
      const plain = textOf(await collect(generate({ maxTokens: 40 })));
      const varied = textOf(await collect(generate({ maxTokens: 40, repetitionPenalty: 3 })));
      expect(new Set(varied).size).to.be.at.least(new Set(plain).size);
    });

    it('ends at a stop text and leaves it out', async () => {
      const whole = textOf(await collect(generate({ maxTokens: 12 })));
      const stop = whole.slice(3, 6);
      const parts = await collect(generate({ maxTokens: 12, stop: ['never written', stop] }));
      expect(textOf(parts)).to.equal(whole.slice(0, whole.indexOf(stop)));
      const end = parts.at(-1);
      expect(end?.type === 'end' && end.reason).to.equal('stop');
    });

    it('writes after an empty prompt', async () => {
      for (const messages of [[], [{ role: 'user', content: '' }] as const]) {
        const parts = await collect(generate({ messages, maxTokens: 3 }));
        expect(parts.at(-1)?.type).to.equal('end');
      }
    });

    it('refuses a prompt that is longer than its context', async () => {
      const content = 'many words '.repeat(engine.contextTokens);
      const messages = [{ role: 'user', content }] as const;
      await expectCode('engine/prompt-too-long', () => collect(generate({ messages })));
    });

    it('never writes past its context', async () => {
      const parts = await collect(generate({ maxTokens: 4096 }));
      const end = parts.at(-1);
      if (end?.type !== 'end') throw new Error('There is no end.');
      expect(end.metrics.promptTokens + end.metrics.outputTokens).to.be.at.most(engine.contextTokens);
    });

    const schema = { type: 'object', properties: { a: { const: 'x' } }, required: ['a'] } as const;
    if (keepsForms === true) {
      it('keeps its output to a grammar', async () => {
        const parts = await collect(generate({ maxTokens: 40, grammar: 'root ::= "yes" | "no"' }));
        expect(textOf(parts)).to.match(/^(yes|no)$/);
        const end = parts.at(-1);
        expect(end?.type === 'end' && end.reason).to.equal('stop');
      });

      it('writes one JSON value that fits a schema', async () => {
        const value: unknown = JSON.parse(textOf(await collect(generate({ maxTokens: 100, schema }))));
        expect(value).to.deep.equal({ a: 'x' });
      });

      it('throws engine/grammar-invalid for a grammar that cannot be read', async () => {
        await expectCode('engine/grammar-invalid', () => collect(generate({ grammar: 'root ::= "yes' })));
      });
    }
    if (keepsForms === false) {
      it('refuses a grammar or a schema instead of ignoring it', async () => {
        await expectCode('engine/unsupported', () => collect(generate({ grammar: 'root ::= "yes"' })));
        await expectCode('engine/unsupported', () => collect(generate({ schema })));
      });
    }

    it('stops within one token when aborted, with the reason of the signal', async () => {
      const controller = new AbortController();
      const reason = new Error('enough');
      const seen: EnginePart[] = [];
      const error = await failureOf(async () => {
        for await (const part of generate({ maxTokens: 200 }, controller.signal)) {
          seen.push(part);
          controller.abort(reason);
        }
      });
      expect(error).to.equal(reason);
      expect(seen).to.have.length(1);
    });

    it('lets an abort arrive as a message while it writes', async () => {
      const controller = new AbortController();
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        controller.abort(new Error('by message'));
      };
      let pieces = 0;
      const error = await failureOf(async () => {
        for await (const part of generate({ maxTokens: 200 }, controller.signal)) {
          if (part.type === 'text-delta') pieces += 1;
          if (pieces === 1) channel.port2.postMessage(null);
        }
      });
      channel.port1.close();
      expect(String(error)).to.contain('by message');
      expect(pieces).to.be.at.most(4);
    });

    it('does not start when the signal is aborted already', async () => {
      const reason = new Error('before');
      expect(await failureOf(() => collect(generate({}, AbortSignal.abort(reason))))).to.equal(reason);
    });

    it('can write again after it was aborted or left', async () => {
      for await (const part of generate({ maxTokens: 200 })) if (part.type === 'text-delta') break;
      const parts = await collect(generate({ maxTokens: 3 }));
      expect(parts.at(-1)?.type).to.equal('end');
    });
  });

  describe(`${name} fails as the contract says`, () => {
    it('throws engine/failed when it is not loaded', async () => {
      const engine = await factory('none');
      await expectCode('engine/failed', () => collect(engine.generate(longRequest)));
    });

    it('throws the reason of the signal when loading is aborted', async () => {
      const engine = await factory('none');
      const reason = new Error('no more');
      expect(await failureOf(() => engine.load({ signal: AbortSignal.abort(reason) }))).to.equal(reason);
      await engine.dispose();
    });

    it('throws engine/load-failed when an artifact is missing or broken', async () => {
      for (const fault of ['artifact-missing', 'artifact-broken'] as const) {
        const engine = await factory(fault);
        await expectCode('engine/load-failed', () => engine.load());
        await engine.dispose();
      }
    });

    if (hasSelfTest) {
      it('throws engine/wrong-output when it writes other tokens than recorded', async () => {
        const engine = await factory('golden-wrong');
        await expectCode('engine/wrong-output', () => engine.load());
        await engine.dispose();
      });
    }

    it('can be disposed twice, and before it is loaded', async () => {
      const engine = await factory('none');
      await engine.dispose();
      await engine.dispose();
      const loaded = await factory('none');
      await loaded.load();
      await loaded.dispose();
      await loaded.dispose();
      await expectCode('engine/failed', () => collect(loaded.generate(longRequest)));
    });
  });
}
