/** One file: the race of a turn is one state machine, and its states are read and written by every transition. */
import type { Clock } from '../contracts/clock.ts';
import { toErrorReport, UnderstudyError } from '../contracts/errors.ts';
import type { Exchange, Lead, Responder, ResponderOutcome, ResponderPart } from '../contracts/responder.ts';
import type { ResponderKind, RouteReason, TurnPart, TurnRequest } from '../contracts/turn.ts';
import type { ResponderHappening } from './contestant.ts';
import { startContestant } from './contestant.ts';
import { toUnderstudyError } from './to-understudy-error.ts';
import type { Mailbox } from './mailbox.ts';
import { createMailbox } from './mailbox.ts';
import type { RouteLimits } from './route-limits.ts';
import { toRouteReason } from './to-route-reason.ts';
import { TurnRecord } from './turn-record.ts';

/** What came of the lead in one turn; told once for every turn that asked it. */
export type LeadTurnOutcome =
  | { readonly type: 'answered'; readonly firstTextMs: number }
  | { readonly type: 'failed'; readonly error: unknown }
  /** Nobody waited for its text any longer; 0 when it was not slow so far. */
  | { readonly type: 'undecided'; readonly waitedMs: number };

/** What {@link routeTurn} works with. */
export interface RouteOptions {
  readonly turn: TurnRequest;
  readonly history: readonly Exchange[];
  /** The lead, null when it may not or cannot be asked now. */
  readonly lead: Lead | null;
  /** Why the understudy answers when `lead` is null. */
  readonly reasonWithoutLead: RouteReason;
  /** Gives the understudy, or null when the device has none. Called when it is needed, at most twice. */
  readonly understudy: () => Promise<Responder | null>;
  readonly clock: Clock;
  readonly limits: RouteLimits;
  readonly signal?: AbortSignal;
  readonly onLead: (outcome: LeadTurnOutcome) => void;
  /** Told of every failure of a responder, for the owner. */
  readonly onFault: (error: UnderstudyError) => void;
}

/**
 * Answers one turn: the lead first, the understudy when the lead cannot, both when it hesitates.
 *
 * Ends with exactly one `end` or `error`, whatever the responders do; text that was given out is never taken back.
 */
export async function* routeTurn(options: RouteOptions): AsyncGenerator<TurnPart, void, undefined> {
  const race = new TurnRace(options);
  try {
    race.begin();
    for (;;) {
      const parts = await race.next();
      yield* parts;
      const last = parts.at(-1)?.type;
      if (last === 'end' || last === 'error') return;
    }
  } finally {
    race.dispose();
  }
}

/** A time that has come. */
type Due = 'hedge' | 'lead-text' | 'silence' | 'total';

type Happening =
  | (ResponderHappening & { readonly attempt: number })
  | { readonly type: 'understudy-known'; readonly attempt: number; readonly responder: Responder | null }
  | { readonly type: 'due'; readonly what: Due }
  | { readonly type: 'aborted' };

type HeldPart = Exclude<ResponderPart, { type: 'end' }>;

/** The state of one turn between its responders. */
class TurnRace {
  readonly #options: RouteOptions;
  readonly #mailbox: Mailbox<Happening> = createMailbox<Happening>();
  readonly #record: TurnRecord;
  readonly #timers = new AbortController();
  readonly #leadAbort = new AbortController();
  #understudyAbort = new AbortController();
  /** Parts of the understudy of an earlier attempt are dropped. */
  #attempt = 0;

  /** Whose text is shown. */
  #chosen: ResponderKind | null = null;
  /** Why the understudy may take the floor; null while the lead goes first. */
  #claim: RouteReason | null = null;
  #lead: 'idle' | 'running' | 'over' = 'idle';
  #leadError: unknown = null;
  #isLeadReported = false;
  #leadHeld: HeldPart[] = [];
  #leadTextAtMs = 0;
  #understudy: 'idle' | 'starting' | 'running' | 'ended' | 'failed' | 'none' = 'idle';
  #understudyError: unknown = null;
  #understudyHeld: HeldPart[] = [];
  #understudyOutcome: ResponderOutcome | null = null;
  readonly #onAbort = (): void => this.#mailbox.send({ type: 'aborted' });

