/**
 * The wire between page and worker: one union a direction, request and reply tied by {@link Calls}.
 *
 * Type-only imports: this file can be read as the whole boundary. Both sides parse what they receive.
 */
import type { Branding } from './bundle.ts';
import type { ErrorReport } from './errors.ts';
import type { JsonObject } from './json.ts';
import type { Passage } from './passage.ts';
import type { FormField, PlanFile } from './plan-configs.ts';
import type { Rating } from './responder.ts';
import type { NoticeCode, TurnPart, TurnRequest, TurnSummary } from './turn.ts';

/** Version of the wire; page and worker of different versions refuse each other. */
export const PROTOCOL_VERSION = 1;

/** How the worker reaches the lead. */
export type LeadConfig =
  | { readonly kind: 'dify'; readonly baseUrl: string; readonly appCode: string }
  /** Dify's service API behind an endpoint of the owner's, which adds the key: there is none in the page. */
  | { readonly kind: 'dify-service'; readonly baseUrl: string }
  | { readonly kind: 'openai'; readonly baseUrl: string; readonly model: string };

/** What the page tells the worker at hello. */
export interface ConnectConfig {
  /** Absolute address of the bundle folder, ending in `/`; null = the lead only. */
  readonly bundleUrl: string | null;
  readonly lead: LeadConfig | null;
  /** Where left messages are posted as JSON with an Idempotency-Key; null = to the lead as a message. */
  readonly outboxUrl: string | null;
  /** Absolute address of the folder with the product's own files (engine chunks, WebAssembly), ending in `/`. */
  readonly assetsUrl: string;
  /** `device-only` never lets a question leave the device. */
  readonly privacy: 'hybrid' | 'device-only';
  /** Whether a generator may be fetched: at idle when small enough, or never. */
  readonly generator: 'auto' | 'off';
  readonly language: string;
}

/** Whether the lead can be reached now. */
export type Reach = 'reachable' | 'degraded' | 'unreachable' | 'none';

/** State of the generator on this device. */
export type GeneratorState = 'absent' | 'off' | 'idle' | 'loading' | 'ready' | 'failed';

/** What the widget needs to know at any time. */
export interface Status {
  readonly reach: Reach;
  /** Release number of the bundle in use, null while none is loaded. */
  readonly release: number | null;
  readonly branding: Branding | null;
  /** What the visitor is to fill in before the first turn; absent or empty where the app asks nothing. */
  readonly form?: readonly FormField[];
  /** Whether answers of the lead can be rated. Default false. */
  readonly canRate?: boolean;
  readonly languages: readonly string[];
  readonly generator: GeneratorState;
  /** Share of the generator that is loaded, in [0, 1]. */
  readonly generatorProgress: number;
  /** Messages that wait in the outbox. */
  readonly outboxCount: number;
  readonly persistence: 'persistent' | 'memory';
  /** The latest faults, newest last, at most 20; also told as `fault` events. */
  readonly faults: readonly ErrorReport[];
}

/** One turn of the conversation as it was kept. */
export interface TranscriptEntry {
  readonly id: string;
  readonly question: string;
  readonly askedAtMs: number;
  /** `pending` turns were cut by a reload or crash and can be asked again. */
  readonly state: 'pending' | 'answered' | 'failed';
  /** Text shown so far. */
  readonly answer: string;
  readonly summary: TurnSummary | null;
}

/** Requests of the page and what the worker replies. */
export interface Calls {
  hello: {
    request: {
      readonly protocol: number;
      readonly config: ConnectConfig;
      /** Name of the Web Lock that the worker is to hold for as long as it lives; null or absent = none. */
      readonly lifeLock?: string | null;
    };
    reply: {
      readonly protocol: number;
      readonly status: Status;
      /** The life lock that the worker holds; null or absent = none. */
      readonly lifeLock?: string | null;
    };
  };
  transcript: { request: null; reply: readonly TranscriptEntry[] };
  passage: { request: { readonly passageId: string }; reply: Passage | null };
  leaveMessage: {
    request: { readonly id: string; readonly text: string; readonly contact: string };
    reply: { readonly state: 'delivered' | 'kept' | 'unconfirmed' };
  };
  /** How the visitor can be reached, as they wrote in this conversation; null when they did not. */
  contact: { request: null; reply: { readonly contact: string | null } };
  /** Submits a form that a turn waits for. */
  submitForm: {
    request: { readonly formId: string; readonly action: string; readonly values: JsonObject };
    reply: { readonly isAccepted: boolean };
  };
  /** Rates the answer of a turn; null takes the rating back. */
  feedback: {
    request: { readonly turnId: string; readonly rating: Rating | null };
    /** False where nobody takes ratings of this turn: it was answered on the device. */
    reply: { readonly isTaken: boolean };
  };
  /** Keeps a file of the visitor's for the turns of this page. */
  attachFile: {
    request: { readonly name: string; readonly mimeType: string; readonly bytes: Uint8Array };
    reply: PlanFile;
  };
  /** Takes the conversation over that the lead knows, where this device holds none. */
  restore: { request: null; reply: readonly TranscriptEntry[] };
  loadGenerator: { request: null; reply: { readonly state: GeneratorState } };
  update: { request: null; reply: { readonly release: number | null } };
  diagnostics: { request: null; reply: JsonObject };
  erase: { request: null; reply: null };
}

/** Name of a call. */
export type CallName = keyof Calls;

/** Page → worker. */
export type PageMessage =
  | { readonly type: 'call'; readonly callId: number; readonly name: CallName; readonly request: unknown }
  | { readonly type: 'ask'; readonly callId: number; readonly turn: TurnRequest }
  | { readonly type: 'cancel'; readonly callId: number }
  /** Allows the worker to post `credit` more parts of a stream. */
  | { readonly type: 'credit'; readonly callId: number; readonly credit: number }
  | { readonly type: 'ping'; readonly nonce: number }
  | { readonly type: 'dispose' };

/** Worker → page. */
export type WorkerMessage =
  | { readonly type: 'reply'; readonly callId: number; readonly reply: unknown }
  | { readonly type: 'failure'; readonly callId: number; readonly error: ErrorReport }
  | { readonly type: 'part'; readonly callId: number; readonly part: TurnPart }
  | { readonly type: 'status'; readonly status: Status }
  | { readonly type: 'notice'; readonly code: NoticeCode }
  | { readonly type: 'fault'; readonly error: ErrorReport }
  | { readonly type: 'pong'; readonly nonce: number };
