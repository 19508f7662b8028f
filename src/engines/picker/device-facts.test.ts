import { expect } from '@open-wc/testing';
import { lackOf, probeDevice } from './device-facts.ts';

describe('probeDevice', () => {
  it('finds WebAssembly with SIMD in this browser', () => {
    const facts = probeDevice();
    expect(facts.webAssembly).to.equal('allowed');
    expect(facts.hasSimd).to.equal(true);
    expect(facts.hasRelaxedSimd).to.be.a('boolean');
    expect(facts.cores).to.be.at.least(1);
    expect(facts.isCrossOriginIsolated).to.equal(globalThis.crossOriginIsolated);
  });

  it('finds nothing in a realm without anything, and believes no odd values', () => {
    const bare = { webAssembly: 'absent', hasSimd: false, hasRelaxedSimd: false, cores: 1, memoryGb: null };
    expect(probeDevice({})).to.include({ ...bare, hasWebGpu: false, hasLanguageModel: false });
    const odd = {
      navigator: { hardwareConcurrency: 'many', deviceMemory: {}, gpu: null },
      LanguageModel: {},
    };
    expect(probeDevice(odd)).to.include({ ...bare, hasWebGpu: false, hasLanguageModel: true });
  });

  it('says what is lacking', () => {
    const facts = probeDevice({});
    expect(lackOf(facts, 'webassembly')).to.equal('WebAssembly is absent');
    expect(lackOf(facts, 'webgpu')).to.equal('there is no WebGPU');
    expect(lackOf({ ...facts, hasWebGpu: true }, 'webgpu')).to.equal(null);
  });
});
