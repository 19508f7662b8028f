import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listenLocally } from './listen-locally.ts';

/** Answers one request; `times` says how often its path was asked before. */
export type HostAnswer = (request: IncomingMessage, response: ServerResponse, times: number) => void;

/** A host of models on this machine. */
export interface ModelHost {
  /** Without a slash at the end. */
  readonly url: string;
  /** Requests so far, as `PATH` or `PATH RANGE`. */
  readonly asked: readonly string[];
  serve(path: string, answer: HostAnswer): void;
  close(): Promise<void>;
}

/** Starts a {@link ModelHost}; what it does not serve is not found. */
export async function startModelHost(): Promise<ModelHost> {
  const answers = new Map<string, HostAnswer>();
  const counts = new Map<string, number>();
  const asked: string[] = [];
  const server = await listenLocally((request, response) => {
    const path = request.url ?? '';
    const { range } = request.headers;
    asked.push(range === undefined ? path : `${path} ${range}`);
    const times = counts.get(path) ?? 0;
    counts.set(path, times + 1);
    const answer = answers.get(path) ?? answers.get('*');
    if (answer === undefined) response.writeHead(404).end('nothing here');
    else answer(request, response, times);
  });
  return {
    url: server.url,
    asked,
    serve: (path, answer) => void answers.set(path, answer),
    close: () => server.close(),
  };
}

/** Serves a file as web hosts do, with ranges and a tag. */
export function serveFile(
  bytes: Uint8Array,
  options: {
    readonly tag?: string | null;
    readonly headers?: { readonly [name: string]: string };
    /** The connection breaks after so many bytes of the first answer. */
    readonly cutAfter?: number;
  } = {},
): HostAnswer {
  const { tag = '"v1"', headers = {}, cutAfter } = options;
  return (request, response, times) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === tag;
    const isPart = request.headers.range !== undefined && isSame;
    const body = isPart ? bytes.subarray(from) : bytes;
    response.writeHead(isPart ? 206 : 200, {
      'content-type': 'application/octet-stream',
      'content-length': String(body.length),
      ...(tag === null ? {} : { etag: tag }),
      ...(isPart ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
      ...headers,
    });
    if (cutAfter === undefined || times > 0) response.end(body);
    else response.write(body.subarray(0, cutAfter), () => response.destroy());
  };
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
