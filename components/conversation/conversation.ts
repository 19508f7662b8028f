import type { Connection } from '../../src/client/connection.ts';
import type { Rating } from '../../src/contracts/responder.ts';
import type { ErrorReport } from '../../src/contracts/errors.ts';
import { toErrorReport } from '../../src/contracts/errors.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { PlanFile } from '../../src/contracts/plan-configs.ts';
import type { Status } from '../../src/contracts/protocol.ts';
import type { HandoffReason, NoticeCode, TurnSummary } from '../../src/contracts/turn.ts';
import { StartForm } from './start-form.ts';
import type { StartFormOptions } from './start-form.ts';
import type { FormView, TurnView } from './turn-view.ts';
import { applyPart, isOpen, newTurn, restoredTurn, withForm, withoutOpenForms } from './turn-view.ts';
import { untilAborted } from './until-aborted.ts';

/** Events of a {@link Conversation}, by type. */
export interface ConversationEvents {
  /** Anything that is shown has changed. */
  change: null;
  'turn-start': { readonly id: string; readonly text: string };
  /** A turn has come to its end, well or not. */
  settled: TurnView;
  /** A turn waits for the visitor to fill in a form. */
  form: FormView;
  'turn-end': TurnSummary;
  handoff: HandoffReason;
  /** Everything on this device is deleted. */
  erased: null;
  fault: ErrorReport;
  status: Status;
}

type Listener<Type extends keyof ConversationEvents> = (event: ConversationEvents[Type]) => void;

/** How far the connection is. */
export type ConversationPhase = 'connecting' | 'ready' | 'failed';

/**
 * Keeps the turns of one element and asks them one after the other over its connection.
 *
 * It lives as long as the element is in a page, whether the panel is open or not, so that `ask()` works closed and a
 * closed panel loses nothing.
 */
export class Conversation {
  /** Oldest first. */
  turns: readonly TurnView[] = [];
  /** Null until the connection is there. */
  status: Status | null = null;
  phase: ConversationPhase = 'connecting';
  /** Why the connection failed, null when it did not. */
  fault: ErrorReport | null = null;
  /** What the product said about itself, each once, oldest first. */
  notices: readonly NoticeCode[] = [];
  /** Sends a file of the visitor's; null while, or where, files cannot be sent. */
  uploadFile: ((file: File) => Promise<PlanFile>) | null = null;
  /** What is asked before the first turn and sent with each. */
  readonly startForm: StartForm;

