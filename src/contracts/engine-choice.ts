import { isRecord } from './json.ts';

/** The engines that an owner can name for a bundle; the browser's own model has no place in a worker. */
export const NAMED_ENGINES = ['kernel', 'transformers', 'transformers-webgpu', 'wllama', 'webllm'] as const;

/** The addresses that an engine needs besides its name; what they name runs as code, or is read by it. */
export const ENGINE_ADDRESSES: Readonly<Record<(typeof NAMED_ENGINES)[number], readonly string[]>> = {
  kernel: [],
  transformers: [],
  'transformers-webgpu': ['runtime'],
  wllama: ['module', 'wasm'],
  webllm: ['module', 'model', 'library'],
};

/** An engine that the owner named, with the addresses of what the owner hosts for it. */
export type EngineChoice =
  | { readonly engine: 'kernel' | 'transformers' }
  /** `runtime`: the folder with `ort.webgpu.bundle.min.mjs` and `ort-wasm-simd-threaded.asyncify.wasm` of onnxruntime-web. */
  | { readonly engine: 'transformers-webgpu'; readonly runtime: string }
  /** `module`: `esm/index.js` of @wllama/wllama 3; `wasm`: its `wllama.wasm`. */
  | { readonly engine: 'wllama'; readonly module: string; readonly wasm: string }
  /** `module`: `lib/index.js` of @mlc-ai/web-llm; `model`: the folder of the weights; `library`: the compiled model. */
  | { readonly engine: 'webllm'; readonly module: string; readonly model: string; readonly library: string };

/** What is tried where the owner named none. */
export const DEFAULT_ENGINES: readonly EngineChoice[] = [{ engine: 'kernel' }, { engine: 'transformers' }];

const MAX_ADDRESS = 2000;
const NOWHERE = 'https://understudy.invalid';

/** Reports whether a text is an address that an engine may load from: absolute https, or a path on the page's own origin. */
export function isEngineAddress(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > MAX_ADDRESS) return false;
  // Parsers drop tabs and line breaks and turn backslashes around: what is read must be what is written.
  if (!/^(?:https:\/\/|\/)[^\s\\]*$/i.test(text) || !URL.canParse(text, NOWHERE)) return false;
  const url = new URL(text, NOWHERE);
  if (url.username !== '' || url.password !== '') return false;
  return text.startsWith('/') ? url.origin === NOWHERE : url.protocol === 'https:';
}

function parseChoice(value: unknown): EngineChoice | null {
  if (!isRecord(value)) return null;
  const { engine, runtime, module, wasm, model, library } = value;
  if (engine === 'kernel' || engine === 'transformers') return { engine };
  if (engine === 'transformers-webgpu') return isEngineAddress(runtime) ? { engine, runtime } : null;
  if (!isEngineAddress(module)) return null;
  if (engine === 'wllama') return isEngineAddress(wasm) ? { engine, module, wasm } : null;
  if (engine !== 'webllm' || !isEngineAddress(model) || !isEngineAddress(library)) return null;
  return { engine, module, model, library };
}

/**
 * Accepts the engines of a manifest, `[{engine, …addresses}]`, the best first. What is unknown or not valid is left out, as
 * is a second mention; null where there is no list.
 */
export function parseEngineChoices(value: unknown): readonly EngineChoice[] | null {
  if (!Array.isArray(value)) return null;
  const choices = new Map<string, EngineChoice>();
  for (const entry of value.slice(0, 100)) {
    const choice = parseChoice(entry);
    if (choice !== null && !choices.has(choice.engine)) choices.set(choice.engine, choice);
  }
  return [...choices.values()];
}
