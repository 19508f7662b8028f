import { readFileSync } from 'node:fs';
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { transform } from 'esbuild';

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

/** Strips types and lowers decorators; the compiler checks types elsewhere. */
const typescript = () => ({
  name: 'typescript',
  async transform(code, id) {
    if (!id.endsWith('.ts')) return null;
    const result = await transform(code, {
      loader: 'ts',
      target: 'es2022',
      sourcefile: id,
      sourcemap: true,
      define: { __UNDERSTUDY_VERSION__: JSON.stringify(version) },
      tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
    });
    return { code: result.code, map: result.map };
  },
});

/** Packages made for bundlers ask for this variable; a browser has no `process`. */
const production = () => ({
  name: 'production',
  transform(code, id) {
    if (!id.includes('node_modules') || !code.includes('process.env.NODE_ENV')) return null;
    return { code: code.replaceAll('process.env.NODE_ENV', '"production"'), map: null };
  },
});

/**
 * Transformers.js asks for the WebGPU build of ONNX Runtime; on WebAssembly the plain build is half the download and
 * faster (docs/decisions). Files of the runtime are copied to dist/ort by the build.
 */
const plainRuntime = () => ({
  name: 'plain-runtime',
  resolveId(source, importer) {
    if (source !== 'onnxruntime-web/webgpu') return null;
    return this.resolve('onnxruntime-web/wasm', importer, { skipSelf: true });
  },
});

/**
 * Gives a file's copy of Lit a Trusted Types policy of its own.
 *
 * Launcher and panel bring a copy each and the page may have another: two policies of one name are refused wherever the
 * owner's header does not say 'allow-duplicates'.
 */
const ownPolicy = (policy) => {
  let count = 0;
  return {
    name: 'own-policy',
    buildStart() {
      count = 0;
    },
    transform(code, id) {
      if (!/node_modules\/lit-html\//.test(id) || !code.includes('createPolicy')) return null;
      const renamed = code.replace(/createPolicy\((["'])lit-html\1/, `createPolicy("${policy}"`);
      if (renamed !== code) count += 1;
      return { code: renamed, map: null };
    },
    buildEnd(error) {
      if (error === undefined && count !== 1)
        this.error(`lit-html creates ${count} policies; one was expected`);
    },
  };
};

/**
 * Takes the indentation out of templates and style sheets, which no minifier dares to touch: markup reads a line break as it
 * reads one with spaces behind it, and style sheets need no white space around their marks. Measured: 2 % of the panel.
 */
const squeeze = () => ({
  name: 'squeeze',
  transform(code, id) {
    if (!/\/components\/.*\.ts$/.test(id)) return null;
    const tight = (css) =>
      css
        .replace(/\/\*[^]*?\*\//g, '')
        .replace(/\s+/g, ' ')
        .replace(/ ?([{};,]) ?/g, '$1')
        .replace(/(^|[{;])([\w-]+): /g, '$1$2:');
    const squeezed = code
      .replace(/\bcss`([^`$\\]*)`/g, (_, css) => `css\`${tight(css)}\``)
      .replace(/\n[ \t]+/g, '\n');
    return { code: squeezed, map: null };
  },
});

const plugins = () => [
  plainRuntime(),
  production(),
  nodeResolve({ browser: true, exportConditions: ['browser', 'production'] }),
  // localforage is published as UMD only.
  commonjs({ include: /node_modules\/localforage/ }),
  typescript(),
  squeeze(),
  terser({ module: true, compress: { passes: 2 } }),
];
const quiet = (warning, warn) => {
  // Dependencies' own cycles and `this` at top level are theirs to mend.
  if (warning.id?.includes('node_modules') || warning.ids?.every((id) => id.includes('node_modules'))) return;
  warn(warning);
};

/** One self-contained file; what it loads later it finds by address beside itself. */
const single = (input, file, own = []) => ({
  input,
  output: { file: `dist/${file}`, format: 'es', inlineDynamicImports: true },
  plugins: [...own, ...plugins()],
  onwarn: quiet,
});

export default [
  single('components/understudy-chat/define.ts', 'understudy.js', [ownPolicy('understudy-launcher')]),
  single('components/understudy-panel/panel-entry.ts', 'understudy-panel.js', [
    ownPolicy('understudy-panel'),
  ]),
  single('src/client/index.ts', 'index.js'),
  {
    input: { 'understudy-kernel': 'src/kernel/index.ts' },
    // What reads grammars is loaded on demand and imports from the entry itself: otherwise that would be a file more on the way to the first token.
    preserveEntrySignatures: 'allow-extension',
    output: {
      dir: 'dist',
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: 'understudy-kernel-[name]-[hash].js',
    },
    plugins: plugins(),
    onwarn: quiet,
  },
  single('src/kernel/helper-entry.ts', 'understudy-kernel-helper.js'),
  single('src/sandbox/thread/thread-entry.ts', 'understudy-sandbox-thread.js'),
  {
    input: {
      'understudy-worker': 'src/worker/understudy-worker.ts',
      'understudy-in-page': 'src/worker/understudy-in-page.ts',
    },
    output: {
      dir: 'dist',
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: 'understudy-[name]-[hash].js',
    },
    plugins: plugins(),
    onwarn: quiet,
  },
  {
    input: 'src/service-worker/understudy-sw.ts',
    output: { file: 'dist/understudy-sw.js', format: 'iife' },
    plugins: plugins(),
    onwarn: quiet,
  },
];
