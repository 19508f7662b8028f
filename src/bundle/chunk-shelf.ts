import { sha256Hex } from '../bytes/sha256-hex.ts';
import type { ChunkEntry } from '../contracts/bundle.ts';
import { UnderstudyError, isUnderstudyError } from '../contracts/errors.ts';
import type { Store, StoreWrite } from '../contracts/store.ts';

/** A chunk whose digest was checked. */
export interface VerifiedChunk {
  readonly sha256: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The chunks on this device: in the store, and in memory once the store is full or broken. */
export interface ChunkShelf {
  /** Digests of all chunks at hand; says nothing of whether they are whole. */
  list(): Promise<ReadonlySet<string>>;
  /** The chunk if it is at hand and whole; null when it is absent, unreadable or damaged. */
  read(chunk: ChunkEntry): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Keeps chunks; never fails for storage. */
  keep(chunks: readonly VerifiedChunk[]): Promise<void>;
  /** Moves those of the chunks that are in memory to the store; false when it does not take them. */
  persist(chunks: ReadonlySet<string>): Promise<boolean>;
  /** Moves those of the chunks that are in the store to memory. */
  unload(chunks: ReadonlySet<string>): Promise<void>;
  /** Deletes all chunks from the store but `stored`; those of `alive` move to memory, the rest is forgotten. */
  sweep(stored: ReadonlySet<string>, alive?: ReadonlySet<string>): Promise<void>;
}

/** Most deletions of one transaction, so that a sweep does not hold up other writers. */
const SWEEP_BATCH = 500;

/** Creates the shelf on the store; faults of storage are told to `onFault`, not thrown. */
export function createChunkShelf(store: Store, onFault: (fault: UnderstudyError) => void): ChunkShelf {
  return new StoreShelf(store, onFault);
}

class StoreShelf implements ChunkShelf {
  readonly #store: Store;
  readonly #onFault: (fault: UnderstudyError) => void;
  readonly #spilled = new Map<string, Uint8Array<ArrayBuffer>>();

  constructor(store: Store, onFault: (fault: UnderstudyError) => void) {
    this.#store = store;
    this.#onFault = onFault;
  }

  async list(): Promise<ReadonlySet<string>> {
    const held = new Set(this.#spilled.keys());
    const stored = await this.#attempt(() => this.#store.keys('chunks'));
    for (const key of stored ?? []) held.add(key);
    return held;
  }

  async read(chunk: ChunkEntry): Promise<Uint8Array<ArrayBuffer> | null> {
    const spilled = this.#spilled.get(chunk.sha256);
    const value = spilled ?? (await this.#attempt(() => this.#store.get('chunks', chunk.sha256)));
    if (value === undefined) return null;
    const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : (spilled ?? null);
    if (bytes?.length === chunk.sizeBytes && (await sha256Hex(bytes)) === chunk.sha256) return bytes;
    this.#onFault(
      new UnderstudyError('bundle/hash-mismatch', 'A chunk was damaged in the storage of this device.', {
        facts: { chunk: chunk.sha256, where: 'device' },
      }),
    );
    return null;
  }

  async keep(chunks: readonly VerifiedChunk[]): Promise<void> {
    // Once the store refused a batch the next ones stay in memory; the commit asks it again.
    if (chunks.length === 0 || (this.#spilled.size === 0 && (await this.#write(chunks)))) return;
    for (const { sha256, bytes } of chunks) this.#spilled.set(sha256, bytes.slice());
  }

  async persist(chunks: ReadonlySet<string>): Promise<boolean> {
    const waiting = [...this.#spilled]
      .filter(([sha256]) => chunks.has(sha256))
      .map(([sha256, bytes]) => ({ sha256, bytes }));
    if (waiting.length === 0) return true;
    if (!(await this.#write(waiting))) return false;
    for (const { sha256 } of waiting) this.#spilled.delete(sha256);
    return true;
  }

  async sweep(stored: ReadonlySet<string>, alive: ReadonlySet<string> = stored): Promise<void> {
    for (const key of this.#spilled.keys()) if (!alive.has(key)) this.#spilled.delete(key);
    await this.#attempt(async () => {
      const unwanted = (await this.#store.keys('chunks')).filter((key) => !stored.has(key));
      await this.#remove(unwanted, alive);
    });
  }

  async unload(chunks: ReadonlySet<string>): Promise<void> {
    await this.#attempt(async () => {
      const held = (await this.#store.keys('chunks')).filter((key) => chunks.has(key));
      await this.#remove(held, chunks);
    });
  }

  async #remove(keys: readonly string[], alive: ReadonlySet<string>): Promise<void> {
    for (const key of keys) {
      const value = alive.has(key) ? await this.#store.get('chunks', key) : undefined;
      if (value instanceof ArrayBuffer) this.#spilled.set(key, new Uint8Array(value));
    }
    for (let at = 0; at < keys.length; at += SWEEP_BATCH) {
      const batch = keys.slice(at, at + SWEEP_BATCH);
      await this.#store.transact(batch.map((key) => ({ type: 'delete', collection: 'chunks', key })));
    }
  }

  async #write(chunks: readonly VerifiedChunk[]): Promise<boolean> {
    const writes = chunks.map(
      // A copy of just these bytes: a view would store the whole buffer it looks into.
      ({ sha256, bytes }): StoreWrite => ({
        type: 'set',
        collection: 'chunks',
        key: sha256,
        value: bytes.slice().buffer,
      }),
    );
    return (await this.#attempt(() => this.#store.transact(writes).then(() => true))) === true;
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!isUnderstudyError(error)) throw error;
      this.#onFault(error);
      return undefined;
    }
  }
}
