import { UnderstudyError } from '../../contracts/errors.ts';

/** What is used of a `GPUDevice`. */
export interface GraphicsDevice {
  /** Settles when the device can no longer be used, whatever the reason. */
  readonly lost: Promise<unknown>;
  destroy(): void;
}

/** What is used of a `GPUAdapter` (https://www.w3.org/TR/webgpu/#gpuadapter). */
export interface GraphicsAdapter {
  readonly features: { has(name: string): boolean };
  /** Limits by their names in WebGPU; sizes in bytes. */
  readonly limits: object;
  requestDevice(descriptor: {
    readonly requiredFeatures: readonly string[];
    readonly requiredLimits: Readonly<Record<string, number>>;
  }): Promise<GraphicsDevice>;
}

/** What a model needs of a graphics device. */
export interface GraphicsNeeds {
  /** Bytes of the largest tensor as the runtime lays it out on the device. */
  readonly largestTensorBytes: number;
  /** Whether the file holds 16-bit floats. */
  readonly hasHalves: boolean;
}

/** Limits that the runtime is the faster for, or cannot do without; asked for as far as the adapter has them. */
const WANTED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
] as const;
const SIZE_LIMITS = ['maxBufferSize', 'maxStorageBufferBindingSize'] as const;
const HALVES = 'shader-f16';
const SUBGROUPS = 'subgroups';

function limitOf(adapter: GraphicsAdapter, name: string): number {
  const value: unknown = Reflect.get(adapter.limits, name);
  return typeof value === 'number' ? value : 0;
}

function isAdapter(value: unknown): value is GraphicsAdapter {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'requestDevice') === 'function' &&
    typeof Reflect.get(value, 'limits') === 'object' &&
    typeof Reflect.get(value, 'features') === 'object'
  );
}

/**
 * Asks the realm for a graphics adapter.
 * @param realm - The global object whose `navigator.gpu` is asked.
 * @throws UnderstudyError `engine/unsupported` without WebGPU or where no adapter answers.
 */
export async function findAdapter(realm: object = globalThis): Promise<GraphicsAdapter> {
  const navigator: unknown = Reflect.get(realm, 'navigator');
  const gpu: unknown =
    typeof navigator === 'object' && navigator !== null ? Reflect.get(navigator, 'gpu') : null;
  const request: unknown =
    typeof gpu === 'object' && gpu !== null ? Reflect.get(gpu, 'requestAdapter') : null;
  if (typeof request !== 'function') {
    throw new UnderstudyError('engine/unsupported', 'This browser has no WebGPU.', {
      facts: { reason: 'no-webgpu' },
    });
  }
  let cause: unknown;
  const adapter: unknown = await Promise.resolve(Reflect.apply(request, gpu, [])).catch((error: unknown) => {
    cause = error;
    return null;
  });
  if (isAdapter(adapter)) return adapter;
  throw new UnderstudyError('engine/unsupported', 'No graphics adapter answers to WebGPU.', {
    facts: { reason: 'no-adapter' },
    cause,
  });
}

/**
 * Checks before anything large is fetched that a model can run on an adapter.
 * @throws UnderstudyError `engine/unsupported` when a tensor is larger than a buffer may be, or the model has 16-bit floats
 *   and the adapter none.
 */
export function checkAdapter(adapter: GraphicsAdapter, needs: GraphicsNeeds): void {
  for (const limit of SIZE_LIMITS) {
    const limitBytes = limitOf(adapter, limit);
    if (needs.largestTensorBytes <= limitBytes) continue;
    throw new UnderstudyError(
      'engine/unsupported',
      `A tensor takes ${needs.largestTensorBytes} bytes; the graphics device allows ${limitBytes} (${limit}).`,
      { facts: { reason: 'tensor-too-large', limit, limitBytes, neededBytes: needs.largestTensorBytes } },
    );
  }
  if (needs.hasHalves && !adapter.features.has(HALVES)) {
    throw new UnderstudyError(
      'engine/unsupported',
      'The model holds 16-bit floats, which the graphics device cannot compute with.',
      { facts: { reason: 'no-16-bit-floats' } },
    );
  }
}

/**
 * Opens a device of its own, so that what one engine loses is lost to no other.
 * @throws UnderstudyError `engine/unsupported` when the adapter gives none.
 */
export async function openDevice(adapter: GraphicsAdapter): Promise<GraphicsDevice> {
  const limits = WANTED_LIMITS.map((name) => [name, limitOf(adapter, name)] as const);
  try {
    return await adapter.requestDevice({
      requiredFeatures: [HALVES, SUBGROUPS].filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(limits.filter(([, value]) => value > 0)),
    });
  } catch (cause) {
    const message = `The graphics adapter gives no device (${String(cause)}).`;
    throw new UnderstudyError('engine/unsupported', message, { facts: { reason: 'no-device' }, cause });
  }
}
