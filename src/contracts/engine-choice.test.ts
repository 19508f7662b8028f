import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { isEngineAddress, NAMED_ENGINES, parseEngineChoices } from './engine-choice.ts';

const wllama = { engine: 'wllama', module: '/vendor/wllama/index.js', wasm: 'https://cdn.test/wllama.wasm' };

describe('the engines that a manifest names', () => {
  it('keep their order and addresses', () => {
    const webllm = { engine: 'webllm', module: '/m.js', model: '/model/', library: '/model.wasm' };
    const graphics = { engine: 'transformers-webgpu', runtime: '/ort/' };
    const named = [graphics, wllama, { engine: 'kernel' }, webllm];
    expect(parseEngineChoices(named)).to.deep.equal(named);
  });

  it('are none where there is no list, and an empty list where nothing of it is valid', () => {
    for (const value of [undefined, null, 'kernel', { 0: 'kernel' }])
      expect(parseEngineChoices(value)).to.equal(null);
    expect(parseEngineChoices([])).to.deep.equal([]);
    expect(parseEngineChoices([7, 'kernel', { engine: 'prompt-api' }, { engine: 'wllama' }])).to.deep.equal(
      [],
    );
  });

  it('leave out engines of later releases and second mentions', () => {
    const named = [{ engine: 'quantum' }, { engine: 'kernel', more: 1 }, { engine: 'kernel' }];
    expect(parseEngineChoices(named)).to.deep.equal([{ engine: 'kernel' }]);
  });

  it('load from no address that code should not come from', () => {
    for (const address of [
      ...[
        'javascript:alert(1)',
        'data:text/javascript,0',
        'blob:https://shop.test/1',
        'http://cdn.test/a.js',
      ],
      ...['//cdn.test/a.js', '/\\cdn.test/a.js', '/\t/cdn.test/a.js', 'a.js', '../a.js', '', 'https://'],
      ...['https://user:word@cdn.test/a.js', ' https://cdn.test/a.js', `/${'a'.repeat(2000)}`],
    ]) {
      expect(isEngineAddress(address), address).to.equal(false);
      expect(parseEngineChoices([{ ...wllama, module: address }]), address).to.deep.equal([]);
      const graphics = { engine: 'transformers-webgpu', runtime: address };
      expect(parseEngineChoices([graphics]), address).to.deep.equal([]);
    }
  });

  it('of any content are read without failing, and hold nothing but checked addresses', () => {
    const entry = fc.record(
      {
        engine: fc.constantFrom(...NAMED_ENGINES, 'x'),
        module: fc.oneof(fc.webUrl(), fc.string()),
        wasm: fc.anything(),
        runtime: fc.oneof(fc.webUrl(), fc.string()),
        model: fc.string(),
        library: fc.string(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.array(entry)), (value) => {
        for (const { engine, ...addresses } of parseEngineChoices(value) ?? []) {
          expect(NAMED_ENGINES).to.include(engine);
          for (const address of Object.values(addresses)) expect(isEngineAddress(address)).to.equal(true);
        }
      }),
    );
  });
});
