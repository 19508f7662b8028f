import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { isUnderstudyError } from './errors.ts';
import { parsePlan } from './plan.ts';

const step = { id: 'a', kind: 'end', site: 'edge', inputs: {}, outputs: [], edges: [], config: {} };
const valid = { format: 'understudy/plan', version: 1, appId: 'x', start: 'a', steps: [step] };

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
  it('refuses a later version by its own code', () => {
    expect(codeOf({ ...valid, version: 2 })).to.equal('plan/version-unsupported');
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
      }),
    );
  });
});
