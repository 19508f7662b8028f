import { createServer } from 'node:http';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createStandInLead } from '../lead/server.mjs';
import { appAddress, createAppLeads, renderAppArticle } from './app-pages.mjs';
import { renderHelpPage } from './help-pages.mjs';
import { COMMON_HEADERS, PAGE_POLICY, WORKER_POLICY } from './security-headers.mjs';
import { contentType, findFile, readBytes, sendBytes, sendJson, sendText } from './static-files.mjs';

const MAX_PANEL_BODY_BYTES = 1024;
const IMMUTABLE = 'public, max-age=31536000, immutable';
const NAMED_BY_CONTENT = /^(?:\/apps\/[a-z-]+)?\/bundle\/(?:chunks|files)\//;

/**
 * @typedef {object} DemoServerOptions
 * @property {string} root Root of the repository.
 * @property {string} bundleFolder Compiled bundle, served below `/bundle/`.
 * @property {string} [appBundlesFolder] Compiled bundles of the apps, one folder each, served below `/apps/<app>/bundle/`.
 * @property {number} [pace] Factor on the waits of the apps' stand-in leads. Default 1.
 * @property {string} distFolder Built product, served below `/understudy/`.
 * @property {Record<string, string>} [pages] More HTML pages by path; they win over the site's.
 * @property {(pathname: string, headers: Record<string, string>) => Record<string, string>} [headers]
 *   Last word on the headers of pages and files, such as another policy.
 * @property {(pathname: string, bytes: Uint8Array) => Uint8Array | null} [transform]
 *   Last word on the bytes of pages and files, to serve a damaged one; null answers "not found".
 * @property {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => unknown} [lead]
 *   What answers below `/lead`; the stand-in lead by default.
 */

/**
 * @typedef {object} DemoServer
 * @property {import('node:http').Server} server
 * @property {(port?: number, host?: string) => Promise<string>} listen Starts to listen and gives the address, without
 *   a slash at the end; port 0 takes a free one.
 * @property {(isCut: boolean) => void} setCut Cuts every connection but those of the controls, or restores them.
 * @property {() => boolean} isCut
 * @property {string[]} requests Method and path of what was asked, oldest first; at most 5,000.
 * @property {() => Promise<void>} close
 */

/**
 * Makes the server of the demo: the site of the demo company, the built product, the compiled bundle and the stand-in
 * lead on one address. Nothing listens until `listen`.
 *
 * @param {DemoServerOptions} options
 * @returns {DemoServer}
 */
