import variant from '@jitl/quickjs-wasmfile-release-sync';
import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten-core';
import { Scope, newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten-core';
import { UnderstudyError } from '../../contracts/errors.ts';
import { isRecord } from '../../contracts/json.ts';
import type { JsonObject } from '../../contracts/json.ts';

/** The stack of the host bounds that of the interpreter. */
const STACK_BYTES = 512 * 1024;
const FILE_NAME = 'code.js';

/** What a server of Node.js has and the page has not. */
const MISSING =
  /'(require|process|Buffer|fetch|setTimeout|setInterval|URL|URLSearchParams|TextEncoder|TextDecoder|crypto|XMLHttpRequest|Intl)' is not defined/;

/**
 * Wraps `main` before the owner's code runs, so that nothing it changes changes how values pass: gives a function of JSON text.
 * Promises are settled by the jobs that run after it.
 */
const HARNESS = `(() => {
  'use strict';
  const { parse, stringify } = JSON;
  const state = { result: undefined, error: undefined, isDone: false };
  const { then } = Promise.prototype;
  const { apply } = Reflect;
  const silent = () => undefined;
  globalThis.console = { log: silent, info: silent, warn: silent, error: silent, debug: silent };
  const finish = (value) => { state.result = stringify(value); state.isDone = true; };
  return {
    call(main, text) {
      if (typeof main !== 'function') throw new ReferenceError("'main' is not defined");
      const value = main(parse(text));
      if (value instanceof Promise) apply(then, value, [finish, (error) => { state.error = error; state.isDone = true; }]);
      else finish(value);
    },
    result: () => { if (state.error !== undefined) throw state.error; return state.isDone ? state.result : null; },
    isDone: () => state.isDone,
  };
})()`;

/** What QuickJS runs. */
export interface QuickJsRun {
  readonly source: string;
  readonly inputs: JsonObject;
  readonly timeoutMs: number;
  readonly memoryBytes: number;
}

/**
 * Calls `main` of a source in a fresh interpreter, with the inputs as one object, and gives what it returns, or what its promise is
 * fulfilled with, as JSON text. It stops itself; but for single operations that take very long, such as filling an array of millions.
 * @throws UnderstudyError `sandbox/failed`, `sandbox/timeout`, `sandbox/out-of-memory`, `sandbox/unsupported`, `sandbox/unavailable`.
 */
export async function runQuickJs(
  program: WebAssembly.Module,
  { source, inputs, timeoutMs, memoryBytes }: QuickJsRun,
): Promise<string> {
  const module = await startModule(program);
  const runtime = module.newRuntime({ memoryLimitBytes: memoryBytes, maxStackSizeBytes: STACK_BYTES });
  const deadline = Date.now() + timeoutMs;
  const late: true[] = [];
  runtime.setInterruptHandler(() => {
    if (Date.now() > deadline) late.push(true);
    return late.length > 0;
  });
  // Nothing is disposed but what a run holds: the memory goes with the module.
  const context = runtime.newContext();
  try {
    return runIn(context, source, inputs);
  } catch (error) {
    if (late.length > 0)
      throw new UnderstudyError('sandbox/timeout', `The code ran longer than ${timeoutMs} ms.`, {
        facts: { timeoutMs },
      });
    throw explain(error);
  }
}

async function startModule(wasmModule: WebAssembly.Module): Promise<QuickJSWASMModule> {
  try {
    return await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule }));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnderstudyError('sandbox/unavailable', `QuickJS could not be started (${reason}).`, { cause });
  }
}

/** What the owner's code threw. */
class Thrown extends Error {
  readonly words: string;
  readonly line: number;
  constructor(words: string, line: number) {
    super(words);
    this.words = words;
    this.line = line;
  }
}

function runIn(context: QuickJSContext, source: string, inputs: JsonObject): string {
  return Scope.withScope((scope) => {
    const unwrap = (outcome: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle => {
      if (outcome.error === undefined) return scope.manage(outcome.value);
      const thrown: unknown = context.dump(scope.manage(outcome.error));
      throw toThrown(thrown);
    };
    const harness = unwrap(context.evalCode(HARNESS, 'harness.js'));
    const part = (name: string): QuickJSHandle => scope.manage(context.getProp(harness, name));
    unwrap(context.evalCode(source, FILE_NAME));
    // `const main = …` is no property of the global object: only code of the same script sees it.
    const main = unwrap(context.evalCode("typeof main === 'undefined' ? undefined : main", FILE_NAME));
    const text = scope.manage(context.newString(JSON.stringify(inputs)));
    unwrap(context.callFunction(part('call'), context.undefined, main, text));
    const jobs = context.runtime.executePendingJobs();
    if (jobs.error !== undefined) {
      const thrown: unknown = context.dump(scope.manage(jobs.error));
      throw toThrown(thrown);
    }
    const result = unwrap(context.callFunction(part('result'), context.undefined));
    if (context.typeof(result) !== 'string')
      throw new Thrown('main gave nothing that JSON can hold, or never ended', 0);
    return context.getString(result);
  });
}

function toThrown(thrown: unknown): Thrown {
  if (!isRecord(thrown)) return new Thrown(String(thrown), 0);
  const text = (name: string, otherwise: string): string => {
    const value = thrown[name];
    return typeof value === 'string' ? value : otherwise;
  };
  const line = /code\.js:(\d+)/.exec(text('stack', ''))?.[1];
  return new Thrown(`${text('name', 'Error')}: ${text('message', '')}`, Number(line ?? 0));
}

function explain(error: unknown): UnderstudyError {
  if (error instanceof UnderstudyError) return error;
  const words = error instanceof Thrown ? error.words : String(error);
  const facts = { error: words, line: error instanceof Thrown ? error.line : 0 };
  if (/out of memory/i.test(words))
    return new UnderstudyError('sandbox/out-of-memory', 'The code used more memory than it may.', { facts });
  if (MISSING.test(words))
    return new UnderstudyError('sandbox/unsupported', `JavaScript asks for what the page lacks (${words}).`, {
      facts,
    });
  return new UnderstudyError('sandbox/failed', `JavaScript failed in line ${facts.line}: ${words}.`, {
    facts,
  });
}
