import type { Clock } from '../../contracts/clock.ts';
import type { Lead } from '../../contracts/responder.ts';
import type { DifyLeadOptions } from './create-dify-lead.ts';
import { createDifyLead } from './create-dify-lead.ts';
import { createMemoryPassportStore } from './passport-store.ts';

/** Answers one request of a test. */
export type FakeHandler = (request: FakeRequest) => Response | Promise<Response>;

/** A request as the fake server saw it. */
export interface FakeRequest {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** Empty for forms with files. */
  readonly body: Record<string, unknown>;
  readonly form: FormData | null;
  readonly signal: AbortSignal | null;
}

/** An answer in JSON. */
export const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });

/** A failure in Dify's form. */
export const failure = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  json({ code, message: `${code} it is.`, status }, status, headers);

/** A login page. */
export const html = (): Response =>
  new Response('<!doctype html><p>Sign in', { headers: { 'Content-Type': 'text/html; charset=utf-8' } });

/** How a stream ends after its last event. */
export type Ending = 'close' | 'error' | 'hang';

/** A stream of events. */
export const sse = (
  events: readonly unknown[],
  ending: Ending = 'close',
  onCancel?: () => void,
): Response => {
  const pieces = ['event: ping\n\n', ...events.map((event) => `data: ${JSON.stringify(event)}\n\n`)];
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const piece = pieces.shift();
      if (piece !== undefined) controller.enqueue(encoder.encode(piece));
      else if (ending === 'close') controller.close();
      else if (ending === 'error') controller.error(new TypeError('network error'));
      else return new Promise(() => undefined);
      return undefined;
    },
    cancel: () => onCancel?.(),
  });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } });
};

const IDS = { task_id: 'task-1', conversation_id: 'conversation-1', message_id: 'message-1', created_at: 1 };
const RUN = { ...IDS, workflow_run_id: 'run-1' };

/** Events as servers send them, all of one turn. */
export const events: {
  readonly message: (answer: string) => unknown;
  readonly agentMessage: (answer: string) => unknown;
  readonly replace: (answer: string) => unknown;
  readonly messageEnd: (metadata?: unknown, files?: readonly unknown[]) => unknown;
  readonly started: unknown;
  readonly finished: (status?: string, error?: string | null, outputs?: unknown) => unknown;
  readonly paused: unknown;
  readonly formAsked: (data?: Record<string, unknown>) => unknown;
  readonly formFilled: (label?: string) => unknown;
  readonly textChunk: (text: string) => unknown;
} = {
  message: (answer) => ({ event: 'message', ...IDS, id: 'message-1', answer }),
  agentMessage: (answer) => ({ event: 'agent_message', ...IDS, id: 'message-1', answer }),
  replace: (answer) => ({ event: 'message_replace', ...IDS, answer, reason: 'output_moderation' }),
  messageEnd: (metadata = {}, files = []) => ({
    event: 'message_end',
    ...IDS,
    id: 'message-1',
    metadata,
    files,
  }),
  started: { event: 'workflow_started', ...RUN, data: { id: 'run-1' } },
  finished: (status = 'succeeded', error = null, outputs = null) => ({
    event: 'workflow_finished',
    ...RUN,
    data: { id: 'run-1', status, error, outputs },
  }),
  paused: { event: 'workflow_paused', ...RUN, data: { workflow_run_id: 'run-1', status: 'paused' } },
  formAsked: (data = {}) => ({
    event: 'human_input_required',
    ...RUN,
    data: {
      form_id: 'form-1',
      form_token: 'token-1',
      node_id: 'ask',
      node_title: 'Address',
      form_content: 'Where to?\n\n{{#$output.street#}}',
      inputs: [{ type: 'paragraph', output_variable_name: 'street', default: null }],
      actions: [
        { id: 'send', title: 'Send it', button_style: 'primary' },
        { id: 'stop', title: 'No', button_style: 'ghost' },
      ],
      resolved_default_values: {},
      expiration_time: 1_790_000_000,
      ...data,
    },
  }),
  formFilled: (label = 'Send it') => ({
    event: 'human_input_form_filled',
    ...RUN,
    data: { node_id: 'ask', action_id: 'send', action_text: label, submitted_data: {} },
  }),
  textChunk: (text) => ({
    event: 'text_chunk',
    task_id: 'task-1',
    workflow_run_id: 'run-1',
    data: { text, from_variable_selector: ['llm', 'text'] },
  }),
};

