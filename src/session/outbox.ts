import type { Clock } from '../contracts/clock.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { OutboxMessage } from '../contracts/responder.ts';
import type { Store } from '../contracts/store.ts';
import type { OutboxRecord } from './outbox-record.ts';
import { parseOutboxRecord } from './outbox-record.ts';

/** Most messages that wait on a device. */
export const MAX_OUTBOX_MESSAGES = 50;

const BASE_DELAY_MS = 2000;
const CAP_DELAY_MS: number = 5 * 60 * 1000;
const LEAST_DELAY_MS = 1000;

/** Sends a left message; see {@link Outbox}. */
export interface OutboxSender {
  /** True when the receiver knows a message by its id, so that sending it twice does no harm. */
  readonly canDedupe: boolean;
  /** @throws UnderstudyError when it surely was not delivered, or may be sent again. */
  send(message: OutboxMessage, signal: AbortSignal): Promise<'delivered' | 'unconfirmed'>;
}

/** Runs a task while no other tab of the site runs one of the same name. */
export type Lock = (name: string, task: () => Promise<void>) => Promise<void>;

/** What an outbox works with. */
export interface OutboxDependencies {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: () => number;
  /** Null when there is nobody to send to: messages only wait. */
  readonly sender: OutboxSender | null;
  readonly lock: Lock;
  readonly onChange: () => void;
  readonly onDelivered: () => void;
  readonly onFault: (error: unknown) => void;
}

/**
 * Keeps left messages until they are delivered: at least once where the receiver dedupes by id, else at most once.
 *
 * A message whose fate is unknown stays as `unconfirmed` and is never sent again by itself.
 */
export class Outbox {
  readonly #dependencies: OutboxDependencies;
  readonly #records = new Map<string, OutboxRecord>();
  /** Messages the store refused; they live as long as the page. */
  readonly #unstored = new Set<string>();
  readonly #closing = new AbortController();
  #tail: Promise<void> = Promise.resolve();

  constructor(dependencies: OutboxDependencies) {
    this.#dependencies = dependencies;
  }

