import type { Json, JsonObject } from './json.ts';
import type { CodeConfig } from './plan-configs.ts';

/** Limits of one run of the owner's code. */
export interface SandboxLimits {
  /** 1 to 60,000. Default 5,000. */
  readonly timeoutMs?: number;
  /** Memory of the interpreter. Default 64 MiB. */
  readonly memoryBytes?: number;
}

/** One run of the owner's code: calls `main` with the inputs by name. */
export interface CodeRequest {
  readonly runtime: CodeConfig['runtime'];
  readonly source: string;
  readonly inputs: JsonObject;
  readonly limits?: SandboxLimits;
}

/**
 * Runs the owner's code and templates in WebAssembly interpreters: no network, no storage, no clock beyond the time of day, with limits.
 * Interpreters are loaded when they are first needed.
 */
export interface Sandbox {
  /**
   * Gives what `main` returned.
   * @throws UnderstudyError `sandbox/failed` (the code threw; facts: `error`, `line`), `sandbox/timeout`, `sandbox/out-of-memory`,
   *   `sandbox/unsupported` (a module that the interpreter lacks), `sandbox/unavailable` (the interpreter cannot be loaded);
   *   the signal's reason when aborted.
   */
  runCode(request: CodeRequest, options?: { readonly signal?: AbortSignal }): Promise<Json>;
  /**
   * Renders a Jinja template as Jinja2 does with default settings: unknown variables are empty, nothing is escaped.
   * @throws UnderstudyError `sandbox/template-failed`.
   */
  renderTemplate(source: string, values: JsonObject): Promise<string>;
}
