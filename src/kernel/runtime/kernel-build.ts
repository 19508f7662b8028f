/** A build of the kernel: one instruction set, with or without shared memory. */
export type KernelBuild = 'plain' | 'relaxed' | 'plain-shared' | 'relaxed-shared';

/** Smallest module with one function of the given body that returns a v128 or nothing. */
function probe(...body: number[]): Uint8Array<ArrayBuffer> {
  // Magic and version; type () -> (); one function of that type; its code, which drops what it computes.
  const code = [0, ...body, 0x1a, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
    ...[0x03, 0x02, 0x01, 0x00],
    ...[0x0a, code.length + 2, 0x01, code.length, ...code],
  ]);
}

const SPLAT_ZERO = [0x41, 0x00, 0xfd, 0x0f];
/** `i8x16.splat (i32.const 0)` */
const SIMD = probe(...SPLAT_ZERO);
/** `i16x8.relaxed_dot_i8x16_i7x16_s` of two zero vectors; opcode 0x112 as LEB128. */
const RELAXED = probe(...SPLAT_ZERO, ...SPLAT_ZERO, 0xfd, 0x92, 0x02);

/** What this realm's WebAssembly can do. */
export interface KernelSupport {
  readonly simd: boolean;
  readonly relaxed: boolean;
  /** Shared memory can be made and sent: the page is cross-origin isolated. */
  readonly shared: boolean;
}

/** Finds out by validating tiny modules; compiles nothing, so a policy that forbids WebAssembly does not matter here. */
export function kernelSupport(): KernelSupport {
  if (typeof WebAssembly === 'undefined') return { simd: false, relaxed: false, shared: false };
  // Node.js has no such variable, and shares memory freely.
  const isIsolated: unknown = Reflect.get(globalThis, 'crossOriginIsolated');
  return {
    simd: WebAssembly.validate(SIMD),
    relaxed: WebAssembly.validate(RELAXED),
    shared: typeof SharedArrayBuffer !== 'undefined' && isIsolated !== false,
  };
}

/**
 * Chooses the fastest build; null where SIMD is missing and the kernel cannot run.
 *
 * @param threads - Threads wanted; more than 1 asks for shared memory.
 */
export function chooseBuild(support: KernelSupport, threads: number): KernelBuild | null {
  if (!support.simd) return null;
  const isShared = threads > 1 && support.shared;
  if (support.relaxed) return isShared ? 'relaxed-shared' : 'relaxed';
  return isShared ? 'plain-shared' : 'plain';
}

/** File name of a build. */
export const kernelFile = (build: KernelBuild): string => `understudy-kernel-${build}.wasm`;
