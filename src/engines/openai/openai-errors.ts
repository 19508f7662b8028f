import type { ErrorCode } from '../../contracts/errors.ts';
import { UnderstudyError } from '../../contracts/errors.ts';
import { isRecord } from '../../contracts/json.ts';

/** What an endpoint says of a failure: its `{error: {message, type, code}}` object, or what could be read of it. */
export interface OpenAiFailure {
  readonly code: string;
  readonly message: string;
}

/** Reads an error object; empty texts where nothing is told. */
export function parseOpenAiFailure(value: unknown): OpenAiFailure {
  const told = isRecord(value) && isRecord(value['error']) ? value['error'] : {};
  const code = typeof told['code'] === 'string' ? told['code'] : told['type'];
  return {
    code: typeof code === 'string' ? code.slice(0, 100) : '',
    message: typeof told['message'] === 'string' ? told['message'].slice(0, 300) : '',
  };
}

/** Picks our code for an HTTP status; a spent quota is a refusal whatever its status. */
export function toLeadCode(status: number, failure: OpenAiFailure): ErrorCode {
  if (status >= 500 || status === 429 || status === 408 || failure.code === 'insufficient_quota') {
    return 'lead/refused';
  }
  return status === 401 || status === 403 ? 'lead/auth' : 'lead/misconfigured';
}

/** Makes the error of an answer that is not 2xx. */
export function toLeadError(
  status: number,
  failure: OpenAiFailure,
  retryAfterMs: number | null,
): UnderstudyError {
  const named = failure.code === '' ? '' : ` "${failure.code}"`;
  const told = failure.message === '' ? '' : `: ${failure.message.replace(/[.\s]+$/, '')}`;
  return new UnderstudyError(
    toLeadCode(status, failure),
    `The lead answered with ${String(status)}${named}${told}.`,
    {
      facts: {
        status,
        ...(failure.code === '' ? {} : { code: failure.code }),
        ...(retryAfterMs === null ? {} : { retryAfterMs }),
      },
    },
  );
}
