import { UnderstudyError } from '../../contracts/errors.ts';
import { isRecord } from '../../contracts/json.ts';

/** What is used of @wllama/wllama 3; the package is the owner's to host, so its types are no dependency of ours. */
export interface WllamaModule {
  readonly Wllama: new (paths: { readonly default: string }, config: WllamaConfig) => Wllama;
}

/** What an instance is told about its logs. */
export interface WllamaConfig {
  readonly suppressNativeLog: boolean;
  readonly logger: Readonly<Record<'debug' | 'log' | 'warn' | 'error', () => void>>;
}

/** An instance that runs one model in a worker of its own. */
export interface Wllama {
  /** null = nothing is ever fetched from the address of a delivery network that the library brings. */
  setCompat(compat: { readonly worker: string; readonly wasm: string } | null): void;
  loadModel(blobs: readonly Blob[], options: Readonly<Record<string, unknown>>): Promise<void>;
  getLoadedContextInfo(): { readonly n_ctx: number };
  createChatCompletion(options: CompletionOptions): Promise<unknown>;
  exit(): Promise<void>;
}

/** A streamed completion; fields other than these go to the server code of llama.cpp as they are. */
export interface CompletionOptions extends Readonly<Record<string, unknown>> {
  readonly stream: true;
  readonly onData: (chunk: unknown) => void;
  readonly abortSignal: AbortSignal;
}

function isModule(value: unknown): value is WllamaModule {
  return isRecord(value) && typeof value['Wllama'] === 'function';
}

/** Imports the library from an address. @throws UnderstudyError `engine/load-failed` when it is not there or another one. */
export async function importWllama(moduleUrl: string): Promise<WllamaModule> {
  let found: unknown;
  try {
    found = await import(/* @vite-ignore */ moduleUrl);
  } catch (cause) {
    throw new UnderstudyError('engine/load-failed', `wllama could not be loaded (${String(cause)}).`, {
      facts: { url: moduleUrl },
      cause,
    });
  }
  if (isModule(found)) return found;
  throw new UnderstudyError('engine/load-failed', 'The module is not wllama 3.', {
    facts: { url: moduleUrl },
  });
}