export function createDemoServer(options) {
  const demoFolder = join(options.root, 'demo');
  const lead = options.lead ?? createStandInLead({ articlesFolder: join(demoFolder, 'help') });
  const appLeads = createAppLeads(demoFolder, lead.faultControl, options.pace);
  /** Sockets and whether the last thing asked on them was a control. */
  const sockets = new Map();
  const requests = [];
  let everythingIsCut = false;

  const setCut = (isCut) => {
    everythingIsCut = isCut;
    if (!isCut) return;
    for (const [socket, isControl] of sockets) if (!isControl) socket.destroy();
  };

  /** Bytes and type of what a path names; null when it names nothing. */
  const find = async (pathname) => {
    const page = options.pages?.[pathname];
    if (page !== undefined) return { bytes: Buffer.from(page), type: contentType('page.html') };
    const article = /^\/help\/([a-z-]+)\/([a-z0-9-]+)\.html$/.exec(pathname);
    if (article !== null) {
      const html = await renderHelpPage(demoFolder, article[1], article[2]);
      return html === null ? null : { bytes: Buffer.from(html), type: contentType('page.html') };
    }
    const ofApp = appAddress(pathname);
    if (ofApp?.what === 'help') {
      const html = await renderAppArticle(demoFolder, ofApp.app, ofApp.path);
      return html === null ? null : { bytes: Buffer.from(html), type: contentType('page.html') };
    }
    const [folder, path] = place(pathname, ofApp);
    const file = await findFile(folder, path);
    return file === null ? null : { bytes: await readBytes(file), type: contentType(file) };
  };

  /** Folder and path in it. */
  const place = (pathname, ofApp) => {
    if (ofApp?.what === 'bundle')
      return [join(options.appBundlesFolder ?? options.bundleFolder, ofApp.app), ofApp.path];
    if (pathname === '/understudy-sw.js') return [options.distFolder, 'understudy-sw.js'];
    if (pathname.startsWith('/understudy/'))
      return [options.distFolder, pathname.slice('/understudy/'.length)];
    if (pathname.startsWith('/bundle/')) return [options.bundleFolder, pathname.slice('/bundle/'.length)];
    if (pathname.startsWith('/panel/')) return [join(demoFolder, 'panel'), pathname.slice('/panel/'.length)];
    if (pathname.endsWith('.template.html')) return [join(demoFolder, 'site'), 'not-served'];
    return [join(demoFolder, 'site'), pathname.endsWith('/') ? `${pathname}index.html` : pathname];
  };

  const serveFile = async (request, response, pathname) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendText(response, 405, 'Only GET and HEAD.\n', { allow: 'GET, HEAD' });
      return;
    }
    const found = await find(pathname);
    const change = options.transform ?? ((_, bytes) => bytes);
    const bytes = found === null ? null : change(pathname, found.bytes);
    if (found === null || bytes === null) {
      sendText(response, 404, `There is no ${pathname} here.\n`);
      return;
    }
    const headers = fileHeaders(pathname, found.type);
    sendBytes(request, response, bytes, options.headers?.(pathname, headers) ?? headers);
  };

  const servePanel = async (request, response, pathname) => {
    if (pathname === '/panel/files.json') {
      sendJson(response, 200, await productFiles(options.distFolder));
      return true;
    }
    if (pathname !== '/panel/cut') return false;
    if (request.method === 'POST') {
      const body = await readJson(request);
      if (typeof body?.everything !== 'boolean') {
        sendText(response, 400, 'Send {"everything": true} or {"everything": false}.\n');
        return true;
      }
      setCut(body.everything);
    }
    sendJson(response, 200, { everything: everythingIsCut });
    return true;
  };

  const answer = async (request, response) => {
    const pathname = decodePath(request.url ?? '/');
    if (requests.length < 5000) requests.push(`${request.method} ${pathname}`);
    const isControl = pathname !== null && isDemoControl(request.method, pathname);
    sockets.set(request.socket, isControl);
    if (everythingIsCut && !isControl) {
      request.socket.destroy();
      return;
    }
    if (pathname === null) {
      sendText(response, 400, 'This address cannot be read.\n');
      return;
    }
    if (pathname.startsWith('/lead/')) {
      await lead(request, response);
      return;
    }
    const ofApp = appAddress(pathname);
    if (ofApp?.what === 'lead') {
      await appLeads[ofApp.app](request, response);
      return;
    }
    if (pathname.startsWith('/panel/') && (await servePanel(request, response, pathname))) return;
    await serveFile(request, response, pathname);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else sendText(response, 500, `${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
  server.on('connection', (socket) => {
    sockets.set(socket, false);
    socket.on('close', () => sockets.delete(socket));
  });

  return {
    server,
    setCut,
    isCut: () => everythingIsCut,
    requests,
    listen: (port = 0, host = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const address = server.address();
          resolve(`http://${host}:${typeof address === 'object' && address !== null ? address.port : port}`);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Reachable with everything cut: the demo's controls, but not what a page hands over to the lead. */
const isDemoControl = (method, pathname) =>
  pathname.startsWith('/panel/') ||
  pathname === '/lead/control' ||
  (pathname === '/lead/outbox' && method === 'GET');

/** The path of a request target; null when it is not one. */
function decodePath(target) {
  try {
    return decodeURIComponent(new URL(target, 'http://demo').pathname);
  } catch {
    // Malformed percent-encoding or no path at all.
    return null;
  }
}

function fileHeaders(pathname, type) {
  const headers = {
    ...COMMON_HEADERS,
    'content-type': type,
    'cache-control': NAMED_BY_CONTENT.test(pathname) ? IMMUTABLE : 'no-cache',
  };
  if (type.startsWith('text/html')) return { ...headers, 'content-security-policy': PAGE_POLICY };
  if (pathname === '/understudy-sw.js')
    return { ...headers, 'content-security-policy': WORKER_POLICY, 'service-worker-allowed': '/' };
  if (pathname.startsWith('/understudy/') && type.startsWith('text/javascript'))
    return { ...headers, 'content-security-policy': WORKER_POLICY };
  return headers;
}

/** Addresses of the scripts that a page may need after a reload without network. */
async function productFiles(distFolder) {
  const names = await readdir(distFolder).catch(() => []);
  return names
    .filter((name) => name.startsWith('understudy') && name.endsWith('.js') && name !== 'understudy-sw.js')
    .sort()
    .map((name) => `/understudy/${name}`);
}

/** A small JSON body; null when it is too long or no JSON. */
async function readJson(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_PANEL_BODY_BYTES) return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is answered like a wrong value.
    return null;
  }
}
