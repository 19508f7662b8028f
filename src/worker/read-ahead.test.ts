import { expect } from '@open-wc/testing';
import type { Clock } from '../contracts/clock.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { ReadAhead } from '../contracts/retrieval.ts';
import { readAhead } from './read-ahead.ts';

const noted: (count: number) => void = () => undefined;

/** A retriever of some passages, on a clock by which each takes a millisecond to read and sleep takes none. */
function scene(passages: number): {
  readonly clock: Clock;
  readonly prepare: (mayGoOn: () => boolean) => ReadAhead;
  /** Passages that were read, slice by slice. */
  readonly slices: number[];
  /** Called before each sleep. */
  onSleep: (count: number) => void;
} {
  let nowMs = 0;
  let sleeps = 0;
  let left = passages;
  const slices: number[] = [];
  const made = {
    slices,
    onSleep: noted,
    clock: {
      now: () => nowMs,
      monotonicMs: () => nowMs,
      sleep: async (_: number, { signal }: { readonly signal?: AbortSignal } = {}) => {
        made.onSleep((sleeps += 1));
        signal?.throwIfAborted();
        await Promise.resolve();
      },
    },
    prepare: (mayGoOn: () => boolean): ReadAhead => {
      let count = 0;
      for (; left > 0 && mayGoOn(); left -= 1) {
        nowMs += 1;
        count += 1;
      }
      slices.push(count);
      return { hasMore: left > 0, passages: passages - left, bytes: 0 };
    },
  };
  return made;
}

const never = (): boolean => false;
const { signal } = new AbortController();

describe('readAhead', () => {
  it('reads for a few milliseconds, then lets messages through, until all is read', async () => {
    const { clock, prepare, slices } = scene(10);
    await readAhead({ prepare }, { clock, signal, isBusy: never, isOver: never });
    expect(slices).to.deep.equal([4, 4, 2]);
  });

  it('reads nothing while a turn is under way', async () => {
    const one = scene(6);
    let isBusy = false;
    one.onSleep = (count) => {
      isBusy = count > 1 && count < 5;
      if (isBusy) expect(one.slices).to.have.length(1);
    };
    await readAhead(one, { clock: one.clock, signal, isBusy: () => isBusy, isOver: never });
    expect(one.slices).to.deep.equal([4, 2]);
  });

  it('stops when the retriever is out of use', async () => {
    const one = scene(100);
    await readAhead(one, { clock: one.clock, signal, isBusy: never, isOver: () => one.slices.length === 2 });
    expect(one.slices).to.deep.equal([4, 4]);
  });

  it('leaves retrievers alone that cannot read ahead', async () => {
    const { clock } = scene(1);
    await readAhead({}, { clock, signal, isBusy: never, isOver: never });
  });

  it('ends with the reason of the signal', async () => {
    const one = scene(100);
    const closing = new AbortController();
    one.onSleep = (count) => {
      if (count === 3) closing.abort(new UnderstudyError('client/disposed', 'The connection was closed.'));
    };
    const options = { clock: one.clock, signal: closing.signal, isBusy: never, isOver: never };
    const error: unknown = await readAhead(one, options).catch((reason: unknown) => reason);
    expect(error).to.equal(closing.signal.reason);
    expect(one.slices).to.deep.equal([4, 4]);
  });
});
