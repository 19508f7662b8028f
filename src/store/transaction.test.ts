import { expect } from '@open-wc/testing';
import { isUnderstudyError } from '../contracts/errors.ts';
import { createTransactor } from './transaction.ts';

function newName(): string {
  return `understudy-test-${crypto.randomUUID()}`;
}

/** IndexedDB whose first connections fail as the test wants. */
function createFlaky(faults: (() => never)[]): IDBFactory {
  const open = (name: string): IDBOpenDBRequest => {
    const request = indexedDB.open(name);
    request.addEventListener('success', () => {
      const fault = faults.shift();
      if (fault !== undefined) request.result.transaction = fault;
    });
    return request;
  };
  return { open } as unknown as IDBFactory;
}

function fail(name: string): () => never {
  return () => {
    throw new DOMException('Connection to Indexed Database server lost. Refresh the page to try again', name);
  };
}

describe('transactor', () => {
  it('asks for strict durability where the browser knows it', async () => {
    const seen: (IDBTransactionOptions | undefined)[] = [];
    const open = (name: string): IDBOpenDBRequest => {
      const request = indexedDB.open(name);
      request.addEventListener('success', () => {
        const database = request.result;
        const real = database.transaction.bind(database);
        database.transaction = (names, mode, options) => {
          seen.push(options);
          return real(names, mode, options);
        };
      });
      return request;
    };
    const transactor = createTransactor({
      name: newName(),
      storeName: 'records',
      indexedDb: { open } as unknown as IDBFactory,
    });
    await transactor.transact([{ type: 'set', collection: 'settings', key: 'key', value: 1 }]);
    expect(seen).to.deep.equal([{ durability: 'strict' }]);
    transactor.close();
  });

  it('connects once more when the connection was lost', async () => {
    for (const name of ['InvalidStateError', 'UnknownError']) {
      const transactor = createTransactor({
        name: newName(),
        storeName: 'records',
        indexedDb: createFlaky([fail(name)]),
      });
      await transactor.transact([{ type: 'set', collection: 'settings', key: 'key', value: 1 }]);
      expect(await transactor.listKeys('settings/')).to.deep.equal(['settings/key']);
      transactor.close();
    }
  });

  it('fails with store/failed when the connection is lost again', async () => {
    const transactor = createTransactor({
      name: newName(),
      storeName: 'records',
      indexedDb: createFlaky([fail('UnknownError'), fail('UnknownError')]),
    });
    const error = await transactor.listKeys('settings/').catch((fault: unknown) => fault);
    expect(isUnderstudyError(error, 'store/failed')).to.equal(true);
    transactor.close();
  });

  it('fails with store/quota at once when the transaction is aborted for want of room', async () => {
    let opened = 0;
    const open = (): unknown => {
      opened += 1;
      const request = { result: {}, onsuccess: (): void => undefined };
      const transaction = {
        error: new DOMException('', 'QuotaExceededError'),
        objectStore: () => ({ put: () => undefined }),
        onabort: (): void => undefined,
      };
      const start = (): unknown => {
        queueMicrotask(() => {
          transaction.onabort();
        });
        return transaction;
      };
      request.result = { transaction: start, close: () => undefined };
      queueMicrotask(() => {
        request.onsuccess();
      });
      return request;
    };
    const transactor = createTransactor({
      name: 'full',
      storeName: 'records',
      indexedDb: { open } as unknown as IDBFactory,
    });
    const write = { type: 'set', collection: 'settings', key: 'key', value: 1 } as const;
    const error = await transactor.transact([write]).catch((fault: unknown) => fault);
    expect(isUnderstudyError(error, 'store/quota')).to.equal(true);
    expect(opened).to.equal(1);
    transactor.close();
  });
});
