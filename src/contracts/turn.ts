import type { ErrorReport } from './errors.ts';
import { isErrorCode, parseErrorReport } from './errors.ts';
import type { TurnForm } from './form.ts';
import { parseTurnForm } from './form.ts';
import type { Json, JsonObject } from './json.ts';
import { isInteger, isJson, isRecord, isStringArray } from './json.ts';
import type { Citation } from './passage.ts';
import { parsePlanFile } from './plan-file.ts';
import type { PlanFile } from './plan-configs.ts';

/** Longest message of a visitor, in UTF-16 code units. */
export const MAX_TURN_LENGTH = 4000;

/** What a visitor sends. */
export interface TurnRequest {
  /** UUID; sending the same id twice gives one turn. */
  readonly id: string;
  readonly text: string;
  /** BCP 47 language of the interface; the answer's language is guessed from the text. */
  readonly language: string;
  /** Address of the page the visitor is on, null when unknown. */
  readonly pageUrl: string | null;
  /** Values of the app's form: for the lead's inputs and the plan's `start`. */
  readonly inputs: JsonObject;
  /** Files that belong to the message, none when absent; those of form fields stand in `inputs`. */
  readonly files?: readonly PlanFile[];
}

/** Who answers. */
export type ResponderKind = 'lead' | 'understudy';

/** Why a responder was chosen. */
export type RouteReason =
  | 'lead-reachable'
  | 'lead-unreachable'
  | 'lead-slow'
  | 'lead-interrupted'
  | 'lead-refused'
  | 'lead-misconfigured'
  | 'no-lead'
  | 'device-only';

/** Why a turn is handed over to people. */
export type HandoffReason = 'asked' | 'not-in-pages' | 'needs-connection';

/** Codes of sentences the widget says about itself; their texts are in the components' messages. */
export type NoticeCode =
  | 'lead-interrupted'
  | 'memory-only'
  | 'preparing-device'
  | 'generator-slow'
  | 'outbox-kept'
  | 'outbox-delivered'
  | 'conversation-renewed'
  | 'answer-shortened';

/** Figures of one answer. */
export interface TurnMetrics {
  /** From `ask` to the first text, in ms. */
  readonly firstTextMs: number;
  /** From `ask` to the end, in ms. */
  readonly totalMs: number;
  /** Output tokens per second of the generator, 0 when it did not write. */
  readonly tokensPerSecond: number;
  /** Bytes of memory the generator holds, 0 when none is loaded or unknown. */
  readonly memoryBytes: number;
}

/** What a finished turn amounts to. */
export interface TurnSummary {
  /** The whole text in the Markdown subset. */
  readonly text: string;
  readonly responder: ResponderKind;
  readonly reason: RouteReason;
  /** True when a generator worded (part of) the answer, false for canned text and extracts. */
  readonly isWorded: boolean;
  /** True when the honest answer is that the pages do not say. */
  readonly isRefusal: boolean;
  readonly intent: string;
  /** Confidence of intent or retrieval, whichever decided, in [0, 1]; 1 for a lead. */
  readonly confidence: number;
  readonly citations: readonly Citation[];
  readonly metrics: TurnMetrics;
}

/**
 * One element of the answer stream.
 *
 * A stream begins with `route-decided`. A second `route-decided` begins a new segment of the same answer: what was
 * shown stays, what follows comes from the other responder. It ends with exactly one `end` or `error`.
 */
export type TurnPart =
  | { readonly type: 'route-decided'; readonly responder: ResponderKind; readonly reason: RouteReason }
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'citation'; readonly citation: Citation }
  | { readonly type: 'suggestion'; readonly text: string }
  | { readonly type: 'notice'; readonly code: NoticeCode }
  | { readonly type: 'handoff'; readonly reason: HandoffReason }
  /** The turn waits for this form. */
  | { readonly type: 'form'; readonly form: TurnForm }
  /** The form was submitted, or its time ran out; `label` is the button that was chosen, '' when none. */
  | { readonly type: 'form-closed'; readonly formId: string; readonly label: string }
  | { readonly type: 'end'; readonly summary: TurnSummary }
  | { readonly type: 'error'; readonly error: ErrorReport };

const RESPONDERS: ReadonlySet<string> = new Set<ResponderKind>(['lead', 'understudy']);
const REASONS: ReadonlySet<string> = new Set<RouteReason>([
  'lead-reachable',
  'lead-unreachable',
  'lead-slow',
  'lead-interrupted',
  'lead-refused',
  'lead-misconfigured',
  'no-lead',
  'device-only',
]);
const HANDOFFS: ReadonlySet<string> = new Set<HandoffReason>(['asked', 'not-in-pages', 'needs-connection']);
const NOTICES: ReadonlySet<string> = new Set<NoticeCode>([
  'lead-interrupted',
  'memory-only',
  'preparing-device',
  'generator-slow',
  'outbox-kept',
  'outbox-delivered',
  'conversation-renewed',
  'answer-shortened',
]);

