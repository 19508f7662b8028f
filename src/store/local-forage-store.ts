import localforage from 'localforage';
import { UnderstudyError } from '../contracts/errors.ts';
import type { Store, StoreCollection, StoreWrite } from '../contracts/store.ts';
import { createMemoryStore } from './memory-store.ts';
import { isWorthRetrying, toClosedFailure, toStoreFailure } from './store-failure.ts';
import type { Transactor } from './transaction.ts';
import { createTransactor } from './transaction.ts';

/** The part of a localforage instance that the store uses. */
export interface ForageInstance {
  ready(): Promise<void>;
  getItem(key: string): Promise<unknown>;
  setItem(key: string, value: unknown): Promise<unknown>;
  removeItem(key: string): Promise<void>;
  clear(): Promise<void>;
}

/** Options of {@link openStore}. */
export interface OpenStoreOptions {
  /** Name of the database. One bundle address has one store: releases in it belong to one app. */
  readonly name: string;
  /** Told when the browser refuses storage and memory takes its place: `store/unavailable`. */
  readonly onFallback?: (fault: UnderstudyError) => void;
  /** Time the browser has to open the database. Default 3000. */
  readonly openTimeoutMs?: number;
  /** Default: localforage on IndexedDB. */
  readonly createInstance?: (name: string, storeName: string) => ForageInstance;
}

const STORE_NAME = 'records';
const OPEN_TIMEOUT_MS = 3000;

/**
 * Opens the persistent store of this device, or one in memory where the browser has none, refuses it or hangs.
 *
 * Records lie in one object store `records` under `collection/key`. It never throws: a turn must not fail for storage.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  try {
    const indexedDb = readIndexedDb();
    const forage = (options.createInstance ?? createForage)(options.name, STORE_NAME);
    await within(forage.ready(), options.openTimeoutMs ?? OPEN_TIMEOUT_MS);
    const transactor = createTransactor({ name: options.name, storeName: STORE_NAME, indexedDb });
    // Some browsers open a database that they then refuse to read (private windows, broken profiles).
    await within(transactor.listKeys('settings/'), options.openTimeoutMs ?? OPEN_TIMEOUT_MS);
    return new LocalForageStore(forage, transactor);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    options.onFallback?.(
      new UnderstudyError('store/unavailable', `The storage "${options.name}" does not open (${reason}).`, {
        facts: { name: options.name, reason },
        cause: error,
      }),
    );
    return createMemoryStore();
  }
}

class LocalForageStore implements Store {
  readonly contract = 1;
  readonly persistence = 'persistent';
  readonly #forage: ForageInstance;
  readonly #transactor: Transactor;
  #isClosed = false;

  constructor(forage: ForageInstance, transactor: Transactor) {
    this.#forage = forage;
    this.#transactor = transactor;
  }

  async get(collection: StoreCollection, key: string): Promise<unknown> {
    const value = await this.#run(`read ${collection}/${key}`, () =>
      this.#forage.getItem(`${collection}/${key}`),
    );
    return value ?? undefined;
  }

  async set(collection: StoreCollection, key: string, value: unknown): Promise<void> {
    await this.#run(`write ${collection}/${key}`, () => this.#forage.setItem(`${collection}/${key}`, value));
  }

  async delete(collection: StoreCollection, key: string): Promise<void> {
    await this.#run(`delete ${collection}/${key}`, () => this.#forage.removeItem(`${collection}/${key}`));
  }

  async keys(collection: StoreCollection): Promise<readonly string[]> {
    const start = `${collection}/`;
    return (await this.#transactor.listKeys(start)).map((key) => key.slice(start.length));
  }

  async transact(writes: readonly StoreWrite[]): Promise<void> {
    await this.#transactor.transact(writes);
  }

  async clear(): Promise<void> {
    await this.#run('clear the store', () => this.#forage.clear());
  }

  close(): void {
    this.#isClosed = true;
    this.#transactor.close();
  }

  /** localforage connects again when it finds its connection closed: the second try is the one that profits. */
  async #run<T>(doing: string, work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw toClosedFailure(doing);
    try {
      return await work();
    } catch (error) {
      if (!isWorthRetrying(error)) throw toStoreFailure(error, doing);
    }
    try {
      return await work();
    } catch (error) {
      throw toStoreFailure(error, doing);
    }
  }
}

function createForage(name: string, storeName: string): ForageInstance {
  // No version: naming one fails whenever another tab is ahead.
  return localforage.createInstance({ name, storeName, driver: localforage.INDEXEDDB });
}

function readIndexedDb(): IDBFactory {
  // The type says it is always there; Node and locked-down frames know better, and in some the mere access throws.
  const platform: { readonly indexedDB?: IDBFactory } = globalThis;
  const found = platform.indexedDB;
  if (found === undefined) throw new Error('this platform has no IndexedDB');
  return found;
}

async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it did not open within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
