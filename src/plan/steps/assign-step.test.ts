import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import type { Json } from '../../contracts/json.ts';
import { isJson } from '../../contracts/json.ts';
import type { AssignOperation, ValueType } from '../../contracts/plan-configs.ts';
import { VALUE_TYPES } from '../../contracts/plan-configs.ts';
import { isOfType, zeroValue } from '../values/value-type.ts';
import { toJson } from '../values/json-value.ts';
import { assignDefinition } from './assign-step.ts';
import { StepScene, sceneFile, sceneStep } from './step-scene.ts';

const item = (operation: AssignOperation, value?: Json): Json => ({
  to: ['conversation', 'it'],
  operation,
  value: value === undefined ? null : { value },
});

/** What a variable of the conversation holds after an assignment; 'refused' when it cannot be made. */
async function assigned(
  type: ValueType,
  before: Json,
  operation: AssignOperation,
  value?: Json,
): Promise<unknown> {
  const scene = new StepScene('assign', assignDefinition, {
    config: { items: [item(operation, value)] },
    values: { 'conversation.it': before },
    conversation: [{ name: 'it', type, value: before }],
  });
  const failure = await scene.failure();
  if (failure === 'plan/value-invalid') return 'refused';
  expect(failure).to.equal('none');
  return scene.pool.get(['conversation', 'it']);
}

type Row = readonly [
  type: ValueType,
  before: Json,
  operation: AssignOperation,
  value: Json | undefined,
  after: Json,
];

const rows: readonly Row[] = [
  ['string', 'a', 'over-write', 'b', 'b'],
  ['string', 'a', 'set', 'b', 'b'],
  ['string', 'a', 'over-write', 1, 'refused'],
  ['string', 'a', 'set', undefined, 'refused'],
  ['string', 'a', 'clear', undefined, ''],
  ['string', 'a', '+=', 'b', 'refused'],
  ['string', 'a', 'append', 'b', 'refused'],
  ['string', 'a', 'remove-first', undefined, 'refused'],
  ['number', 6, '+=', 2, 8],
  ['number', 6, '-=', 2, 4],
  ['number', 6, '*=', 2, 12],
  ['number', 6, '/=', 4, 1.5],
  ['number', 6, '/=', 0, 'refused'],
  ['number', 6, '+=', '2', 'refused'],
  ['number', 1e308, '*=', 10, 'refused'],
  ['number', 6, '+=', true, 7],
  ['number', 6, 'set', 2.5, 2.5],
  ['number', 6, 'clear', undefined, 0],
  ['boolean', true, 'clear', undefined, false],
  ['boolean', true, 'set', false, false],
  ['boolean', true, 'set', 0, 'refused'],
  ['object', { a: 1 }, 'clear', undefined, {}],
  ['object', { a: 1 }, 'over-write', { b: 2 }, { b: 2 }],
  ['object', { a: 1 }, 'over-write', '{"b": 2}', 'refused'],
  ['object', { a: 1 }, 'set', '{"b": 2}', { b: 2 }],
  ['object', { a: 1 }, 'set', '{"b"', 'refused'],
  ['object', { a: 1 }, 'set', '[1]', 'refused'],
  ['array[string]', ['a'], 'append', 'b', ['a', 'b']],
  ['array[string]', ['a'], 'append', 1, 'refused'],
  ['array[string]', ['a'], 'extend', ['b', 'c'], ['a', 'b', 'c']],
  ['array[string]', ['a'], 'extend', 'b', 'refused'],
  ['array[string]', ['a'], 'over-write', ['b'], ['b']],
  ['array[string]', ['a'], 'over-write', [1], 'refused'],
  ['array[string]', ['a'], 'set', ['b'], 'refused'],
  ['array[string]', ['a'], 'clear', undefined, []],
  ['array[string]', ['a', 'b'], 'remove-first', undefined, ['b']],
  ['array[string]', ['a', 'b'], 'remove-last', undefined, ['a']],
  ['array[string]', [], 'remove-last', undefined, []],
  ['array[number]', [1], 'append', 2.5, [1, 2.5]],
  ['array[number]', [1], '+=', 2, 'refused'],
  ['array[object]', [], 'append', { a: 1 }, [{ a: 1 }]],
  ['array[object]', [], 'append', 'a', 'refused'],
  ['array[boolean]', [], 'append', true, [true]],
  ['array[any]', ['a'], 'extend', [1, { a: 1 }], ['a', 1, { a: 1 }]],
  ['array[any]', ['a'], 'append', ['b'], 'refused'],
  ['array[any]', ['a'], 'append', undefined, 'refused'],
  ['array[file]', [], 'append', sceneFile('a.txt'), [sceneFile('a.txt')]],
];

