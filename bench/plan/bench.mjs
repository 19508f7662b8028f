import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { runCommand } from '../../.ci/steps.mjs';
import { launchBrowser } from '../browser.mjs';
import { row } from '../rows.mjs';
import { median } from '../statistics.mjs';

export const summary = 'compiled apps: cold starts of the interpreters, compiling, and what a step costs';

const TYPES = {
  js: 'text/javascript',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
  zip: 'application/zip',
};
/** What each interpreter is asked first; the most that its answer may take, from nothing, in ms. */
const STARTS = [
  { runtime: 'micropython', title: 'MicroPython', source: 'def main(a): return {"a": a.upper()}', goal: 150 },
  { runtime: 'quickjs', title: 'QuickJS', source: 'function main({ a }) { return { a: a.toUpperCase() }; }' },
  { runtime: 'pyodide', title: 'Pyodide', source: 'def main(a): return {"a": a.upper()}' },
];

/** @param {{quick: boolean, report: (line: string) => void, place: import('../run.mjs').Place}} options */
export async function run({ quick, report, place }) {
  const rounds = quick ? 1 : 5;
  return [...(await measureStarts(place, rounds, report)), ...(await measurePlans(place, report))];
}

/** From the first call to its result: files, thread, program, prelude, code. Each round is a new page. */
async function measureStarts(place, rounds, report) {
  const server = await serve(place);
  const { browser, version } = await launchBrowser(place.chromium);
  report(`Chromium ${version}`);
  const rows = [];
  try {
    for (const { runtime, title, source, goal } of STARTS) {
      const first = [];
      const second = [];
      for (let round = 0; round < rounds; round += 1) {
        const page = await browser.newPage();
        await page.goto(server.address);
        const times = await page.evaluate(
          (request) =>
            new Promise((resolve, reject) => {
              const worker = new Worker('/in-worker.js', { type: 'module' });
              worker.onerror = ({ message }) => reject(new Error(message));
              worker.onmessage = ({ data }) =>
                typeof data === 'string' ? reject(new Error(data)) : resolve(data);
              worker.postMessage(request);
            }),
          { runtime, source, inputs: { a: 'x' } },
        );
        first.push(times[0]);
        second.push(times[1]);
        await page.close();
      }
      report(`${title}: ${first.map(Math.round).join(', ')} ms`);
      rows.push(
        row({ metric: `${title}: cold start to the first result`, unit: 'ms', ours: median(first), goal }),
        row({ metric: `${title}: the next code step`, unit: 'ms', ours: median(second) }),
      );
    }
  } finally {
    await browser.close();
    server.close();
  }
  return rows;
}

/** Compiling and interpreting run in Node.js, where the compiler is. */
async function measurePlans(place, report) {
  const probe = join(import.meta.dirname, 'node-probe.mjs');
  const text = await runCommand(process.execPath, ['--import', 'tsx', probe], { cwd: place.root });
  const { compileMs, steps, overheadMs } = JSON.parse(text.trim().split('\n').at(-1));
  report(`a generated app of ${steps} nodes`);
  return [
    row({
      metric: `compiling an app of ${steps} nodes`,
      unit: 'ms',
      ours: compileMs ?? 'not there',
      goal: 1000,
    }),
    row({ metric: 'interpreter overhead a step', unit: 'ms', ours: overheadMs ?? 'not there', goal: 1 }),
  ];
}

/** The built files, and the worker that asks. */
async function serve(place) {
  const bundled = await build({
    entryPoints: [join(import.meta.dirname, 'in-worker.ts')],
    bundle: true,
    format: 'esm',
    write: false,
    conditions: ['browser'],
    logLevel: 'error',
  });
  const own = {
    '/': ['text/html', '<!doctype html><title>plan</title>'],
    '/in-worker.js': ['text/javascript', bundled.outputFiles[0].contents],
  };
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    const [type, body] = own[path] ?? [
      TYPES[path.split('.').at(-1)],
      await readFile(join(place.distFolder, path)).catch(() => null),
    ];
    response
      .writeHead(body === null ? 404 : 200, { 'content-type': type ?? 'application/octet-stream' })
      .end(body);
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
