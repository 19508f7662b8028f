import type { Clock } from '../contracts/clock.ts';
import { isUnderstudyError, toErrorReport, UnderstudyError } from '../contracts/errors.ts';
import type { JsonObject } from '../contracts/json.ts';
import type { Calls, ConnectConfig, Reach, TranscriptEntry } from '../contracts/protocol.ts';
import type { Lead, Rating, Responder } from '../contracts/responder.ts';
import type { Store } from '../contracts/store.ts';
import type { NoticeCode, RouteReason, TurnPart, TurnRequest } from '../contracts/turn.ts';
import type { FindSlots } from '../text/slots/slot.ts';
import { LeadCircuit } from './lead-circuit.ts';
import { LeadForms } from './lead-forms.ts';
import { Outbox } from './outbox.ts';
import type { Lock } from './outbox.ts';
import { createLeadSender, createUrlSender } from './outbox-senders.ts';
import { Recovery } from './recovery.ts';
import type { RouteLimits } from './route-limits.ts';
import { recalledTurn, replayTurn } from './replay-turn.ts';
import { ROUTE_LIMITS } from './route-limits.ts';
import { routeTurn } from './route-turn.ts';
import { textRefusal } from './text-refusal.ts';
import { toUnderstudyError } from './to-understudy-error.ts';
import { Transcript } from './transcript.ts';
import { VisitorSlots } from './visitor-slots.ts';
import type { WaitingForms } from './waiting-forms.ts';

/** What a session works with. */
export interface SessionDependencies {
  readonly lead: Lead | null;
  /** Gives the understudy when it is needed; null when the device has none. */
  readonly understudy: () => Promise<Responder | null>;
  readonly store: Store;
  readonly clock: Clock;
  /** A number in [0, 1), as `Math.random`. */
  readonly random: () => number;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Where left messages are posted; null = to the lead as a message. */
  readonly outboxUrl: string | null;
  readonly privacy: ConnectConfig['privacy'];
  /** Told when `reach` or `outboxCount` may have changed. */
  readonly onChange: () => void;
  readonly onNotice: (code: NoticeCode) => void;
  readonly onFault: (error: UnderstudyError) => void;
  /** Keeps tabs from sending the same message twice. Default: no other tab is thought of. */
  readonly lock?: Lock;
  readonly limits?: RouteLimits;
  /** Brings the reader of what the visitor wrote about themselves. Default: there is none, and messages carry no slots. */
  readonly findSlots?: () => Promise<FindSlots>;
  /** Where the forms of the lead's turns are waited for. Default: nowhere, so that they cannot be submitted. */
  readonly forms?: WaitingForms;
}

/** One visitor's conversation on this device. */
export interface Session {
  readonly reach: Reach;
  /** Left messages that wait to be delivered. */
  readonly outboxCount: number;
  /** Streams the answer of a turn; ends with exactly one `end` or `error` part and never throws. */
  ask(turn: TurnRequest, options?: { readonly signal?: AbortSignal }): AsyncIterable<TurnPart>;
  /** The conversation, oldest first. */
  transcript(): Promise<readonly TranscriptEntry[]>;
  /** Keeps a message for people and tries to deliver it. @throws UnderstudyError `turn/empty`, `turn/too-long`, `outbox/full`. */
  leaveMessage(message: Calls['leaveMessage']['request']): Promise<Calls['leaveMessage']['reply']>;
  /** How the visitor can be reached, as they wrote in this conversation; null when they did not. */
  contact(): Promise<string | null>;
  /**
   * Rates the answer of a turn.
   * @returns False when nobody takes ratings of this turn: it was answered on the device.
   * @throws UnderstudyError `lead/*`.
   */
  rate(turnId: string, rating: Rating | null): Promise<boolean>;
  /**
   * Takes the conversation over that the lead knows, where this device holds none.
   * @returns The conversation, oldest first.
   * @throws UnderstudyError `lead/*`.
   */
  restore(): Promise<readonly TranscriptEntry[]>;
  /** Looks now whether the lead is there and sends what waits; for `online` and similar signs. Never throws. */
  probeNow(): Promise<void>;
  /** Forgets conversation and outbox. */
  erase(): Promise<void>;
  /** Figures and states; holds no text of the visitor. */
  diagnostics(): JsonObject;
  /** Stops everything. Idempotent. */
  dispose(): void;
}

