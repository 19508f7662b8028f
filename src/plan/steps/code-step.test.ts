import { expect } from '@open-wc/testing';
import { UnderstudyError, isUnderstudyError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { CodeRequest, Sandbox } from '../../contracts/sandbox.ts';
import { codeDefinition } from './code-step.ts';
import type { SceneOptions } from './step-scene.ts';
import { StepScene, sceneFile } from './step-scene.ts';

const CONFIG: JsonObject = {
  language: 'python',
  runtime: 'micropython',
  source: 'def main(): ...',
  outputs: { total: { type: 'number', children: null } },
};

/** A sandbox whose code gives `result`; it notes what it was asked. */
function sandbox(result: () => Json, asked: CodeRequest[] = []): Sandbox {
  return {
    runCode: async (request) => {
      asked.push(request);
      return result();
    },
    renderTemplate: () => Promise.reject(new Error('no templates here')),
  };
}

const scene = (result: () => Json, options: SceneOptions = {}): StepScene =>
  new StepScene('code', codeDefinition, {
    config: CONFIG,
    services: { sandbox: sandbox(result) },
    ...options,
  });

describe('the step `code`', () => {
  it('calls the code with its inputs by name, the missing ones as nothing', async () => {
    const asked: CodeRequest[] = [];
    const run = new StepScene('code', codeDefinition, {
      config: CONFIG,
      inputs: { items: ['a', 'b'], file: sceneFile('a.txt') },
      step: { inputs: { items: { value: null }, gone: { value: null }, file: { value: null } } },
      services: { sandbox: sandbox(() => ({ total: 2 }), asked) },
    });
    expect(await run.output('total')).to.equal(2);
    expect(asked[0]?.runtime).to.equal('micropython');
    expect(asked[0]?.inputs['items']).to.deep.equal(['a', 'b']);
    expect(asked[0]?.inputs['gone']).to.equal(null);
    expect(asked[0]?.inputs['file']).to.include({ filename: 'a.txt' });
  });

  it('refuses a result without a declared output, and one with more than is declared', async () => {
    expect(await scene(() => ({})).failure()).to.equal('plan/value-invalid');
    expect(await scene(() => ({ total: 1, more: 2 })).failure()).to.equal('plan/value-invalid');
    expect(await scene(() => [1]).failure()).to.equal('plan/value-invalid');
    expect(await scene(() => ({ total: 'x' })).failure()).to.equal('plan/value-invalid');
  });

  it('names the step in what the code threw', async () => {
    const run = scene(() => {
      throw new UnderstudyError('sandbox/failed', 'Python failed.', {
        facts: { error: 'KeyError', line: 3 },
      });
    });
    const error = await run.run().catch((thrown: unknown) => thrown);
    expect(isUnderstudyError(error, 'sandbox/failed')).to.equal(true);
    expect(isUnderstudyError(error) ? error.facts : null).to.deep.equal({
      error: 'KeyError',
      line: 3,
      step: 'step',
    });
  });

  it('fails where there is no sandbox', async () => {
    expect(await scene(() => null, { services: { sandbox: null } }).failure()).to.equal(
      'sandbox/unavailable',
    );
  });

  it('ends with the reason of its turn when that is stopped', async () => {
    const run = scene(() => {
      run.abort.abort(new UnderstudyError('turn/aborted', 'Stopped.'));
      throw new Error('ended');
    });
    expect(await run.failure()).to.equal('turn/aborted');
  });

  for (const [name, change] of [
    ['a language that is none', { language: 'ruby' }],
    ['a runtime of another language', { runtime: 'quickjs' }],
    ['a source that is no text', { source: 7 }],
    ['outputs that are no object', { outputs: [] }],
    ['an output of a type that is none', { outputs: { a: { type: 'text', children: null } } }],
    ['children that are none', { outputs: { a: { type: 'object', children: { b: 1 } } } }],
  ] as const)
    it(`refuses ${name}`, async () => {
      expect(await scene(() => null, { config: { ...CONFIG, ...change } }).failure()).to.equal(
        'plan/invalid',
      );
    });
});
