import { expect } from '@open-wc/testing';
import type { Sandbox } from '../contracts/sandbox.ts';
import { lazySandbox } from './lazy-sandbox.ts';

describe('a sandbox that is loaded late', () => {
  it('is loaded once, with the first use, and again after it failed', async () => {
    let loads = 0;
    const inner: Sandbox = { runCode: async () => 1, renderTemplate: async (source) => source };
    const sandbox = lazySandbox(async () => {
      loads += 1;
      if (loads === 1) throw new Error('offline');
      return inner;
    });
    expect(loads).to.equal(0);
    const error: unknown = await sandbox.renderTemplate('x', {}).catch((thrown: unknown) => thrown);
    expect(String(error)).to.equal('Error: offline');
    expect(await sandbox.renderTemplate('x', {})).to.equal('x');
    expect(await sandbox.runCode({ runtime: 'quickjs', source: '', inputs: {} })).to.equal(1);
    expect(loads).to.equal(2);
  });
});
