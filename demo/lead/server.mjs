/**
 * A stand-in for the cloud: it speaks Dify's Web API over HTTP for real, but no model is behind it.
 *
 * Answers come from answerer.mjs. Everything is kept in memory and gone with the process.
 */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createAnswerer, hash } from './answerer.mjs';
import { createFaultControl } from './fault-control.mjs';
import { readArticles } from './read-articles.mjs';

const MAX_BODY_BYTES = 256 * 1024;
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers':
    'Content-Type, X-App-Code, X-App-Passport, Authorization, X-CSRF-Token, Idempotency-Key',
  'Access-Control-Allow-Methods': 'GET, PUT, POST, DELETE, OPTIONS, PATCH',
  'Access-Control-Max-Age': '600',
};

/**
 * Makes a Node request listener for everything below `/lead`.
 *
 * @param options.articlesFolder Folder with one folder of Markdown articles a language. Default: the demo's.
 * @param options.faultControl Default: a new one, reached at `/lead/control`.
 * @param options.appCode The one app there is. Default `fenbrook-demo`.
 * @param options.pace Factor on all waits; 0 in tests. Default 1.
 * @returns The listener; its `ready` resolves once the articles are read.
 */
export function createStandInLead({
  articlesFolder = fileURLToPath(new URL('../help', import.meta.url)),
  faultControl = createFaultControl(),
  appCode = 'fenbrook-demo',
  seed = 1,
  pace = 1,
} = {}) {
  const ready = readArticles(articlesFolder).then((articles) => createAnswerer(articles, seed));
  ready.catch(() => undefined);
  const passports = new Set();
  const conversations = new Map();
  const messages = new Map();
  const tasks = new Map();
  const outbox = new Map();

  const listener = (request, response) => {
    handle(request, response).catch((error) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else sendError(response, error.status ?? 500, error.code ?? 'internal_server_error', error.message);
    });
  };
  listener.ready = ready.then(() => undefined);
  listener.faultControl = faultControl;
  return listener;

  async function handle(request, response) {
    const { pathname } = new URL(request.url ?? '/', 'http://stand-in');
    if (request.method === 'OPTIONS') {
      if (faultControl.mode === 'cut' && pathname !== '/lead/control') return void request.socket.destroy();
      response.writeHead(204, CORS).end();
      return;
    }
    if (pathname === '/lead/control') return await serveControl(request, response);
    if (pathname === '/lead/outbox' && request.method === 'GET')
      return sendJson(response, 200, [...outbox.values()]);
    const counted = pathname.replace(/[0-9a-f]{8}(-[0-9a-f]{4,12}){4}/g, ':id');
    faultControl.requests[counted] = (faultControl.requests[counted] ?? 0) + 1;
    if (faultControl.mode === 'cut') return void request.socket.destroy();
    if (faultControl.mode === 'error-500')
      return sendError(response, 500, 'internal_server_error', 'The stand-in was told to fail.');
    if (faultControl.mode === 'html') {
      response.writeHead(200, { ...CORS, 'Content-Type': 'text/html; charset=utf-8' });
      response.end(
        '<!doctype html><title>Sign in</title><p>Welcome to the wireless network. Please sign in.</p>',
      );
      return;
    }
    faultControl.track(request.socket);
    if (pathname === '/lead/outbox' && request.method === 'POST') return await serveOutbox(request, response);
    if (!pathname.startsWith('/lead/api/')) return sendError(response, 404, 'not_found', 'No such address.');
    await serveApi(request, response, pathname.slice('/lead/api'.length));
  }

  async function serveControl(request, response) {
    if (request.method === 'POST') {
      const body = await readJson(request);
      try {
        faultControl.set(body.mode, request.socket);
      } catch (error) {
        return sendError(response, 400, 'invalid_param', error.message);
      }
    }
    sendJson(response, 200, { mode: faultControl.mode, requests: faultControl.requests });
  }

  async function serveOutbox(request, response) {
    const id = request.headers['idempotency-key'];
    const body = await readJson(request);
    if (typeof id !== 'string' || id === '')
      return sendError(response, 400, 'invalid_param', 'The Idempotency-Key is missing.');
    const isNew = !outbox.has(id);
    if (isNew)
      outbox.set(id, { id, text: body.text, contact: body.contact, receivedAtMs: Date.now(), times: 0 });
    outbox.get(id).times += 1;
    sendJson(response, isNew ? 201 : 200, { id, isNew });
  }

  async function serveApi(request, response, path) {
    const code = request.headers['x-app-code'];
    if (typeof code !== 'string') return sendError(response, 401, 'unauthorized', 'X-App-Code is missing.');
    if (code !== appCode) return sendError(response, 404, 'not_found', 'There is no such site.');
    if (path === '/passport' && request.method === 'GET') {
      const passport = `stand-in.${randomUUID()}`;
      passports.add(passport);
      return sendJson(response, 200, { access_token: passport });
    }
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const passport = request.headers['x-app-passport'] ?? bearer;
    if (!passports.has(passport))
      return sendError(response, 401, 'unauthorized', 'The passport is not valid.');
    if (request.method === 'GET') return serveRead(response, path, passport);
    if (request.method !== 'POST') return sendError(response, 405, 'method_not_allowed', 'Not allowed.');
    if (path === '/chat-messages') return await serveChat(request, response, passport);
    const task = /^\/chat-messages\/([\w-]+)\/stop$/.exec(path)?.[1];
    if (task === undefined) return sendError(response, 404, 'not_found', 'No such address.');
    tasks.get(task)?.();
    sendJson(response, 200, { result: 'success' });
  }

  function serveRead(response, path, passport) {
    const message = /^\/messages\/([\w-]+)\/suggested-questions$/.exec(path)?.[1];
    if (message !== undefined) {
      const known = messages.get(message);
      if (known?.passport !== passport) return sendError(response, 404, 'not_found', 'Message not found.');
      return sendJson(response, 200, { data: known.suggestions });
    }
    const answers = {
      '/parameters': {
        opening_statement: '',
        suggested_questions: [],
        suggested_questions_after_answer: { enabled: true },
        speech_to_text: { enabled: false },
        text_to_speech: { enabled: false },
        retriever_resource: { enabled: true },
        annotation_reply: { enabled: false },
        sensitive_word_avoidance: { enabled: false },
        user_input_form: [],
        file_upload: { enabled: false },
        system_parameters: { file_size_limit: 15, image_file_size_limit: 10 },
      },
      '/site': {
        title: 'Fenbrook Help (stand-in)',
        chat_color_theme: '#0b6e6e',
        default_language: 'en-US',
        show_workflow_steps: false,
      },
      '/meta': { tool_icons: {} },
    };
    if (!Object.hasOwn(answers, path)) return sendError(response, 404, 'not_found', 'No such address.');
    sendJson(response, 200, answers[path]);
  }

  async function serveChat(request, response, passport) {
    const body = await readJson(request);
    if (typeof body.query !== 'string' || body.query.trim() === '' || typeof body.inputs !== 'object')
      return sendError(response, 400, 'invalid_param', 'query and inputs are required.');
    const asked = body.conversation_id ?? '';
    if (asked !== '' && conversations.get(asked) !== passport)
      return sendError(response, 404, 'not_found', 'Conversation Not Exists.');
    const ids = {
      task_id: randomUUID(),
      conversation_id: asked === '' ? randomUUID() : asked,
      message_id: randomUUID(),
      created_at: Math.floor(Date.now() / 1000),
    };
    conversations.set(ids.conversation_id, passport);
    const given = (await ready)(body.query);
    messages.set(ids.message_id, { passport, suggestions: given.suggestions });
    const metadata = { retriever_resources: given.sources.map(toResource), usage: {} };
    if (body.response_mode !== 'streaming') {
      await wait(firstTokenMs(body.query), response);
      return sendJson(response, 200, {
        event: 'message',
        ...ids,
        id: ids.message_id,
        mode: 'advanced-chat',
        answer: given.text,
        metadata,
      });
    }
    await stream(response, body.query, given, ids, metadata);
  }

  async function stream(response, query, given, ids, metadata) {
    const isKilled = faultControl.mode === 'kill-mid-answer';
    const run = randomUUID();
    let isStopped = false;
    tasks.set(ids.task_id, () => (isStopped = true));
    response.writeHead(200, {
      ...CORS,
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache',
      'X-Accel-Buffering': 'no',
    });
    const emit = (event, fields) =>
      response.write(`data: ${JSON.stringify({ event, ...ids, workflow_run_id: run, ...fields })}\n\n`);
    const node = (event, id, type, title, index) =>
      emit(event, { data: { id, node_id: id, node_type: type, title, index, inputs: null, outputs: null } });
    response.write('event: ping\n\n');
    const ping = setInterval(() => response.write('event: ping\n\n'), 10_000);
    response.once('close', () => clearInterval(ping));
    emit('workflow_started', { data: { id: run, workflow_id: 'stand-in', inputs: {}, reason: 'initial' } });
    node('node_started', 'start', 'start', 'Start', 1);
    node('node_finished', 'start', 'start', 'Start', 1);
    node('node_started', 'retrieval', 'knowledge-retrieval', 'Help pages', 2);
    await wait(firstTokenMs(query), response);
    node('node_finished', 'retrieval', 'knowledge-retrieval', 'Help pages', 2);
    node('node_started', 'llm', 'llm', 'Answer', 3);
    const tokens = given.text.match(/\p{Script=Han}|\s*[^\s\p{Script=Han}]+|\s+/gu) ?? [];
    for (const [at, token] of tokens.entries()) {
      if (response.destroyed) return;
      if (isStopped) break;
      if (isKilled && at >= tokens.length * 0.4) return void response.destroy();
      emit('message', { id: ids.message_id, answer: token, from_variable_selector: ['llm', 'text'] });
      // 20 to 40 tokens a second.
      await wait(25 + (hash(`${query}/${at}`) % 26), response);
    }
    node('node_finished', 'llm', 'llm', 'Answer', 3);
    emit('message_end', { id: ids.message_id, metadata, files: [] });
    emit('workflow_finished', {
      data: {
        id: run,
        workflow_id: 'stand-in',
        status: isStopped ? 'stopped' : 'succeeded',
        outputs: null,
        error: null,
      },
    });
    tasks.delete(ids.task_id);
    response.end();
  }

  function firstTokenMs(query) {
    return faultControl.mode === 'slow' ? 8000 : 400 + (hash(`${seed}/${query}`) % 801);
  }

  /** Waits, but not for a client that has gone. */
  function wait(delayMs, response) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        response.off('close', done);
        resolve();
      };
      const timer = setTimeout(done, delayMs * pace);
      response.once('close', done);
    });
  }
}

function toResource({ section, score }, at) {
  return {
    position: at + 1,
    dataset_id: 'stand-in',
    dataset_name: 'Help pages',
    document_id: section.article.slug,
    document_name: section.article.title,
    segment_id: `${section.article.slug}-${at}`,
    score: Number(score.toFixed(3)),
    content: section.text,
  };
}

async function readJson(request) {
  const pieces = [];
  let sizeBytes = 0;
  for await (const piece of request) {
    sizeBytes += piece.length;
    if (sizeBytes > MAX_BODY_BYTES) throw failure(413, 'file_too_large', 'The body is too long.');
    pieces.push(piece);
  }
  try {
    const value = JSON.parse(Buffer.concat(pieces).toString('utf8'));
    if (value !== null && typeof value === 'object') return value;
  } catch {
    // Told below, together with bodies that are JSON but no object.
  }
  throw failure(400, 'bad_request', 'The body is no JSON object.');
}

function failure(status, code, message) {
  return Object.assign(new Error(message), { status, code });
}

function sendError(response, status, code, message) {
  sendJson(response, status, { code, message, status });
}

function sendJson(response, status, value) {
  response.writeHead(status, { ...CORS, 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}