function isResponder(value: unknown): value is ResponderKind {
  return typeof value === 'string' && RESPONDERS.has(value);
}
function isReason(value: unknown): value is RouteReason {
  return typeof value === 'string' && REASONS.has(value);
}
function isHandoff(value: unknown): value is HandoffReason {
  return typeof value === 'string' && HANDOFFS.has(value);
}
function isNotice(value: unknown): value is NoticeCode {
  return typeof value === 'string' && NOTICES.has(value);
}

/** Accepts a {@link TurnRequest} from outside; null when it is none. */
export function parseTurnRequest(value: unknown): TurnRequest | null {
  if (!isRecord(value)) return null;
  const { id, text, language, pageUrl, inputs } = value;
  if (typeof id !== 'string' || id === '' || typeof text !== 'string' || typeof language !== 'string')
    return null;
  if (!(pageUrl === null || typeof pageUrl === 'string') || !isRecord(inputs)) return null;
  const accepted: Record<string, Json> = {};
  for (const [name, input] of Object.entries(inputs)) if (isJson(input)) accepted[name] = input;
  const files = Array.isArray(value['files'])
    ? value['files'].map(parsePlanFile).filter((file) => file !== null)
    : [];
  return { id, text, language, pageUrl, inputs: accepted, ...(files.length === 0 ? {} : { files }) };
}

/** Accepts a {@link Citation} from outside; null when it is none. */
export function parseCitation(value: unknown): Citation | null {
  if (!isRecord(value)) return null;
  const { index, passageId, title, headings, url, snippet } = value;
  if (!isInteger(index, 1) || typeof title !== 'string' || typeof snippet !== 'string') return null;
  if (!(passageId === null || typeof passageId === 'string') || !(url === null || typeof url === 'string'))
    return null;
  if (!isStringArray(headings)) return null;
  return { index, passageId, title, headings, url, snippet };
}

function parseMetrics(value: unknown): TurnMetrics {
  const read = (name: string): number => {
    const figure = isRecord(value) ? value[name] : 0;
    return typeof figure === 'number' && Number.isFinite(figure) ? figure : 0;
  };
  return {
    firstTextMs: read('firstTextMs'),
    totalMs: read('totalMs'),
    tokensPerSecond: read('tokensPerSecond'),
    memoryBytes: read('memoryBytes'),
  };
}

/** Accepts a {@link TurnSummary} from outside; null when it is none. */
export function parseTurnSummary(value: unknown): TurnSummary | null {
  if (!isRecord(value)) return null;
  const { text, responder, reason, isWorded, isRefusal, intent, confidence, citations, metrics } = value;
  if (typeof text !== 'string' || !isResponder(responder) || !isReason(reason)) return null;
  if (typeof isWorded !== 'boolean' || typeof isRefusal !== 'boolean' || typeof intent !== 'string')
    return null;
  if (typeof confidence !== 'number' || !Array.isArray(citations)) return null;
  const parsed = citations.map(parseCitation).filter((citation) => citation !== null);
  return {
    text,
    responder,
    reason,
    isWorded,
    isRefusal,
    intent,
    confidence,
    citations: parsed,
    metrics: parseMetrics(metrics),
  };
}

/** Accepts a {@link TurnPart} from outside; null when it is none. */
export function parseTurnPart(value: unknown): TurnPart | null {
  if (!isRecord(value)) return null;
  switch (value['type']) {
    case 'route-decided': {
      const { responder, reason } = value;
      return isResponder(responder) && isReason(reason) ? { type: 'route-decided', responder, reason } : null;
    }
    case 'text-delta':
      return typeof value['text'] === 'string' ? { type: 'text-delta', text: value['text'] } : null;
    case 'suggestion':
      return typeof value['text'] === 'string' ? { type: 'suggestion', text: value['text'] } : null;
    case 'citation': {
      const citation = parseCitation(value['citation']);
      return citation === null ? null : { type: 'citation', citation };
    }
    case 'notice':
      return isNotice(value['code']) ? { type: 'notice', code: value['code'] } : null;
    case 'handoff':
      return isHandoff(value['reason']) ? { type: 'handoff', reason: value['reason'] } : null;
    case 'form': {
      const form = parseTurnForm(value['form']);
      return form === null ? null : { type: 'form', form };
    }
    case 'form-closed': {
      const { formId, label } = value;
      return typeof formId === 'string' && typeof label === 'string'
        ? { type: 'form-closed', formId, label }
        : null;
    }
    case 'end': {
      const summary = parseTurnSummary(value['summary']);
      return summary === null ? null : { type: 'end', summary };
    }
    case 'error': {
      if (!isRecord(value['error']) || !isErrorCode(value['error']['code'])) return null;
      return { type: 'error', error: parseErrorReport(value['error']) };
    }
    default:
      return null;
  }
}
