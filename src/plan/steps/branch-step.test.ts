import { expect } from '@open-wc/testing';
import type { Json } from '../../contracts/json.ts';
import { branchDefinition } from './branch-step.ts';
import { StepScene } from './step-scene.ts';

const is = (name: string, value: string): Json => ({
  from: ['a', name],
  operator: 'is',
  value: [value],
  files: null,
});
const cases: Json = [
  { id: 'gold', mode: 'all', conditions: [is('tier', 'gold'), is('open', 'yes')] },
  { id: 'any', mode: 'any', conditions: [is('tier', 'gold'), is('tier', 'silver')] },
];

function when(values: { readonly [selector: string]: Json }): Promise<string> {
  return new StepScene('branch', branchDefinition, { config: { cases }, values })
    .run()
    .then((result) => result.when);
}

describe('the step `branch`', () => {
  it('takes the first case that holds', async () => {
    expect(await when({ 'a.tier': 'gold', 'a.open': 'yes' })).to.equal('gold');
    expect(await when({ 'a.tier': 'gold', 'a.open': 'no' })).to.equal('any');
    expect(await when({ 'a.tier': 'bronze' })).to.equal('false');
  });

  it('says which case it was', async () => {
    const scene = new StepScene('branch', branchDefinition, {
      config: { cases },
      values: { 'a.tier': 'silver' },
    });
    expect((await scene.run()).outputs).to.deep.equal({ result: true, selected_case_id: 'any' });
  });

  it('fails when a variable is missing', async () => {
    const scene = new StepScene('branch', branchDefinition, { config: { cases } });
    expect(await scene.failure()).to.equal('plan/variable-missing');
  });

  it('refuses settings that are none', async () => {
    const condition = is('a', 'x');
    const bad: readonly Json[] = [
      null,
      [null],
      [{ id: 1, mode: 'all', conditions: [] }],
      [{ id: 'a', mode: 'some', conditions: [] }],
      [{ id: 'a', mode: 'all', conditions: [{ from: ['a'], operator: 'is', value: null }] }],
      [{ id: 'a', mode: 'all', conditions: [{ from: ['a', 'b'], operator: 'like', value: null }] }],
      [{ id: 'a', mode: 'all', conditions: [{ from: ['a', 'b'], operator: 'is', value: 'x' }] }],
      [{ id: 'a', mode: 'all', conditions: [{ from: ['a', 'b'], operator: 'is', value: [{ from: 'x' }] }] }],
      [
        {
          id: 'a',
          mode: 'all',
          conditions: [
            {
              from: ['a', 'b'],
              operator: 'contains',
              value: null,
              files: {
                mode: 'all',
                conditions: [
                  {
                    from: ['a', 'b'],
                    operator: 'is',
                    value: null,
                    files: { mode: 'all', conditions: [condition] },
                  },
                ],
              },
            },
          ],
        },
      ],
    ];
    for (const entry of bad) {
      const scene = new StepScene('branch', branchDefinition, { config: { cases: entry } });
      expect(await scene.failure(), JSON.stringify(entry)).to.equal('plan/invalid');
    }
  });
});
