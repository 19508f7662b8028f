import { expect } from '@open-wc/testing';
import { isUnderstudyError } from '../../contracts/errors.ts';
import { createKernelEngine } from './create-kernel-engine.ts';

const shipped = '/models/understudy-tiny/';

interface GoldenFile {
  readonly cases: readonly { readonly top: readonly (readonly [number, number])[] }[];
}

describe('the self-test of the kernel on the model that is shipped', () => {
  let model: Blob;
  let golden: GoldenFile;

  before(async function () {
    const file = await fetch(`${shipped}understudy-tiny.q8_0.gguf`);
    // A checkout without large files has no weights.
    if (!file.ok) this.skip();
    model = await file.blob();
    const recorded = await fetch(`${shipped}golden.json`);
    golden = (await recorded.json()) as GoldenFile;
  });

  async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    yield new Uint8Array(await model.arrayBuffer());
  }

  /** Loads the model with the last recorded logit of each case changed; gives the code it is refused with. */
  const loadWith = async (change: number): Promise<string> => {
    const cases = golden.cases.map((one) => ({
      ...one,
      top: one.top.map(([token, logit], rank) => [token, rank === 7 ? logit + change : logit]),
    }));
    const engine = createKernelEngine({
      openModel: () => Promise.resolve({ sizeBytes: model.size, pieces: pieces() }),
      readGolden: () => Promise.resolve(new TextEncoder().encode(JSON.stringify({ cases }))),
      readKernel: async (file) => (await fetch(`/dist/kernel/${file}`)).arrayBuffer(),
      modelId: 'understudy-tiny',
    });
    try {
      await engine.load();
    } catch (error) {
      return isUnderstudyError(error) ? error.code : String(error);
    } finally {
      await engine.dispose();
    }
    return 'none';
  };

  it('finds in a browser the tokens and logits that the plain kernel gave in Node.js', async () => {
    expect(await loadWith(0)).to.equal('none');
  });

  it('refuses a kernel that writes the right tokens from a logit that is off by a hundredth', async () => {
    expect(await loadWith(0.01)).to.equal('engine/wrong-output');
  });
});
