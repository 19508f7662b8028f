import { parseErrorReport } from './errors.ts';
import { isInteger, isRecord } from './json.ts';
import type { CallName, ConnectConfig, LeadConfig, PageMessage, WorkerMessage } from './protocol.ts';
import type { NoticeCode } from './turn.ts';
import { parseTurnPart, parseTurnRequest } from './turn.ts';

const CALL_NAMES: ReadonlySet<string> = new Set<CallName>([
  'hello',
  'transcript',
  'passage',
  'leaveMessage',
  'contact',
  'submitForm',
  'feedback',
  'attachFile',
  'restore',
  'loadGenerator',
  'update',
  'diagnostics',
  'erase',
]);

function isCallName(value: unknown): value is CallName {
  return typeof value === 'string' && CALL_NAMES.has(value);
}

/** Accepts a message from the page; null when it is none of this protocol. */
export function parsePageMessage(value: unknown): PageMessage | null {
  if (!isRecord(value)) return null;
  const { type, callId, name, request, turn, credit, nonce } = value;
  if (type === 'dispose') return { type };
  if (type === 'ping') return isInteger(nonce) ? { type, nonce } : null;
  if (!isInteger(callId)) return null;
  switch (type) {
    case 'call':
      return isCallName(name) ? { type, callId, name, request } : null;
    case 'ask': {
      const parsed = parseTurnRequest(turn);
      return parsed === null ? null : { type, callId, turn: parsed };
    }
    case 'cancel':
      return { type, callId };
    case 'credit':
      return isInteger(credit, 1) && credit <= 1024 ? { type, callId, credit } : null;
    default:
      return null;
  }
}

/** A message of the worker whose payload of `status` and `reply` is parsed by its receiver. */
export type ReceivedMessage =
  Exclude<WorkerMessage, { type: 'status' }> | { readonly type: 'status'; readonly status: unknown };

/** Accepts a message from the worker; null when it is none of this protocol. */
export function parseWorkerMessage(value: unknown): ReceivedMessage | null {
  if (!isRecord(value)) return null;
  const { type, callId, nonce } = value;
  switch (type) {
    case 'status':
      return { type, status: value['status'] };
    case 'notice': {
      const part = parseTurnPart({ type: 'notice', code: value['code'] });
      return part?.type === 'notice' ? { type, code: part.code satisfies NoticeCode } : null;
    }
    case 'fault':
      return { type, error: parseErrorReport(value['error']) };
    case 'pong':
      return isInteger(nonce) ? { type, nonce } : null;
    case 'reply':
      return isInteger(callId) ? { type, callId, reply: value['reply'] } : null;
    case 'failure':
      return isInteger(callId) ? { type, callId, error: parseErrorReport(value['error']) } : null;
    case 'part': {
      const part = parseTurnPart(value['part']);
      return isInteger(callId) && part !== null ? { type, callId, part } : null;
    }
    default:
      return null;
  }
}

/** 1 to 100 characters; browsers refuse names of locks that begin with a hyphen. */
const LIFE_LOCK_NAME = /^[a-z][a-z0-9 -]{0,99}$/u;

/** Accepts the name of a life lock; null when it is none. */
export function parseLifeLock(value: unknown): string | null {
  return typeof value === 'string' && LIFE_LOCK_NAME.test(value) ? value : null;
}

function parseLeadConfig(value: unknown): LeadConfig | null {
  if (!isRecord(value) || typeof value['baseUrl'] !== 'string') return null;
  const { kind, baseUrl, appCode, model } = value;
  if (kind === 'dify' && typeof appCode === 'string') return { kind, baseUrl, appCode };
  if (kind === 'dify-service') return { kind, baseUrl };
  if (kind === 'openai' && typeof model === 'string') return { kind, baseUrl, model };
  return null;
}

/** Accepts the configuration of a hello; null when it is none. */
export function parseConnectConfig(value: unknown): ConnectConfig | null {
  if (!isRecord(value)) return null;
  const { bundleUrl, outboxUrl, assetsUrl, privacy, generator, language } = value;
  if (!(bundleUrl === null || typeof bundleUrl === 'string') || typeof assetsUrl !== 'string') return null;
  if (!(outboxUrl === null || typeof outboxUrl === 'string') || typeof language !== 'string') return null;
  if (privacy !== 'hybrid' && privacy !== 'device-only') return null;
  if (generator !== 'auto' && generator !== 'off') return null;
  return {
    bundleUrl,
    lead: parseLeadConfig(value['lead']),
    outboxUrl,
    assetsUrl,
    privacy,
    generator,
    language,
  };
}
