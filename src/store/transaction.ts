import type { StoreWrite } from '../contracts/store.ts';
import { isWorthRetrying, toClosedFailure, toStoreFailure } from './store-failure.ts';

/** What a {@link Transactor} opens: the database and object store that localforage made. */
export interface TransactorOptions {
  readonly name: string;
  readonly storeName: string;
  readonly indexedDb: IDBFactory;
}

/** Multi-key work on one object store, which localforage does not offer. */
export interface Transactor {
  /** Performs all writes or none, on disk when it resolves. @throws UnderstudyError `store/quota`, `store/failed`. */
  transact(writes: readonly StoreWrite[]): Promise<void>;
  /** Keys that begin with the text, in code-unit order. @throws UnderstudyError `store/failed`. */
  listKeys(start: string): Promise<readonly string[]>;
  close(): void;
}

/**
 * Creates a connection of its own to the object store of localforage; opened at first use.
 *
 * A lost connection (site data cleared, iOS "connection to the database server lost") is opened again once a call; that
 * is safe because a transaction that failed left nothing, and one that did not can be repeated.
 */
export function createTransactor(options: TransactorOptions): Transactor {
  return new RawTransactor(options);
}

class RawTransactor implements Transactor {
  readonly #options: TransactorOptions;
  #opening: Promise<IDBDatabase> | null = null;
  #isClosed = false;

  constructor(options: TransactorOptions) {
    this.#options = options;
  }

  async transact(writes: readonly StoreWrite[]): Promise<void> {
    if (writes.length === 0) return;
    await this.#run(`perform ${writes.length} writes at once`, async (database) => {
      const transaction = database.transaction(this.#options.storeName, 'readwrite', {
        durability: 'strict',
      });
      const committed = waitForCommit(transaction);
      try {
        const records = transaction.objectStore(this.#options.storeName);
        for (const { collection, key, ...write } of writes) {
          // localforage stores undefined as null; here it is the same.
          if (write.type === 'set') records.put(write.value ?? null, `${collection}/${key}`);
          else records.delete(`${collection}/${key}`);
        }
      } catch (error) {
        committed.catch(() => undefined);
        abort(transaction);
        throw error;
      }
      await committed;
    });
  }

  async listKeys(start: string): Promise<readonly string[]> {
    return await this.#run(`list ${start}`, async (database) => {
      const transaction = database.transaction(this.#options.storeName, 'readonly');
      const range = IDBKeyRange.bound(start, `${start}\uffff`);
      const request = transaction.objectStore(this.#options.storeName).getAllKeys(range);
      await waitForCommit(transaction);
      return request.result.filter((key) => typeof key === 'string');
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  async #run<T>(doing: string, work: (database: IDBDatabase) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw toClosedFailure(doing);
    try {
      return await work(await this.#connect());
    } catch (error) {
      if (!isWorthRetrying(error)) throw toStoreFailure(error, doing);
    }
    this.#drop();
    try {
      return await work(await this.#connect());
    } catch (error) {
      throw toStoreFailure(error, doing);
    }
  }

  #connect(): Promise<IDBDatabase> {
    this.#opening ??= openDatabase(this.#options, () => {
      this.#drop();
    });
    return this.#opening;
  }

  #drop(): void {
    const opening = this.#opening;
    this.#opening = null;
    opening?.then(
      (database) => {
        database.close();
      },
      () => undefined,
    );
  }
}

/** Opens without a version: localforage counts versions itself, and naming one would fail whenever it is ahead. */
function openDatabase(options: TransactorOptions, onLost: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = options.indexedDb.open(options.name);
    request.onupgradeneeded = () => {
      // The database was deleted meanwhile and is made anew, with the object store where localforage looks for it.
      if (!request.result.objectStoreNames.contains(options.storeName))
        request.result.createObjectStore(options.storeName);
    };
    request.onerror = () => {
      reject(request.error ?? new DOMException('The database did not open.', 'UnknownError'));
    };
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = onLost;
      // Another tab upgrades or deletes the database: to stay open would block it for ever.
      database.onversionchange = onLost;
      resolve(database);
    };
  });
}

/** Errors of requests bubble to the transaction; the one place where all of them arrive, quota included, is `onabort`. */
function waitForCommit(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve();
    };
    transaction.onabort = () => {
      reject(transaction.error ?? new DOMException('The transaction was aborted.', 'AbortError'));
    };
  });
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It ended by itself; what counts is the error that led here.
  }
}
