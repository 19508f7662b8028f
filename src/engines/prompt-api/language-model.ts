import { isRecord } from '../../contracts/json.ts';

/**
 * What is used of the browser's LanguageModel (https://webmachinelearning.github.io/prompt-api/). Windows have it, workers
 * do not; temperature and top-k can be set by extensions only.
 */
export interface LanguageModelStatic {
  availability(options: LanguageModelCore): Promise<unknown>;
  create(options: LanguageModelCreate): Promise<LanguageModelSession>;
}

/** What is asked for and what it is asked with. */
export interface LanguageModelCore {
  readonly expectedInputs: readonly { readonly type: 'text'; readonly languages: readonly string[] }[];
  readonly expectedOutputs: readonly { readonly type: 'text'; readonly languages: readonly string[] }[];
}

/** How a session is made. */
export interface LanguageModelCreate extends LanguageModelCore {
  readonly initialPrompts?: readonly { readonly role: string; readonly content: string }[];
  readonly signal: AbortSignal;
  /** Given an event target that tells `downloadprogress` with `loaded` from 0 to 1. */
  readonly monitor?: (monitor: EventTarget) => void;
}

/** A conversation with the model. */
export interface LanguageModelSession {
  /** Most tokens; older browsers call it `inputQuota`. */
  readonly contextWindow?: number;
  readonly inputQuota?: number;
  readonly contextUsage?: number;
  readonly inputUsage?: number;
  /** Gives pieces of text, not the text so far. */
  promptStreaming(
    input: string,
    options: { readonly signal: AbortSignal; readonly responseConstraint?: object },
  ): ReadableStream<unknown>;
  destroy(): void;
}

/** Finds the browser's model in a realm; null where there is none. */
export function findLanguageModel(realm: object = globalThis): LanguageModelStatic | null {
  const found: unknown = Reflect.get(realm, 'LanguageModel');
  return isLanguageModel(found) ? found : null;
}

function isLanguageModel(value: unknown): value is LanguageModelStatic {
  if (typeof value !== 'function' && !isRecord(value)) return false;
  return ['availability', 'create'].every((name) => typeof Reflect.get(value, name) === 'function');
}
