import { UnderstudyError } from '../../contracts/errors.ts';
import { createValueBridge } from './value-bridge.ts';
import type { HostFunction } from './value-bridge.ts';

/** What Python raised. */
export class PythonRaised extends Error {
  override readonly name = 'PythonRaised';
  /** Name of the exception's class. */
  readonly type: string;
  /** As MicroPython prints it, the place last. */
  readonly traceback: string;

  constructor(type: string, traceback: string) {
    super(traceback);
    this.type = type;
    this.traceback = traceback;
  }
}

/** One interpreter with a memory of its own. */
export interface MicroPython {
  /**
   * Runs statements in the main module.
   * @throws PythonRaised what they raise; RangeError when the stack of the host is used up.
   */
  exec(source: string): void;
  /** Writes words into the memory, for tables of built-in types. */
  readonly words: () => Uint32Array;
  allocate(bytes: number): number;
}

/** What an interpreter is given. */
export interface MicroPythonOptions {
  /** Name of the module through which Python reaches `functions`. */
  readonly hostModule: string;
  readonly functions: { readonly [name: string]: HostFunction };
  /** Most memory of all kinds. */
  readonly memoryBytes: number;
}

interface MicroPythonExports {
  readonly memory: WebAssembly.Memory;
  readonly __indirect_function_table: WebAssembly.Table;
  __wasm_call_ctors(): void;
  emscripten_stack_init(): void;
  emscripten_stack_get_current(): number;
  _emscripten_stack_restore(at: number): void;
  setThrew(threw: number, value: number): void;
  malloc(bytes: number): number;
  free(at: number): void;
  mp_js_init(stackWords: number, heapBytes: number): void;
  proxy_c_init(): void;
  mp_js_register_js_module(name: number, value: number): void;
  mp_js_do_exec(source: number, length: number, out: number): void;
}

const FUNCTIONS = [
  '__wasm_call_ctors',
  'emscripten_stack_init',
  'emscripten_stack_get_current',
  '_emscripten_stack_restore',
  'setThrew',
  'malloc',
  'free',
  'mp_js_init',
  'proxy_c_init',
  'mp_js_register_js_module',
  'mp_js_do_exec',
] as const;

function isMicroPython(exports: object): exports is MicroPythonExports {
  return (
    Reflect.get(exports, 'memory') instanceof WebAssembly.Memory &&
    Reflect.get(exports, '__indirect_function_table') instanceof WebAssembly.Table &&
    FUNCTIONS.every((name) => typeof Reflect.get(exports, name) === 'function')
  );
}

/** Calls of the operating system, which are refused: Python sees an empty disk. */
const isSystemCall = (name: string): boolean => name.startsWith('__syscall') || name.startsWith('fd_');
const refuse = (): number => NO_ENTRY;

/** Ways to JavaScript that are not the host's module. */
function noBridge(): never {
  throw new UnderstudyError('sandbox/failed', 'Python reached for JavaScript.', {
    facts: { error: 'there is no JavaScript here', line: 0 },
  });
}

/** Python frames are kept here, not on the host's stack; words. */
const PYTHON_STACK_WORDS = 16 * 1024;
const FIRST_HEAP_BYTES = 1024 * 1024;
const WASM_PAGE_BYTES = 65_536;
/** Memory of the program itself: stack, constants, tables. */
const PROGRAM_BYTES = 2 * 1024 * 1024;
/** "No such file", as Emscripten numbers it. */
const NO_ENTRY = -44;

type Table = (...values: readonly number[]) => unknown;
const isCallable = (value: unknown): value is Table => typeof value === 'function';

/**
 * Starts an interpreter from a compiled program, without the JavaScript that comes with it: Python gets a clock, random numbers and the
 * given functions, and nothing else of the host. In particular its modules `js` and `jsffi` are empty.
 */
