import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listenLocally } from './listen-locally.ts';

/** Answers one request; `times` says how often its path was asked before. */
export type SiteAnswer = (request: IncomingMessage, response: ServerResponse, times: number) => void;

/** A web site on this machine that a test writes. */
export interface ScriptedSite {
  /** Without a slash at the end. */
  readonly url: string;
  /** Paths with their queries, in the order in which they were asked for. */
  readonly asked: readonly string[];
  /** Requests that the host answered with 304. */
  readonly unchanged: readonly string[];
  /** Headers of the last request. */
  readonly headers: IncomingMessage['headers'];
  /** Most requests that were open at one time. */
  readonly most: number;
  /** Serves a text with a tag by its content, as `type`, or what a function answers; null: nothing is there any more. */
  set(path: string, answer: string | SiteAnswer | null, type?: string): void;
  /** Forgets what was asked so far. */
  forget(): void;
  close(): Promise<void>;
}

/** Starts a {@link ScriptedSite}. */
export async function startSite(): Promise<ScriptedSite> {
  const answers = new Map<string, { answer: string | SiteAnswer; type: string }>();
  const counts = new Map<string, number>();
  const state = { headers: {} as IncomingMessage['headers'], most: 0 };
  let open = 0;
  const asked: string[] = [];
  const unchanged: string[] = [];
  const server = await listenLocally((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    state.headers = request.headers;
    open += 1;
    state.most = Math.max(state.most, open);
    response.on('close', () => (open -= 1));
    const times = counts.get(path) ?? 0;
    counts.set(path, times + 1);
    const found = answers.get(path);
    if (found === undefined) {
      response.writeHead(404).end('nothing here');
      return;
    }
    const { answer, type } = found;
    if (typeof answer !== 'string') {
      answer(request, response, times);
      return;
    }
    const tag = `"${createHash('sha256').update(answer).digest('hex').slice(0, 8)}"`;
    if (request.headers['if-none-match'] === tag) {
      unchanged.push(path);
      response.writeHead(304).end();
    } else response.writeHead(200, { 'content-type': type, etag: tag }).end(answer);
  });
  return {
    url: server.url,
    asked,
    unchanged,
    get headers() {
      return state.headers;
    },
    get most() {
      return state.most;
    },
    set(path, answer, type = 'text/html; charset=utf-8') {
      if (answer === null) answers.delete(path);
      else answers.set(path, { answer, type });
    },
    forget() {
      asked.length = 0;
      unchanged.length = 0;
    },
    close: () => server.close(),
  };
}

/** A page of help with a heading and paragraphs, or links among them. */
export function helpPage(title: string, ...paragraphs: readonly string[]): string {
  const said = paragraphs.map((text) => `<p>${text}</p>`).join('\n');
  return `<!doctype html><html lang="en"><head><title>${title}</title></head><body><main><h1>${title}</h1>\n${said}\n</main></body></html>`;
}

/** A sitemap of addresses. */
export function sitemapOf(...urls: readonly string[]): string {
  const entries = urls.map((url) => `<url><loc>${url}</loc><lastmod>2026-05-06</lastmod></url>`).join('');
  return `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${entries}</urlset>`;
}
