import { isInteger, isRecord } from '../contracts/json.ts';
import type { TranscriptEntry } from '../contracts/protocol.ts';
import type { Exchange } from '../contracts/responder.ts';
import type { Store } from '../contracts/store.ts';
import { parseTurnSummary } from '../contracts/turn.ts';

/** Most turns kept on a device; older ones are deleted. */
export const MAX_TRANSCRIPT_ENTRIES = 200;

/** Most exchanges a responder is told of. */
const MAX_HISTORY = 10;

/** Accepts a {@link TranscriptEntry} from the store; null when it is none. */
export function parseTranscriptEntry(value: unknown): TranscriptEntry | null {
  if (!isRecord(value)) return null;
  const { id, question, askedAtMs, state, answer, summary } = value;
  if (typeof id !== 'string' || id === '' || typeof question !== 'string' || typeof answer !== 'string') {
    return null;
  }
  if (!isInteger(askedAtMs) || (state !== 'pending' && state !== 'answered' && state !== 'failed'))
    return null;
  const parsed = summary === null ? null : parseTurnSummary(summary);
  if (state === 'answered' && parsed === null) return null;
  return { id, question, askedAtMs, state, answer, summary: parsed };
}

/** Keeps the conversation on this device, one record a turn. */
export class Transcript {
  readonly #store: Store;
  readonly #onFault: (error: unknown) => void;
  /** Entries of this page, which hold even when the store fails. */
  readonly #own = new Map<string, TranscriptEntry>();

  constructor(store: Store, onFault: (error: unknown) => void) {
    this.#store = store;
    this.#onFault = onFault;
  }

  /** All entries, oldest first; other tabs write too, so the store is read each time. */
  async entries(): Promise<readonly TranscriptEntry[]> {
    const found = new Map<string, TranscriptEntry>();
    try {
      const keys = await this.#store.keys('transcript');
      const values = await Promise.all(keys.map((key) => this.#store.get('transcript', key)));
      for (const value of values) {
        const entry = parseTranscriptEntry(value);
        if (entry !== null) found.set(entry.id, entry);
      }
    } catch (error) {
      this.#onFault(error);
    }
    for (const entry of this.#own.values()) found.set(entry.id, entry);
    return [...found.values()].sort((a, b) => a.askedAtMs - b.askedAtMs || (a.id < b.id ? -1 : 1));
  }

  /** The entry of a turn, null when it is not kept. */
  async entry(id: string): Promise<TranscriptEntry | null> {
    const own = this.#own.get(id);
    if (own !== undefined) return own;
    return await this.#store.get('transcript', id).then(parseTranscriptEntry, () => null);
  }

  /** What was said so far, oldest first; pending and failed turns are left out. */
  async history(): Promise<readonly Exchange[]> {
    const entries = await this.entries();
    return entries
      .filter(({ state }) => state === 'answered')
      .slice(-MAX_HISTORY)
      .map(({ question, answer, summary }) => ({
        question,
        answer,
        ...(summary === null ? {} : { responder: summary.responder }),
      }));
  }

  /** Keeps an entry; a store that fails is told of, and the entry lives as long as the page. */
  async keep(entry: TranscriptEntry): Promise<void> {
    this.#own.set(entry.id, entry);
    try {
      await this.#store.set('transcript', entry.id, entry);
      await this.#trim();
    } catch (error) {
      this.#onFault(error);
    }
  }

  /** Forgets everything. */
  async erase(): Promise<void> {
    this.#own.clear();
    const keys = await this.#store.keys('transcript');
    await this.#store.transact(keys.map((key) => ({ type: 'delete', collection: 'transcript', key })));
  }

  async #trim(): Promise<void> {
    const keys = await this.#store.keys('transcript');
    if (keys.length <= MAX_TRANSCRIPT_ENTRIES) return;
    const kept = (await this.entries()).slice(-MAX_TRANSCRIPT_ENTRIES).map(({ id }) => id);
    const keptIds = new Set(kept);
    for (const id of this.#own.keys()) if (!keptIds.has(id)) this.#own.delete(id);
    const gone = keys.filter((key) => !keptIds.has(key));
    await this.#store.transact(gone.map((key) => ({ type: 'delete', collection: 'transcript', key })));
  }
}
