import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, normalize, sep } from 'node:path';

const TYPES = {
  mjs: 'text/javascript',
  js: 'text/javascript',
  wasm: 'application/wasm',
  json: 'application/json',
};

/** Starts a worker for each measurement: nothing of an engine but what it starts itself runs on the page. */
const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>decode</title><link rel="icon" href="data:,"></head><body><script type="module">
  globalThis.measure = (job) => new Promise((resolve) => {
    const worker = new Worker('/in-browser/worker.mjs', { type: 'module' });
    worker.onerror = ({ message }) => resolve({ fault: message || 'the worker could not start' });
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage(job);
  });
</script></body></html>`;

/**
 * Serves the page, the engines' published files and one model. The page is cross-origin isolated, so that engines may use
 * threads and precise clocks.
 *
 * @param {{root: string, peersFolder: string, distFolder: string}} place
 * @returns {{listen: () => Promise<string>, setModel: (paths: {gguf: string, packed: string, onnxFolder: string | null}) => void, close: () => void}}
 */
export function createEngineServer(place) {
  const folders = {
    'in-browser': join(import.meta.dirname, 'in-browser'),
    wllama: join(place.peersFolder, '@wllama/wllama/esm'),
    transformers: join(place.root, 'node_modules/@huggingface/transformers/dist'),
    ort: join(place.root, 'node_modules/onnxruntime-web/dist'),
    dist: place.distFolder,
  };
  let model = { gguf: '', packed: '', onnxFolder: null };

  function find(pathname) {
    const [, first = '', ...rest] = decodeURIComponent(pathname).split('/');
    if (pathname === '/model.gguf') return model.gguf;
    if (pathname === '/packed.gguf') return model.packed;
    const folder =
      first === 'twin' ? model.onnxFolder : Object.hasOwn(folders, first) ? folders[first] : null;
    if (folder === null) return null;
    const file = normalize(join(folder, ...rest));
    return file.startsWith(folder + sep) ? file : null;
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });

  async function answer(request, response) {
    const { pathname } = new URL(request.url ?? '/', 'http://engines');
    const headers = {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cache-control': 'no-store',
    };
    if (pathname === '/') {
      response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
      return;
    }
    const file = find(pathname);
    const found = file === null ? null : await stat(file).catch(() => null);
    if (!found?.isFile()) {
      response.writeHead(404, headers).end();
      return;
    }
    response.writeHead(200, {
      ...headers,
      'content-type': TYPES[file.split('.').at(-1)] ?? 'application/octet-stream',
      'content-length': found.size,
    });
    createReadStream(file, { highWaterMark: 1 << 20 }).pipe(response);
  }

  return {
    listen: () =>
      new Promise((resolve) =>
        server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}/`)),
      ),
    setModel: (paths) => {
      model = paths;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
