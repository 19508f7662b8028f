/** A value that passes between Python and a host function. */
export type HostValue = string | number | boolean | null;

/** A function of the host that Python may call; it must not throw. */
export type HostFunction = (...values: readonly HostValue[]) => HostValue;

/** Kinds of values as MicroPython's `proxy_c.c` and `proxy_js.js` number them. */
const FROM_PYTHON = { raised: -1, none: 1, boolean: 2, integer: 3, float: 4, text: 5 } as const;
const TO_PYTHON = { null: 1, boolean: 2, integer: 3, float: 4, text: 5, object: 7 } as const;
/** The host module is reference 2 (0 and 1 are taken: the global object and undefined, neither of which exists here); functions follow. */
const MODULE_REFERENCE = 2;
const VALUE_BYTES = 12;
/** Separates the class of an exception from its traceback. */
const SEPARATOR = '\u0004';

/** What the bridge needs of the interpreter. */
export interface ValueBridgeOptions {
  readonly memory: () => WebAssembly.Memory;
  readonly allocate: (bytes: number) => number;
  readonly functions: { readonly [name: string]: HostFunction };
}

/** Moves values in and out of an interpreter's memory. */
export interface ValueBridge {
  /** The functions through which MicroPython reaches objects of JavaScript: here a table of functions, and no objects. */
  readonly imports: Record<string, (...values: never[]) => unknown>;
  writeText(text: string): { readonly at: number; readonly bytes: number };
  /** Writes a reference to the host module. */
  writeModule(at: number): void;
  /** What was raised, when the value says so. */
  readRaised(at: number): { readonly type: string; readonly traceback: string } | null;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Makes the bridge of one interpreter. */
export function createValueBridge({ memory, allocate, functions }: ValueBridgeOptions): ValueBridge {
  const names = Object.keys(functions);
  const view = (): DataView => new DataView(memory().buffer);
  const bytesAt = (at: number, length: number): Uint8Array => new Uint8Array(memory().buffer, at, length);

  const writeText = (text: string): { at: number; bytes: number } => {
    const bytes = encoder.encode(text);
    const at = allocate(bytes.length + 1);
    bytesAt(at, bytes.length + 1).set(bytes);
    view().setUint8(at + bytes.length, 0);
    return { at, bytes: bytes.length };
  };
  const readText = (at: number, length: number): string => decoder.decode(bytesAt(at, length));
  const readName = (at: number): string => {
    const all = new Uint8Array(memory().buffer);
    return readText(at, all.indexOf(0, at) - at);
  };

  const read = (at: number): HostValue => {
    const cells = view();
    switch (cells.getInt32(at, true)) {
      case FROM_PYTHON.boolean:
        return cells.getInt32(at + 4, true) !== 0;
      case FROM_PYTHON.integer:
        return cells.getInt32(at + 4, true);
      case FROM_PYTHON.float:
        return cells.getFloat64(at + 4, true);
      case FROM_PYTHON.text:
        return readText(cells.getUint32(at + 8, true), cells.getUint32(at + 4, true));
      default:
        // None; everything else of Python's stays in Python.
        return null;
    }
  };
  const write = (at: number, value: HostValue): void => {
    const text = typeof value === 'string' ? writeText(value) : null;
    const cells = view();
    if (text !== null) {
      cells.setInt32(at, TO_PYTHON.text, true);
      cells.setUint32(at + 4, text.bytes, true);
      cells.setUint32(at + 8, text.at, true);
    } else if (typeof value === 'boolean') {
      cells.setInt32(at, TO_PYTHON.boolean, true);
      cells.setInt32(at + 4, value ? 1 : 0, true);
    } else if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 30) {
      cells.setInt32(at, TO_PYTHON.integer, true);
      cells.setInt32(at + 4, value, true);
    } else if (typeof value === 'number') {
      cells.setInt32(at, TO_PYTHON.float, true);
      cells.setFloat64(at + 4, value, true);
    } else cells.setInt32(at, TO_PYTHON.null, true);
  };
  const writeReference = (at: number, reference: number): void => {
    view().setInt32(at, TO_PYTHON.object, true);
    view().setInt32(at + 4, reference, true);
  };
  const call = (reference: number, values: readonly HostValue[], out: number): number => {
    const host = functions[names[reference - MODULE_REFERENCE - 1] ?? ''];
    write(out, host === undefined ? null : host(...values));
    return 0;
  };
  const listAt = (at: number, count: number): HostValue[] =>
    Array.from({ length: count }, (_, index) => read(at + index * VALUE_BYTES));
  const hasName = (reference: number, at: number): number =>
    reference === MODULE_REFERENCE ? names.indexOf(readName(at)) : -1;

  return {
    writeText,
    writeModule: (at) => writeReference(at, MODULE_REFERENCE),
    readRaised(at) {
      const cells = view();
      if (cells.getInt32(at, true) !== FROM_PYTHON.raised) return null;
      const text = readText(cells.getUint32(at + 8, true), cells.getUint32(at + 4, true));
      const [type = '', traceback = ''] = text.split(SEPARATOR);
      return { type, traceback };
    },
    imports: {
      lookup_attr: (reference: number, name: number, out: number) => {
        const index = hasName(reference, name);
        if (index < 0) return 0;
        writeReference(out, MODULE_REFERENCE + 1 + index);
        return 1;
      },
      has_attr: (reference: number, name: number) => (hasName(reference, name) < 0 ? 0 : 1),
      call0: (reference: number, out: number) => call(reference, [], out),
      call1: (reference: number, _via: number, first: number, out: number) =>
        call(reference, [read(first)], out),
      call2: (reference: number, _via: number, first: number, second: number, out: number) =>
        call(reference, [read(first), read(second)], out),
      calln: (reference: number, _via: number, count: number, at: number, out: number) =>
        call(reference, listAt(at, count), out),
      js_check_existing: () => -1,
      proxy_js_free_obj: () => undefined,
    },
  };
}
