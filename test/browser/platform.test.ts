import { expect } from '@open-wc/testing';

/** What the product takes for granted in every browser; a browser without it is outside the support table. */
describe('the platform', () => {
  it('hashes with SHA-256', async () => {
    const digest = await crypto.subtle.digest('SHA-256', new Uint8Array());
    expect(new Uint8Array(digest).byteLength).to.equal(32);
  });

  it('decompresses gzip streams', async () => {
    const zipped = new Response(new Blob(['abc']).stream().pipeThrough(new CompressionStream('gzip')));
    const plain = (await zipped.blob()).stream().pipeThrough(new DecompressionStream('gzip'));
    expect(await new Response(plain).text()).to.equal('abc');
  });

  it('starts module workers', async () => {
    const source = new Blob(['postMessage("ready")'], { type: 'text/javascript' });
    const worker = new Worker(URL.createObjectURL(source), { type: 'module' });
    const message = await new Promise((resolve) => {
      worker.addEventListener('message', (event: MessageEvent<unknown>) => resolve(event.data));
    });
    worker.terminate();
    expect(message).to.equal('ready');
  });

  it('runs WebAssembly SIMD', () => {
    // (module (func (result v128) i32.const 0 i8x16.splat))
    const simd = [
      0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
    ];
    expect(WebAssembly.validate(new Uint8Array(simd))).to.be.true;
  });
});
