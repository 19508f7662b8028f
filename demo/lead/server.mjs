/**
 * A stand-in for the cloud: it speaks Dify's interfaces over HTTP for real, but no model is behind it.
 *
 * `/lead/api` is the Web API, where the site code names one of the apps of apps.mjs. `/lead/service/<code>` is the service API of
 * an app as pages see it behind an endpoint of the owner's, which adds the key. Answers come from answerer.mjs; what can go
 * wrong is chosen at `/lead/control` (fault-control.mjs) and by words in the question (perform-run.mjs). Everything is kept in
 * memory and gone with the process.
 */
import { fileURLToPath } from 'node:url';
import { createAnswerer } from './answerer.mjs';
import { createApi } from './api.mjs';
import { APPS } from './apps.mjs';
import { createFaultControl } from './fault-control.mjs';
import { corsHeaders, failure, readForm, readJson, sendError, sendJson } from './http.mjs';
import { readArticles } from './read-articles.mjs';
import { State } from './state.mjs';

/**
 * Makes a Node request listener for everything below `/lead`.
 *
 * @param options.articlesFolder Folder with one folder of Markdown articles a language. Default: the demo's.
 * @param options.faultControl Default: a new one, reached at `/lead/control`.
 * @param options.pace Factor on all waits; 0 in tests. Default 1.
 * @returns The listener; its `ready` resolves once the articles are read.
 */
export function createStandInLead({
  articlesFolder = fileURLToPath(new URL('../help', import.meta.url)),
  faultControl = createFaultControl(),
  seed = 1,
  pace = 1,
} = {}) {
  const ready = readArticles(articlesFolder).then((articles) => createAnswerer(articles, seed));
  ready.catch(() => undefined);
  const state = new State();
  // Leads may share their controls: each forgets what it knows.
  const { onForget } = faultControl;
  faultControl.onForget = (what) => {
    onForget(what);
    state.forget(what);
  };
  const isOld = () => faultControl.version === '1.8';
  /** The controls are answered to every page, the lead itself only where it lets pages read its answers. */
  const headers = (isControl = false) =>
    faultControl.mode === 'no-cors' && !isControl ? {} : corsHeaders(isOld());
  const api = createApi({
    state,
    control: faultControl,
    answer: async (question) => (await ready)(question),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms * pace)),
    headers: () => headers(),
  });

  const listener = (request, response) => {
    handle(request, response).catch((error) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else {
        const { status, code, message } = error;
        sendError(response, { status, code, message, headers: { ...headers(), ...error.headers } });
      }
    });
  };
  listener.ready = ready.then(() => undefined);
  listener.faultControl = faultControl;
  return listener;

  async function handle(request, response) {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in');
    const { mode } = faultControl;
    if (request.method === 'OPTIONS') {
      if (mode === 'cut' && pathname !== '/lead/control') return void request.socket.destroy();
      response.writeHead(204, headers(pathname === '/lead/control')).end();
      return;
    }
    if (pathname === '/lead/control') return await serveControl(request, response);
    if (pathname === '/lead/outbox' && request.method === 'GET')
      return sendJson(response, 200, [...state.outbox.values()], headers());
    const counted = pathname.replace(/[0-9a-f]{8}(-[0-9a-f]{4,12}){4}/g, ':id');
    faultControl.requests[counted] = (faultControl.requests[counted] ?? 0) + 1;
    if (mode === 'cut') return void request.socket.destroy();
    if (mode === 'html') {
      response.writeHead(200, { ...headers(), 'Content-Type': 'text/html; charset=utf-8' });
      response.end(
        '<!doctype html><title>Sign in</title><p>Welcome to the wireless network. Please sign in.</p>',
      );
      return;
    }
    refuse(mode);
    faultControl.track(request.socket);
    if (pathname === '/lead/outbox' && request.method === 'POST') return await serveOutbox(request, response);
    const shared = { request, response, query: searchParams };
    if (pathname.startsWith('/lead/api/')) {
      return await serveWeb({ ...shared, path: pathname.slice('/lead/api'.length) });
    }
    const service = /^\/lead\/service\/([\w-]+)(\/.+)$/.exec(pathname);
    if (service === null) throw failure(404, 'not_found', 'No such address.');
    await serveService({ ...shared, code: service[1], path: service[2] });
  }

  function refuse(mode) {
    if (mode === 'error-500') throw failure(500, 'internal_server_error', 'The stand-in was told to fail.');
    if (mode === 'auth') throw failure(401, 'unauthorized', 'The stand-in lets nobody in.');
    if (mode === 'rate-limited')
      throw failure(429, 'too_many_requests', 'Too many requests.', { 'Retry-After': '3' });
  }

  async function serveControl(request, response) {
    if (request.method === 'POST') {
      const { mode, version } = await readJson(request);
      try {
        if (version !== undefined) faultControl.speak(version);
        if (mode !== undefined || version === undefined) faultControl.set(mode, request.socket);
      } catch (error) {
        throw failure(400, 'invalid_param', error.message);
      }
    }
    const { mode, version, requests } = faultControl;
    sendJson(response, 200, { mode, version, requests }, headers(true));
  }

  async function serveOutbox(request, response) {
    const id = request.headers['idempotency-key'];
    const { text, contact, slots = [] } = await readJson(request);
    if (typeof id !== 'string' || id === '')
      throw failure(400, 'invalid_param', 'The Idempotency-Key is missing.');
    const isNew = !state.outbox.has(id);
    if (isNew) state.outbox.set(id, { id, text, contact, slots, receivedAtMs: Date.now(), times: 0 });
    state.outbox.get(id).times += 1;
    sendJson(response, isNew ? 201 : 200, { id, isNew }, headers());
  }

  async function serveWeb({ request, response, path, query }) {
    const code = request.headers['x-app-code'];
    if (typeof code !== 'string') throw failure(401, 'unauthorized', 'X-App-Code is missing.');
    if (!Object.hasOwn(APPS, code)) throw failure(404, 'not_found', 'There is no such site.');
    if (path === '/passport' && request.method === 'GET') {
      return sendJson(response, 200, { access_token: state.issuePassport() }, headers());
    }
    // Forms of paused runs are open to whoever has their token.
    const isForm = path.startsWith('/form/');
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const own = isOld() ? undefined : request.headers['x-app-passport'];
    const visitor = state.passports.get(own ?? bearer);
    if (visitor === undefined && !isForm) throw failure(401, 'unauthorized', 'The passport is not valid.');
    await api({ request, response, path, query, app: APPS[code], code, visitor, flavor: 'web' });
  }

  async function serveService({ request, response, path, query, code }) {
    if (!Object.hasOwn(APPS, code)) throw failure(404, 'not_found', 'There is no such app.');
    // The owner's endpoint adds the key; a key in the page would be a mistake.
    if (request.headers.authorization !== undefined)
      throw failure(401, 'unauthorized', 'The page must not send a key.');
    const visitor = await visitorOf(request, query);
    const isOpen = request.method === 'GET' && /^\/(parameters|info|meta|site)$/.test(path);
    if (visitor === null && !isOpen) throw failure(400, 'invalid_param', 'user is required.');
    await api({ request, response, path, query, app: APPS[code], code, visitor, flavor: 'service' });
  }

  /** The service API is told who asks in each call. */
  async function visitorOf(request, query) {
    if (request.method === 'GET') return query.get('user');
    const isJson = (request.headers['content-type'] ?? '').startsWith('application/json');
    const user = isJson ? (await readJson(request)).user : (await readForm(request)).get('user');
    return typeof user === 'string' && user !== '' ? user : null;
  }
}
