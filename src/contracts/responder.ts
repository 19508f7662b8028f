import type { TurnForm } from './form.ts';
import type { JsonObject } from './json.ts';
import type { Citation } from './passage.ts';
import type { FormField } from './plan-configs.ts';
import type { SlotValue } from './slot.ts';
import type { HandoffReason, ResponderKind, TurnRequest } from './turn.ts';

/** One finished exchange of the conversation, oldest first where listed. */
export interface Exchange {
  readonly question: string;
  readonly answer: string;
  /** Who answered; a lead is told what it does not know. Absent = not known. */
  readonly responder?: ResponderKind;
}

/** What a responder knows besides the turn itself. */
export interface RespondOptions {
  readonly signal?: AbortSignal;
  /** Earlier exchanges of the session, oldest first. Default none. */
  readonly history?: readonly Exchange[];
  /** Text already shown for this turn by another responder, which is to be completed. Default ''. */
  readonly shownText?: string;
}

/** One element of a responder's output; the session turns it into TurnParts. */
export type ResponderPart =
  | { readonly type: 'text-delta'; readonly text: string }
  /** The whole text so far is replaced (a lead's moderation); allowed from leads only. */
  | { readonly type: 'text-replace'; readonly text: string }
  | { readonly type: 'citation'; readonly citation: Citation }
  | { readonly type: 'suggestion'; readonly text: string }
  | { readonly type: 'handoff'; readonly reason: HandoffReason }
  /** The lead has forgotten the conversation: a new one has begun, with a short account of the old one. */
  | { readonly type: 'notice'; readonly code: 'conversation-renewed' }
  | { readonly type: 'form'; readonly form: TurnForm }
  | { readonly type: 'form-closed'; readonly formId: string; readonly label: string }
  | { readonly type: 'end'; readonly outcome: ResponderOutcome };

/** What the responder says of its finished answer. */
export interface ResponderOutcome {
  readonly isWorded: boolean;
  readonly isRefusal: boolean;
  readonly intent: string;
  /** In [0, 1]. */
  readonly confidence: number;
  /** Output tokens per second of a generator, 0 when none wrote. */
  readonly tokensPerSecond: number;
  readonly memoryBytes: number;
}

/**
 * Anything that can answer a turn: a lead (src/engines/dify, src/engines/openai) or the plan on this device.
 *
 * Every implementation passes test/contract/responder.ts.
 */
export interface Responder {
  readonly contract: 1;
  readonly id: string;
  readonly kind: ResponderKind;
  /**
   * Streams the answer; ends with exactly one `end` part, or throws.
   * @throws UnderstudyError `lead/*` for leads, `plan/*` for plans; the signal's reason when aborted.
   */
  respond(turn: TurnRequest, options?: RespondOptions): AsyncIterable<ResponderPart>;
}

/** A message a visitor left for people, as an outbox holds it. */
export interface OutboxMessage {
  /** UUID, sent as Idempotency-Key. */
  readonly id: string;
  readonly text: string;
  /** E-mail address or phone number the visitor gave, '' when none. */
  readonly contact: string;
  readonly createdAtMs: number;
  /** The last exchanges before it, oldest first, at most 10. */
  readonly transcript: readonly Exchange[];
  /** Order numbers, e-mail addresses and telephone numbers that the visitor wrote in `text` and `transcript`, in this order. */
  readonly slots: readonly SlotValue[];
}

/** What a visitor thinks of an answer. */
export type Rating = 'like' | 'dislike';

/** A form of a turn as the visitor filled it in. */
export interface FormSubmission {
  readonly formId: string;
  /** Id of the action whose button was pressed. */
  readonly action: string;
  readonly values: JsonObject;
}

/** What a lead says of its app, for pages without a bundle. */
export interface LeadDescription {
  /** '' when it has none. */
  readonly title: string;
  readonly greeting: string;
  /** CSS color `#rrggbb`. */
  readonly accent: string | null;
  readonly suggestions: readonly string[];
  /** What the app asks before the first turn. */
  readonly form: readonly FormField[];
}

/** An exchange that a lead remembers. */
export interface PastExchange extends Exchange {
  /** The lead's own id of it. */
  readonly id: string;
  /** In ms since 1970. */
  readonly askedAtMs: number;
  readonly citations: readonly Citation[];
}

/** A responder in the cloud, with what only a lead can do. */
export interface Lead extends Responder {
  readonly kind: 'lead';
  /** Asks cheaply whether the lead is there. @throws UnderstudyError `lead/*` when it is not. */
  probe(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Delivers a left message.
   * @returns `delivered`, or `unconfirmed` when its bytes were sent but no answer came and the lead cannot dedupe.
   * @throws UnderstudyError `lead/*` when it surely was not delivered.
   */
  deliver(
    message: OutboxMessage,
    options?: { readonly signal?: AbortSignal },
  ): Promise<'delivered' | 'unconfirmed'>;
  /**
   * Rates the answer of a turn; null takes the rating back.
   * @returns False when this lead does not know the turn.
   * @throws UnderstudyError `lead/*`.
   */
  feedback?(
    turnId: string,
    rating: Rating | null,
    options?: { readonly signal?: AbortSignal },
  ): Promise<boolean>;
  /**
   * Submits a form that one of its turns waits for; the turn then goes on.
   * @returns False when nobody waits for it (any longer), or what was filled in is not accepted.
   * @throws UnderstudyError `lead/*` when it could not be submitted now.
   */
  submitForm?(submission: FormSubmission, options?: { readonly signal?: AbortSignal }): Promise<boolean>;
  /** What the visitor's latest conversation holds, oldest first; empty when there is none. @throws UnderstudyError `lead/*`. */
  history?(options?: { readonly signal?: AbortSignal }): Promise<readonly PastExchange[]>;
  /** What the app says of itself. @throws UnderstudyError `lead/*`. */
  describe?(options?: { readonly signal?: AbortSignal }): Promise<LeadDescription>;
}
