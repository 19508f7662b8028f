import type { Encoder } from '../../contracts/encoder.ts';
import { UnderstudyError } from '../../contracts/errors.ts';
import type { ModelSource } from '../../kernel/model/kernel-model.ts';
import { openModel } from '../../kernel/model/kernel-model.ts';
import { kernelFile } from '../../kernel/runtime/kernel-build.ts';
import { frameWithin } from '../../kernel/tokenizer/frame-within.ts';
import { checkWebAssembly } from '../writing/check-webassembly.ts';

/** Options of {@link loadKernelEncoder}. */
export interface KernelEncoderOptions {
  /** Opens the model, packed or as published. */
  readonly openModel: (signal: AbortSignal) => Promise<ModelSource>;
  /** Reads a file of the kernel (`understudy-kernel-….wasm`). */
  readonly readKernel: (file: string, signal: AbortSignal) => Promise<BufferSource>;
  readonly signal: AbortSignal;
}

/** Texts longer than this, in UTF-16 units, are cut before they are taken apart into tokens. */
const MAX_TEXT_LENGTH = 2000;

/**
 * Loads an encoder of the architecture `bert` on our own kernel. It works on one thread: texts are short.
 * @throws UnderstudyError `engine/unsupported`, `engine/model-invalid`, `engine/out-of-memory`; the signal's reason when aborted.
 */
export async function loadKernelEncoder(options: KernelEncoderOptions): Promise<Encoder> {
  const { signal, readKernel } = options;
  checkWebAssembly();
  const model = await openModel({
    source: await options.openModel(signal),
    compile: async (build) => WebAssembly.compile(await readKernel(kernelFile(build), signal)),
    threads: 1,
    signal,
  });
  const { encoder, tokenizer } = model;
  if (encoder === null) {
    model.dispose();
    throw new UnderstudyError(
      'engine/model-invalid',
      'The encoder of the bundle is a model that writes text.',
    );
  }
  return {
    width: encoder.width,
    encode: (text) =>
      encoder.embed(frameWithin(tokenizer, text.slice(0, MAX_TEXT_LENGTH), encoder.contextTokens)),
    holdRows: async (rows) => {
      const held = await model.holdRows(rows, encoder.width);
      return (vector) => held.products(vector);
    },
    dispose: () => {
      model.dispose();
    },
  };
}
