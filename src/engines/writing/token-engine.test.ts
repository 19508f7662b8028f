import { expect } from '@open-wc/testing';
import type { EngineFault } from '../../../test/contract/engine.ts';
import { runEngineContract } from '../../../test/contract/engine.ts';
import type { LetterModelOptions } from '../../../test/fixtures/letter-model.ts';
import { exactly, LetterModel } from '../../../test/fixtures/letter-model.ts';
import type { Engine, GenerateRequest } from '../../contracts/engine.ts';
import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import type { GoldenCase } from './golden-cases.ts';
import { createTokenEngine } from './token-engine.ts';

const messages = [{ role: 'user', content: 'How long does delivery take?' }] as const;
const recorded: GoldenCase = {
  content: null,
  promptIds: [10, 65, 10],
  outputIds: [0, 0, 0, 0, 0],
  top: [],
};

async function record(model: LetterModel): Promise<GoldenCase> {
  const outputIds: number[] = [];
  await model.run({
    ...{ temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, seed: 0, constraint: null },
    promptIds: recorded.promptIds,
    maxTokens: 5,
    beforeStep: () => Promise.resolve(),
    onToken: (token) => outputIds.push(token) > 0,
  });
  return { ...recorded, outputIds };
}

function engineOf(model: LetterModel, fault: EngineFault = 'none'): Engine {
  return createTokenEngine({
    id: 'letters',
    modelId: 'letters',
    start: async () => {
      if (fault === 'artifact-missing') throw new Error('There is no artifact "model".');
      if (fault === 'artifact-broken') {
        throw new UnderstudyError('bundle/hash-mismatch', 'The artifact "model" is damaged.');
      }
      const golden = fault === 'golden-wrong' ? recorded : await record(model);
      return { model, golden: [golden], memoryBytes: () => 0 };
    },
  });
}

async function loaded(options: LetterModelOptions = {}): Promise<{ engine: Engine; model: LetterModel }> {
  const model = new LetterModel(options);
  const engine = engineOf(model);
  await engine.load();
  return { engine, model };
}

async function write(engine: Engine, request: Partial<GenerateRequest>): Promise<string> {
  let text = '';
  for await (const part of engine.generate({ messages, maxTokens: 30, ...request })) {
    if (part.type === 'text-delta') text += part.text;
  }
  return text;
}

async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    return isUnderstudyError(error) ? error.code : String(error);
  }
  return 'none';
}

runEngineContract('an engine over single tokens', (fault) => engineOf(new LetterModel(), fault), {
  hasSelfTest: true,
  keepsForms: false,
  longRequest: { messages },
});

describe('an engine over single tokens', () => {
  it('keeps its output to the form that the model makes of a grammar or schema', async () => {
    const asked: GenerateRequest[] = [];
    const { engine } = await loaded({
      constrain: (request) => {
        asked.push(request);
        return exactly('{"a":1}');
      },
    });
    expect(await write(engine, { schema: { type: 'object' } })).to.equal('{"a":1}');
    expect(await write(engine, { grammar: 'root ::= "yes"' })).to.equal('{"a":1}');
    expect(asked.map(({ grammar, schema }) => grammar ?? schema)).to.deep.equal([
      { type: 'object' },
      'root ::= "yes"',
    ]);
  });

  it('refuses two forms at once', async () => {
    const { engine } = await loaded({ constrain: () => exactly('x') });
    expect(await codeOf(write(engine, { grammar: 'root ::= "x"', schema: {} }))).to.equal(
      'engine/unsupported',
    );
    expect(
      await codeOf(write(engine, { schema: {}, quotes: ['You can return it within 30 days.'] })),
    ).to.equal('engine/unsupported');
  });

  it('quotes nothing but the given sentences', async () => {
    const { engine } = await loaded();
    const text = await write(engine, { quotes: ['You can return it within 30 days.'], maxTokens: 200 });
    expect(text).to.equal('You can return it within 30 days [1].');
  });

  it('hands sampling on within its ranges', async () => {
    const seen: unknown[] = [];
    const { engine, model } = await loaded();
    const run = model.run.bind(model);
    model.run = (settings) => {
      const { temperature, topK, topP, minP } = settings;
      seen.push({ temperature, topK, topP, minP });
      return run(settings);
    };
    await write(engine, {});
    await write(engine, { temperature: -1, topK: 3.9, topP: 7, minP: NaN });
    expect(seen).to.deep.equal([
      { temperature: 0, topK: 40, topP: 1, minP: 0 },
      { temperature: 0, topK: 3, topP: 1, minP: 0 },
    ]);
  });

  it('ends the run of the model when the reader leaves', async () => {
    const { engine, model } = await loaded();
    for await (const part of engine.generate({ messages, maxTokens: 200 })) {
      if (part.type === 'text-delta') break;
    }
    expect(model.seen.left).to.equal(1);
  });

  it('tells a failure of the model as engine/failed and can write again', async () => {
    let fails = false;
    const { engine } = await loaded({
      onStep: (written) => {
        if (fails && written === 2) throw new Error('out of memory');
      },
    });
    fails = true;
    expect(await codeOf(write(engine, {}))).to.equal('engine/failed');
    fails = false;
    expect(await write(engine, {})).to.have.length(30);
  });

  it('frees a model that fails its self-test', async () => {
    const model = new LetterModel();
    const engine = engineOf(model, 'golden-wrong');
    expect(await codeOf(engine.load())).to.equal('engine/wrong-output');
    expect(model.seen.disposed).to.equal(1);
  });

  it('refuses a model whose tokens are right and whose logits are not', async () => {
    const logits = new Float32Array(129);
    const load = async (logit: number, token = 5): Promise<string> => {
      const model = new LetterModel({ logits });
      const golden = { ...(await record(model)), top: [{ token, logit }] };
      const start = () => Promise.resolve({ model, golden: [golden], memoryBytes: () => 0 });
      return codeOf(createTokenEngine({ id: 'letters', modelId: 'letters', start }).load());
    };
    logits[5] = 2;
    expect(await load(2.4)).to.equal('none');
    expect(await load(2.6)).to.equal('engine/wrong-output');
    expect(await load(2, 1000)).to.equal('engine/wrong-output');
    logits[5] = NaN;
    expect(await load(2)).to.equal('engine/wrong-output');
  });

  it('compares no logits where the model gives none', async () => {
    const model = new LetterModel();
    const golden = { ...(await record(model)), top: [{ token: 5, logit: 7 }] };
    const start = () => Promise.resolve({ model, golden: [golden], memoryBytes: () => 0 });
    expect(await codeOf(createTokenEngine({ id: 'letters', modelId: 'letters', start }).load())).to.equal(
      'none',
    );
  });
});
