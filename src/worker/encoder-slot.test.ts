import { expect } from '@open-wc/testing';
import type { OpenBundle } from '../bundle/open-bundle.ts';
import type { Encoder } from '../contracts/encoder.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { EncoderFactory } from './encoder-slot.ts';
import { EncoderSlot } from './encoder-slot.ts';
import type { HeldUnderstudy } from './understudy-holder.ts';

const encoder = (): Encoder => ({
  width: 2,
  encode: () => Float32Array.of(1, 0),
  dispose: () => undefined,
});

/** A held understudy that remembers the encoders it was given. */
function held(
  sizes: Partial<Record<'encoder' | 'vectors', number>>,
  sha256 = 'a',
): {
  readonly held: HeldUnderstudy;
  readonly taken: Encoder[];
} {
  const taken: Encoder[] = [];
  const entry = (role: string, sizeBytes: number): object => ({
    role,
    mediaType: '',
    sizeBytes,
    sha256,
    need: 'wording',
  });
  const artifacts = {
    ...(sizes.encoder === undefined ? {} : { 'encoder.gguf': entry('encoder', sizes.encoder) }),
    ...(sizes.vectors === undefined ? {} : { 'vectors.bin': entry('vectors', sizes.vectors) }),
  };
  const bundle: Partial<OpenBundle> = {
    stream: () => ({ sizeBytes: 0, pieces: (async function* () {})() }),
  };
  Object.assign(bundle, { manifest: { artifacts } });
  const understudy = {
    takeEncoder: (one: Encoder) => {
      taken.push(one);
      return Promise.resolve();
    },
  };
  const result: Partial<HeldUnderstudy> = {};
  Object.assign(result, { bundle, understudy });
  return { held: result as HeldUnderstudy, taken };
}

describe('EncoderSlot', () => {
  const faults: UnderstudyError[] = [];
  const make = (create: EncoderFactory | null, signal = new AbortController().signal): EncoderSlot =>
    new EncoderSlot({ create, assetsUrl: '/', signal, onFault: (error) => faults.push(error) });

  beforeEach(() => (faults.length = 0));

  it('gives an understudy its encoder once, and the next release its own where it has other weights', async () => {
    let count = 0;
    const slot = make(() => {
      count += 1;
      return Promise.resolve(encoder());
    });
    const first = held({ encoder: 10, vectors: 5 });
    await slot.serve(first.held);
    await slot.serve(first.held);
    expect([count, first.taken.length, slot.state]).to.deep.equal([1, 1, 'ready']);
    const second = held({ encoder: 10, vectors: 5 }, 'b');
    await slot.serve(second.held);
    expect([count, second.taken.length]).to.deep.equal([2, 1]);
    const third = held({ encoder: 10, vectors: 6 }, 'b');
    await slot.serve(third.held);
    expect([count, third.taken]).to.deep.equal([2, second.taken]);
  });

  it('fetches nothing where the bundle has none, none can run, or it is too large to come unasked', async () => {
    const never: EncoderFactory = () => Promise.reject(new Error('It must not be made.'));
    const slot = make(never);
    await slot.serve(held({}).held);
    await slot.serve(held({ encoder: 30 * 2 ** 20, vectors: 3 * 2 ** 20 }).held);
    await make(null).serve(held({ encoder: 10 }).held);
    expect(slot.state).to.equal('absent');
  });

  it('tells of an encoder that cannot be loaded, and leaves the search by words as it was', async () => {
    const slot = make(() => Promise.reject(new UnderstudyError('engine/unsupported', 'No SIMD.')));
    const one = held({ encoder: 10 });
    await slot.serve(one.held);
    expect([slot.state, one.taken.length]).to.deep.equal(['failed', 0]);
    expect(faults.map(({ code }) => code)).to.deep.equal(['engine/unsupported']);
  });

  it('gives what no code foresees a code, as when the program of the kernel is damaged', async () => {
    const slot = make(() => Promise.reject(new WebAssembly.CompileError('bad magic')));
    await slot.serve(held({ encoder: 10 }).held);
    expect([slot.state, ...faults.map(({ code }) => code)]).to.deep.equal(['failed', 'internal/unexpected']);
  });

  it('says nothing of a load that ends with the connection', async () => {
    const controller = new AbortController();
    const slot = make((_model, _url, signal) => {
      controller.abort(new UnderstudyError('client/disposed', 'Closed.'));
      return Promise.reject(signal.reason instanceof Error ? signal.reason : new Error());
    }, controller.signal);
    await slot.serve(held({ encoder: 10 }).held);
    expect(faults).to.deep.equal([]);
  });
});