export async function startMicroPython(
  program: WebAssembly.Module,
  { hostModule, functions, memoryBytes }: MicroPythonOptions,
): Promise<MicroPython> {
  let self: MicroPythonExports | null = null;
  const own = (): MicroPythonExports => {
    if (self === null) throw new UnderstudyError('sandbox/unavailable', 'MicroPython was called too early.');
    return self;
  };
  const started = Date.now();
  const bridge = createValueBridge({
    memory: () => own().memory,
    allocate: (bytes) => own().malloc(bytes),
    functions,
  });
  /** C's setjmp: a longjmp comes as a thrown number, everything else is passed on and ends the interpreter. */
  const invoke = (index: number, ...values: readonly number[]): unknown => {
    const exports = own();
    const stack = exports.emscripten_stack_get_current();
    try {
      const callee: unknown = exports.__indirect_function_table.get(index);
      return isCallable(callee) ? callee(...values) : 0;
    } catch (error) {
      if (error !== Infinity) throw error;
      exports._emscripten_stack_restore(stack);
      exports.setThrew(1, 0);
      return 0;
    }
  };
  const grow = (wantedBytes: number): number => {
    const { memory } = own();
    const size = memory.buffer.byteLength;
    const most = memoryBytes + PROGRAM_BYTES;
    if (wantedBytes > most) return 0;
    const next = Math.min(most, Math.max(wantedBytes, size * 1.5));
    try {
      memory.grow(Math.ceil((next - size) / WASM_PAGE_BYTES));
      return 1;
    } catch {
      // RangeError: the device has no more.
      return 0;
    }
  };
  const environment: Record<string, (...values: never[]) => unknown> = {
    ...bridge.imports,
    mp_js_random_u32: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
    mp_js_ticks_ms: () => Date.now() - started,
    mp_js_time_ms: () => Date.now(),
    emscripten_resize_heap: (wantedBytes: number) => grow(wantedBytes >>> 0),
    _emscripten_throw_longjmp: () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- Emscripten's protocol for longjmp.
      throw Infinity;
    },
    _abort_js: () => {
      throw new UnderstudyError('sandbox/failed', 'MicroPython stopped.');
    },
    __syscall_getcwd: (at: number) => {
      new Uint8Array(own().memory.buffer).set([0x2f, 0], at);
      return 2;
    },
  };
  let words = new Uint32Array();
  const system: Record<string, (...values: never[]) => unknown> = {
    // Prints are dropped, however long they are. MicroPython writes them byte by byte: a view is made once, not ten million times.
    fd_write: (_file: number, pieces: number, count: number, writtenAt: number) => {
      const { buffer } = own().memory;
      if (words.buffer !== buffer) words = new Uint32Array(buffer);
      let written = 0;
      for (let piece = 0; piece < count; piece += 1) written += words[pieces / 4 + piece * 2 + 1] ?? 0;
      words[writtenAt / 4] = written;
      return 0;
    },
  };
  const imports: Record<string, Record<string, (...values: never[]) => unknown>> = {};
  for (const { module, name } of WebAssembly.Module.imports(program)) {
    const known = module === 'env' ? environment[name] : system[name];
    const absent = name.startsWith('invoke_') ? invoke : isSystemCall(name) ? refuse : noBridge;
    (imports[module] ??= {})[name] = known ?? absent;
  }
  const { exports } = await WebAssembly.instantiate(program, imports);
  if (!isMicroPython(exports))
    throw new UnderstudyError('sandbox/unavailable', 'The file micropython.wasm is of another release.');
  self = exports;
  exports.emscripten_stack_init();
  exports.__wasm_call_ctors();
  exports.mp_js_init(PYTHON_STACK_WORDS, Math.min(FIRST_HEAP_BYTES, memoryBytes));
  exports.proxy_c_init();
  const module = exports.malloc(12);
  bridge.writeModule(module);
  exports.mp_js_register_js_module(bridge.writeText(hostModule).at, module);
  return {
    exec(source) {
      const text = bridge.writeText(source);
      const out = exports.malloc(12);
      exports.mp_js_do_exec(text.at, text.bytes, out);
      const raised = bridge.readRaised(out);
      exports.free(text.at);
      exports.free(out);
      if (raised !== null) throw new PythonRaised(raised.type, raised.traceback);
    },
    words: () => new Uint32Array(exports.memory.buffer),
    allocate: (bytes) => exports.malloc(bytes),
  };
}
