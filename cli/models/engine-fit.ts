import type { CatalogueModel, ModelFormat } from '../../src/contracts/model-catalogue.ts';
import { ARCHITECTURES } from '../../src/kernel/model/model-shape.ts';
import { estimateWeights } from './estimate-figures.ts';
import { known } from './load-catalogue.ts';

export const ENGINES = ['kernel', 'transformers', 'wllama', 'webllm', 'prompt-api'] as const;
/** An engine of the product, in the order in which one is preferred. */
export type EngineName = (typeof ENGINES)[number];

/** Rows of these take whole blocks of 32, which all published widths are a multiple of. */
const SMALL_BLOCKS = new Set(['F32', 'F16', 'BF16', 'Q8_0', 'Q4_0', 'Q5_0']);
/** Rows of these take blocks of 256; where the width is no multiple, files hold Q5_1 in place of Q5_K, which is not read. */
const LARGE_BLOCKS = new Set(['Q5_K_S', 'Q5_K_M']);
/** As above, but what stands in is Q5_0 or Q8_0, which are read. */
const MIXED_BLOCKS = new Set(['Q4_K_S', 'Q4_K_M', 'Q6_K']);
const LARGE_BLOCK_VALUES = 256;
/** More than this does not fit the memory wllama addresses in one file. */
const WLLAMA_MAX_BYTES = 2 * 2 ** 30;

/** Names the engines that run this form of a model, as far as the catalogue tells; a file is told better by its header. */
export function enginesOf(model: CatalogueModel, format: ModelFormat): readonly EngineName[] {
  switch (format.kind) {
    case 'gguf': {
      const engines: EngineName[] = [];
      if (isRunByKernel(model, format)) engines.push('kernel');
      const weights = estimateWeights(model, format);
      if (weights === null || weights.bytes <= WLLAMA_MAX_BYTES) engines.push('wllama');
      return engines;
    }
    case 'onnx':
      return ['transformers'];
    case 'mlc':
      return ['webllm'];
    case 'built-in':
      return ['prompt-api'];
  }
}

/** Of repositories whose files are not listed it is asked that they hold one in Q8_0, F16 or Q4_0, as nearly all do. */
function isRunByKernel(model: CatalogueModel, format: ModelFormat): boolean {
  const architecture = known(model.architecture);
  if (!ARCHITECTURES.some((name) => name === architecture)) return false;
  const quantization = known(format.quantization);
  if (quantization === null || SMALL_BLOCKS.has(quantization) || MIXED_BLOCKS.has(quantization)) return true;
  const width = known(model.width);
  return LARGE_BLOCKS.has(quantization) && width !== null && width % LARGE_BLOCK_VALUES === 0;
}
