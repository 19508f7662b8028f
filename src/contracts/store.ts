/** Named parts of the device-side store; a key is unique within its collection. */
export const STORE_COLLECTIONS = ['chunks', 'releases', 'outbox', 'transcript', 'settings'] as const;

/** A part of the store. */
export type StoreCollection = (typeof STORE_COLLECTIONS)[number];

/** One write of a transaction. */
export type StoreWrite =
  | {
      readonly type: 'set';
      readonly collection: StoreCollection;
      readonly key: string;
      readonly value: unknown;
    }
  | { readonly type: 'delete'; readonly collection: StoreCollection; readonly key: string };

/**
 * The device-side keeper of chunks, releases, outbox and transcript; passes test/contract/store.ts.
 *
 * Values are structured-cloneable. What comes back is `unknown` and must be parsed: other releases and other tabs write too.
 */
export interface Store {
  readonly contract: 1;
  /** `memory` when the browser refuses storage: all is lost with the tab. */
  readonly persistence: 'persistent' | 'memory';
  /** The value, or undefined. @throws UnderstudyError `store/failed`. */
  get(collection: StoreCollection, key: string): Promise<unknown>;
  /** @throws UnderstudyError `store/quota`, `store/failed`. */
  set(collection: StoreCollection, key: string, value: unknown): Promise<void>;
  delete(collection: StoreCollection, key: string): Promise<void>;
  /** Keys of a collection in code-unit order. */
  keys(collection: StoreCollection): Promise<readonly string[]>;
  /** Performs all writes or none, durably. @throws UnderstudyError `store/quota`, `store/failed`. */
  transact(writes: readonly StoreWrite[]): Promise<void>;
  /** Deletes everything of this store. */
  clear(): Promise<void>;
  close(): void;
}
