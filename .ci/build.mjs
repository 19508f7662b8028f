/** `npm run build`: makes `dist` from the sources. */
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildKernel } from './build-kernel.mjs';
import { distFolder, distInputs, root } from './prepare.mjs';
import { explainFailure, runCommand, seconds } from './steps.mjs';
import { writeTypes } from './types.mjs';

const started = performance.now();
const node = (script, args) => runCommand(process.execPath, [script, ...args], { cwd: root });

/** The scripts of the page: element, panel, worker, service worker. */
async function bundleScripts() {
  await node('node_modules/rollup/dist/bin/rollup', ['--config', '--silent']);
}

/** The runtime that optional ONNX models run on; the worker fetches it only for such a model. */
async function copyRuntime() {
  await mkdir(join(distFolder, 'ort'), { recursive: true });
  await Promise.all(
    ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'].map((name) =>
      copyFile(join(root, 'node_modules/onnxruntime-web/dist', name), join(distFolder, 'ort', name)),
    ),
  );
}

/** The interpreters of code steps; the worker fetches one when a plan first needs it. */
async function copyInterpreters() {
  const folder = join(distFolder, 'sandbox');
  await mkdir(join(folder, 'pyodide'), { recursive: true });
  const copy = (from, to) => copyFile(join(root, 'node_modules', from), join(folder, to));
  await Promise.all([
    copy('@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm', 'quickjs.wasm'),
    copy('@micropython/micropython-webassembly-pyscript/micropython.wasm', 'micropython.wasm'),
    ...['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'python_stdlib.zip'].map((name) =>
      copy(`pyodide/${name}`, `pyodide/${name}`),
    ),
  ]);
}

/** The `understudy` command; packages stay imports. */
async function bundleCommand() {
  const { build } = await import('esbuild');
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  await build({
    absWorkingDir: root,
    entryPoints: ['cli/understudy.ts', 'cli/generator/encode-thread.ts'],
    outdir: 'dist/cli',
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    define: { __UNDERSTUDY_VERSION__: JSON.stringify(version) },
    logLevel: 'warning',
  });
  const file = join(distFolder, 'cli/understudy.js');
  const code = await readFile(file, 'utf8');
  if (!code.startsWith('#!')) await writeFile(file, `#!/usr/bin/env node\n${code}`);
  await chmod(file, 0o755);
}

try {
  const inputs = await distInputs();
  await rm(distFolder, { recursive: true, force: true });
  await mkdir(distFolder, { recursive: true });
  for (const [title, work] of [
    ['scripts of the page', bundleScripts],
    ['kernel', buildKernel],
    ['runtime for ONNX models', copyRuntime],
    ['interpreters', copyInterpreters],
    ['command', bundleCommand],
    ['declarations', () => writeTypes(join(distFolder, 'types'))],
  ]) {
    const start = performance.now();
    await work();
    console.log(`${title}: ${seconds(start)}`);
  }
  await writeFile(join(distFolder, '.inputs'), inputs);
  console.log(`dist is built in ${seconds(started)}`);
} catch (error) {
  explainFailure(error);
  process.exitCode = 1;
}