/** A Dify server of one app, as far as leads see it; every path can be given another answer. */
export class FakeDify {
  readonly requests: FakeRequest[] = [];
  readonly passports: string[] = [];
  /** How this server takes passports. */
  style: 'header' | 'bearer' = 'header';
  flavor: 'web' | 'service' = 'web';
  /** More fields of `/parameters`. */
  parameters: Record<string, unknown> = {};
  /** By path; they come before what the server does by itself. */
  answers: Record<string, FakeHandler> = {};
  chat: FakeHandler = () => sse([events.message('Hello.'), events.messageEnd()]);

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    init.signal?.throwIfAborted();
    const { pathname, searchParams } = new URL(url);
    const path = pathname.replace(/^\/(api|v1)/, '');
    const parsed: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : null;
    const request: FakeRequest = {
      method: init.method ?? 'GET',
      path,
      query: searchParams,
      headers: new Headers(init.headers),
      body: typeof parsed === 'object' && parsed !== null ? { ...parsed } : {},
      form: init.body instanceof FormData ? init.body : null,
      signal: init.signal ?? null,
    };
    this.requests.push(request);
    const special = this.answers[path];
    if (special !== undefined) return special(request);
    return this.flavor === 'web' ? this.#web(request) : this.#read(request);
  };

  paths(): readonly string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  sent(path: string): readonly FakeRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  #web(request: FakeRequest): Response | Promise<Response> {
    if (request.headers.get('X-App-Code') !== 'code') return failure(404, 'not_found');
    if (request.path === '/passport') {
      const passport = `passport-${String(this.passports.length + 1)}`;
      this.passports.push(passport);
      return json({ access_token: passport });
    }
    const shown =
      this.style === 'header'
        ? request.headers.get('X-App-Passport')
        : request.headers.get('Authorization')?.replace('Bearer ', '');
    return shown === this.passports.at(-1) ? this.#read(request) : failure(401, 'unauthorized');
  }

  #read(request: FakeRequest): Response | Promise<Response> {
    const { path } = request;
    if (path === '/parameters') {
      const off = { enabled: false };
      return json({ user_input_form: [], suggested_questions_after_answer: off, ...this.parameters });
    }
    if (path === '/chat-messages') return this.chat(request);
    if (path.endsWith('/suggested-questions') || path.endsWith('/suggested'))
      return json({ data: ['And then?', '', 7] });
    if (path.endsWith('/stop') || path.endsWith('/feedbacks')) return json({ result: 'success' });
    return failure(404, 'not_found');
  }
}

/** A clock that never moves: for tests that wait for nothing. */
const STILL: Clock = {
  now: () => 1_780_000_000_000,
  monotonicMs: () => 0,
  sleep: (_delayMs, options) =>
    new Promise((_resolve, reject) => {
      const stop = (): void => reject(new DOMException('The operation was aborted.', 'AbortError'));
      if (options?.signal?.aborted === true) stop();
      else options?.signal?.addEventListener('abort', stop, { once: true });
    }),
};

/** The lead of a fake server. */
export function leadOf(server: FakeDify, options: Partial<DifyLeadOptions> = {}): Required<Lead> {
  const isWeb = server.flavor === 'web';
  return createDifyLead({
    baseUrl: isWeb ? 'https://dify.example/api/' : 'https://gateway.example/v1',
    appCode: isWeb ? 'code' : null,
    fetch: server.fetch,
    clock: STILL,
    passportStore: createMemoryPassportStore(),
    createUser: () => 'visitor-1',
    ...options,
  });
}
