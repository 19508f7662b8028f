import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { isUnderstudyError } from './errors.ts';
import { parsePlan } from './parse-plan.ts';

const step = { id: 'a', kind: 'end', site: 'edge', inputs: {}, outputs: [], edges: [], config: {} };
const valid: object = { format: 'understudy/plan', version: 1, appId: 'x', start: 'a', steps: [step] };

function codeOf(value: unknown): string {
  try {
    parsePlan(value);
    return 'accepted';
  } catch (error) {
    return isUnderstudyError(error) ? error.code : 'foreign error';
  }
}

describe('parsePlan', () => {
  it('accepts a plan of this version', () => {
    expect(parsePlan(valid).steps).to.have.length(1);
  });
  it('gives a plan of version 1 what it lacks', () => {
    expect(parsePlan(valid)).to.deep.include({ version: 2, mode: 'chat', annotations: [] });
    expect(parsePlan(valid).steps[0]).to.deep.include({ parent: null, onError: null });
  });
  it('refuses a kind of version 2 in a plan of version 1', () => {
    const steps = [{ ...step, kind: 'answer' }];
    expect(codeOf({ ...valid, steps })).to.equal('plan/invalid');
    expect(codeOf({ ...valid, version: 2, steps })).to.equal('accepted');
  });
  it('refuses a later version by its own code', () => {
    expect(codeOf({ ...valid, version: 3 })).to.equal('plan/version-unsupported');
  });
  it('refuses steps that lead in a circle, whose parent holds no steps, or that lead out of their parent', () => {
    const to = (id: string) => [{ when: 'default', to: id }];
    const a = { ...step, edges: to('b') };
    const b = { ...step, id: 'b' };
    const plan = (...steps: unknown[]) => codeOf({ ...valid, version: 2, steps });
    expect(plan(a, b)).to.equal('accepted');
    expect(plan(a, { ...b, edges: to('a') })).to.equal('plan/invalid');
    expect(plan(step, { ...b, parent: 'a' })).to.equal('plan/invalid');
    expect(plan(a, { ...b, parent: 'c' }, { ...step, id: 'c', kind: 'loop' })).to.equal('plan/invalid');
    expect(plan(step, { ...b, kind: 'loop', parent: 'b' })).to.equal('plan/invalid');
  });
  it('refuses tries and failures without measure', () => {
    const plan = (fields: object) => codeOf({ ...valid, version: 2, steps: [{ ...step, ...fields }] });
    expect(plan({ retry: { times: 3, intervalMs: 100 }, onError: { kind: 'branch' } })).to.equal('accepted');
    expect(plan({ retry: { times: 3000, intervalMs: 100 } })).to.equal('plan/invalid');
    expect(plan({ onError: { kind: 'defaults', values: null } })).to.equal('plan/invalid');
  });
  it('refuses a kind of step it does not know', () => {
    expect(codeOf({ ...valid, steps: [{ ...step, kind: 'launch' }] })).to.equal('plan/invalid');
  });
  it('refuses an edge that leads nowhere', () => {
    expect(codeOf({ ...valid, steps: [{ ...step, edges: [{ when: 'default', to: 'b' }] }] })).to.equal(
      'plan/invalid',
    );
  });
  it('refuses a binding to a step that is not there', () => {
    expect(codeOf({ ...valid, steps: [{ ...step, inputs: { x: { from: ['b', 'y'] } } }] })).to.equal(
      'plan/invalid',
    );
  });
  it('refuses two steps of one name and reserved names', () => {
    expect(codeOf({ ...valid, steps: [step, step] })).to.equal('plan/invalid');
    expect(codeOf({ ...valid, start: 'turn', steps: [{ ...step, id: 'turn' }] })).to.equal('plan/invalid');
  });
  it('answers any JSON with a plan or one of its codes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(codeOf(value)).to.match(/^(accepted|plan\/)/);
        expect(codeOf({ ...valid, steps: [value] })).to.match(/^(accepted|plan\/)/);
        expect(codeOf({ ...valid, version: 2, steps: [{ ...step, config: value, retry: value }] })).to.match(
          /^(accepted|plan\/)/,
        );
      }),
    );
  });
});