  constructor(options: RouteOptions) {
    this.#options = options;
    this.#record = new TurnRecord(options.clock);
  }

  begin(): void {
    const { lead, limits, signal } = this.#options;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted === true) return;
    this.#remind('total', limits.totalMs);
    if (lead === null) {
      this.#claim = this.#options.reasonWithoutLead;
      this.#startUnderstudy();
      return;
    }
    this.#lead = 'running';
    this.#remind('hedge', limits.hedgeAfterMs);
    this.#remind('lead-text', limits.leadTimeoutMs);
    this.#startContestant(lead, this.#leadAbort.signal, 0);
  }

  /** Waits for something to happen. @returns The parts it gives; empty when it gives none. */
  async next(): Promise<readonly TurnPart[]> {
    const happening = this.#isAborted() ? null : await this.#mailbox.next();
    return happening === null || this.#isAborted() ? this.#stopped() : this.#take(happening);
  }

  dispose(): void {
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#mailbox.close();
    this.#timers.abort();
    this.#understudyAbort.abort();
    if (this.#lead === 'running') this.#leaveLead();
  }

  #isAborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  #take(happening: Happening): readonly TurnPart[] {
    switch (happening.type) {
      case 'aborted':
        return this.#stopped();
      case 'due':
        return this.#takeDue(happening.what);
      case 'understudy-known':
        return happening.attempt === this.#attempt ? this.#understudyKnown(happening.responder) : [];
      case 'part':
      case 'ended':
      case 'failed':
        if (happening.from === 'lead') return this.#lead === 'running' ? this.#takeLead(happening) : [];
        return happening.attempt === this.#attempt ? this.#takeUnderstudy(happening) : [];
    }
  }

