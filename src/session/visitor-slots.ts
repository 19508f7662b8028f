import type { Clock } from '../contracts/clock.ts';
import type { SlotName, SlotValue } from '../contracts/slot.ts';
import type { FindSlots } from '../text/slots/slot.ts';

/** What people need who answer: whose message it is, and what it is about. */
const TOLD: ReadonlySet<SlotName> = new Set(['order', 'email', 'phone']);
/** Most values that a message carries; of more, the latest. */
const MAX_VALUES = 20;
/** The language tells amounts and dates apart, which are not told. */
const LANGUAGE = 'en';
/** Longest wait for the reader, in ms: a message is not held up by it. */
const WAIT_MS = 1000;

/** Something the visitor wrote. */
interface Said {
  readonly question: string;
}

/** Finds what the visitor wrote about themselves; its reader is loaded when it may be needed. */
export class VisitorSlots {
  readonly #load: (() => Promise<FindSlots>) | null;
  readonly #clock: Clock;
  #findSlots: FindSlots | null = null;

  /** @param load - Brings the reader, and is asked again after it failed; null = there is none. */
  constructor(load: (() => Promise<FindSlots>) | null, clock: Clock) {
    this.#load = load;
    this.#clock = clock;
  }

  /** Brings the reader while there is a network, as far as there is one. Never rejects. */
  async prepare(): Promise<FindSlots | null> {
    try {
      this.#findSlots ??= (await this.#load?.()) ?? null;
    } catch {
      // The script cannot be fetched now: whoever asks next tries again, and messages go without.
    }
    return this.#findSlots;
  }

  /** What questions and texts of the visitor hold, oldest first, each once; nothing when the reader does not come in time. */
  async read(said: readonly Said[]): Promise<readonly SlotValue[]> {
    const findSlots = this.#findSlots ?? (this.#load === null ? null : await this.#inTime());
    if (findSlots === null) return [];
    const found = new Map<string, SlotValue>();
    for (const { question: text } of said) {
      for (const { name, text: value } of findSlots(text, LANGUAGE)) {
        const key = `${name} ${value.toLowerCase()}`;
        // What is said again is the latest.
        found.delete(key);
        if (TOLD.has(name)) found.set(key, { name, value });
      }
    }
    return [...found.values()].slice(-MAX_VALUES);
  }

  /** The e-mail address, else the telephone number, that the visitor wrote last; null when there is none. */
  async contact(said: readonly Said[]): Promise<string | null> {
    const slots = await this.read(said);
    const last = (wanted: SlotName): string | undefined =>
      slots.findLast(({ name }) => name === wanted)?.value;
    return last('email') ?? last('phone') ?? null;
  }

  async #inTime(): Promise<FindSlots | null> {
    const waiting = new AbortController();
    const late = this.#clock.sleep(WAIT_MS, { signal: waiting.signal }).then(
      () => null,
      () => null,
    );
    const findSlots = await Promise.race([this.prepare(), late]);
    waiting.abort();
    return findSlots;
  }
}
