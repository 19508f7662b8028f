import { expect } from '@open-wc/testing';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { listDefinition } from './list-step.ts';
import { StepScene, sceneFile } from './step-scene.ts';

const jug = sceneFile('jug.png', { type: 'image', sizeBytes: 10, mimeType: 'image/png' });
const terms = sceneFile('terms.pdf', { sizeBytes: 300, url: 'https://shop.example/terms.pdf' });
const note = sceneFile('a note.txt', { sizeBytes: 20 });

/** The resulting list; the code of the error when there is none. */
async function worked(
  list: Json,
  config: JsonObject,
  values: { readonly [name: string]: Json } = {},
): Promise<unknown> {
  const scene = new StepScene('list', listDefinition, {
    config: { from: ['a', 'list'], ...config },
    values: { 'a.list': list, ...values },
  });
  try {
    return await scene.output('result');
  } catch {
    // Which error it is says the same scene once more.
    return await scene.failure();
  }
}

const filter = (operator: string, value: Json, key = ''): JsonObject => ({
  filter: {
    mode: 'all',
    conditions: [
      { from: ['file', key], operator, value: typeof value === 'string' ? [value] : { value }, files: null },
    ],
  },
});

describe('the step `list`', () => {
  it('filters texts', async () => {
    const list = ['apple', 'banana', '', 'fig'];
    expect(await worked(list, filter('contains', 'an'))).to.deep.equal(['banana']);
    expect(await worked(list, filter('not contains', 'a'))).to.deep.equal(['', 'fig']);
    expect(await worked(list, filter('start with', 'a'))).to.deep.equal(['apple']);
    expect(await worked(list, filter('end with', 'g'))).to.deep.equal(['fig']);
    expect(await worked(list, filter('is', 'fig'))).to.deep.equal(['fig']);
    expect(await worked(list, filter('is not', 'fig'))).to.deep.equal(['apple', 'banana', '']);
    expect(await worked(list, filter('in', 'fig and apple'))).to.deep.equal(['apple', '', 'fig']);
    expect(await worked(list, filter('not in', 'fig and apple'))).to.deep.equal(['banana']);
    expect(await worked(list, filter('empty', ''))).to.deep.equal(['']);
    expect(await worked(list, filter('not empty', ''))).to.deep.equal(['apple', 'banana', 'fig']);
    expect(await worked(list, filter('>', '1'))).to.equal('plan/value-invalid');
    expect(await worked(list, filter('is', true))).to.equal('plan/value-invalid');
  });

  it('filters numbers', async () => {
    const list = [3, 1.5, 2];
    expect(await worked(list, filter('=', '2.0'))).to.deep.equal([2]);
    expect(await worked(list, filter('≠', '2'))).to.deep.equal([3, 1.5]);
    expect(await worked(list, filter('>', '1.5'))).to.deep.equal([3, 2]);
    expect(await worked(list, filter('≥', '2'))).to.deep.equal([3, 2]);
    expect(await worked(list, filter('<', '2'))).to.deep.equal([1.5]);
    expect(await worked(list, filter('≤', '2'))).to.deep.equal([1.5, 2]);
    expect(await worked(list, filter('=', 'two'))).to.equal('plan/value-invalid');
    expect(await worked(list, filter('contains', '2'))).to.equal('plan/value-invalid');
  });

  it('filters yes and no', async () => {
    expect(await worked([true, false, true], filter('is', true))).to.deep.equal([true, true]);
    expect(await worked([true, false, true], filter('is not', true))).to.deep.equal([false]);
    expect(await worked([true], filter('is', 'true'))).to.equal('plan/value-invalid');
    expect(await worked([true], filter('in', true))).to.equal('plan/value-invalid');
  });

  it('filters files by their attributes', async () => {
    const list = [jug, terms, note];
    expect(await worked(list, filter('contains', 'note', 'name'))).to.deep.equal([note]);
    expect(await worked(list, filter('is', '.pdf', 'extension'))).to.deep.equal([terms]);
    expect(await worked(list, filter('in', ['image', 'audio'], 'type'))).to.deep.equal([jug]);
    expect(await worked(list, filter('not in', ['image'], 'type'))).to.deep.equal([terms, note]);
    expect(await worked(list, filter('in', ['remote_url'], 'transfer_method'))).to.deep.equal([terms]);
    expect(await worked(list, filter('≥', '20', 'size'))).to.deep.equal([terms, note]);
    expect(await worked(list, filter('start with', 'image/', 'mime_type'))).to.deep.equal([jug]);
    expect(await worked(list, filter('is', 'image', 'type'))).to.equal('plan/value-invalid');
    expect(await worked(list, filter('is', 'red', 'color'))).to.equal('plan/value-invalid');
  });

  it('filters by several conditions, one after the other or any of them', async () => {
    const conditions = [
      { from: ['file', ''], operator: '>', value: ['1'], files: null },
      { from: ['file', ''], operator: '<', value: [{ from: ['a', 'most'] }], files: null },
    ];
    const values = { 'a.most': 3 };
    expect(await worked([1, 2, 3, 0], { filter: { mode: 'all', conditions } }, values)).to.deep.equal([2]);
    expect(await worked([1, 2, 3, 0], { filter: { mode: 'any', conditions } }, values)).to.deep.equal([
      1, 2, 3, 0,
    ]);
    expect(await worked([1, 2], { filter: { mode: 'any', conditions: [] } })).to.deep.equal([1, 2]);
  });

  it('orders, in both directions', async () => {
    expect(await worked([3, 1, 2], { order: { key: '', isDescending: false } })).to.deep.equal([1, 2, 3]);
    expect(
      await worked(['b', 'B', 'a', '😀', '\uffee'], { order: { key: '', isDescending: true } }),
    ).to.deep.equal(['😀', '\uffee', 'b', 'a', 'B']);
    const bySize = await worked([terms, jug, note], { order: { key: 'size', isDescending: false } });
    expect(bySize).to.deep.equal([jug, note, terms]);
    const byName = await worked([terms, jug, note], { order: { key: 'name', isDescending: true } });
    expect(byName).to.deep.equal([terms, jug, note]);
    expect(await worked([terms], { order: { key: 'color', isDescending: true } })).to.equal(
      'plan/value-invalid',
    );
  });

  it('takes one element by its position, and cuts', async () => {
    expect(await worked(['a', 'b', 'c'], { take: ['2'] })).to.deep.equal(['b']);
    expect(await worked(['a', 'b'], { take: [{ from: ['a', 'at'] }] }, { 'a.at': 1 })).to.deep.equal(['a']);
    expect(await worked(['a', 'b'], { take: ['0'] })).to.equal('plan/value-invalid');
    expect(await worked(['a', 'b'], { take: ['3'] })).to.equal('plan/value-invalid');
    expect(await worked(['a', 'b'], { take: ['one'] })).to.equal('plan/value-invalid');
    expect(await worked(['a', 'b', 'c'], { limit: 2 })).to.deep.equal(['a', 'b']);
    expect(await worked(['a', 'b', 'c'], { limit: -1 })).to.deep.equal(['a', 'b']);
  });

  it('takes before it orders and cuts', async () => {
    const config = { ...filter('>', '1'), take: ['1'], order: { key: '', isDescending: false }, limit: 5 };
    expect(await worked([1, 3, 2], config)).to.deep.equal([3]);
  });

  it('gives the first and the last', async () => {
    const scene = new StepScene('list', listDefinition, {
      config: { from: ['a', 'list'] },
      values: { 'a.list': ['x', 'y', 'z'] },
    });
    expect((await scene.run()).outputs).to.deep.equal({
      result: ['x', 'y', 'z'],
      first_record: 'x',
      last_record: 'z',
    });
  });

  it('gives nothing for nothing', async () => {
    for (const empty of [[], null, '', 0]) {
      const scene = new StepScene('list', listDefinition, {
        config: { from: ['a', 'list'], take: ['5'], limit: 1 },
        values: { 'a.list': empty },
      });
      expect((await scene.run()).outputs).to.deep.equal({
        result: [],
        first_record: null,
        last_record: null,
      });
    }
  });

  it('works on lists of plain values and files only', async () => {
    for (const value of ['text', 5, { a: 1 }, [{ a: 1 }], ['a', 1], [null]]) {
      expect(await worked(value, {})).to.equal('plan/value-invalid');
    }
    const scene = new StepScene('list', listDefinition, { config: { from: ['a', 'gone'] } });
    expect(await scene.failure()).to.equal('plan/variable-missing');
  });

  it('refuses settings that are none', async () => {
    const bad: readonly JsonObject[] = [
      {},
      { from: ['a', 'b'], limit: 'x' },
      { from: ['a', 'b'], order: { key: 1 } },
      { from: ['a', 'b'], take: '1' },
      { from: ['a', 'b'], filter: { mode: 'all' } },
    ];
    for (const config of bad) {
      expect(await new StepScene('list', listDefinition, { config }).failure()).to.equal('plan/invalid');
    }
  });
});
