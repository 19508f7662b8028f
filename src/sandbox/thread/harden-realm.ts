/** Names of the global scope that interpreters use while they run; all others go. */
const KEPT = new Set(
  (
    'Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error ' +
    'AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError globalThis JSON Math ' +
    'Intl ArrayBuffer SharedArrayBuffer Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array ' +
    'Float16Array Float32Array Float64Array Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set ' +
    'Iterator WeakMap WeakSet WeakRef FinalizationRegistry Proxy Reflect decodeURI decodeURIComponent encodeURI ' +
    'encodeURIComponent escape unescape isFinite isNaN WebAssembly TextDecoder TextEncoder performance crypto console ' +
    'setTimeout clearTimeout setInterval clearInterval queueMicrotask AbortController AbortSignal DOMException ' +
    'structuredClone onmessage onmessageerror'
  ).split(' '),
);

/** Makers of code from text, which functions carry as `constructor`. */
const MAKERS = [
  Object.getPrototypeOf(() => undefined),
  Object.getPrototypeOf(async () => Promise.resolve()),
  Object.getPrototypeOf(function* () {
    // Only its prototype is wanted.
  }),
  Object.getPrototypeOf(async function* () {
    // Only its prototype is wanted.
  }),
] satisfies readonly unknown[];

/**
 * Takes network, storage, workers, messages and code from text away from the thread that calls it, for good.
 *
 * The interpreters give the owner's code no way into JavaScript; should one be found, this is what lies behind it: a room without doors.
 */
export function hardenRealm(): void {
  for (
    let scope: unknown = globalThis;
    isObject(scope) && scope !== Object.prototype;
    scope = Object.getPrototypeOf(scope)
  ) {
    for (const name of Reflect.ownKeys(scope)) {
      if (typeof name === 'symbol' || KEPT.has(name) || name === 'constructor') continue;
      Reflect.deleteProperty(scope, name);
      if (name in globalThis)
        Reflect.defineProperty(scope, name, { value: undefined, configurable: false, writable: false });
    }
  }
  for (const maker of MAKERS) {
    if (isObject(maker))
      Reflect.defineProperty(maker, 'constructor', {
        value: undefined,
        configurable: false,
        writable: false,
      });
  }
  Reflect.defineProperty(globalThis, 'Function', { value: undefined, configurable: false, writable: false });
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' || typeof value === 'function') && value !== null;
}
