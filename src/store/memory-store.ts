import type { Store, StoreCollection, StoreWrite } from '../contracts/store.ts';
import { toClosedFailure, toStoreFailure } from './store-failure.ts';

/** Creates a store that lives as long as the tab: for browsers that refuse storage, for Node, and for tests. */
export function createMemoryStore(): Store {
  return new MemoryStore();
}

class MemoryStore implements Store {
  readonly contract = 1;
  readonly persistence = 'memory';
  #records = new Map<string, unknown>();
  #isClosed = false;

  async get(collection: StoreCollection, key: string): Promise<unknown> {
    return await this.#run(`read ${collection}/${key}`, () =>
      structuredClone(this.#records.get(`${collection}/${key}`) ?? undefined),
    );
  }

  async set(collection: StoreCollection, key: string, value: unknown): Promise<void> {
    await this.#run(`write ${collection}/${key}`, () => {
      this.#records.set(`${collection}/${key}`, structuredClone(value));
    });
  }

  async delete(collection: StoreCollection, key: string): Promise<void> {
    await this.#run(`delete ${collection}/${key}`, () => {
      this.#records.delete(`${collection}/${key}`);
    });
  }

  async keys(collection: StoreCollection): Promise<readonly string[]> {
    const start = `${collection}/`;
    return await this.#run(`list ${collection}`, () =>
      [...this.#records.keys()]
        .filter((key) => key.startsWith(start))
        .map((key) => key.slice(start.length))
        // The order of code units, as IndexedDB has it.
        .sort((a, b) => (a < b ? -1 : 1)),
    );
  }

  async transact(writes: readonly StoreWrite[]): Promise<void> {
    await this.#run(`perform ${writes.length} writes at once`, () => {
      // Cloning may throw: nothing is changed before all values are cloned.
      const ready = writes.map((write) =>
        write.type === 'set' ? { ...write, value: structuredClone(write.value) } : write,
      );
      for (const write of ready) {
        const key = `${write.collection}/${write.key}`;
        if (write.type === 'set') this.#records.set(key, write.value);
        else this.#records.delete(key);
      }
    });
  }

  async clear(): Promise<void> {
    await this.#run('clear the store', () => {
      this.#records.clear();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#records.clear();
  }

  #run<T>(doing: string, work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(toClosedFailure(doing));
        return;
      }
      try {
        resolve(work());
      } catch (error) {
        reject(toStoreFailure(error, doing));
      }
    });
  }
}
