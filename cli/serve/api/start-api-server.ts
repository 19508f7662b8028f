import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../src/contracts/clock.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { UnderstudyError } from '../../../src/contracts/errors.ts';
import type { RunningServer } from '../static-server.ts';
import type { Access } from './access.ts';
import type { ApiCall, ApiHandler, ApiResult, ApiRoute, ApiState } from './api-call.ts';
import { ApiError, toApiError } from './api-error.ts';
import { APP_ROUTES, OPEN_ROUTES } from './app-routes.ts';
import { CONVERSATION_ROUTES } from './conversation-routes.ts';
import { readJsonBody } from './read-request.ts';
import { RUN_ROUTES } from './run-routes.ts';
import { sendEvents } from './send-events.ts';

/** Options of {@link startApiServer}. */
export interface ApiServerOptions {
  readonly state: ApiState;
  readonly access: Access;
  readonly clock: Clock;
  /** Address to listen on. */
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Origins whose pages may read answers; `*` = all. */
  readonly origins: readonly string[];
  /** Whether requests must come for a name of this machine: a page elsewhere could have its own name lead here. */
  readonly isLocalOnly: boolean;
  /** Is told of defects. */
  readonly onError: (error: unknown) => void;
}

const ROUTES: readonly ApiRoute[] = [...RUN_ROUTES, ...CONVERSATION_ROUTES, ...APP_ROUTES];
const LOCAL_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;
const LOCAL_ORIGIN = /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;

/**
 * Starts a server that answers Dify's service API at `/v1` and its web API at `/api` from a plan.
 * @throws UnderstudyError `cli/port-in-use`.
 */
export async function startApiServer(options: ApiServerOptions): Promise<RunningServer> {
  const server = createServer((request, response) => {
    handle(options, request, response).catch((error: unknown) => {
      options.onError(error);
      response.destroy();
    });
  });
  server.requestTimeout = 60_000;
  server.listen(options.port, options.hostname);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new UnderstudyError('cli/port-in-use', `Port ${String(options.port)} cannot be used.`, {
      facts: { port: options.port },
      cause: error,
    });
  }
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: async () => {
      for (const run of options.state.runs.values()) run.stop();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function handle(options: ApiServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('cache-control', 'no-store');
  allowOrigin(options, request, response);
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end();
    return;
  }
  try {
    await send(options, response, await route(options, request, response));
  } catch (error) {
    const refusal = toApiError(error);
    if (refusal.status >= 500) options.onError(error);
    if (response.headersSent) response.destroy();
    // Whatever of the body was not read would be taken for the next request.
    else {
      if (!request.complete) response.setHeader('connection', 'close');
      sendJson(response, refusal.status, {
        code: refusal.code,
        message: refusal.message,
        status: refusal.status,
      });
    }
  }
}

function allowOrigin({ origins }: ApiServerOptions, request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  const isAllowed =
    origin !== undefined &&
    (origins.includes('*') || origins.includes(origin) || (origins.length === 0 && LOCAL_ORIGIN.test(origin)));
  response.setHeader('vary', 'Origin');
  if (!isAllowed) return;
  response.setHeader('access-control-allow-origin', origin);
  if (request.method !== 'OPTIONS') return;
  response.setHeader('access-control-allow-methods', 'GET, PUT, POST, DELETE, OPTIONS, PATCH');
  response.setHeader(
    'access-control-allow-headers',
    'Content-Type, X-App-Code, X-App-Passport, X-CSRF-Token, Authorization',
  );
  response.setHeader('access-control-max-age', '600');
}

async function route(
  options: ApiServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<ApiResult> {
  if (options.isLocalOnly && !LOCAL_HOST.test(request.headers.host ?? ''))
    throw new ApiError(403, 'forbidden', 'This server answers for names of this machine only.');
  const url = new URL(request.url ?? '/', 'http://understudy.local');
  const [, base, path = ''] = /^\/(v1|api)(\/.*)$/.exec(url.pathname) ?? [];
  if (base === undefined) throw new ApiError(404, 'not_found', 'The requested URL was not found on the server.');
  const isWeb = base === 'api';
  if (isWeb && path === '/passport' && request.method === 'GET') return issuePassport(options, request, url);
  const open = isWeb ? find(OPEN_ROUTES, request.method ?? '', path) : null;
  if (!isWeb) options.access.checkKey(request.headers.authorization);
  const webUser = isWeb && open === null ? readUser(options, request) : null;
  const found = open ?? find(ROUTES, request.method ?? '', path);
  if (found === null) throw new ApiError(404, 'not_found', 'The requested URL was not found on the server.');
  const gone = new AbortController();
  response.on('close', () => gone.abort(new DOMException('The caller is gone.', 'AbortError')));
  const call: ApiCall = {
    state: options.state,
    webUser,
    params: found.params,
    query: url.searchParams,
    request,
    signal: gone.signal,
    readBody: () => readJsonBody(request),
  };
  return await found.handler(call);
}

function issuePassport({ access }: ApiServerOptions, request: IncomingMessage, url: URL): ApiResult {
  const userId = url.searchParams.get('user_id');
  const isUsable = userId !== null && userId !== '' && userId.length <= 255;
  return { json: { access_token: access.issue(header(request, 'x-app-code'), isUsable ? userId : null) } };
}

function readUser({ access }: ApiServerOptions, request: IncomingMessage): string {
  return access.readPassport(header(request, 'x-app-passport'), request.headers.authorization);
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Finds the route of a request. @throws ApiError 405 when the path has others. */
function find(
  routes: readonly ApiRoute[],
  method: string,
  path: string,
): { readonly handler: ApiHandler; readonly params: readonly string[] } | null {
  const parts = path.split('/');
  let isKnown = false;
  for (const [wanted, pattern, handler] of routes) {
    const open = pattern.split('/');
    if (open.length !== parts.length || !open.every((part, index) => part.startsWith(':') || part === parts[index])) continue;
    if (wanted !== method) {
      isKnown = true;
      continue;
    }
    return { handler, params: parts.filter((_, index) => open[index]?.startsWith(':') === true).map(decode) };
  }
  if (isKnown) throw new ApiError(405, 'method_not_allowed', 'The method is not allowed for the requested URL.');
  return null;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // URIError: a broken percent sign names nothing.
    return part;
  }
}

async function send(options: ApiServerOptions, response: ServerResponse, result: ApiResult): Promise<void> {
  if ('run' in result) await sendEvents(response, result.run, result.from, options.clock);
  else if ('json' in result) sendJson(response, result.status ?? 200, result.json);
  else if ('file' in result) {
    const { mimeType, bytes } = result.file;
    // A file of a stranger must never be run as a page of this server.
    const isImage = /^image\/(?:png|jpeg|gif|webp)$/.test(mimeType);
    response.setHeader('content-type', isImage ? mimeType : 'application/octet-stream');
    response.setHeader('content-security-policy', "default-src 'none'; sandbox");
    response.writeHead(200).end(bytes);
  } else response.writeHead(result.status).end();
}

function sendJson(response: ServerResponse, status: number, value: JsonObject): void {
  const bytes = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': String(bytes.length) });
  response.end(bytes);
}