describe('the step `assign`', () => {
  for (const [type, before, operation, value, after] of rows) {
    it(`does ${operation} on ${type} ${JSON.stringify(before)} with ${JSON.stringify(value ?? null)}`, async () => {
      expect(await assigned(type, before, operation, value)).to.deep.equal(after);
    });
  }

  it('keeps variables of the conversation, with what they hold at last', async () => {
    const written: [string, unknown][] = [];
    const scene = new StepScene('assign', assignDefinition, {
      config: { items: [item('append', 'b'), item('append', 'c')] },
      values: { 'conversation.it': ['a'] },
      conversation: [{ name: 'it', type: 'array[string]', value: [] }],
      services: {
        conversation: {
          read: () => Promise.resolve({}),
          write: (name, value) => {
            written.push([name, value]);
            return Promise.resolve();
          },
        },
      },
    });
    await scene.run();
    expect(written).to.deep.equal([['it', ['a', 'b', 'c']]]);
  });

  it('changes variables of a loop, by their declared type', async () => {
    const loop = {
      ...sceneStep('loop', {
        config: { variables: [{ name: 'found', type: 'array[string]', value: { value: [] } }] },
      }),
      id: 'loop',
    };
    const items = [{ to: ['loop', 'found'], operation: 'append', value: { from: ['a', 'text'] } }];
    const scene = new StepScene('assign', assignDefinition, {
      config: { items },
      values: { 'loop.found': [], 'a.text': 'x' },
      steps: [loop],
    });
    await scene.run();
    expect(scene.pool.get(['loop', 'found'])).to.deep.equal(['x']);
  });

  it('leaves a variable as it is when what it is to hold is nothing', async () => {
    const items = [{ to: ['conversation', 'it'], operation: 'over-write', value: { from: ['a', 'text'] } }];
    const scene = new StepScene('assign', assignDefinition, {
      config: { items },
      values: { 'conversation.it': 'kept', 'a.text': null },
    });
    await scene.run();
    expect(scene.pool.get(['conversation', 'it'])).to.equal('kept');
  });

  it('makes no change when one of them cannot be made', async () => {
    const scene = new StepScene('assign', assignDefinition, {
      config: { items: [item('+=', 1), item('/=', 0)] },
      values: { 'conversation.it': 1 },
    });
    expect(await scene.failure()).to.equal('plan/value-invalid');
    expect(scene.pool.get(['conversation', 'it'])).to.equal(1);
  });

  it('fails where a variable is missing', async () => {
    const gone = new StepScene('assign', assignDefinition, { config: { items: [item('set', 'x')] } });
    expect(await gone.failure()).to.equal('plan/variable-missing');
    const items = [{ to: ['conversation', 'it'], operation: 'over-write', value: { from: ['a', 'gone'] } }];
    const source = new StepScene('assign', assignDefinition, {
      config: { items },
      values: { 'conversation.it': 'x' },
    });
    expect(await source.failure()).to.equal('plan/variable-missing');
  });

  it('does not write into values', async () => {
    const items = [{ to: ['conversation', 'it', 'a'], operation: 'set', value: { value: 1 } }];
    const scene = new StepScene('assign', assignDefinition, {
      config: { items },
      values: { 'conversation.it': { a: 0 } },
    });
    expect(await scene.failure()).to.equal('plan/variable-missing');
  });

  it('refuses settings that are none', async () => {
    const bad: readonly Json[] = [
      null,
      [{}],
      [{ to: ['a', 'b'], operation: 'swap', value: null }],
      [{ to: 'a', operation: 'set', value: null }],
      [{ to: ['a', 'b'], operation: 'set', value: 'x' }],
    ];
    for (const items of bad) {
      expect(await new StepScene('assign', assignDefinition, { config: { items } }).failure()).to.equal(
        'plan/invalid',
      );
    }
  });

  it('leaves every variable of its type', async () => {
    const operations = fc.constantFrom<AssignOperation>(
      'over-write',
      'clear',
      'append',
      'extend',
      'set',
      '+=',
      '/=',
      'remove-first',
      'remove-last',
    );
    const json = fc.jsonValue({ maxDepth: 2 }).map((value): Json => {
      const copy: unknown = JSON.parse(JSON.stringify(value));
      return isJson(copy) ? copy : null;
    });
    const types = fc.constantFrom(
      ...VALUE_TYPES.filter((type) => type !== 'file' && type !== 'none' && type !== 'any'),
    );
    await fc.assert(
      fc.asyncProperty(types, operations, json, async (type, operation, value) => {
        const after = await assigned(type, toJson(zeroValue(type)), operation, value);
        expect(after === 'refused' || isOfType(after, type)).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });
});
