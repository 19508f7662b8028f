import { expect } from '@open-wc/testing';
import { runStoreContract } from '../../test/contract/store.ts';
import type { UnderstudyError } from '../contracts/errors.ts';
import { isUnderstudyError } from '../contracts/errors.ts';
import type { ForageInstance } from './local-forage-store.ts';
import { openStore } from './local-forage-store.ts';

runStoreContract('the localforage store', (name) => openStore({ name }), { persistence: 'persistent' });

function newName(): string {
  return `understudy-test-${crypto.randomUUID()}`;
}

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => {
      resolve();
    };
    request.onerror = () => {
      reject(new Error('the database was not deleted'));
    };
  });
}

/** An instance that works but for what is replaced. */
function createBroken(replaced: Partial<ForageInstance>): () => ForageInstance {
  const works: ForageInstance = {
    ready: () => Promise.resolve(),
    getItem: () => Promise.resolve(null),
    setItem: () => Promise.resolve(undefined),
    removeItem: () => Promise.resolve(),
    clear: () => Promise.resolve(),
  };
  return () => ({ ...works, ...replaced });
}

describe('openStore', () => {
  it('falls back to memory and tells it when the browser refuses storage', async () => {
    const faults: UnderstudyError[] = [];
    const store = await openStore({
      name: newName(),
      createInstance: createBroken({ ready: () => Promise.reject(new DOMException('no', 'SecurityError')) }),
      onFallback: (fault) => faults.push(fault),
    });
    expect(store.persistence).to.equal('memory');
    await store.set('settings', 'key', 1);
    expect(await store.get('settings', 'key')).to.equal(1);
    expect(faults.map(({ code }) => code)).to.deep.equal(['store/unavailable']);
  });

  it('falls back to memory when opening hangs, as with a tab that blocks an upgrade', async () => {
    const store = await openStore({
      name: newName(),
      openTimeoutMs: 20,
      createInstance: createBroken({ ready: () => new Promise(() => undefined) }),
    });
    expect(store.persistence).to.equal('memory');
  });

  it('survives that the site data are cleared while it is open', async () => {
    const name = newName();
    const store = await openStore({ name });
    await store.set('settings', 'before', 1);
    await store.transact([{ type: 'set', collection: 'settings', key: 'too', value: 1 }]);
    await deleteDatabase(name);
    await store.transact([{ type: 'set', collection: 'settings', key: 'after', value: 2 }]);
    expect(await store.get('settings', 'after')).to.equal(2);
    expect(await store.get('settings', 'before')).to.equal(undefined);
    await store.set('settings', 'again', 3);
    expect(await store.keys('settings')).to.deep.equal(['after', 'again']);
    store.close();
  });

  it('reads again through localforage after the site data were cleared', async () => {
    const name = newName();
    const store = await openStore({ name });
    await store.set('settings', 'before', 1);
    await deleteDatabase(name);
    expect(await store.get('settings', 'before')).to.equal(undefined);
    await store.set('settings', 'after', 2);
    expect(await store.keys('settings')).to.deep.equal(['after']);
    store.close();
  });

  it('does not block another tab that deletes the database', async () => {
    const name = newName();
    const stores = [await openStore({ name }), await openStore({ name })];
    for (const store of stores) await store.keys('settings');
    await deleteDatabase(name);
    for (const store of stores) store.close();
  });

  it('reads once more when the connection to the database server was lost', async () => {
    let calls = 0;
    const store = await openStore({
      name: newName(),
      createInstance: createBroken({
        getItem: () => {
          calls += 1;
          if (calls > 1) return Promise.resolve('found');
          return Promise.reject(
            new DOMException('Connection to Indexed Database server lost', 'UnknownError'),
          );
        },
      }),
    });
    expect(await store.get('settings', 'key')).to.equal('found');
    expect(calls).to.equal(2);
    store.close();
  });

  it('fails with store/quota when the device is full, and with store/failed when reading stays impossible', async () => {
    const store = await openStore({
      name: newName(),
      createInstance: createBroken({
        setItem: () => Promise.reject(new DOMException('', 'QuotaExceededError')),
        getItem: () => Promise.reject(new DOMException('', 'UnknownError')),
      }),
    });
    const full = await store.set('settings', 'key', 1).catch((error: unknown) => error);
    expect(isUnderstudyError(full, 'store/quota')).to.equal(true);
    const broken = await store.get('settings', 'key').catch((error: unknown) => error);
    expect(isUnderstudyError(broken, 'store/failed')).to.equal(true);
    store.close();
  });
});
