import { createServer } from 'node:http';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCommand } from '../../.ci/steps.mjs';
import { launchBrowser } from '../browser.mjs';
import { row } from '../rows.mjs';
import { relativeError } from './errors.mjs';
import { assemblyText, exportName, WAY_NAMES } from './variants.mjs';

export const summary = 'ways to multiply full 8-bit weights in WebAssembly: speed and error of each';

const CHOSEN = 'widened';
const SIZES = {
  'in the second-level cache (0.5 MB)': { groups: 32, blocks: 64, repeats: 30 },
  'from memory (35 MB)': { groups: 2048, blocks: 64, repeats: 1 },
};

/** @param {{quick: boolean, report: (line: string) => void, place: import('../run.mjs').Place}} options */
export async function run({ quick, report, place }) {
  const server = await serve(await compile(place.root));
  const { browser, version } = await launchBrowser(place.chromium);
  report(`Chromium ${version}`);
  try {
    const page = await browser.newPage();
    await page.goto(server.address);
    const best = await page.evaluate(
      ([ways, sizes, rounds]) =>
        new Promise((resolve, reject) => {
          const started = new Worker('/in-worker.mjs', { type: 'module' });
          started.onerror = ({ message }) => reject(new Error(message));
          started.onmessage = ({ data }) => resolve(data);
          started.postMessage({ ways, sizes, rounds });
        }),
      [WAY_NAMES.map(exportName), SIZES, quick ? 8 : 40],
    );
    return [...speedRows(best), ...errorRows()];
  } finally {
    await browser.close();
    server.close();
  }
}

/** A page, the worker's script and the compiled module. */
async function serve(wasm) {
  const files = {
    '/': ['text/html', '<!doctype html><title>dot</title>'],
    '/in-worker.mjs': ['text/javascript', await readFile(join(import.meta.dirname, 'in-worker.mjs'))],
    '/variants.wasm': ['application/wasm', wasm],
  };
  const server = createServer((request, response) => {
    const [type, body] = files[request.url ?? ''] ?? [];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type ?? 'text/plain' }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function compile(root) {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-dot-'));
  try {
    await writeFile(join(folder, 'variants.ts'), assemblyText());
    const compiler = pathToFileURL(join(root, 'node_modules/assemblyscript/bin/asc.js'));
    await runCommand(
      process.execPath,
      [
        compiler.pathname,
        'variants.ts',
        '--outFile',
        'variants.wasm',
        '--enable',
        'simd',
        '--enable',
        'relaxed-simd',
        '-O3',
        '--noAssert',
        '--runtime',
        'stub',
        '--importMemory',
      ],
      { cwd: folder },
    );
    return await readFile(join(folder, 'variants.wasm'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function speedRows(best) {
  return Object.keys(SIZES).map((size) =>
    row({
      metric: `one token, weights ${size}`,
      unit: '10⁹ products/s',
      ours: best[size][exportName(CHOSEN)],
      peers: Object.fromEntries(
        WAY_NAMES.filter((way) => way !== CHOSEN).map((way) => [way, best[size][exportName(way)]]),
      ),
      better: 'more',
    }),
  );
}

function errorRows() {
  const full = relativeError(8, 8);
  return [
    row({
      metric: 'error of a product of 512 columns',
      unit: '%',
      ours: full,
      peers: {
        'two halves': full,
        'two signs': full,
        '7-bit activations': relativeError(8, 7),
        'one quad': full,
      },
      note: `weights cut to 7 bits, as a prototype did: ${relativeError(7, 8).toFixed(3)} %`,
    }),
  ];
}
