/**
 * What each engine can do, and how far that is shown. docs/engines.md holds the same table; a test keeps them equal.
 *
 * `pass`: a test of this repository runs it on the real runtime. `simulated`: a test runs it over a stand-in for the
 * runtime, which proves our side only. `never-run`: written, and run by no test. `absent`: it cannot.
 */
export type CapabilityState = 'pass' | 'simulated' | 'never-run' | 'absent';

/** The engines, the picker's order first. */
export const ENGINES = [
  'kernel',
  'transformers',
  'transformers-webgpu',
  'wllama',
  'webllm',
  'prompt-api',
] as const;

/** Name of an engine, as in `Engine.id`. */
export type EngineName = (typeof ENGINES)[number];

/** One row: a capability, and its state for each engine in the order of {@link ENGINES}. */
export interface Capability {
  readonly name: string;
  readonly states: readonly [
    CapabilityState,
    CapabilityState,
    CapabilityState,
    CapabilityState,
    CapabilityState,
    CapabilityState,
  ];
}

/** The table. */
export const CAPABILITIES: readonly Capability[] = [
  { name: 'streams its text', states: ['pass', 'pass', 'pass', 'pass', 'simulated', 'simulated'] },
  { name: 'stops within one token', states: ['pass', 'pass', 'pass', 'pass', 'simulated', 'simulated'] },
  { name: 'the same seed, the same text', states: ['pass', 'pass', 'pass', 'pass', 'simulated', 'absent'] },
  { name: 'temperature', states: ['pass', 'pass', 'pass', 'pass', 'simulated', 'absent'] },
  { name: 'top-p, min-p', states: ['pass', 'pass', 'never-run', 'never-run', 'never-run', 'absent'] },
  { name: 'stop texts', states: ['pass', 'pass', 'pass', 'pass', 'simulated', 'simulated'] },
  { name: 'quotes only', states: ['pass', 'pass', 'never-run', 'absent', 'absent', 'absent'] },
  { name: 'grammar (GBNF)', states: ['pass', 'absent', 'absent', 'pass', 'never-run', 'absent'] },
  { name: 'JSON schema', states: ['pass', 'absent', 'absent', 'pass', 'never-run', 'simulated'] },
  { name: 'self-test with recorded tokens', states: ['pass', 'pass', 'pass', 'pass', 'absent', 'absent'] },
  { name: 'reuses the prompt before', states: ['pass', 'absent', 'absent', 'never-run', 'absent', 'absent'] },
  { name: 'threads', states: ['pass', 'never-run', 'absent', 'never-run', 'absent', 'absent'] },
  {
    name: 'model from the bundle, hash-checked',
    states: ['pass', 'pass', 'never-run', 'pass', 'absent', 'absent'],
  },
  {
    name: 'fetches from its own origin only',
    states: ['never-run', 'pass', 'never-run', 'pass', 'never-run', 'absent'],
  },
  { name: 'reads GGUF', states: ['pass', 'absent', 'absent', 'pass', 'absent', 'absent'] },
  { name: 'reads ONNX', states: ['absent', 'pass', 'pass', 'absent', 'absent', 'absent'] },
  { name: 'reads MLC', states: ['absent', 'absent', 'absent', 'absent', 'never-run', 'absent'] },
  { name: 'runs in the worker', states: ['pass', 'pass', 'never-run', 'never-run', 'never-run', 'absent'] },
];

/** What an engine needs of browser and page. */
export const ENGINE_NEEDS: Readonly<Record<EngineName, string>> = {
  kernel:
    "WebAssembly with SIMD (`'wasm-unsafe-eval'`); threads need cross-origin isolation and a browser that sends shared memory to workers, which Chromium and Firefox do and WebKitGTK does not",
  transformers: "WebAssembly with SIMD (`'wasm-unsafe-eval'`); threads need cross-origin isolation",
  'transformers-webgpu':
    "WebGPU with an adapter whose buffers hold the largest matrix in 32-bit floats, and WebAssembly with SIMD; the WebGPU build of onnxruntime-web on the owner's host",
  wllama:
    "the same as transformers and `worker-src blob:`; promise integration and 64-bit memory of WebAssembly, or the library's second build; its module and its `.wasm` on the owner's host",
  webllm: "WebGPU; its module, the model's folder and the compiled model library on the owner's host",
  'prompt-api': 'a browser that brings a language model and has it on the disk; a window, no worker',
};

/** Writes the table as Markdown. */
export function describeCapabilities(): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const columns = ['', ...ENGINES];
  const rows = [
    columns,
    columns.map(() => '---'),
    ...CAPABILITIES.map(({ name, states }) => [name, ...states]),
  ];
  const needs = ENGINES.map((engine) => `- **${engine}** needs ${ENGINE_NEEDS[engine]}.`);
  return `${rows.map(line).join('\n')}\n\n${needs.join('\n')}\n`;
}
