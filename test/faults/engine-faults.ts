import assert from 'node:assert/strict';
import { deriveTransformersFiles } from '../../cli/generator/derive-onnx.ts';
import type { Clock } from '../../src/contracts/clock.ts';
import type { Engine, EnginePart } from '../../src/contracts/engine.ts';
import type { UnderstudyError } from '../../src/contracts/errors.ts';
import { isUnderstudyError, UnderstudyError as Failure } from '../../src/contracts/errors.ts';
import type { Passage } from '../../src/contracts/passage.ts';
import type { EngineCandidate } from '../../src/engines/picker/candidate.ts';
import { probeDevice } from '../../src/engines/picker/device-facts.ts';
import type { EnginePicker } from '../../src/engines/picker/engine-picker.ts';
import { createEnginePicker } from '../../src/engines/picker/engine-picker.ts';
import { createTransformersEngine } from '../../src/engines/transformers/create-transformers-engine.ts';
import type { GoldenCase } from '../../src/engines/writing/golden-cases.ts';
import { createTokenEngine } from '../../src/engines/writing/token-engine.ts';
import { createGroundingCheck } from '../../src/grounding/check.ts';
import { wordAnswer } from '../../src/plan/word-answer.ts';
import { ManualClock } from '../../src/session/manual-clock.ts';
import { systemClock } from '../../src/session/system-clock.ts';
import { readerOf } from '../fixtures/artifact-reader.ts';
import { LetterModel } from '../fixtures/letter-model.ts';
import { tinyLlama } from '../fixtures/tiny-llama.ts';
import type { Fault } from './fault.ts';

const messages = [{ role: 'user', content: 'How long does delivery take?' }] as const;
const METRICS = { promptTokens: 1, outputTokens: 1, firstTokenMs: 1, tokensPerSecond: 1, memoryBytes: 0 };
/** A visitor who presses "stop" waits no longer than this. */
const CANCEL_LIMIT_MS = 300;

/** An engine that writes what it is told to, by the number of the answer. */
function scripted(id: string, write: (answer: number) => AsyncIterable<string>): Engine {
  let answer = 0;
  return {
    contract: 1,
    id,
    modelId: id,
    contextTokens: 100,
    load: () => Promise.resolve(),
    dispose: () => Promise.resolve(),
    async *generate(): AsyncGenerator<EnginePart> {
      answer += 1;
      for await (const text of write(answer)) yield { type: 'text-delta', text };
      yield { type: 'end', reason: 'stop', metrics: METRICS };
    },
  };
}

/** An engine over letters whose recorded output is `golden`. */
function letters(golden: readonly GoldenCase[], model = new LetterModel()): Engine {
  const start = () => Promise.resolve({ model, golden, memoryBytes: () => 0 });
  return createTokenEngine({ id: 'letters', modelId: 'letters', start });
}

async function* texts(...all: readonly string[]): AsyncGenerator<string> {
  await Promise.resolve();
  yield* all;
}

async function* deviceLost(): AsyncGenerator<string> {
  await Promise.resolve();
  throw new Failure('engine/failed', 'The device was lost.', { facts: { reason: 'device-lost' } });
}

/** Plays an adapter without 16-bit floats that refuses a model: the next engine answers, and nothing large was read. */
async function refusedGraphics(
  scales: 'f16' | 'f32',
  limits: Readonly<Record<string, number>>,
): Promise<string> {
  const files = new Map(
    deriveTransformersFiles(tinyLlama(), { scales }).map(({ name, bytes }) => [name, bytes]),
  );
  const reader = readerOf(files);
  const asked: string[] = [];
  const gpu = createTransformersEngine({
    read: (name, options) => {
      asked.push(name);
      return reader(name, options);
    },
    device: 'webgpu',
    runtimeUrl: 'https://understudy.invalid/ort/',
    modelId: 'tiny-llama',
    findAdapter: () =>
      Promise.resolve({
        features: new Set<string>(),
        limits: { maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 30, ...limits },
        requestDevice: () => Promise.reject(new Error('It is not to be opened.')),
      }),
  });
  const { picker, faults } = picking([gpu, scripted('cpu', () => texts('whole'))]);
  await picker.load();
  assert.equal(await write(picker), 'whole');
  assert.deepEqual(asked, ['model-config.json']);
  return faults[0]?.code ?? '';
}

function picking(engines: readonly Engine[], clock: Clock = systemClock) {
  const faults: UnderstudyError[] = [];
  const gaveUp: UnderstudyError[] = [];
  const candidate = (engine: Engine): EngineCandidate => ({
    id: engine.id,
    artifacts: [],
    needs: [],
    create: () => Promise.resolve(engine),
  });
  const picker = createEnginePicker({
    candidates: engines.map(candidate),
    offered: new Set(),
    facts: probeDevice(),
    mark: { steppedOver: new Set(), enter: () => Promise.resolve(), leave: () => Promise.resolve() },
    clock,
    onFault: (error) => faults.push(error),
    onGiveUp: (error) => gaveUp.push(error),
  });
  return { picker, faults, gaveUp };
}

async function write(picker: EnginePicker): Promise<string> {
  let text = '';
  for await (const part of picker.generate({ messages, maxTokens: 30 })) {
    if (part.type === 'text-delta') text += part.text;
  }
  return text;
}

async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    if (isUnderstudyError(error)) return error.code;
    throw error;
  }
  throw new Error('It was expected to fail.');
}

const PASSAGE: Passage = {
  id: 'returns#1',
  documentId: 'returns',
  title: 'Returns',
  headings: [],
  url: '/returns',
  language: 'en',
  text: 'You can return a Jug within 30 days.',
  questions: [],
  tags: [],
};

