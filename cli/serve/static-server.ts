import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import { mediaType } from './media-type.ts';
import { resolveFile } from './resolve-file.ts';

/** A folder served below a path. */
export interface Mount {
  /** Begins and ends with `/`. */
  readonly path: string;
  readonly folder: string;
}

/** What a static server serves. */
export interface StaticServerOptions {
  readonly mounts: readonly Mount[];
  /** Pages made in memory, by path. */
  readonly pages: { readonly [path: string]: string };
}

/** A started server. */
export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Files whose name is their digest never change. */
const IMMUTABLE = /\/(?:chunks|files)\/[0-9a-f]{2}\/[0-9a-f]{64}$/;

/**
 * Starts a server for static files on this machine only: ETags, no caching but for chunks, GET and HEAD.
 * @param port - 0 takes a free one.
 * @throws UnderstudyError `cli/port-in-use`.
 */
export async function startStaticServer(options: StaticServerOptions, port: number): Promise<RunningServer> {
  const server = createServer((request, response) => serve(options, request, response));
  await listen(server, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      if (!taken) reject(error);
      else
        reject(
          new UnderstudyError('cli/port-in-use', `Port ${port} cannot be used.`, {
            facts: { port },
            cause: error,
          }),
        );
    });
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

function serve(options: StaticServerOptions, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    finish(response, 405, 'Only GET and HEAD.');
    return;
  }
  // Not through URL: it would resolve ".." before it is looked at.
  const path = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
  const page = Object.hasOwn(options.pages, path) ? options.pages[path] : undefined;
  if (page !== undefined) {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('cache-control', 'no-cache');
    finish(response, 200, page);
    return;
  }
  const mount = options.mounts.find((candidate) => path.startsWith(candidate.path));
  const file = mount === undefined ? null : resolveFile(mount.folder, path.slice(mount.path.length));
  if (file === null) finish(response, 404, 'Not found.');
  else sendFile(file, path, request, response);
}

function sendFile(file: string, path: string, request: IncomingMessage, response: ServerResponse): void {
  const { size, mtimeMs } = statSync(file);
  const isImmutable = IMMUTABLE.test(path);
  const etag = isImmutable
    ? `"${path.slice(-64)}"`
    : `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`;
  response.setHeader('etag', etag);
  response.setHeader('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  const known = (request.headers['if-none-match'] ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  if (known.includes(etag) || known.includes('*')) {
    response.writeHead(304).end();
    return;
  }
  response.setHeader('content-type', mediaType(file));
  response.setHeader('content-length', size);
  response.writeHead(200);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}

function finish(response: ServerResponse, status: number, text: string): void {
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.setHeader('content-length', Buffer.byteLength(text));
  response.writeHead(status).end(response.req.method === 'HEAD' ? undefined : text);
}
