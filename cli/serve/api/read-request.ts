import type { IncomingMessage } from 'node:http';
import type { Json, JsonObject } from '../../../src/contracts/json.ts';
import { isJson, isRecord } from '../../../src/contracts/json.ts';
import { ApiError, invalidParam } from './api-error.ts';

/** Longest body of JSON, in bytes. */
const MAX_JSON_BYTES: number = 1024 * 1024;

/** Reads a body up to a limit. @throws ApiError 413. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const told = Number(request.headers['content-length'] ?? 0);
  if (told > maxBytes) throw tooLarge();
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of request) {
    const bytes = Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
    sizeBytes += bytes.length;
    if (sizeBytes > maxBytes) throw tooLarge();
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}

function tooLarge(): ApiError {
  return new ApiError(413, 'file_too_large', 'The request is too large.');
}

/** Reads a body as a JSON object; no body is an empty one. @throws ApiError 400, 413. */
export async function readJsonBody(request: IncomingMessage): Promise<JsonObject> {
  const text = (await readBody(request, MAX_JSON_BYTES)).toString('utf8');
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiError(400, 'bad_request', 'The browser (or proxy) sent a request that this server could not understand.');
  }
  if (!isRecord(value) || !isJson(value)) throw invalidParam('The body is no JSON object.');
  return value;
}

/** A text of a body; `fallback` where it is missing. @throws ApiError 400 when it is something else, or missing without fallback. */
export function textField(body: JsonObject, name: string, fallback?: string): string {
  const value: Json | undefined = body[name];
  if (value === undefined || value === null) {
    if (fallback !== undefined) return fallback;
    throw invalidParam(`${name} is required in input form`);
  }
  if (typeof value !== 'string') throw invalidParam(`${name} must be a string`);
  return value;
}

/** `limit` of a list. @throws ApiError 400. */
export function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get('limit') ?? 20);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit;
  throw invalidParam('limit must be between 1 and 100');
}
