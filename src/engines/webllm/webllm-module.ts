import { UnderstudyError } from '../../contracts/errors.ts';
import { isRecord } from '../../contracts/json.ts';

/** What is used of @mlc-ai/web-llm 0.2; the package is the owner's to host. */
export interface WebLlmModule {
  CreateMLCEngine(modelId: string, config: WebLlmConfig): Promise<WebLlm>;
}

/** How an engine of the library is made: the models it knows are those of the list and no others. */
export interface WebLlmConfig {
  readonly appConfig: { readonly model_list: readonly WebLlmModel[]; readonly useIndexedDBCache: false };
  readonly initProgressCallback: (report: unknown) => void;
  readonly logLevel: 'SILENT';
}

/** One model on the owner's host. */
export interface WebLlmModel {
  /** Absolute address of the folder with `mlc-chat-config.json`, tokenizer and weights. */
  readonly model: string;
  readonly model_id: string;
  /** Absolute address of the compiled model library. */
  readonly model_lib: string;
  readonly overrides: { readonly context_window_size: number };
  /** Digests in the form of subresource integrity; the weights have none. */
  readonly integrity?: {
    readonly config?: string;
    readonly model_lib?: string;
    readonly tokenizer?: Readonly<Record<string, string>>;
    readonly onFailure: 'error';
  };
}

/** A loaded model. */
export interface WebLlm {
  readonly chat: {
    readonly completions: {
      create(request: Readonly<Record<string, unknown>>): Promise<AsyncIterable<unknown>>;
    };
  };
  /** Ends what is being written after the token at hand. */
  interruptGenerate(): unknown;
  unload(): Promise<void>;
}

function isModule(value: unknown): value is WebLlmModule {
  return isRecord(value) && typeof value['CreateMLCEngine'] === 'function';
}

/** Imports the library from an address. @throws UnderstudyError `engine/load-failed` when it is not there or another one. */
export async function importWebLlm(moduleUrl: string): Promise<WebLlmModule> {
  const facts = { url: moduleUrl };
  let found: unknown;
  try {
    found = await import(/* @vite-ignore */ moduleUrl);
  } catch (cause) {
    throw new UnderstudyError('engine/load-failed', `WebLLM could not be loaded (${String(cause)}).`, {
      facts,
      cause,
    });
  }
  if (isModule(found)) return found;
  throw new UnderstudyError('engine/load-failed', 'The module is not WebLLM.', { facts });
}
