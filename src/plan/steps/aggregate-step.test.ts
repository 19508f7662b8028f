import { expect } from '@open-wc/testing';
import type { Json } from '../../contracts/json.ts';
import { aggregateDefinition } from './aggregate-step.ts';
import { StepScene } from './step-scene.ts';

const group = (name: string, ...from: readonly string[]): Json => ({
  name,
  type: 'string',
  from: from.map((selector) => selector.split('.')),
});

async function outputs(
  isGrouped: boolean,
  groups: Json,
  values: { readonly [selector: string]: Json },
): Promise<unknown> {
  const scene = new StepScene('aggregate', aggregateDefinition, { config: { isGrouped, groups }, values });
  return (await scene.run()).outputs;
}

describe('the step `aggregate`', () => {
  it('gives the first variable that is set', async () => {
    const groups = [group('output', 'a.text', 'b.text', 'c.text')];
    expect(await outputs(false, groups, { 'b.text': 'second', 'c.text': 'third' })).to.deep.equal({
      output: 'second',
    });
  });

  it('takes an empty text, and nothing at all, for set', async () => {
    const groups = [group('output', 'a.text', 'b.text')];
    expect(await outputs(false, groups, { 'a.text': '', 'b.text': 'x' })).to.deep.equal({ output: '' });
    expect(await outputs(false, groups, { 'a.text': null, 'b.text': 'x' })).to.deep.equal({ output: null });
  });

  it('follows names within a value', async () => {
    const groups = [group('output', 'a.order.id', 'b.order.id')];
    expect(await outputs(false, groups, { 'a.order': {}, 'b.order': { id: 7 } })).to.deep.equal({
      output: 7,
    });
  });

  it('gives nothing where none is set', async () => {
    expect(await outputs(false, [group('output', 'a.text')], {})).to.deep.equal({});
    expect(await outputs(false, [], {})).to.deep.equal({});
  });

  it('gives an object for each group', async () => {
    const groups = [group('One', 'a.x', 'b.x'), group('Two', 'a.y'), group('Three', 'b.y')];
    expect(await outputs(true, groups, { 'b.x': 1, 'b.y': ['z'] })).to.deep.equal({
      One: { output: 1 },
      Three: { output: ['z'] },
    });
  });

  it('refuses settings that are none', async () => {
    for (const config of [
      {},
      { isGrouped: 'no', groups: [] },
      { isGrouped: true, groups: [{ name: 'a', from: ['x'] }] },
    ]) {
      expect(await new StepScene('aggregate', aggregateDefinition, { config }).failure()).to.equal(
        'plan/invalid',
      );
    }
  });
});
