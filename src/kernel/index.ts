/** The kernel by itself, for developers: `import { loadKernelModel } from 'understudy/kernel'`. */
export type { InferenceOptions, InferenceResult } from './inference.ts';
export type { LoadKernelOptions, LoadedKernelModel } from './load-kernel-model.ts';
export { loadKernelModel } from './load-kernel-model.ts';
