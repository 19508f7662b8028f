import type { UnderstudyError } from '../../../src/contracts/errors.ts';
import { isUnderstudyError, toErrorReport } from '../../../src/contracts/errors.ts';

/** A refusal in Dify's own form: `{code, message, status}`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A parameter that is missing or wrong. */
export function invalidParam(message: string): ApiError {
  return new ApiError(400, 'invalid_param', message);
}

/** Something that does not exist, or not for this user. */
export function notFound(what: string): ApiError {
  return new ApiError(404, 'not_found', `${what} Not Exists.`);
}

/** Turns whatever was thrown into a refusal; details of defects stay with the owner. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (isUnderstudyError(error)) return fromUnderstudy(error);
  return new ApiError(500, 'internal_server_error', toErrorReport(error).message);
}

/** A flow that fails is the app's fault, as Dify tells it; one that needs the cloud has no model at hand. */
function fromUnderstudy(error: UnderstudyError): ApiError {
  if (error.code === 'plan/needs-lead') return new ApiError(400, 'provider_not_initialize', error.message);
  if (error.code.startsWith('plan/') || error.code.startsWith('sandbox/'))
    return new ApiError(400, 'invalid_param', `Run failed: ${error.message}`);
  return new ApiError(500, 'internal_server_error', error.message);
}
