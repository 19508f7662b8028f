import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../../src/contracts/clock.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { invalidParam } from './api-error.ts';
import type { ApiRun } from './api-run.ts';
import type { AppHost } from './app-host.ts';
import type { ConversationStore } from './conversation-store.ts';
import type { FileStore } from './file-store.ts';

/** What all requests share. */
export interface ApiState {
  readonly host: AppHost;
  readonly clock: Clock;
  readonly conversations: ConversationStore;
  readonly files: FileStore;
  /** Runs by their id, the latest last. */
  readonly runs: Map<string, ApiRun>;
}

/** One request. */
export interface ApiCall {
  readonly state: ApiState;
  /** User of the passport; null: the service interface, whose caller names the user. */
  readonly webUser: string | null;
  /** Parts of the path that the route leaves open, in order. */
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  /** Aborted when the caller is gone. */
  readonly signal: AbortSignal;
  readBody(): Promise<JsonObject>;
}

/** What a route gives. */
export type ApiResult =
  | { readonly status?: number; readonly json: JsonObject }
  | { readonly status: 204 }
  /** Events of a run from a position on. */
  | { readonly run: ApiRun; readonly from: number }
  | { readonly file: { readonly name: string; readonly mimeType: string; readonly bytes: Uint8Array } };

/** Answers one kind of request. @throws ApiError. */
export type ApiHandler = (call: ApiCall) => ApiResult | Promise<ApiResult>;

/** A route: method, path with `:name` for what it leaves open, and what answers. */
export type ApiRoute = readonly [method: string, path: string, handler: ApiHandler];

/** Who the conversations and files of a request belong to. @throws ApiError 400 when a server names no `user`. */
export function userOf(call: ApiCall, body: JsonObject | null): string {
  if (call.webUser !== null) return call.webUser;
  const user = body === null ? call.query.get('user') : (body['user'] ?? call.query.get('user'));
  if (typeof user === 'string' && user !== '' && user.length <= 255) return `api ${user}`;
  throw invalidParam('Arg user must be provided.');
}

/** The open part of the path at a position. */
export function param(call: ApiCall, index: number): string {
  return call.params[index] ?? '';
}

/** Seconds since 1970. */
export function nowSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}
