// What is used of Transformers.js, name by name: a bundler leaves out the rest only then.
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
