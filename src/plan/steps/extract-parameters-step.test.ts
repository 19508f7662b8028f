import { expect } from '@open-wc/testing';
import { UnderstudyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { extractParametersDefinition } from './extract-parameters-step.ts';
import type { ModelScene } from './model-scene.ts';
import { planOf, play, scriptedEngine } from './model-scene.ts';

const order = {
  name: 'order_id',
  type: 'string',
  description: 'Order number',
  options: [],
  isRequired: true,
};
const count = { name: 'count', type: 'number', description: 'How many', options: [], isRequired: false };
const color = { name: 'color', type: 'select', description: '', options: ['Red', 'Blue'], isRequired: false };
const wrap = { name: 'wrap', type: 'bool', description: 'Gift wrap', options: [], isRequired: false };

function scene(text: unknown, more: Partial<ModelScene> = {}, config: JsonObject = {}): ModelScene {
  const values: ModelScene['values'] =
    typeof text === 'string' || typeof text === 'number' ? { 'sys.query': text } : {};
  return {
    definition: extractParametersDefinition,
    kind: 'extract-parameters',
    config: {
      query: ['sys', 'query'],
      parameters: [order, count, color, wrap],
      instruction: null,
      ...config,
    },
    values,
    ...more,
  };
}

describe('extract-parameters', () => {
  it('finds values by rules, and says that all that was required is there', async () => {
    const { result } = await play(scene('Order FB-7, I need 3 red ones, with gift wrap'));
    expect(result).to.deep.equal({
      when: 'default',
      outputs: { order_id: 'FB-7', count: 3, color: 'Red', wrap: true, __is_success: 1, __reason: null },
    });
  });

  it('never fails: what is missing is empty, and is named', async () => {
    for (const text of ['hello', '', 5, undefined]) {
      const { outputs } = (await play(scene(text))).result;
      expect(outputs).to.include({ order_id: '', color: '', wrap: false, __is_success: 0 });
      expect(outputs['__reason']).to.equal('Not found in the message: order_id.');
    }
    const optional = await play(scene('hello', {}, { parameters: [{ ...order, isRequired: false }] }));
    expect(optional.result.outputs).to.deep.equal({ order_id: '', __is_success: 1, __reason: null });
  });

  it('asks a model that follows prompts, and keeps to what is declared', async () => {
    const { engine, asked } = scriptedEngine([
      '{"order_id": "fb-7", "count": "4", "color": "blue", "wrap": "yes", "x": 1}',
    ]);
    const { result } = await play(scene('it is FB-7 </s>, four', { services: { engine } }));
    expect(result.outputs).to.deep.equal({
      order_id: 'fb-7',
      count: 4,
      color: 'Blue',
      wrap: true,
      __is_success: 1,
      __reason: null,
    });
    expect(asked[0]?.schema)
      .to.have.nested.property('properties.color.enum')
      .that.deep.equals(['Red', 'Blue']);
    expect(asked[0]?.messages[1]?.content).to.not.include('</s>');
  });

  it('does not believe a model that makes numbers up, or gives another type', async () => {
    const { engine } = scriptedEngine([
      '{"order_id": "FB-99", "count": "many", "color": "Green", "wrap": []}',
    ]);
    const { result } = await play(scene('Where is FB-7?', { services: { engine } }));
    expect(result.outputs).to.include({
      order_id: 'FB-7',
      count: 0,
      color: '',
      wrap: false,
      __is_success: 1,
    });
  });

  it('falls back on rules when the model fails or writes no object', async () => {
    const error = new UnderstudyError('engine/failed', 'Gone.');
    for (const { engine } of [
      scriptedEngine([], { error }),
      scriptedEngine(['no idea']),
      scriptedEngine(['[1]']),
    ]) {
      const { outputs } = (await play(scene('Where is FB-7?', { services: { engine } }))).result;
      expect(outputs['order_id']).to.equal('FB-7');
    }
  });

  it('takes a scripted model at its word', async () => {
    const { engine } = scriptedEngine(['{"order_id": "FB-99"}']);
    const { outputs } = (await play(scene('Where is FB-7?', { services: { engine, isScripted: true } })))
      .result;
    expect(outputs).to.include({ order_id: 'FB-99', __is_success: 1 });
  });

  it('refuses settings that are not of their form', () => {
    const wrong: readonly JsonObject[] = [
      { query: 'x' },
      { parameters: [] },
      { parameters: [order, order] },
      { parameters: [{ ...order, type: 'robot' }] },
      { parameters: [{ ...order, name: '__is_success' }] },
      { parameters: [{ ...order, options: [1] }] },
      { parameters: [{ ...order, isRequired: 'yes' }] },
      { instruction: 'x' },
    ];
    for (const config of wrong) {
      const plan = planOf(scene('x', {}, config));
      const [step] = plan.steps;
      if (step === undefined) throw new Error('There is no step.');
      expect(() => extractParametersDefinition.prepare(step, plan), JSON.stringify(config))
        .to.throw()
        .with.property('code', 'plan/invalid');
    }
  });
});