  readonly #connect: () => Connection | Promise<Connection>;
  readonly #listeners: { readonly [Type in keyof ConversationEvents]: Set<Listener<Type>> } = {
    change: new Set(),
    'turn-start': new Set(),
    settled: new Set(),
    form: new Set(),
    'turn-end': new Set(),
    handoff: new Set(),
    erased: new Set(),
    fault: new Set(),
    status: new Set(),
  };
  readonly #waiting = new Map<string, (summary: TurnSummary | null) => void>();
  #connection: Promise<Connection>;
  #active: { readonly id: string; readonly abort: AbortController } | null = null;
  #isDisposed = false;

  /**
   * @param connect - Opens the connection; called once, and again by {@link retry} after it failed.
   * @param form - Of the form before the first turn.
   */
  constructor(connect: () => Connection | Promise<Connection>, form: StartFormOptions = {}) {
    this.#connect = connect;
    this.startForm = new StartForm(form);
    this.#connection = this.#open();
  }

  /** The connection; rejects with what it failed with. */
  get connection(): Promise<Connection> {
    return this.#connection;
  }

  /** True while a turn is being answered. */
  get isAnswering(): boolean {
    return this.#active !== null;
  }

  /** Connects again after a failure; what was typed and queued is kept. */
  retry(): void {
    if (this.phase !== 'failed' || this.#isDisposed) return;
    this.phase = 'connecting';
    this.fault = null;
    this.#connection = this.#open();
    this.#emit('change', null);
  }

  /**
   * Sends a question, after the ones before it.
   * @param id - Id of a turn that was cut, to ask it again. Default: a new one.
   * @returns What the turn amounts to; null when it was stopped, failed or was empty.
   */
  ask(text: string, id: string = crypto.randomUUID()): Promise<TurnSummary | null> {
    const question = text.trim();
    const isRunning = this.turns.some((turn) => turn.id === id && isOpen(turn));
    if (question === '' || isRunning || this.#isDisposed) return Promise.resolve(null);
    const turn = newTurn(id, question);
    // A turn that is asked again moves to the end, where the visitor looks.
    this.turns = [...this.turns.filter((other) => other.id !== id), turn];
    const result = new Promise<TurnSummary | null>((resolve) => this.#waiting.set(id, resolve));
    this.#emit('change', null);
    void this.#next();
    return result;
  }

  /** Stops the turn that is being answered; what was shown stays. */
  stop(): void {
    this.#active?.abort.abort();
  }

  /** Takes back a turn that has not been asked yet. */
  remove(id: string): void {
    if (!this.turns.some((turn) => turn.id === id && turn.state === 'queued')) return;
    this.turns = this.turns.filter((turn) => turn.id !== id);
    this.#settle(id, null);
    this.#emit('change', null);
  }

  /** Takes what was filled in before the first turn, or was changed later. */
  submitStartForm(values: JsonObject): void {
    this.startForm.submit(values);
    this.#emit('change', null);
    void this.#next();
  }

  /** Submits a form that a turn waits for; what comes of it is shown with the form. */
  async submitForm(formId: string, action: string, values: JsonObject): Promise<void> {
    const turn = this.turns.find((candidate) => formsOf(candidate).some(({ form }) => form.id === formId));
    if (turn === undefined) return;
    const become = (state: FormView['state']): void => {
      // The turn may have gone on, and closed the form, before the reply.
      this.#update(turn.id, (view) =>
        withForm(view, formId, (form) => (form.state === 'closed' ? {} : { state })),
      );
    };
    become('sending');
    try {
      const connection = await this.#connection;
      if (!(await connection.submitForm(formId, action, values))) become('refused');
    } catch (error) {
      this.#emit('fault', toErrorReport(error));
      become('failed');
    }
  }

  /** Rates the answer of a turn; null takes the rating back. A rating that is not taken is shown as not given. */
  async rate(id: string, rating: Rating | null): Promise<void> {
    const before = this.turns.find((turn) => turn.id === id)?.rating ?? null;
    this.#update(id, (turn) => ({ ...turn, rating }));
    try {
      const connection = await this.#connection;
      await connection.sendFeedback?.(id, rating);
    } catch (error) {
      this.#emit('fault', toErrorReport(error));
      this.#update(id, (turn) => (turn.rating === rating ? { ...turn, rating: before } : turn));
    }
  }

  /** Deletes the conversation and all that is kept on this device for the bundle. */
  async erase(): Promise<void> {
    const connection = await this.#connection;
    this.stop();
    for (const turn of this.turns) this.#settle(turn.id, null);
    this.turns = [];
    await connection.erase();
    this.startForm.erase();
    this.turns = [];
    this.notices = [];
    this.#emit('erased', null);
    this.#emit('change', null);
  }

  /** Calls the listener for each event until the returned function is called. */
  on<Type extends keyof ConversationEvents>(
    type: Type,
    listener: (event: ConversationEvents[Type]) => void,
  ): () => void {
    const listeners: Set<Listener<Type>> = this.#listeners[type];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Ends the connection and everything that waits for it. Idempotent. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.stop();
    for (const id of [...this.#waiting.keys()]) this.#settle(id, null);
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
    this.#connection.then(
      (connection) => connection.dispose(),
      // A connection that failed has nothing to end; its fault was told.
      () => undefined,
    );
  }

  #emit<Type extends keyof ConversationEvents>(type: Type, event: ConversationEvents[Type]): void {
    const listeners: Set<Listener<Type>> = this.#listeners[type];
    for (const listener of [...listeners]) listener(event);
  }

  #open(): Promise<Connection> {
    const opening = this.#connectOnce();
    opening.catch((error: unknown) => this.#fail(error));
    return opening;
  }

  async #connectOnce(): Promise<Connection> {
    const connection = await this.#connect();
    if (this.#isDisposed) {
      connection.dispose();
      return connection;
    }
    connection.on('status', (status) => this.#setStatus(status));
    connection.on('notice', (code) => {
      this.notices = [...this.notices.filter((other) => other !== code), code];
      this.#emit('change', null);
    });
    connection.on('fault', (error) =>
      this.#emit('fault', { code: error.code, message: error.message, facts: error.facts }),
    );
    this.uploadFile = connection.uploadFile?.bind(connection) ?? null;
    this.#setStatus(connection.status);
    // A transcript that cannot be read must not keep the visitor from asking.
    const entries = await connection.transcript().catch((error: unknown) => {
      this.#emit('fault', toErrorReport(error));
      return [];
    });
    const known = new Set(this.turns.map((turn) => turn.id));
    this.turns = [...entries.filter((entry) => !known.has(entry.id)).map(restoredTurn), ...this.turns];
    this.phase = 'ready';
    this.#emit('change', null);
    void this.#next();
    return connection;
  }

  #fail(error: unknown): void {
    if (this.#isDisposed) return;
    this.phase = 'failed';
    this.fault = toErrorReport(error);
    this.#emit('fault', this.fault);
    this.#emit('change', null);
  }

  #setStatus(status: Status): void {
    this.status = status;
    this.startForm.setFields(status.form ?? []);
    this.#emit('status', status);
    this.#emit('change', null);
    void this.#next();
  }

  #settle(id: string, summary: TurnSummary | null): void {
    this.#waiting.get(id)?.(summary);
    this.#waiting.delete(id);
  }

  #update(id: string, change: (turn: TurnView) => TurnView): TurnView | null {
    let changed: TurnView | null = null;
    this.turns = this.turns.map((turn) => (turn.id === id ? (changed = change(turn)) : turn));
    this.#emit('change', null);
    return changed;
  }

  async #next(): Promise<void> {
    const turn = this.turns.find((candidate) => candidate.state === 'queued');
    if (turn === undefined || this.#active !== null || this.phase !== 'ready' || this.#isDisposed) return;
    // The app would refuse it; it waits for the form, which the panel shows.
    if (this.startForm.lacksValues()) return;
    const active = { id: turn.id, abort: new AbortController() };
    this.#active = active;
    this.#update(turn.id, (queued) => ({ ...queued, state: 'asking' }));
    this.#emit('turn-start', { id: turn.id, text: turn.question });
    const settled = await this.#stream(turn, active.abort.signal);
    this.#active = null;
    // Asked before the form was known: the question stays and goes once more when the form is filled in.
    if (settled?.error?.code === 'plan/input-invalid' && this.startForm.lacksValues()) {
      this.#update(turn.id, ({ question }) => newTurn(turn.id, question));
      return;
    }
    this.#settle(turn.id, settled?.summary ?? null);
    this.#emit('change', null);
    if (settled !== null) this.#emit('settled', settled);
    if (settled?.summary != null) this.#emit('turn-end', settled.summary);
    if (settled?.handoff != null) this.#emit('handoff', settled.handoff);
    void this.#next();
  }

  /** Streams one answer into its turn. @returns The turn at its end; null when it was erased meanwhile. */
  async #stream(turn: TurnView, signal: AbortSignal): Promise<TurnView | null> {
    let latest: TurnView | null = null;
    try {
      const connection = await this.#connection;
      const { inputs } = this.startForm;
      const parts = connection.ask(turn.question, { id: turn.id, signal, inputs });
      for await (const part of untilAborted(parts, signal)) {
        latest = this.#update(turn.id, (view) => applyPart(view, part));
        const shown = part.type === 'form' && latest !== null ? formsOf(latest).at(-1) : undefined;
        if (shown !== undefined) this.#emit('form', shown);
      }
    } catch (error) {
      // `ask` promises not to throw; a defect there must still end the turn.
      latest = this.#update(turn.id, (view) =>
        applyPart(view, { type: 'error', error: toErrorReport(error) }),
      );
    }
    if (latest !== null && !isOpen(latest)) return latest;
    // A stream without its last part: the visitor stopped it, or it broke.
    return this.#update(turn.id, (view) => ({
      ...withoutOpenForms(view),
      state: signal.aborted ? 'stopped' : 'failed',
    }));
  }
}

function formsOf(turn: TurnView): readonly FormView[] {
  return turn.segments.flatMap(({ forms }) => forms);
}
