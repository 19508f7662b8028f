import { gzipSync } from 'node:zlib';

const gzipSizes = new Map();

/** Size of a body as gzip -9 would send it. */
export function gzipBytes(body) {
  return gzipSync(body, { level: 9 }).byteLength;
}

/**
 * Notes every answer that a server gives: what a browser fetched is counted where it was served, so that requests of
 * workers count like those of pages.
 *
 * @typedef {object} Answered
 * @property {string} path
 * @property {boolean} isCode True of scripts and style sheets.
 * @property {number} gzipBytes
 *
 * @param {import('node:http').Server} server
 * @param {(path: string) => boolean} isCounted
 * @returns {{take: () => Answered[], lastAtMs: () => number}} `take` gives what was answered since the last call.
 */
export function recordTraffic(server, isCounted) {
  let answers = [];
  let lastAtMs = performance.now();
  server.prependListener('request', (request, response) => {
    lastAtMs = performance.now();
    const path = (request.url ?? '/').replace(/[?#].*$/, '');
    const pieces = [];
    const keep = (name) => {
      const send = response[name].bind(response);
      response[name] = (chunk, ...rest) => {
        if (typeof chunk === 'string' || chunk instanceof Uint8Array) pieces.push(Buffer.from(chunk));
        return send(chunk, ...rest);
      };
    };
    keep('write');
    keep('end');
    response.once('close', () => {
      lastAtMs = performance.now();
      if (!isCounted(path)) return;
      const body = Buffer.concat(pieces);
      const key = `${path} ${body.byteLength}`;
      if (!gzipSizes.has(key)) gzipSizes.set(key, body.byteLength === 0 ? 0 : gzipBytes(body));
      answers.push({ path, isCode: /\.(?:m?js|css|wasm)$/.test(path), gzipBytes: gzipSizes.get(key) });
    });
  });
  return {
    take() {
      const taken = answers;
      answers = [];
      return taken;
    },
    lastAtMs: () => lastAtMs,
  };
}
