import { expect } from '@open-wc/testing';
import type { Engine } from '../contracts/engine.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import { GeneratorSlot } from './generator-slot.ts';

function engine(load: Engine['load'] = async () => undefined): Engine {
  return {
    contract: 1,
    id: 'fake',
    modelId: 'fake',
    contextTokens: 10,
    load,
    dispose: async () => undefined,
    async *generate() {
      yield { type: 'text-delta', text: '' };
    },
  };
}

describe('GeneratorSlot', () => {
  it('is ready once the engine has loaded, and loads it once', async () => {
    let made = 0;
    const slot = new GeneratorSlot(
      () => undefined,
      () => undefined,
    );
    const create = async () => {
      made += 1;
      return engine();
    };
    expect(slot.ready).to.equal(null);
    await Promise.all([slot.load(create), slot.load(create)]);
    expect(await slot.load(create)).to.equal('ready');
    expect(slot.ready?.id).to.equal('fake');
    expect(made).to.equal(1);
  });

  it('tells its progress', async () => {
    const seen: number[] = [];
    const slot = new GeneratorSlot(
      () => seen.push(slot.progress),
      () => undefined,
    );
    await slot.load(async () =>
      engine(async (options) => options?.onProgress?.({ loadedBytes: 5, totalBytes: 10 })),
    );
    expect(seen).to.include(0.5);
    expect(slot.progress).to.equal(1);
  });

  it('takes an engine out of use that can no longer write, and says why once', async () => {
    const faults: string[] = [];
    const slot = new GeneratorSlot(
      () => undefined,
      (fault) => faults.push(fault.code),
    );
    const tooSlow = new UnderstudyError('engine/too-slow', 'It is slow.');
    slot.retire(tooSlow);
    expect(faults).to.deep.equal([]);
    await slot.load(async () => engine());
    slot.retire(tooSlow);
    slot.retire(tooSlow);
    expect(slot.ready).to.equal(null);
    expect(slot.state).to.equal('failed');
    expect(faults).to.deep.equal(['engine/too-slow']);
  });

  it('fails with the reason as a fault and never throws', async () => {
    const faults: string[] = [];
    const slot = new GeneratorSlot(
      () => undefined,
      (fault) => faults.push(fault.code),
    );
    const refuse = async () =>
      engine(() => Promise.reject(new UnderstudyError('engine/blocked', 'No WebAssembly.')));
    expect(await slot.load(refuse)).to.equal('failed');
    expect(await slot.load(async () => Promise.reject(new Error('odd')))).to.equal('failed');
    expect(faults).to.deep.equal(['engine/blocked', 'engine/load-failed']);
    expect(slot.ready).to.equal(null);
  });
});