/** What is shown of an answer that an engine words from one passage. */
async function wordedAs(text: string): Promise<readonly string[]> {
  const said: string[] = [];
  const statements = wordAnswer([PASSAGE], {
    engine: scripted('writer', () => texts(text)),
    grounding: createGroundingCheck(),
    question: 'How long can I return a Jug?',
    language: 'en',
    history: [],
    signal: new AbortController().signal,
  });
  for await (const statement of statements) said.push(statement.text);
  return said;
}

const WRONG: GoldenCase = {
  content: null,
  promptIds: [10],
  outputIds: [1, 1, 1, 1, 1, 1, 1, 1],
  top: [],
};

/** Faults of engines, brought about by stand-ins behind the product's own code. */
export const engineFaults: readonly Fault[] = [
  {
    id: 78,
    name: 'the model is whole but writes wrong tokens',
    injection: 'stand-in',
    play: () => codeOf(picking([letters([WRONG])]).picker.load()),
  },
  {
    id: 79,
    name: 'the model repeats itself without end',
    injection: 'stand-in',
    play: async () => {
      const loop = Array.from({ length: 100 }, () => 'again and ');
      const { picker } = picking([scripted('loop', (answer) => texts(...(answer === 1 ? loop : ['fine'])))]);
      await picker.load();
      const code = await codeOf(write(picker));
      assert.equal(await write(picker), 'fine');
      return code;
    },
  },
  {
    id: 80,
    name: 'the model writes less than a token a second',
    injection: 'stand-in',
    play: async () => {
      const clock = new ManualClock();
      const slow = scripted('slow', async function* () {
        for (;;) {
          await clock.advance(1500);
          yield 'word ';
        }
      });
      const { picker, gaveUp } = picking([slow], clock);
      await picker.load();
      const code = await codeOf(write(picker));
      assert.deepEqual(
        gaveUp.map((error) => error.code),
        [code],
      );
      return code;
    },
  },
  {
    id: 81,
    name: 'the visitor stops at any token',
    injection: 'stand-in',
    play: async () => {
      const model = new LetterModel();
      const engine = letters([], model);
      await engine.load();
      for (const stopAt of [1, 2, 7, 19]) {
        const controller = new AbortController();
        let pieces = 0;
        let stoppedMs = 0;
        try {
          for await (const part of engine.generate(
            { messages, maxTokens: 200 },
            { signal: controller.signal },
          )) {
            pieces += part.type === 'text-delta' ? 1 : 0;
            if (pieces !== stopAt) continue;
            stoppedMs = performance.now();
            controller.abort(new Error('stopped'));
          }
          throw new Error('It was written to its end.');
        } catch (error) {
          assert.match(String(error), /stopped/);
        }
        assert.ok(performance.now() - stoppedMs <= CANCEL_LIMIT_MS);
        assert.equal(pieces, stopAt);
      }
      return '';
    },
  },
  {
    id: 82,
    name: 'the answer states what no passage says',
    injection: 'stand-in',
    play: async () => {
      assert.deepEqual(await wordedAs('You can return a Jug within 90 days and get a gift [1].'), []);
      // What the passage says is shown: nothing is refused for another reason.
      assert.equal((await wordedAs('You can return a Jug within 30 days [1].')).length, 1);
      return '';
    },
  },
  {
    id: 83,
    name: 'tokenizer and model do not match',
    injection: 'stand-in',
    play: () => codeOf(letters([{ ...WRONG, content: 'hello' }]).load()),
  },
  {
    id: 85,
    name: 'the graphics device is lost in the middle of an answer',
    injection: 'stand-in',
    play: async () => {
      const gpu = scripted('gpu', (answer) => (answer === 1 ? deviceLost() : texts('whole')));
      const { picker, faults } = picking([gpu]);
      await picker.load();
      assert.equal(await write(picker), 'whole');
      return faults[0]?.code ?? '';
    },
  },
  {
    id: 86,
    name: 'the graphics device is lost a second time',
    injection: 'stand-in',
    play: async () => {
      const { picker, faults } = picking([
        scripted('gpu', deviceLost),
        scripted('cpu', () => texts('whole')),
      ]);
      await picker.load();
      assert.equal(await write(picker), 'whole');
      assert.equal(picker.id, 'cpu');
      return faults[1]?.code ?? '';
    },
  },
  {
    id: 87,
    name: 'the graphics device has no 16-bit floats',
    injection: 'stand-in',
    play: () => refusedGraphics('f16', {}),
  },
  {
    id: 88,
    name: 'a tensor is larger than the graphics device allows',
    injection: 'stand-in',
    play: () => refusedGraphics('f32', { maxBufferSize: 1000 }),
  },
  {
    id: 89,
    name: 'a graphics driver computes wrong numbers',
    injection: 'stand-in',
    play: async () => {
      const { picker, faults } = picking([letters([WRONG]), scripted('cpu', () => texts('right'))]);
      await picker.load();
      assert.equal(await write(picker), 'right');
      return faults[0]?.code ?? '';
    },
  },
  {
    id: 90,
    name: 'the engine is freed while it writes, because the page is left',
    injection: 'stand-in',
    play: async () => {
      const { picker, faults, gaveUp } = picking([letters([])]);
      await picker.load();
      const parts = picker.generate({ messages, maxTokens: 200 })[Symbol.asyncIterator]();
      await parts.next();
      const left = parts.next().catch(() => null);
      await picker.dispose();
      await left;
      assert.deepEqual([faults, gaveUp], [[], []]);
      return '';
    },
  },
];
