// The order matters: the runtime is claimed before Transformers.js is evaluated. Single names keep bundles small.
export { claimedOnnx as onnx } from './claimed-onnx.ts';
export {
  DynamicCache,
  env,
  InterruptableStoppingCriteria,
  LlamaForCausalLM,
  LogitsProcessor,
  LogitsProcessorList,
  PretrainedConfig,
  PreTrainedTokenizer,
  random,
  Tensor,
  TextStreamer,
} from '@huggingface/transformers';
