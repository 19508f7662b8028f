import type { UnderstudyError } from '../contracts/errors.ts';
import type { JsonObject } from '../contracts/json.ts';
import type { Passage } from '../contracts/passage.ts';
import type { Calls, GeneratorState, LeadConfig, Status, TranscriptEntry } from '../contracts/protocol.ts';
import type { PlanFile } from '../contracts/plan-configs.ts';
import type { Rating } from '../contracts/responder.ts';
import type { NoticeCode, TurnPart } from '../contracts/turn.ts';

/** Options of `connect()`; the element's attributes carry the same. */
export interface ConnectOptions {
  /** Address of the bundle folder, absolute or relative to the page. Null = the lead only. */
  readonly bundle: string | URL | null;
  /** The lead: `dify:<api base>#<app code>`, `dify-service:<api base>` of an endpoint that adds
   * the key, `openai:<api base>#<model>`, or the object form. Default none. */
  readonly lead?: string | LeadConfig | null;
  /** Address that takes left messages as JSON with an Idempotency-Key. Default: the lead takes them as a message. */
  readonly outbox?: string | URL | null;
  /** Folder with the product's own files. Default: the folder this script came from. */
  readonly assets?: string | URL;
  /** `device-only` never lets a question leave the device. Default `hybrid`. */
  readonly privacy?: 'hybrid' | 'device-only';
  /** Whether the generator may be fetched. Default `auto`: at idle, unless the visitor saves data. */
  readonly generator?: 'auto' | 'off';
  /** BCP 47 language of the interface. Default: the document's language, else the browser's. */
  readonly language?: string;
}

/** Options of one question. */
export interface AskOptions {
  readonly signal?: AbortSignal;
  /** UUID of the turn; give the id of a pending turn to ask it again. Default: a new one. */
  readonly id?: string;
  /** Values for the lead's input form. Default none. */
  readonly inputs?: JsonObject;
  /** Files that belong to the message, as `uploadFile` gave them. Default none. */
  readonly files?: readonly PlanFile[];
}

/** Events of a {@link Connection}, by type. */
export interface ConnectionEvents {
  /** Something the widget shows has changed. */
  status: Status;
  /** The product says a sentence about itself. */
  notice: NoticeCode;
  /** A fault for the owner; visitors see its effect only. */
  fault: UnderstudyError;
}

/** A page's handle to the agent; the same that the element uses. */
export interface Connection {
  /** The latest state; replaced, never changed in place. */
  readonly status: Status;
  /** Streams the answer. Stopping the iteration cancels the turn. Never throws: faults arrive as an `error` part. */
  ask(text: string, options?: AskOptions): AsyncIterable<TurnPart>;
  /** The conversation kept on this device, oldest first. */
  transcript(): Promise<readonly TranscriptEntry[]>;
  /** A passage of the bundle, to be opened from a citation; null when the bundle no longer has it. */
  passage(passageId: string): Promise<Passage | null>;
  /** Leaves a message for people; kept in the outbox until it is delivered. */
  leaveMessage(message: {
    readonly text: string;
    readonly contact: string;
  }): Promise<Calls['leaveMessage']['reply']>;
  /** An e-mail address or telephone number that the visitor wrote in this conversation; null when there is none. */
  contact?(): Promise<string | null>;
  /**
   * Submits a form that a turn waits for; the turn goes on by itself.
   * @returns Whether it was still waited for.
   */
  submitForm(formId: string, action: string, values: JsonObject): Promise<boolean>;
  /** Rates the answer of a turn, where the status says `canRate`; null takes the rating back. */
  sendFeedback?(turnId: string, rating: Rating | null): Promise<void>;
  /** Takes a file of the visitor's for a form or a turn; absent where files cannot be sent. */
  uploadFile?(file: File, signal?: AbortSignal): Promise<PlanFile>;
  /**
   * Takes the conversation over that the lead knows, where this device holds none: for visitors it knows by name.
   * @returns The conversation, oldest first.
   */
  restore?(): Promise<readonly TranscriptEntry[]>;
  /** Fetches and starts the generator now, whatever `generator` says. */
  loadGenerator(): Promise<GeneratorState>;
  /** Looks for a newer release of the bundle now. @returns The release in use. */
  update(): Promise<number | null>;
  /** Figures and states for the owner; holds no text of the visitor. */
  diagnostics(): Promise<JsonObject>;
  /** Deletes everything kept on this device for this bundle. */
  erase(): Promise<void>;
  /** Calls the listener for each event until the returned function is called. */
  on<Type extends keyof ConnectionEvents>(
    type: Type,
    listener: (event: ConnectionEvents[Type]) => void,
  ): () => void;
  /** Ends the worker. Open streams end with `client/disposed`. Idempotent. */
  dispose(): void;
}
