import { expect } from '@open-wc/testing';
import { isUnderstudyError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { planOf, runScripted, step } from '../scripted-plan.ts';

const field = (name: string, type: string, given: JsonObject = {}): JsonObject => ({
  name,
  label: name,
  type,
  isRequired: false,
  maxLength: null,
  options: [],
  default: null,
  ...given,
});

async function outputsOf(
  fields: readonly JsonObject[],
  inputs: JsonObject,
  given: { readonly mode?: string; readonly text?: string } = {},
): Promise<Json | undefined> {
  const outputs = fields.map(({ name = null }) => ({ name, from: ['start', name] }));
  const plan = planOf(
    [
      step('start', 'start', { to: ['end'], config: { fields } }),
      step('end', 'output', { config: { outputs } }),
    ],
    { mode: given.mode ?? 'chat' },
  );
  const { trace } = await runScripted(plan, { turn: { inputs, text: given.text ?? 'Hello?' } });
  const started = trace.find((event) => event.type === 'step-finished' && event.step === 'start');
  return started?.type === 'step-finished' ? started.outputs : undefined;
}
async function refusalOf(fields: readonly JsonObject[], inputs: JsonObject): Promise<string> {
  try {
    await outputsOf(fields, inputs);
  } catch (error) {
    return isUnderstudyError(error, 'plan/input-invalid')
      ? JSON.stringify(error.facts['field'])
      : String(error);
  }
  return 'none';
}

describe('a start step', () => {
  it('gives what the visitor entered, of its type', async () => {
    const fields = [
      field('text', 'text'),
      field('count', 'number'),
      field('agreed', 'checkbox'),
      field('size', 'select', { options: ['S', 'M'] }),
      field('data', 'json'),
    ];
    const inputs = {
      text: 'a\u0000b',
      count: '1.5',
      agreed: 'true',
      size: 'M',
      data: '{"a": [1]}',
      other: 1,
    };
    expect(await outputsOf(fields, inputs)).to.deep.equal({
      text: 'ab',
      count: 1.5,
      agreed: true,
      size: 'M',
      data: { a: [1] },
    });
  });

  it('gives defaults for what is missing, else null', async () => {
    const fields = [field('a', 'text', { default: 'x' }), field('b', 'number'), field('c', 'paragraph')];
    expect(await outputsOf(fields, { c: '' })).to.deep.equal({ a: 'x', b: null, c: '' });
  });

  it('takes files as files', async () => {
    const file = {
      kind: 'file',
      id: '1',
      name: 'a.png',
      type: 'image',
      sizeBytes: 3,
      extension: '.png',
      mimeType: 'image/png',
      url: '',
    };
    expect(
      await outputsOf([field('f', 'file'), field('l', 'file-list')], { f: file, l: [file] }),
    ).to.deep.equal({
      f: file,
      l: [file],
    });
  });

  it('refuses what is missing, too long, or not of its type, and names the field', async () => {
    expect(await refusalOf([field('a', 'text', { isRequired: true })], {})).to.equal('"a"');
    expect(await refusalOf([field('a', 'text', { maxLength: 2 })], { a: 'abc' })).to.equal('"a"');
    expect(await refusalOf([field('a', 'text')], { a: 1 })).to.equal('"a"');
    expect(await refusalOf([field('a', 'number')], { a: 'many' })).to.equal('"a"');
    expect(await refusalOf([field('a', 'select', { options: ['S'] })], { a: 'XL' })).to.equal('"a"');
    expect(await refusalOf([field('a', 'checkbox')], { a: 'perhaps' })).to.equal('"a"');
    expect(await refusalOf([field('a', 'file')], { a: { kind: 'file' } })).to.equal('"a"');
    expect(await refusalOf([field('a', 'file-list', { maxLength: 1 })], { a: ['x'] })).to.equal('"a"');
    expect(await refusalOf([field('a', 'json')], { a: '[1' })).to.equal('"a"');
    expect(await refusalOf([field('a', 'json')], { a: '[1]' })).to.equal('"a"');
  });

  it('takes the message of a workflow for the first text it requires', async () => {
    const fields = [field('n', 'number'), field('q', 'text', { isRequired: true })];
    expect(await outputsOf(fields, {}, { mode: 'workflow', text: 'Hi' })).to.deep.equal({ n: null, q: 'Hi' });
    expect(await outputsOf(fields, { q: '' }, { mode: 'workflow', text: 'Hi' })).to.deep.equal({
      n: null,
      q: '',
    });
  });
});
