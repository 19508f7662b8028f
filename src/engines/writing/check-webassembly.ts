import { UnderstudyError } from '../../contracts/errors.ts';

/** The smallest module: magic and version. */
const EMPTY_MODULE: Uint8Array<ArrayBuffer> = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/** A function of type () → v128 that splats a constant; validates only where fixed-width SIMD exists. */
const SIMD_MODULE: Uint8Array<ArrayBuffer> = Uint8Array.of(
  ...EMPTY_MODULE,
  ...[1, 5, 1, 96, 0, 1, 123], // types: one function to v128
  ...[3, 2, 1, 0], // functions: one of type 0
  ...[10, 8, 1, 6, 0, 65, 0, 253, 15, 11], // code: i32.const 0, i8x16.splat, end
);

/**
 * Checks that WebAssembly with SIMD may run here, before anything is downloaded for it.
 * @throws UnderstudyError `engine/unsupported` without WebAssembly or SIMD, `engine/blocked` when the page's policy forbids it.
 */
export function checkWebAssembly(): void {
  if (typeof WebAssembly === 'undefined') {
    throw new UnderstudyError('engine/unsupported', 'This browser has no WebAssembly.');
  }
  try {
    new WebAssembly.Module(EMPTY_MODULE);
  } catch (cause) {
    throw new UnderstudyError('engine/blocked', 'WebAssembly may not be compiled here.', { cause });
  }
  if (!WebAssembly.validate(SIMD_MODULE)) {
    throw new UnderstudyError('engine/unsupported', 'The WebAssembly of this browser has no SIMD.');
  }
}
