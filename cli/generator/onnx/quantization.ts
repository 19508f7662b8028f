/**
 * What WebAssembly runs, the best first: in eight bits it multiplies integers; four bits are unpacked anew for each token, five times slower.
 */
export const PREFERRED_QUANTIZATIONS = ['q8', 'int8', 'uint8', 'fp32', 'fp16'] as const;

/** Files that Transformers.js calls by another name than their own. */
const ENDINGS: ReadonlyMap<string, string> = new Map([
  ['fp32', ''],
  ['q8', '_quantized'],
]);
/** How a decoder with its cache is called, and how it was called before version 3 of Transformers.js. */
const STEMS = ['model', 'decoder_model_merged'] as const;
const MODEL_FILE = /^(?:model|decoder_model_merged)(?:_([a-z0-9_]{1,20}))?\.onnx$/;

/** Names that the file of a quantization may have, the usual one first: `model_quantized.onnx` for `q8`. */
export function onnxFileNames(quantization: string): readonly string[] {
  return STEMS.map((stem) => `${stem}${ENDINGS.get(quantization) ?? `_${quantization}`}.onnx`);
}

/** How a file of that name is quantized; null for files that are no whole decoder. */
export function quantizationOf(fileName: string): string | null {
  const match = MODEL_FILE.exec(fileName);
  if (match === null) return null;
  const ending = match[1] === undefined ? '' : `_${match[1]}`;
  return [...ENDINGS].find(([, known]) => known === ending)?.[0] ?? ending.slice(1);
}
