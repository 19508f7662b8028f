import { expect } from '@open-wc/testing';
import { runEngineContract } from '../../../test/contract/engine.ts';
import { LetterModel } from '../../../test/fixtures/letter-model.ts';
import type { Engine, EnginePart } from '../../contracts/engine.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import { ManualClock } from '../../session/manual-clock.ts';
import { systemClock } from '../../session/system-clock.ts';
import { createTokenEngine } from '../writing/token-engine.ts';
import type { Attempt, CrashMark, EngineCandidate } from './candidate.ts';
import type { DeviceFacts } from './device-facts.ts';
import type { EnginePicker, EnginePickerOptions } from './engine-picker.ts';
import { createEnginePicker } from './engine-picker.ts';

const messages = [{ role: 'user', content: 'How long does delivery take?' }] as const;
const DEVICE: DeviceFacts = {
  webAssembly: 'allowed',
  hasSimd: true,
  hasRelaxedSimd: false,
  isCrossOriginIsolated: false,
  cores: 2,
  memoryGb: 8,
  hasWebGpu: false,
  hasLanguageModel: false,
};

/** Writes what it is told to; `parts` is called for each answer with its number. */
function scripted(
  id: string,
  parts: (answer: number) => AsyncIterable<string>,
  load = async () => undefined,
) {
  let answers = 0;
  const seen = { loads: 0, disposals: 0 };
  const engine: Engine = {
    contract: 1,
    id,
    modelId: 'scripted',
    contextTokens: 100,
    async load() {
      seen.loads += 1;
      await load();
    },
    async *generate(): AsyncGenerator<EnginePart> {
      answers += 1;
      for await (const text of parts(answers)) yield { type: 'text-delta', text };
      const metrics = {
        promptTokens: 1,
        outputTokens: 1,
        firstTokenMs: 1,
        tokensPerSecond: 1,
        memoryBytes: 0,
      };
      yield { type: 'end', reason: 'stop', metrics };
    },
    dispose: async () => {
      seen.disposals += 1;
    },
  };
  return { engine, seen };
}

async function* texts(...all: string[]): AsyncGenerator<string> {
  yield* all;
}

function fails(code: ErrorCode, facts = {}): never {
  throw new UnderstudyError(code, 'It failed.', { facts });
}

function candidate(engine: Engine, change: Partial<EngineCandidate> = {}): EngineCandidate {
  return { id: engine.id, artifacts: [], needs: [], create: async () => engine, ...change };
}

function refusing(id: string, code: ErrorCode): EngineCandidate {
  return candidate(
    scripted(
      id,
      () => texts('never'),
      async () => fails(code),
    ).engine,
  );
}

/** A mark that notes what it is told. */
function notedMark(steppedOver: readonly string[] = []): CrashMark & { readonly log: string[] } {
  const log: string[] = [];
  return {
    log,
    steppedOver: new Set(steppedOver),
    enter: async (engine, phase) => void log.push(`${phase} ${engine}`),
    leave: async () => void log.push('left'),
  };
}

function pick(candidates: readonly EngineCandidate[], change: Partial<EnginePickerOptions> = {}) {
  const faults: string[] = [];
  const given: string[] = [];
  const picker = createEnginePicker({
    candidates,
    offered: new Set(['model.gguf']),
    facts: DEVICE,
    mark: notedMark(),
    clock: systemClock,
    onFault: (error) => faults.push(`${error.code} ${JSON.stringify(error.facts['engine'])}`),
    onGiveUp: (error) => given.push(error.code),
    ...change,
  });
  return { picker, faults, given };
}

