import type { ErrorCode } from '../../contracts/errors.ts';
import { UnderstudyError } from '../../contracts/errors.ts';
import { isRecord } from '../../contracts/json.ts';

/** What a Dify server says of a failure: its `{code, message, status}` envelope, or what could be read of it. */
export interface DifyFailure {
  /** HTTP status, also of failures told inside a stream. */
  readonly status: number;
  /** Dify's own code such as `provider_quota_exceeded`, '' when none was sent. */
  readonly code: string;
  readonly message: string;
  /** Wait the server asks for, null when it names none. */
  readonly retryAfterMs: number | null;
}

/** Codes with status 400 that mean "no model or no room now" rather than "wrong request". */
const REFUSALS: ReadonlySet<string> = new Set([
  'app_unavailable',
  'completion_request_error',
  'model_currently_not_support',
  'rate_limit_error',
  'too_many_requests',
]);

/** Codes that mean the conversation cannot be continued. */
const GONE: ReadonlySet<string> = new Set(['conversation_completed', 'conversation_not_exists']);

/** Codes with status 403 that say what the app does not do, not who may ask: a new passport would not help. */
const OFF: ReadonlySet<string> = new Set([
  'app_suggested_questions_after_answer_disabled',
  'app_more_like_this_disabled',
]);

/** Reads what can be read of an error body. */
export function parseDifyFailure(
  value: unknown,
  status: number,
  retryAfterMs: number | null = null,
): DifyFailure {
  const body = isRecord(value) ? value : {};
  const { code, message } = body;
  const told = body['status'];
  return {
    status: typeof told === 'number' && Number.isInteger(told) ? told : status,
    code: typeof code === 'string' ? code.slice(0, 100) : '',
    message: typeof message === 'string' ? message.slice(0, 300) : '',
    retryAfterMs,
  };
}

/** Picks our code for a failure that came as an HTTP status. */
export function toLeadCode(failure: DifyFailure): ErrorCode {
  const { status, code } = failure;
  if (OFF.has(code)) return 'lead/misconfigured';
  if (status === 401 || status === 403) return 'lead/auth';
  if (status >= 500 || status === 429 || status === 408) return 'lead/refused';
  if (code.startsWith('provider_') || REFUSALS.has(code)) return 'lead/refused';
  if (GONE.has(code)) return 'lead/not-found';
  return 'lead/misconfigured';
}

/**
 * Picks our code for a failure told inside a stream.
 *
 * A run that fails half-way is reported as `invalid_param`, so only refused access counts as anything else than a refusal.
 */
export function toLeadCodeInStream(failure: DifyFailure): ErrorCode {
  return failure.status === 401 || failure.status === 403 ? 'lead/auth' : 'lead/refused';
}

/** Makes the error of a failure; its facts are `status`, `code` and `retryAfterMs`, where known. */
export function toLeadError(failure: DifyFailure, code: ErrorCode, path: string): UnderstudyError {
  const named = failure.code === '' ? '' : ` "${failure.code}"`;
  const told = failure.message === '' ? '' : `: ${failure.message.replace(/[.\s]+$/, '')}`;
  return new UnderstudyError(
    code,
    `The lead answered ${path} with ${String(failure.status)}${named}${told}.`,
    {
      facts: {
        path,
        status: failure.status,
        ...(failure.code === '' ? {} : { code: failure.code }),
        ...(failure.retryAfterMs === null ? {} : { retryAfterMs: failure.retryAfterMs }),
      },
    },
  );
}
