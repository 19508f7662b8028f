import type { AskOptions, Connection, ConnectionEvents } from '../../src/client/connection.ts';
import type { Rating } from '../../src/contracts/responder.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { TurnForm } from '../../src/contracts/form.ts';
import type { Citation, Passage } from '../../src/contracts/passage.ts';
import type { Calls, GeneratorState, Status, TranscriptEntry } from '../../src/contracts/protocol.ts';
import type { TurnPart, TurnSummary } from '../../src/contracts/turn.ts';

/** A status as it is while everything works; the test names what differs. */
export function fakeStatus(changes: Partial<Status> = {}): Status {
  return {
    reach: 'none',
    release: 7,
    branding: {
      title: { en: 'Fenbrook Help', zh: 'Fenbrook 帮助' },
      greeting: { en: 'Hello! Ask me about your order.', zh: '您好！订单问题都可以问我。' },
      accent: '#0b6e6e',
      suggestions: {
        en: ['Where is my order?', 'How do I change the cartridge?'],
        zh: ['我的包裹到哪里了？'],
      },
      contactUrl: '/contact',
    },
    languages: ['en', 'zh'],
    generator: 'off',
    generatorProgress: 0,
    outboxCount: 0,
    persistence: 'persistent',
    faults: [],
    ...changes,
  };
}

/** A citation of the fake bundle. */
export function fakeCitation(changes: Partial<Citation> = {}): Citation {
  return {
    index: 1,
    passageId: 'returns#0',
    title: 'Returning an order',
    headings: ['How long you have'],
    url: '/help/returns.html',
    snippet: 'You can return an unused Tap within 30 days of delivery.',
    ...changes,
  };
}

/** The passage behind {@link fakeCitation}. */
export function fakePassage(changes: Partial<Passage> = {}): Passage {
  return {
    id: 'returns#0',
    documentId: 'returns',
    title: 'Returning an order',
    headings: ['How long you have'],
    url: '/help/returns.html',
    language: 'en',
    text: 'You can return an **unused Tap** within 30 days of delivery. Cartridges cannot be returned once opened.\n\n- Keep the box.\n- Print the label.',
    questions: [],
    tags: [],
    ...changes,
  };
}

/** A summary of an answer of the device; the test names what differs. */
export function fakeSummary(changes: Partial<TurnSummary> = {}): TurnSummary {
  return {
    text: 'Thirty days.',
    responder: 'understudy',
    reason: 'no-lead',
    isWorded: false,
    isRefusal: false,
    intent: 'return',
    confidence: 0.9,
    citations: [],
    metrics: { firstTextMs: 5, totalMs: 9, tokensPerSecond: 0, memoryBytes: 0 },
    ...changes,
  };
}

/** The parts of a plain answer of the device. */
export function fakeAnswer(text: string, citations: readonly Citation[] = []): readonly TurnPart[] {
  return [
    { type: 'route-decided', responder: 'understudy', reason: 'no-lead' },
    { type: 'text-delta', text },
    ...citations.map((citation): TurnPart => ({ type: 'citation', citation })),
    { type: 'end', summary: fakeSummary({ text, citations }) },
  ];
}

/** A form that an answer asks to fill in. */
export function fakeForm(changes: Partial<TurnForm> = {}): TurnForm {
  return {
    id: 'complaint',
    title: 'Your complaint',
    content: 'Tell us **what happened**.\n\n{{#$output.what#}}\n\nWe answer within two working days.',
    fields: [
      {
        name: 'what',
        label: 'What happened',
        type: 'paragraph',
        isRequired: true,
        maxLength: 200,
        options: [],
        default: null,
      },
      {
        name: 'callback',
        label: 'Call me back',
        type: 'checkbox',
        isRequired: false,
        maxLength: null,
        options: [],
        default: false,
      },
    ],
    actions: [
      { id: 'send', label: 'Send it', style: 'primary' },
      { id: 'drop', label: 'Leave it', style: 'ghost' },
    ],
    expiresAtMs: null,
    ...changes,
  };
}

/** What `ask` was called with. */
export interface FakeAsk {
  readonly text: string;
  readonly options: AskOptions;
}

/** Gives the parts of an answer; may wait between them, and ends early when the signal aborts. */
export type FakeScript = (ask: FakeAsk) => Iterable<TurnPart> | AsyncIterable<TurnPart>;

