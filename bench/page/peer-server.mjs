import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, normalize, sep } from 'node:path';
import { noChat, pageFor, pagePath, peers } from './widgets.mjs';

const TYPES = { js: 'text/javascript', mjs: 'text/javascript', css: 'text/css', html: 'text/html' };

/** As little of each peer's cloud as it needs to show its field; made up, with no answer in it. */
const CLOUD = [
  [/^\/api\/v1\/public-chatbotConfig\//, {}],
  [/^\/api\/v1\/chatflows-streaming\//, { isStreaming: false }],
  [/^\/api\/v1\/chatflows-uploads\//, { isImageUploadAllowed: false }],
  [
    /^\/api\/v1\/typebots\/[^/]+\/startChat$/,
    {
      sessionId: 'bench',
      typebot: { id: 'bench', version: '6', theme: {}, settings: {} },
      messages: [
        {
          id: 'm1',
          type: 'text',
          content: { type: 'richText', richText: [{ type: 'p', children: [{ text: 'Hello' }] }] },
        },
      ],
      input: { id: 'i1', type: 'text input', options: {} },
    },
  ],
  [/^\/directline\/conversations$/, { conversationId: 'bench', token: 'bench', expires_in: 3600 }],
  [/^\/directline\/conversations\/bench\/activities/, { activities: [], watermark: '0' }],
];

/**
 * Serves the pages of the peers and their published files.
 *
 * @param {string} peersFolder
 */
export function createPeerServer(peersFolder) {
  const pages = new Map([noChat, ...peers].map((widget) => [pagePath(widget), pageFor(widget)]));
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });

  async function answer(request, response) {
    const { pathname } = new URL(request.url ?? '/', 'http://peers');
    const page = pages.get(pathname);
    if (page !== undefined) return void send(response, 200, TYPES.html, page);
    const made = CLOUD.find(([pattern]) => pattern.test(pathname));
    if (made !== undefined) return void send(response, 200, 'application/json', JSON.stringify(made[1]));
    const file = normalize(join(peersFolder, decodeURIComponent(pathname.replace(/^\/peers\//, ''))));
    if (!pathname.startsWith('/peers/') || !file.startsWith(peersFolder + sep))
      return void send(response, 404, 'application/json', '{}');
    const type = TYPES[file.split('.').at(-1)] ?? 'application/octet-stream';
    send(response, 200, type, await readFile(file));
  }

  return server;
}

function send(response, status, type, body) {
  response
    .writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' })
    .end(body);
}
