import { expect } from '@open-wc/testing';
import { DEFAULT_ENGINES } from '../contracts/engine-choice.ts';
import type { EngineChoice } from '../contracts/engine-choice.ts';
import { isUnderstudyError } from '../contracts/errors.ts';
import { isRecord } from '../contracts/json.ts';
import { systemClock } from '../session/system-clock.ts';
import type { EngineContext } from './pick-engine.ts';
import { pickEngine } from './pick-engine.ts';

const WLLAMA: EngineChoice = { engine: 'wllama', module: '/absent/wllama.js', wasm: '/absent/wllama.wasm' };

/** What an engine gets of a bundle in which nothing can be read; notes what was asked for. */
function contextOf(engines: readonly EngineChoice[], offered: readonly string[]) {
  const asked: string[] = [];
  const refuse = (name: string): never => {
    asked.push(name);
    throw new Error(`There is no ${name}.`);
  };
  const context: EngineContext = {
    read: async (name) => {
      await Promise.resolve();
      return refuse(name);
    },
    stream: (name) => refuse(name),
    offered: new Map(offered.map((name) => [name, 1000])),
    engines,
    assetsUrl: new URL('/dist/', location.href).href,
    mark: { steppedOver: new Set(), enter: () => Promise.resolve(), leave: () => Promise.resolve() },
    clock: systemClock,
    onFault: () => undefined,
    onGiveUp: () => undefined,
  };
  return { asked, context };
}

/** Tries all engines of a bundle; gives their names in the order of the trial, with the reasons of those left out. */
async function tryAll(context: EngineContext): Promise<readonly (readonly [unknown, unknown])[]> {
  const picker = pickEngine(context);
  let code = 'none';
  await picker.load().catch((error: unknown) => {
    code = isUnderstudyError(error) ? error.code : String(error);
  });
  expect(code).to.match(/^engine\//);
  const { tried } = picker.report();
  return (Array.isArray(tried) ? tried : []).map((attempt) =>
    isRecord(attempt) ? [attempt['engine'], attempt['outcome']] : [null, null],
  );
}

describe('the engines of a worker', () => {
  it('are tried in the order in which the bundle names them', async () => {
    const { context } = contextOf([WLLAMA, ...DEFAULT_ENGINES], ['model.gguf']);
    expect(await tryAll(context)).to.deep.equal([
      ['wllama', 'unsuited'],
      ['kernel', 'failed'],
      ['transformers', 'unsuited'],
    ]);
  });

  it('give wllama the model as published, never the one packed for the kernel', async () => {
    const { asked, context } = contextOf([WLLAMA], ['model.gguf', 'model.published.gguf', 'golden.json']);
    expect(await tryAll(context)).to.deep.equal([['wllama', 'failed']]);
    expect(asked.toSorted()).to.deep.equal(['golden.json', 'model.published.gguf']);
  });

  it('step over a graphics device that refuses, and try the next', async () => {
    const graphics: EngineChoice = { engine: 'transformers-webgpu', runtime: '/absent/' };
    const { asked, context } = contextOf([graphics, { engine: 'kernel' }], ['model.onnx', 'tokenizer.json']);
    const [first, second] = await tryAll(context);
    expect([first?.[0], second]).to.deep.equal(['transformers-webgpu', ['kernel', 'unsuited']]);
    expect(first?.[1]).to.be.oneOf(['unsuited', 'failed']);
    expect(asked.filter((name) => name !== 'model-config.json')).to.deep.equal([]);
  });

  it('are none where the bundle names none that this release knows', async () => {
    const { context } = contextOf([], ['model.gguf']);
    expect(await tryAll(context)).to.deep.equal([]);
  });
});
