import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a scripted server does with its next request. */
export type ScriptedFault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** The connection is closed in the middle of the answer. */
  | { readonly kind: 'cut' }
  /** The answer ends early, as a proxy may do it: no valid JSON. */
  | { readonly kind: 'malformed' };

/** A document of a scripted dataset. */
export interface ScriptedDocument {
  readonly id: string;
  readonly name: string;
  readonly segments: readonly Record<string, unknown>[];
  readonly more?: Record<string, unknown>;
}

/** A server that speaks the parts of Dify's knowledge API that a pull uses; for tests. */
export interface ScriptedDify {
  readonly url: string;
  /** Paths with query, in order. */
  readonly requests: string[];
  /** Headers `authorization` that came, in order. */
  readonly keys: string[];
  /** Faults of the next requests; each is used once. */
  readonly faults: Map<number, ScriptedFault>;
  documents: ScriptedDocument[];
  annotations: Record<string, unknown>[];
  /** Every page says that there is more. */
  isEndless: boolean;
  close(): Promise<void>;
}

/** Starts a {@link ScriptedDify} that gives pages of at most `pageSize` rows, whatever is asked for. */
export async function startScriptedDify(pageSize = 2): Promise<ScriptedDify> {
  const documents: ScriptedDocument[] = [];
  const annotations: Record<string, unknown>[] = [];
  const state = { documents, annotations, isEndless: false };
  const requests: string[] = [];
  const keys: string[] = [];
  const faults = new Map<number, ScriptedFault>();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://scripted.test');
    requests.push(`${url.pathname}${url.search}`);
    keys.push(request.headers.authorization ?? '');
    const rows = rowsFor(url.pathname);
    const page = Number(url.searchParams.get('page') ?? 1);
    const start = state.isEndless ? 0 : (page - 1) * pageSize;
    const body = JSON.stringify({
      data: rows?.slice(start, start + pageSize),
      has_more: state.isEndless || start + pageSize < (rows?.length ?? 0),
      limit: pageSize,
      total: rows?.length,
      page,
    });
    const fault = faults.get(requests.length);
    if (fault?.kind === 'status') {
      response.writeHead(
        fault.status,
        fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter },
      );
      response.end('{}');
    } else if (fault?.kind === 'cut') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(body.length) });
      response.write(body.slice(0, 10), () => response.destroy());
    } else if (fault?.kind === 'malformed') {
      response.end(body.slice(0, -5));
    } else if (rows === null) {
      response.writeHead(404).end('{}');
    } else response.end(body);
  };
  const rowsFor = (path: string): readonly Record<string, unknown>[] | null => {
    if (path === '/v1/apps/annotations') return state.annotations;
    const [, documentId] = /^\/v1\/datasets\/[^/]+\/documents(?:\/([^/]+)\/segments)?$/.exec(path) ?? [null];
    if (documentId !== undefined)
      return state.documents.find(({ id }) => id === documentId)?.segments ?? null;
    return path.endsWith('/documents')
      ? state.documents.map(({ id, name, more }) => ({
          id,
          name,
          indexing_status: 'completed',
          enabled: true,
          ...more,
        }))
      : null;
  };
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(state, {
    url: `http://127.0.0.1:${String(port)}/v1`,
    requests,
    keys,
    faults,
    close: async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}
