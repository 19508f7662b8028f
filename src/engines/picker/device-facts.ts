import type { JsonObject } from '../../contracts/json.ts';
import { isRecord } from '../../contracts/json.ts';

/** What a candidate may need of a device. */
export const DEVICE_NEEDS = [
  'webassembly',
  'simd',
  'cross-origin-isolated',
  'webgpu',
  'language-model',
] as const;

/** One of {@link DEVICE_NEEDS}. */
export type DeviceNeed = (typeof DEVICE_NEEDS)[number];

/** What was found out about this device and page, without loading anything. */
export interface DeviceFacts {
  /** `blocked` when the page's policy forbids to compile. */
  readonly webAssembly: 'allowed' | 'blocked' | 'absent';
  readonly hasSimd: boolean;
  readonly hasRelaxedSimd: boolean;
  /** Whether memory may be shared with threads. */
  readonly isCrossOriginIsolated: boolean;
  /** Logical processors, 1 or more. */
  readonly cores: number;
  /** Memory of the device as the browser tells it, rounded and at most 8 GB in Chromium; null where it is not told. */
  readonly memoryGb: number | null;
  /** Whether the interface exists; whether an adapter answers is found when an engine asks for one. */
  readonly hasWebGpu: boolean;
  /** Whether the browser brings a language model of its own. */
  readonly hasLanguageModel: boolean;
}

const EMPTY = [0, 97, 115, 109, 1, 0, 0, 0];
/** One function () → v128. */
const VECTOR_FUNCTION = [...EMPTY, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0];
/** i32.const 0, i8x16.splat. */
const SIMD = [...VECTOR_FUNCTION, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11];
/** Twice i32.const 0 and i8x16.splat, then i8x16.relaxed_swizzle (0xfd 0x100). */
const RELAXED_SIMD = [
  ...VECTOR_FUNCTION,
  ...[10, 15, 1, 13, 0, 65, 0, 253, 15, 65, 0, 253, 15, 253, 128, 2, 11],
];

/** Looks at the realm it runs in. */
export function probeDevice(realm: object = globalThis): DeviceFacts {
  const navigator: unknown = Reflect.get(realm, 'navigator');
  const told = (name: string): unknown => (isRecord(navigator) ? navigator[name] : undefined);
  const cores = told('hardwareConcurrency');
  const memory = told('deviceMemory');
  const webAssembly = probeWebAssembly(realm);
  const runs = (bytes: readonly number[]): boolean =>
    webAssembly === 'allowed' && WebAssembly.validate(Uint8Array.from(bytes));
  return {
    webAssembly,
    hasSimd: runs(SIMD),
    hasRelaxedSimd: runs(RELAXED_SIMD),
    isCrossOriginIsolated: Reflect.get(realm, 'crossOriginIsolated') === true,
    cores: typeof cores === 'number' && cores >= 1 ? cores : 1,
    memoryGb: typeof memory === 'number' ? memory : null,
    hasWebGpu: told('gpu') != null,
    hasLanguageModel: Reflect.get(realm, 'LanguageModel') !== undefined,
  };
}

/** The facts as diagnostics tell them. */
export function describeDevice(facts: DeviceFacts): JsonObject {
  return { ...facts };
}

/** Why the device lacks what is needed; null when it does not. */
export function lackOf(facts: DeviceFacts, need: DeviceNeed): string | null {
  switch (need) {
    case 'webassembly':
      return facts.webAssembly === 'allowed' ? null : `WebAssembly is ${facts.webAssembly}`;
    case 'simd':
      return facts.hasSimd ? null : 'WebAssembly has no SIMD';
    case 'cross-origin-isolated':
      return facts.isCrossOriginIsolated ? null : 'the page is not cross-origin isolated';
    case 'webgpu':
      return facts.hasWebGpu ? null : 'there is no WebGPU';
    case 'language-model':
      return facts.hasLanguageModel ? null : 'the browser brings no language model';
  }
}

function probeWebAssembly(realm: object): DeviceFacts['webAssembly'] {
  if (Reflect.get(realm, 'WebAssembly') === undefined) return 'absent';
  try {
    new WebAssembly.Module(Uint8Array.from(EMPTY));
    return 'allowed';
  } catch {
    // A policy without 'wasm-unsafe-eval' refuses with a CompileError.
    return 'blocked';
  }
}