/** A {@link Connection} without a worker: it plays what the test wrote and counts what it was asked. */
export class FakeConnection implements Connection {
  status: Status;
  /** Answers in the order of the questions; the last one repeats. */
  script: FakeScript = () => fakeAnswer('Thirty days.');
  entries: readonly TranscriptEntry[] = [];
  passages: ReadonlyMap<string, Passage> = new Map([['returns#0', fakePassage()]]);
  /** What `leaveMessage` replies; null = it rejects. */
  outcome: Calls['leaveMessage']['reply']['state'] | null = 'delivered';
  readonly asks: FakeAsk[] = [];
  readonly left: { readonly text: string; readonly contact: string }[] = [];
  readonly submitted: { readonly formId: string; readonly action: string; readonly values: JsonObject }[] =
    [];
  /** What `submitForm` replies; null = it rejects. */
  takesForms: boolean | null = true;
  /** Is told of a form that was submitted. */
  onSubmit: (formId: string) => void = () => undefined;
  readonly rated: { readonly turnId: string; readonly rating: Rating | null }[] = [];
  /** What the visitor wrote of themselves; null = asking for it rejects. */
  known: string | null = '';
  /** Whether `sendFeedback` rejects. */
  refusesFeedback = false;
  eraseCount = 0;
  disposeCount = 0;

  readonly #listeners: {
    readonly [Type in keyof ConnectionEvents]: Set<(event: ConnectionEvents[Type]) => void>;
  } = {
    status: new Set(),
    notice: new Set(),
    fault: new Set(),
  };

  constructor(status: Status = fakeStatus()) {
    this.status = status;
  }

  async *ask(text: string, options: AskOptions = {}): AsyncIterable<TurnPart> {
    const ask = { text, options };
    this.asks.push(ask);
    for await (const part of this.script(ask)) {
      if (options.signal?.aborted === true) {
        yield { type: 'error', error: { code: 'turn/aborted', message: 'Stopped.', facts: {} } };
        return;
      }
      yield part;
    }
  }

  transcript(): Promise<readonly TranscriptEntry[]> {
    return Promise.resolve(this.entries);
  }

  passage(passageId: string): Promise<Passage | null> {
    return Promise.resolve(this.passages.get(passageId) ?? null);
  }

  leaveMessage(message: {
    readonly text: string;
    readonly contact: string;
  }): Promise<Calls['leaveMessage']['reply']> {
    this.left.push(message);
    if (this.outcome === null) return Promise.reject(new Error('No room.'));
    return Promise.resolve({ state: this.outcome });
  }

  contact(): Promise<string | null> {
    return this.known === null ? Promise.reject(new Error('No reader.')) : Promise.resolve(this.known);
  }

  submitForm(formId: string, action: string, values: JsonObject): Promise<boolean> {
    this.submitted.push({ formId, action, values });
    if (this.takesForms === null) return Promise.reject(new Error('The worker is gone.'));
    this.onSubmit(formId);
    return Promise.resolve(this.takesForms);
  }

  sendFeedback(turnId: string, rating: Rating | null): Promise<void> {
    this.rated.push({ turnId, rating });
    return this.refusesFeedback ? Promise.reject(new Error('Not taken.')) : Promise.resolve();
  }

  loadGenerator(): Promise<GeneratorState> {
    return Promise.resolve(this.status.generator);
  }

  update(): Promise<number | null> {
    return Promise.resolve(this.status.release);
  }

  diagnostics(): Promise<JsonObject> {
    return Promise.resolve({ release: this.status.release });
  }

  erase(): Promise<void> {
    this.eraseCount += 1;
    this.entries = [];
    return Promise.resolve();
  }

  on<Type extends keyof ConnectionEvents>(
    type: Type,
    listener: (event: ConnectionEvents[Type]) => void,
  ): () => void {
    const listeners: Set<(event: ConnectionEvents[Type]) => void> = this.#listeners[type];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  dispose(): void {
    this.disposeCount += 1;
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
  }

  /** Number of listeners that are still there. */
  get listenerCount(): number {
    return Object.values(this.#listeners).reduce((sum, listeners) => sum + listeners.size, 0);
  }

  /** Tells an event to the listeners; a status also becomes the current one. */
  tell<Type extends keyof ConnectionEvents>(type: Type, event: ConnectionEvents[Type]): void {
    const listeners: Set<(event: ConnectionEvents[Type]) => void> = this.#listeners[type];
    for (const listener of [...listeners]) listener(event);
  }

  /** Changes the status and tells it. */
  setStatus(changes: Partial<Status>): void {
    this.status = { ...this.status, ...changes };
    this.tell('status', this.status);
  }
}