/** A lead that went away is looked for during this long after a turn, in ms. */
const RECENT_MS: number = 10 * 60 * 1000;
/** How often the text shown so far is kept, in ms. */
const KEEP_EVERY_MS = 1000;
/** Longest wait for a message just left before it counts as kept, in ms. */
const DELIVERY_WAIT_MS = 5000;

/** Makes a session; nothing is sent before the first call, except left messages that wait. */
export function createSession(dependencies: SessionDependencies): Session {
  return new HybridSession(dependencies);
}

class HybridSession implements Session {
  readonly #dependencies: SessionDependencies;
  /** Null where the lead may not be asked. */
  readonly #lead: Lead | null;
  readonly #circuit: LeadCircuit;
  readonly #transcript: Transcript;
  readonly #outbox: Outbox;
  readonly #slots: VisitorSlots;
  readonly #recovery: Recovery;
  readonly #running = new Set<string>();
  readonly #closing = new AbortController();
  readonly #loaded: Promise<void>;
  readonly #counts = { turns: 0, lead: 0, understudy: 0, failed: 0 };
  #lastTurnAtMs = -Infinity;
  #flushTimer: AbortController | null = null;

  constructor(dependencies: SessionDependencies) {
    this.#dependencies = dependencies;
    const { clock, random, store, privacy, lead, onChange } = dependencies;
    this.#lead = privacy === 'device-only' ? null : lead;
    this.#circuit = new LeadCircuit({ clock, random, hasLead: this.#lead !== null, onChange });
    this.#transcript = new Transcript(store, (error) => this.#fault(error));
    this.#outbox = this.#createOutbox();
    this.#slots = new VisitorSlots(dependencies.findSlots ?? null, clock);
    this.#recovery = new Recovery({
      clock,
      random,
      isWanted: () => this.#isRecoveryWanted(),
      attempt: async (signal) => {
        await this.#probe(signal);
        return !this.#circuit.isOpen;
      },
    });
    this.#loaded = this.#outbox.load();
    void this.#loaded.then(() => this.#flush(false));
  }

  get reach(): Reach {
    return this.#circuit.reach;
  }

  get outboxCount(): number {
    return this.#outbox.count;
  }

  async *ask(
    turn: TurnRequest,
    options: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<TurnPart, void, undefined> {
    const refusal = this.#refusal(turn);
    if (refusal !== null) {
      yield { type: 'error', error: toErrorReport(refusal) };
      return;
    }
    this.#running.add(turn.id);
    try {
      const kept = await this.#transcript.entry(turn.id);
      if (kept?.state === 'answered') yield* replayTurn(kept);
      else yield* this.#answer(turn, kept, options.signal);
    } catch (error) {
      // Nothing here is known to throw; a visitor must get an end all the same.
      this.#fault(error);
      yield { type: 'error', error: toErrorReport(error) };
    } finally {
      this.#running.delete(turn.id);
    }
  }

  transcript(): Promise<readonly TranscriptEntry[]> {
    return this.#transcript.entries();
  }

  async leaveMessage(message: Calls['leaveMessage']['request']): Promise<Calls['leaveMessage']['reply']> {
    const text = message.text.trim();
    const refusal = textRefusal(text);
    if (refusal !== null) throw refusal;
    if (message.contact.length > 200) throw new UnderstudyError('turn/too-long', 'The contact is too long.');
    await this.#loaded;
    const { clock, onNotice } = this.#dependencies;
    const transcript = await this.#transcript.history();
    await this.#outbox.add({
      id: message.id,
      text,
      contact: message.contact.trim(),
      createdAtMs: clock.now(),
      transcript,
      // Of nothing but what is sent anyway.
      slots: await this.#slots.read([...transcript, { question: text }]),
    });
    const waiting = new AbortController();
    const late = clock.sleep(DELIVERY_WAIT_MS, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([this.#flush(true), late]);
    waiting.abort();
    const state = this.#outbox.stateOf(message.id);
    if (state === 'delivered' || state === 'unconfirmed') return { state };
    onNotice('outbox-kept');
    this.#watch();
    return { state: 'kept' };
  }

  async contact(): Promise<string | null> {
    return this.#slots.contact(await this.#transcript.entries());
  }

  async rate(turnId: string, rating: Rating | null): Promise<boolean> {
    return (await this.#lead?.feedback?.(turnId, rating, { signal: this.#closing.signal })) ?? false;
  }

  async restore(): Promise<readonly TranscriptEntry[]> {
    const known = await this.#transcript.entries();
    if (known.length > 0 || this.#lead?.history === undefined) return known;
    const past = await this.#lead.history({ signal: this.#closing.signal });
    for (const exchange of past) await this.#transcript.keep(recalledTurn(exchange));
    return await this.#transcript.entries();
  }

  async probeNow(): Promise<void> {
    await this.#probe(this.#closing.signal);
    await this.#loaded;
    await this.#flush(true);
  }

  async erase(): Promise<void> {
    await this.#transcript.erase();
    await this.#outbox.erase();
  }

  diagnostics(): JsonObject {
    return {
      reach: this.reach,
      circuit: this.#circuit.diagnostics(),
      outbox: this.#outbox.count,
      turns: { ...this.#counts },
    };
  }

  dispose(): void {
    this.#closing.abort(new UnderstudyError('client/disposed', 'The session was closed.'));
    this.#recovery.stop();
    this.#outbox.dispose();
    this.#flushTimer?.abort();
  }

  #refusal(turn: TurnRequest): UnderstudyError | null {
    if (this.#closing.signal.aborted)
      return new UnderstudyError('client/disposed', 'The session was closed.');
    const refusal = textRefusal(turn.text);
    if (refusal !== null) return refusal;
    if (!this.#running.has(turn.id)) return null;
    return new UnderstudyError('turn/aborted', 'This turn is being answered already.', {
      facts: { id: turn.id },
    });
  }

  async *#answer(
    turn: TurnRequest,
    kept: TranscriptEntry | null,
    signal?: AbortSignal,
  ): AsyncGenerator<TurnPart, void, undefined> {
    const { clock, understudy, limits = ROUTE_LIMITS, privacy } = this.#dependencies;
    this.#counts.turns += 1;
    this.#lastTurnAtMs = clock.now();
    const pending: TranscriptEntry = {
      id: turn.id,
      question: turn.text,
      askedAtMs: kept?.askedAtMs ?? clock.now(),
      state: 'pending',
      answer: '',
      summary: null,
    };
    // The history is read before this turn enters the transcript; both before anything is sent.
    const history = await this.#transcript.history();
    await this.#transcript.keep(pending);
    const isAdmitted = this.#lead !== null && this.#circuit.admit();
    const reasonWithoutLead: RouteReason =
      privacy === 'device-only' ? 'device-only' : this.#lead === null ? 'no-lead' : this.#circuit.reason;
    const signals = signal === undefined ? [this.#closing.signal] : [this.#closing.signal, signal];
    const parts = routeTurn({
      turn,
      history,
      lead: isAdmitted ? this.#lead : null,
      reasonWithoutLead,
      understudy,
      clock,
      limits: { ...limits, hedgeAfterMs: this.#circuit.hedgeAfterMs(limits.hedgeAfterMs) },
      signal: AbortSignal.any(signals),
      onLead: (outcome) => {
        this.#circuit.takeTurn(outcome);
        // One failure leaves it open whether the lead is gone: a probe tells before the next turn has to.
        if (outcome.type === 'failed' && !this.#circuit.isOpen) void this.#probe(this.#closing.signal);
        this.#watch();
      },
      onFault: (error) => this.#fault(error),
    });
    const forms = new LeadForms(this.#lead, this.#dependencies.forms ?? null);
    let answer = '';
    let keptAtMs = clock.monotonicMs();
    let isOver = false;
    try {
      for await (const part of parts) {
        forms.take(part);
        if (part.type === 'text-delta') {
          answer += part.text;
          if (clock.monotonicMs() - keptAtMs >= KEEP_EVERY_MS) {
            keptAtMs = clock.monotonicMs();
            void this.#transcript.keep({ ...pending, answer });
          }
        }
        if (part.type === 'end' || part.type === 'error') {
          isOver = true;
          // Kept before it is told, so that a reload after the end never asks again.
          await this.#transcript.keep(
            part.type === 'end'
              ? { ...pending, state: 'answered', answer, summary: part.summary }
              : { ...pending, state: 'failed', answer },
          );
          if (part.type === 'end') this.#counts[part.summary.responder] += 1;
          else this.#counts.failed += 1;
        }
        yield part;
      }
    } finally {
      forms.close();
      // The visitor may leave a message next, when nothing can be loaded any more.
      void this.#slots.prepare();
      if (!isOver) void this.#transcript.keep({ ...pending, state: 'failed', answer });
      this.#watch();
    }
  }

  async #probe(signal: AbortSignal): Promise<void> {
    if (this.#lead === null || this.#closing.signal.aborted || this.#circuit.isHeld) return;
    const isOpen = this.#circuit.isOpen;
    try {
      await this.#lead.probe({ signal });
      this.#circuit.takeProbe(null);
      if (isOpen) await this.#loaded.then(() => this.#flush(true));
    } catch (error) {
      if (signal.aborted) return;
      this.#circuit.takeProbe(error);
      if (isUnderstudyError(error, 'lead/auth')) this.#fault(error);
      this.#watch();
    }
  }

  /** Looks for a lead that is gone, and sends left messages again when they are due. */
  #watch(): void {
    if (this.#closing.signal.aborted) return;
    if (this.#isRecoveryWanted()) this.#recovery.start();
    this.#scheduleFlush();
  }

  #isRecoveryWanted(): boolean {
    if (this.#lead === null || !this.#circuit.isOpen) return false;
    return this.#outbox.count > 0 || this.#dependencies.clock.now() - this.#lastTurnAtMs < RECENT_MS;
  }

  async #flush(isForced: boolean): Promise<void> {
    // A lead that cannot be reached takes no messages either; recovery comes back to them.
    const isToLead = this.#dependencies.outboxUrl === null;
    if (!isToLead || !this.#circuit.isOpen) await this.#outbox.flush(isForced);
    this.#watch();
  }

  #scheduleFlush(): void {
    const atMs = this.#outbox.nextAttemptAtMs;
    this.#flushTimer?.abort();
    this.#flushTimer = null;
    const isToLead = this.#dependencies.outboxUrl === null;
    if (atMs === null || (isToLead && this.#circuit.isOpen)) return;
    const timer = new AbortController();
    this.#flushTimer = timer;
    const { clock } = this.#dependencies;
    clock
      .sleep(Math.max(1000, atMs - clock.now()), { signal: timer.signal })
      .then(() => this.#flush(false))
      .catch(() => undefined);
  }

  #createOutbox(): Outbox {
    const { store, clock, random, outboxUrl, fetch, onChange, onNotice, lock } = this.#dependencies;
    const toLead = this.#lead === null ? null : createLeadSender(this.#lead);
    return new Outbox({
      store,
      clock,
      random,
      sender: outboxUrl === null ? toLead : createUrlSender(outboxUrl, { fetch, clock }),
      lock: lock ?? ((_name, task) => task()),
      onChange,
      onDelivered: () => onNotice('outbox-delivered'),
      onFault: (error) => this.#fault(error),
    });
  }

  #fault(error: unknown): void {
    this.#dependencies.onFault(toUnderstudyError(error));
  }
}