async function write(picker: EnginePicker): Promise<string> {
  let text = '';
  for await (const part of picker.generate({ messages })) if (part.type === 'text-delta') text += part.text;
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

const outcomes = (picker: EnginePicker): readonly string[] =>
  (picker.report()['tried'] as readonly Attempt[] | undefined)?.map(
    ({ engine, outcome }) => `${engine} ${outcome}`,
  ) ?? [];

runEngineContract(
  'the picker over one engine',
  (fault) =>
    pick([
      {
        id: 'letters',
        artifacts: [],
        needs: [],
        create: async () =>
          createTokenEngine({
            id: 'letters',
            modelId: 'letters',
            start: async () => {
              if (fault !== 'none' && fault !== 'golden-wrong') throw new Error('There is no model.');
              const golden = { content: null, promptIds: [10], outputIds: [0], top: [] };
              return {
                model: new LetterModel(),
                golden: fault === 'golden-wrong' ? [golden] : [],
                memoryBytes: () => 0,
              };
            },
          }),
      },
    ]).picker,
  { hasSelfTest: true, keepsForms: false, longRequest: { messages } },
);

describe('the picker chooses an engine', () => {
  it('takes the first that suits bundle and device, and says why not the others', async () => {
    const { engine } = scripted('c', () => texts('hello'));
    const { picker } = pick([
      candidate(engine, { id: 'a', artifacts: ['model.mlc'] }),
      candidate(engine, { id: 'b', needs: ['webgpu', 'cross-origin-isolated'] }),
      candidate(engine, { id: 'big', memoryBytes: 7 * 2 ** 30 }),
      candidate(engine),
      candidate(engine, { id: 'd' }),
    ]);
    expect(picker.id).to.equal('none');
    await picker.load();
    expect(picker.id).to.equal('c');
    expect(picker.report()['tried']).to.deep.equal([
      { engine: 'a', outcome: 'unsuited', reason: 'The bundle has no model.mlc.', code: null },
      {
        engine: 'b',
        outcome: 'unsuited',
        reason: 'On this device there is no WebGPU and the page is not cross-origin isolated.',
        code: null,
      },
      {
        engine: 'big',
        outcome: 'unsuited',
        reason: 'It takes 7168 MiB of a device with 8 GB.',
        code: null,
      },
      { engine: 'c', outcome: 'chosen', reason: '', code: null },
    ]);
    expect(await write(picker)).to.equal('hello');
  });

  it('takes the next one when an engine writes wrong numbers, and tells the owner', async () => {
    const { engine } = scripted('b', () => texts('right'));
    const { picker, faults } = pick([refusing('a', 'engine/wrong-output'), candidate(engine)]);
    await picker.load();
    expect(await write(picker)).to.equal('right');
    expect(faults).to.deep.equal(['engine/wrong-output "a"']);
    expect(outcomes(picker)).to.deep.equal(['a failed', 'b chosen']);
  });

  it('throws what the last engine failed with when all fail, and never writes', async () => {
    const all = [refusing('a', 'engine/load-failed'), refusing('b', 'engine/wrong-output')];
    const { picker, faults } = pick(all);
    expect(await codeOf(picker.load())).to.equal('engine/wrong-output');
    expect(faults).to.deep.equal(['engine/load-failed "a"']);
    expect(await codeOf(write(picker))).to.equal('engine/failed');
  });

  it('says that the policy of the page forbids WebAssembly when that is why', async () => {
    const { engine } = scripted('a', () => texts('never'));
    const { picker } = pick([candidate(engine, { needs: ['webassembly'] })], {
      facts: { ...DEVICE, webAssembly: 'blocked' },
    });
    expect(await codeOf(picker.load())).to.equal('engine/blocked');
  });

  it('frees an engine that fails to load', async () => {
    const failing = scripted(
      'a',
      () => texts(),
      async () => fails('engine/load-failed'),
    );
    await codeOf(pick([candidate(failing.engine)]).picker.load());
    expect(failing.seen.disposals).to.equal(1);
  });
});

describe('the picker and the crash mark', () => {
  it('marks loading and writing, and takes the mark away when each came through', async () => {
    const mark = notedMark();
    const { picker } = pick([candidate(scripted('a', () => texts('hello')).engine)], { mark });
    await picker.load();
    await write(picker);
    expect(mark.log).to.deep.equal(['loading a', 'left', 'writing a', 'left']);
  });

  it('does not wait for storage that hangs', async () => {
    const clock = new ManualClock();
    const mark: CrashMark = { ...notedMark(), enter: () => new Promise(() => undefined) };
    const { picker } = pick([candidate(scripted('a', () => texts('hello')).engine)], { mark, clock });
    const loading = picker.load();
    await clock.advance(1000);
    await loading;
    expect(await write(picker)).to.equal('hello');
  });

  it('steps over an engine that crashed before', async () => {
    const next = scripted('b', () => texts('hello')).engine;
    const { picker } = pick([candidate(scripted('a', () => texts()).engine), candidate(next)], {
      mark: notedMark(['a']),
    });
    await picker.load();
    expect(outcomes(picker)).to.deep.equal(['a stepped-over', 'b chosen']);
  });

  it('says so when no engine is left', async () => {
    const { picker } = pick([candidate(scripted('a', () => texts()).engine)], { mark: notedMark(['a']) });
    expect(await codeOf(picker.load())).to.equal('engine/stepped-down');
  });
});

describe('the picker while an engine writes', () => {
  it('starts an engine again that lost its device before any text, within the same answer', async () => {
    const { engine, seen } = scripted('gpu', (answer) =>
      answer === 1 ? fails('engine/failed', { reason: 'device-lost' }) : texts('whole'),
    );
    const { picker, faults } = pick([candidate(engine)]);
    await picker.load();
    expect(await write(picker)).to.equal('whole');
    expect(seen.loads).to.equal(2);
    expect(faults).to.deep.equal(['engine/failed "gpu"']);
  });

  it('goes to the next engine for the rest of the session at the second loss', async () => {
    const gpu = scripted('gpu', () => fails('engine/failed', { reason: 'device-lost' }));
    const cpu = scripted('cpu', () => texts('whole'));
    const { picker } = pick([candidate(gpu.engine), candidate(cpu.engine)]);
    await picker.load();
    expect(await write(picker)).to.equal('whole');
    expect(picker.id).to.equal('cpu');
    expect(outcomes(picker)).to.deep.equal([
      'gpu chosen',
      'gpu failed',
      'gpu chosen',
      'gpu failed',
      'cpu chosen',
    ]);
  });

  it('does not write on after text that was shown, and answers the next question', async () => {
    const { engine } = scripted('a', async function* (answer) {
      yield 'first words';
      if (answer === 1) fails('engine/failed');
    });
    const { picker } = pick([candidate(engine)]);
    await picker.load();
    expect(await codeOf(write(picker))).to.equal('engine/failed');
    expect(await write(picker)).to.equal('first words');
  });

  it('gives up, once, when no engine is left', async () => {
    const { engine } = scripted('a', () => fails('engine/failed'));
    const { picker, given } = pick([candidate(engine)]);
    await picker.load();
    expect(await codeOf(write(picker))).to.equal('engine/failed');
    expect(await codeOf(write(picker))).to.equal('engine/failed');
    expect(given).to.have.length(1);
  });

  it('ends an answer that repeats itself, and keeps the engine', async () => {
    const { engine } = scripted('a', (answer) =>
      answer === 1 ? texts(...Array.from({ length: 90 }, () => 'so it is ')) : texts('fine'),
    );
    const { picker, faults, given } = pick([candidate(engine)]);
    await picker.load();
    expect(await codeOf(write(picker))).to.equal('engine/failed');
    expect(faults).to.deep.equal(['engine/failed "a"']);
    expect(await write(picker)).to.equal('fine');
    expect(given).to.deep.equal([]);
  });

  it('gives an engine up that writes less than a token a second', async () => {
    const clock = new ManualClock();
    const { engine, seen } = scripted('a', async function* () {
      for (;;) {
        await clock.advance(1500);
        yield 'word ';
      }
    });
    const { picker, given } = pick([candidate(engine)], { clock });
    await picker.load();
    expect(await codeOf(write(picker))).to.equal('engine/too-slow');
    expect(given).to.deep.equal(['engine/too-slow']);
    expect(outcomes(picker)).to.deep.equal(['a chosen', 'a gave-up']);
    expect(seen.disposals).to.equal(1);
    expect(await codeOf(write(picker))).to.equal('engine/failed');
  });

  it('gives an engine up that hangs after its first text', async () => {
    const clock = new ManualClock();
    const { engine } = scripted('a', async function* () {
      yield 'word ';
      await new Promise(() => undefined);
    });
    const { picker, given } = pick([candidate(engine)], { clock });
    await picker.load();
    const answer = picker.generate({ messages })[Symbol.asyncIterator]();
    await answer.next();
    const rest = codeOf(answer.next());
    await clock.advance(4000);
    expect(await rest).to.equal('engine/too-slow');
    expect(given).to.deep.equal(['engine/too-slow']);
  });

  it('gives an engine up that brought no text twice within the time that anybody waits', async () => {
    const clock = new ManualClock();
    const { engine } = scripted('a', async function* () {
      await clock.advance(3600);
      yield* texts();
      fails('engine/prompt-too-long');
    });
    const { picker, given } = pick([candidate(engine)], { clock });
    await picker.load();
    await codeOf(write(picker));
    expect(given).to.deep.equal([]);
    await codeOf(write(picker));
    expect(given).to.deep.equal(['engine/too-slow']);
  });
});