  /** How many messages wait, the unconfirmed ones not counted. */
  get count(): number {
    return [...this.#records.values()].filter(({ state }) => state !== 'unconfirmed').length;
  }

  /** When the next message may be sent; null when none waits. */
  get nextAttemptAtMs(): number | null {
    const times = [...this.#records.values()]
      .filter(({ state }) => state === 'waiting')
      .map((record) => record.nextAttemptAtMs);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Reads what an earlier page left. A message that page was sending is sent again only if that does no harm. */
  async load(): Promise<void> {
    const { store, onFault, onChange } = this.#dependencies;
    const cut: string[] = [];
    try {
      for (const key of await store.keys('outbox')) {
        const record = parseOutboxRecord(await store.get('outbox', key));
        if (record === null || this.#records.has(record.id)) continue;
        if (record.state === 'sending') cut.push(record.id);
        else this.#records.set(record.id, record);
      }
    } catch (error) {
      onFault(error);
    }
    onChange();
    if (cut.length > 0) void this.#enqueue(() => this.#recover(cut));
  }

  /**
   * Keeps a message, durably where the device allows; the same id twice is one message.
   * @throws UnderstudyError `outbox/full`.
   */
  async add(message: OutboxMessage): Promise<void> {
    if (this.#records.has(message.id)) return;
    if (this.#records.size >= MAX_OUTBOX_MESSAGES) {
      throw new UnderstudyError(
        'outbox/full',
        `${String(MAX_OUTBOX_MESSAGES)} messages wait on this device.`,
      );
    }
    await this.#keep({ ...message, state: 'waiting', attempts: 0, nextAttemptAtMs: 0 });
    this.#dependencies.onChange();
  }

  /** Where a message stands; `delivered` when it is not kept any more. */
  stateOf(id: string): OutboxRecord['state'] | 'delivered' {
    return this.#records.get(id)?.state ?? 'delivered';
  }

  /**
   * Sends what is due, one message after the other and one tab at a time.
   * @param isForced - Sends also what is not due yet, because something has changed. Default false.
   */
  flush(isForced = false): Promise<void> {
    if (this.#closing.signal.aborted || this.#dependencies.sender === null) return this.#tail;
    return this.#enqueue(() => this.#sendDue(isForced));
  }

  /** Forgets all messages. */
  async erase(): Promise<void> {
    this.#records.clear();
    const { store } = this.#dependencies;
    const keys = await store.keys('outbox');
    await store.transact(keys.map((key) => ({ type: 'delete', collection: 'outbox', key })));
    this.#dependencies.onChange();
  }

  /** Stops sending. Idempotent. */
  dispose(): void {
    this.#closing.abort();
  }

  #enqueue(task: () => Promise<void>): Promise<void> {
    const { lock, onFault } = this.#dependencies;
    this.#tail = this.#tail
      .then(() => lock('understudy outbox', task))
      .catch((error: unknown) => {
        onFault(error);
      });
    return this.#tail;
  }

  /** Runs under the lock: a message that still is `sending` was cut off with its page. */
  async #recover(ids: readonly string[]): Promise<void> {
    const { sender, onChange } = this.#dependencies;
    for (const id of ids) {
      const record = await this.#stored(id);
      if (record === null || this.#records.has(id)) continue;
      const state = sender?.canDedupe === true ? 'waiting' : 'unconfirmed';
      await this.#keep(record.state === 'sending' ? { ...record, state } : record);
    }
    onChange();
  }

  async #sendDue(isForced: boolean): Promise<void> {
    const { clock } = this.#dependencies;
    const waiting = [...this.#records.values()]
      .filter(({ state }) => state === 'waiting')
      .sort((a, b) => a.createdAtMs - b.createdAtMs);
    for (const record of waiting) {
      if (this.#closing.signal.aborted) return;
      if (!isForced && record.nextAttemptAtMs > clock.now()) continue;
      // Another tab may have sent it since this one read it.
      const stored = this.#unstored.has(record.id) ? record : await this.#stored(record.id);
      if (stored === null) this.#records.delete(record.id);
      else if (stored.state === 'unconfirmed') this.#records.set(record.id, stored);
      else if (!(await this.#send(record))) return;
    }
  }

  /** @returns False when the receiver does not take messages now. */
  async #send(record: OutboxRecord): Promise<boolean> {
    const { sender, clock, random, onDelivered, onFault } = this.#dependencies;
    if (sender === null || !this.#records.has(record.id)) return false;
    const attempts = record.attempts + 1;
    await this.#keep({ ...record, state: 'sending', attempts });
    try {
      const { id, text, contact, createdAtMs, transcript, slots } = record;
      const message = { id, text, contact, createdAtMs, transcript, slots };
      const result = await sender.send(message, this.#closing.signal);
      // Erased meanwhile: there is nothing to keep or to tell.
      if (!this.#records.has(record.id)) return true;
      if (result === 'delivered') {
        await this.#drop(record.id);
        onDelivered();
      } else {
        await this.#keep({ ...record, state: 'unconfirmed', attempts });
        onFault(new UnderstudyError('outbox/unconfirmed', 'The lead gave no answer to a left message.'));
      }
      this.#dependencies.onChange();
      return true;
    } catch (error) {
      if (!this.#records.has(record.id)) return true;
      const bound = Math.min(CAP_DELAY_MS, BASE_DELAY_MS * 2 ** Math.min(attempts, 20));
      const nextAttemptAtMs = clock.now() + Math.max(LEAST_DELAY_MS, random() * bound);
      await this.#keep({ ...record, state: 'waiting', attempts, nextAttemptAtMs });
      if (attempts === 1) {
        onFault(
          new UnderstudyError('outbox/undeliverable', 'A left message found no way.', { cause: error }),
        );
      }
      return false;
    }
  }

  async #stored(id: string): Promise<OutboxRecord | null> {
    return parseOutboxRecord(await this.#dependencies.store.get('outbox', id));
  }

  async #keep(record: OutboxRecord): Promise<void> {
    this.#records.set(record.id, record);
    try {
      await this.#dependencies.store.set('outbox', record.id, record);
      this.#unstored.delete(record.id);
    } catch (error) {
      this.#unstored.add(record.id);
      this.#dependencies.onFault(error);
    }
  }

  async #drop(id: string): Promise<void> {
    this.#records.delete(id);
    this.#unstored.delete(id);
    await this.#dependencies.store.delete('outbox', id).catch((error: unknown) => {
      this.#dependencies.onFault(error);
    });
  }
}
