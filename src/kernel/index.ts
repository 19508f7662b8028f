/** The kernel by itself, for developers: `import { loadKernelModel } from 'understudy/kernel'`. */
export type { Json, JsonObject } from '../contracts/json.ts';
export type { InferenceOptions, InferenceResult } from './inference.ts';
export type { LoadKernelOptions, LoadedKernelModel } from './load-kernel-model.ts';
export { loadKernelModel } from './load-kernel-model.ts';
export type { ModelSource } from './model/kernel-model.ts';
export type { SamplingOptions } from './sampling/sampling-options.ts';
export type { EncodeOptions, SpecialTokens, Tokenizer } from './tokenizer/tokenizer.ts';
