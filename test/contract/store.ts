import { expect } from '@open-wc/testing';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import type { Store } from '../../src/contracts/store.ts';

/** What an implementation is expected to do beyond the contract's minimum. */
export interface StoreCapabilities {
  readonly persistence: Store['persistence'];
}

/** Makes an empty store; with a name that was used before, the one that holds what was written then, where it persists. */
export type StoreFactory = (name: string) => Promise<Store>;

/**
 * Declares the tests that every {@link Store} passes.
 *
 * @param name - Of the implementation, for the report.
 */
export function runStoreContract(name: string, factory: StoreFactory, capabilities: StoreCapabilities): void {
  describe(`${name} keeps the contract of a store`, () => {
    let store: Store;
    let storeName: string;

    beforeEach(async () => {
      storeName = `understudy-contract-${crypto.randomUUID()}`;
      store = await factory(storeName);
    });

    afterEach(async () => {
      await store.clear().catch(() => undefined);
      store.close();
    });

    it('says its version and whether it persists', () => {
      expect(store.contract).to.equal(1);
      expect(store.persistence).to.equal(capabilities.persistence);
    });

    it('gives undefined for what was never written, and for null and undefined', async () => {
      expect(await store.get('settings', 'absent')).to.equal(undefined);
      await store.set('settings', 'null', null);
      await store.set('settings', 'undefined', undefined);
      expect(await store.get('settings', 'null')).to.equal(undefined);
      expect(await store.get('settings', 'undefined')).to.equal(undefined);
    });

    it('gives back JSON and bytes as they were written', async () => {
      const value = { text: '𝒰 中文 \u0000', list: [1, -0.5, true, null, { deep: [] }] };
      await store.set('transcript', 'turn', value);
      expect(await store.get('transcript', 'turn')).to.deep.equal(value);
      await store.set('chunks', 'bytes', new Uint8Array([0, 255, 7]).buffer);
      const bytes = await store.get('chunks', 'bytes');
      expect(bytes).to.be.instanceOf(ArrayBuffer);
      expect([...new Uint8Array(bytes as ArrayBuffer)]).to.deep.equal([0, 255, 7]);
    });

    it('keeps falsy values', async () => {
      for (const value of [0, '', false]) {
        await store.set('settings', 'falsy', value);
        expect(await store.get('settings', 'falsy')).to.equal(value);
      }
    });

    it('is not changed by changing what was written or read', async () => {
      const value = { list: [1] };
      await store.set('settings', 'value', value);
      value.list.push(2);
      const read = (await store.get('settings', 'value')) as typeof value;
      read.list.push(3);
      expect(await store.get('settings', 'value')).to.deep.equal({ list: [1] });
    });

    it('overwrites and deletes', async () => {
      await store.set('settings', 'key', 1);
      await store.set('settings', 'key', 2);
      expect(await store.get('settings', 'key')).to.equal(2);
      await store.delete('settings', 'key');
      await store.delete('settings', 'never there');
      expect(await store.get('settings', 'key')).to.equal(undefined);
    });

    it('keeps collections apart, whatever the keys look like', async () => {
      await store.set('settings', 'key', 'a');
      await store.set('outbox', 'key', 'b');
      await store.set('outbox', 'settings/key', 'c');
      await store.set('outbox', '__proto__', 'd');
      expect(await store.get('settings', 'key')).to.equal('a');
      expect(await store.get('outbox', 'key')).to.equal('b');
      expect(await store.keys('settings')).to.deep.equal(['key']);
      expect(await store.keys('outbox')).to.deep.equal(['__proto__', 'key', 'settings/key']);
    });

    it('lists keys in code-unit order', async () => {
      for (const key of ['b', 'a', '\ue000', '😀', 'B', '10', '9', '']) await store.set('outbox', key, 1);
      expect(await store.keys('outbox')).to.deep.equal(['', '10', '9', 'B', 'a', 'b', '😀', '\ue000']);
      expect(await store.keys('releases')).to.deep.equal([]);
    });

    it('performs the writes of a transaction in their order', async () => {
      await store.set('chunks', 'old', 1);
      await store.transact([
        { type: 'set', collection: 'chunks', key: 'new', value: new ArrayBuffer(4) },
        { type: 'set', collection: 'releases', key: 'current', value: { release: 1 } },
        { type: 'delete', collection: 'chunks', key: 'old' },
        { type: 'set', collection: 'releases', key: 'current', value: { release: 2 } },
      ]);
      expect(await store.keys('chunks')).to.deep.equal(['new']);
      expect(await store.get('releases', 'current')).to.deep.equal({ release: 2 });
      await store.transact([]);
    });

    it('performs none of the writes of a transaction when one cannot be stored', async () => {
      await store.set('settings', 'kept', 1);
      const error = await failure(
        store.transact([
          { type: 'set', collection: 'settings', key: 'new', value: 1 },
          { type: 'delete', collection: 'settings', key: 'kept' },
          { type: 'set', collection: 'settings', key: 'function', value: () => 1 },
        ]),
      );
      expect(isUnderstudyError(error, 'store/failed')).to.equal(true);
      expect(await store.keys('settings')).to.deep.equal(['kept']);
    });

    it('fails with store/failed for a value that cannot be stored', async () => {
      const error = await failure(store.set('settings', 'function', () => 1));
      expect(isUnderstudyError(error, 'store/failed')).to.equal(true);
      expect(await store.get('settings', 'function')).to.equal(undefined);
    });

    it('takes many calls at the same time', async () => {
      const numbers = Array.from({ length: 100 }, (_unused, at) => at);
      await Promise.all([
        ...numbers.map((at) => store.set('outbox', String(at), at)),
        store.transact(
          numbers.map((at) => ({ type: 'set', collection: 'chunks', key: String(at), value: at })),
        ),
      ]);
      expect(await Promise.all(numbers.map((at) => store.get('outbox', String(at))))).to.deep.equal(numbers);
      expect(await store.keys('chunks')).to.have.length(100);
    });

    it('is empty after clear', async () => {
      await store.set('settings', 'key', 1);
      await store.set('chunks', 'key', 1);
      await store.clear();
      expect(await store.keys('settings')).to.deep.equal([]);
      expect(await store.get('chunks', 'key')).to.equal(undefined);
    });

    it('fails with store/failed after close', async () => {
      store.close();
      store.close();
      for (const call of [
        store.get('settings', 'key'),
        store.set('settings', 'key', 1),
        store.delete('settings', 'key'),
        store.keys('settings'),
        store.transact([{ type: 'delete', collection: 'settings', key: 'key' }]),
        store.clear(),
      ]) {
        expect(isUnderstudyError(await failure(call), 'store/failed')).to.equal(true);
      }
    });

    if (capabilities.persistence === 'persistent') {
      it('holds what was written when it is opened again', async () => {
        await store.set('settings', 'set', 1);
        await store.transact([{ type: 'set', collection: 'settings', key: 'transacted', value: 2 }]);
        store.close();
        store = await factory(storeName);
        expect(await store.get('settings', 'set')).to.equal(1);
        expect(await store.get('settings', 'transacted')).to.equal(2);
      });

      it('shares what it holds with another tab', async () => {
        const other = await factory(storeName);
        await other.transact([{ type: 'set', collection: 'settings', key: 'key', value: 'theirs' }]);
        expect(await store.get('settings', 'key')).to.equal('theirs');
        await store.set('settings', 'key', 'ours');
        expect(await other.get('settings', 'key')).to.equal('ours');
        other.close();
      });
    }
  });
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