  #takeDue(what: Due): readonly TurnPart[] {
    const { totalMs, silenceMs } = this.#options.limits;
    if (what === 'silence') {
      if (this.#chosen !== 'lead') return [];
      const leftMs = this.#record.hasOpenForm
        ? silenceMs
        : this.#leadTextAtMs + silenceMs - this.#record.elapsedMs();
      if (leftMs <= 0) return this.#leadFailed(silentError(silenceMs));
      this.#remind('silence', leftMs);
      return [];
    }
    if (what === 'total') {
      // The time a visitor takes for a form is nobody's fault.
      const leftMs = this.#record.hasOpenForm
        ? totalMs
        : this.#record.formClosedMs + totalMs - this.#record.elapsedMs();
      if (leftMs > 0) {
        this.#remind('total', leftMs);
        return [];
      }
      const error = new UnderstudyError('lead/timeout', 'The lead did not come to an end.');
      if (this.#chosen !== 'lead') return this.#giveUp(this.#leadError ?? error);
      this.#remind('total', totalMs);
      return this.#leadFailed(error);
    }
    if (this.#chosen !== null || this.#lead !== 'running') return [];
    if (this.#understudy === 'idle') this.#startUnderstudy();
    if (what === 'hedge') return [];
    this.#claim = 'lead-slow';
    return this.#release();
  }

  #takeLead(happening: ResponderHappening): readonly TurnPart[] {
    if (happening.type === 'failed') return this.#leadFailed(happening.error);
    if (happening.type === 'ended') {
      if (this.#chosen !== 'lead') {
        return this.#leadFailed(new UnderstudyError('lead/bad-response', 'The lead gave an empty answer.'));
      }
      this.#lead = 'over';
      this.#reportLead({ type: 'answered', firstTextMs: this.#record.firstTextMs });
      return [
        ...this.#record.closeForms(),
        ...this.#leadHeld.flatMap((part) => this.#record.pass(part)),
        this.#record.end(happening.outcome),
      ];
    }
    const { part } = happening;
    if (part.type === 'form' || part.type === 'form-closed') {
      // What the visitor has to act on cannot wait for the end; with it the lead has the floor.
      const opening = this.#chosen === 'lead' ? [] : this.#chooseLead();
      this.#leadTextAtMs = this.#record.elapsedMs();
      return [...opening, ...this.#record.pass(part)];
    }
    if (part.type !== 'text-delta' && part.type !== 'text-replace') {
      // Citations of a lead that is cut off would clash with those of the answer that completes it.
      if (this.#leadHeld.length < 100) this.#leadHeld.push(part);
      return [];
    }
    if (part.text === '') return [];
    const opening = this.#chosen === 'lead' ? [] : this.#chooseLead();
    this.#leadTextAtMs = this.#record.elapsedMs();
    return this.#limited([...opening, ...this.#record.pass(part)]);
  }

  #chooseLead(): readonly TurnPart[] {
    this.#chosen = 'lead';
    this.#claim = null;
    this.#dropUnderstudy();
    this.#remind('silence', this.#options.limits.silenceMs);
    const notices = this.#leadHeld.filter(({ type }) => type === 'notice');
    this.#leadHeld = this.#leadHeld.filter(({ type }) => type !== 'notice');
    return [
      this.#record.decide('lead', 'lead-reachable'),
      ...notices.flatMap((part) => this.#record.pass(part)),
    ];
  }

  #leadFailed(error: unknown): readonly TurnPart[] {
    const wasShown = this.#chosen === 'lead';
    this.#lead = 'over';
    this.#leadError = error;
    this.#leadHeld = [];
    this.#leadAbort.abort();
    this.#reportLead({ type: 'failed', error });
    this.#options.onFault(toUnderstudyError(error));
    this.#claim = wasShown ? 'lead-interrupted' : toRouteReason(error);
    if (wasShown) {
      this.#chosen = null;
      this.#startUnderstudy();
      return [...this.#record.closeForms(), { type: 'notice', code: 'lead-interrupted' }];
    }
    if (this.#understudy === 'idle') this.#startUnderstudy();
    if (this.#understudy === 'none' || this.#understudy === 'failed') return this.#giveUp(error);
    return this.#release();
  }

  #understudyKnown(responder: Responder | null): readonly TurnPart[] {
    if (responder === null) {
      this.#understudy = 'none';
      return this.#lead === 'running' ? [] : this.#giveUp(this.#leadError);
    }
    this.#understudy = 'running';
    this.#startContestant(responder, this.#understudyAbort.signal, this.#attempt);
    return this.#release();
  }

  #takeUnderstudy(happening: ResponderHappening): readonly TurnPart[] {
    if (happening.type === 'failed') {
      this.#understudy = 'failed';
      this.#understudyError = happening.error;
      this.#understudyHeld = [];
      this.#options.onFault(toUnderstudyError(happening.error));
      return this.#lead === 'running' ? [] : this.#giveUp(happening.error);
    }
    if (happening.type === 'part') {
      // Only leads may take text back.
      if (happening.part.type === 'text-replace') return [];
      if (this.#chosen === 'understudy') return this.#limited(this.#record.pass(happening.part));
      this.#understudyHeld.push(happening.part);
      return this.#release();
    }
    this.#understudy = 'ended';
    this.#understudyOutcome = happening.outcome;
    if (this.#chosen === 'understudy') return this.#finish();
    const { isRefusal, confidence } = happening.outcome;
    const isGood = !isRefusal && confidence >= this.#options.limits.leastConfidence && this.#hasHeldText();
    if (isGood) this.#claim ??= 'lead-slow';
    return this.#release();
  }

  /** Gives the floor to the understudy if it has a claim and, while the lead may still speak, a text. */
  #release(): readonly TurnPart[] {
    const reason = this.#claim;
    const isReady = this.#understudy === 'running' || this.#understudy === 'ended';
    if (reason === null || !isReady || this.#chosen !== null) return [];
    if (this.#lead === 'running') {
      if (!this.#hasHeldText()) return [];
      this.#leaveLead();
    }
    this.#chosen = 'understudy';
    const parts = [
      this.#record.decide('understudy', reason),
      ...this.#understudyHeld.flatMap((part) => this.#record.pass(part)),
    ];
    this.#understudyHeld = [];
    return this.#understudy === 'ended' ? [...parts, ...this.#finish()] : this.#limited(parts);
  }

  #finish(): readonly TurnPart[] {
    const outcome = this.#understudyOutcome;
    if (outcome === null || this.#record.isEmpty) {
      return this.#giveUp(new UnderstudyError('plan/no-answer', 'The plan gave an empty answer.'));
    }
    return [...this.#record.closeForms(), this.#record.end(outcome)];
  }

  /** Cuts off an answer that grows beyond all bounds. */
  #limited(parts: readonly TurnPart[]): readonly TurnPart[] {
    if (!this.#record.isFull) return parts;
    if (this.#chosen === 'lead') {
      this.#lead = 'over';
      this.#leadAbort.abort();
      this.#reportLead({ type: 'answered', firstTextMs: this.#record.firstTextMs });
    }
    return [...parts, { type: 'notice', code: 'answer-shortened' }, this.#record.end(null)];
  }

  #stopped(): readonly TurnPart[] {
    return this.#fail(new UnderstudyError('turn/aborted', 'The turn was stopped before its end.'));
  }

  #giveUp(error: unknown): readonly TurnPart[] {
    const { code } = toErrorReport(this.#understudyError ?? error ?? this.#leadError);
    if (this.#understudyError !== null || this.#record.hasText) {
      return this.#fail(this.#understudyError ?? error ?? this.#leadError);
    }
    if (code.startsWith('plan/')) return this.#fail(error);
    return this.#fail(
      new UnderstudyError('turn/no-responder', 'Nobody could answer.', {
        facts: this.#leadError === null ? {} : { lead: code },
        cause: error,
      }),
    );
  }

  #fail(error: unknown): readonly TurnPart[] {
    return [{ type: 'error', error: toErrorReport(error) }];
  }

  #hasHeldText(): boolean {
    return this.#understudyHeld.some(
      (part) => part.type === 'form' || (part.type === 'text-delta' && part.text !== ''),
    );
  }

  /** Stops listening to a lead that has not shown a text, or whose reader went away. */
  #leaveLead(): void {
    this.#lead = 'over';
    this.#leadAbort.abort();
    const waitedMs = this.#record.elapsedMs();
    const isSlow = waitedMs >= this.#options.limits.hedgeAfterMs;
    this.#reportLead(
      this.#chosen === 'lead'
        ? { type: 'answered', firstTextMs: this.#record.firstTextMs }
        : { type: 'undecided', waitedMs: isSlow ? waitedMs : 0 },
    );
  }

  #reportLead(outcome: LeadTurnOutcome): void {
    if (this.#isLeadReported) return;
    this.#isLeadReported = true;
    this.#options.onLead(outcome);
  }

  #dropUnderstudy(): void {
    this.#understudyAbort.abort();
    this.#attempt += 1;
    this.#understudy = 'idle';
    this.#understudyHeld = [];
    this.#understudyOutcome = null;
    this.#understudyError = null;
  }

  #startUnderstudy(): void {
    this.#dropUnderstudy();
    this.#understudyAbort = new AbortController();
    this.#understudy = 'starting';
    const attempt = this.#attempt;
    Promise.resolve()
      .then(this.#options.understudy)
      .then((responder) => this.#mailbox.send({ type: 'understudy-known', attempt, responder }))
      .catch((error: unknown) => this.#mailbox.send({ type: 'failed', from: 'understudy', attempt, error }));
  }

  #startContestant(responder: Responder, signal: AbortSignal, attempt: number): void {
    const { turn, history } = this.#options;
    const from = responder.kind;
    startContestant(
      responder,
      turn,
      { signal, history, shownText: this.#record.text },
      {
        send: (happening) => this.#mailbox.send({ ...happening, from, attempt }),
      },
    );
  }

  #remind(what: Due, delayMs: number): void {
    this.#options.clock
      .sleep(delayMs, { signal: this.#timers.signal })
      .then(() => this.#mailbox.send({ type: 'due', what }))
      .catch(() => undefined);
  }
}

function silentError(silenceMs: number): UnderstudyError {
  return new UnderstudyError('lead/interrupted', `The lead was silent for ${String(silenceMs)} ms.`);
}
