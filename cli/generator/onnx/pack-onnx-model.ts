import { basename, join } from 'node:path';
import type { JsonObject } from '../../../src/contracts/json.ts';
import type { DerivedFile } from '../derive-onnx.ts';
import { checkGraph } from './check-graph.ts';
import { inlineWeights } from './inline-weights.ts';
import { invalidOnnx, quoted } from './invalid-onnx.ts';
import {
  isDataFileName,
  MAX_CONFIG_BYTES,
  MAX_ONNX_BYTES,
  MAX_TOKENIZER_BYTES,
  modelFolderOf,
  neededModelFile,
  ONNX_FOLDER,
  parseModelJson,
  readModelFile,
} from './model-folder.ts';
import type { DecoderConfig } from '../decoder-config.ts';
import { writeModelConfig } from '../decoder-config.ts';
import { readPublishedConfig } from './published-config.ts';
import {
  endTokensOf,
  publishedTokenizerConfig,
  readPublishedTokenizer,
  tokenIdOf,
} from './published-tokenizer.ts';
import type { OnnxHeader } from './read-onnx.ts';
import { readOnnx } from './read-onnx.ts';

/**
 * Makes the files of a bundle from a model as it is published for Transformers.js: the graph as it is, with weights that lie beside it put
 * in, and of the configurations what the engine reads.
 * @param onnxFile - Path of its ONNX file; the rest lies around it.
 * @throws UnderstudyError `cli/model-invalid`.
 */
export function packOnnxModel(onnxFile: string): DerivedFile[] {
  const folder = modelFolderOf(onnxFile);
  const json = (name: string, maxBytes = MAX_CONFIG_BYTES): Readonly<Record<string, unknown>> =>
    parseModelJson(folder, name, neededModelFile(folder, name, maxBytes));
  // The small files first: what is no model is told before a gigabyte is read.
  const publishedConfig = json('config.json');
  const config = readPublishedConfig(publishedConfig, join(folder, 'config.json'));
  const tokenizer = readPublishedTokenizer(
    json('tokenizer.json', MAX_TOKENIZER_BYTES),
    config,
    join(folder, 'tokenizer.json'),
  );
  const tokenizerConfig = json('tokenizer_config.json');
  const generationBytes = readModelFile(folder, 'generation_config.json', MAX_CONFIG_BYTES);
  const generation =
    generationBytes === null ? {} : parseModelJson(folder, 'generation_config.json', generationBytes);
  const template = readModelFile(folder, 'chat_template.jinja', MAX_CONFIG_BYTES);
  const writtenTokenizerConfig = publishedTokenizerConfig(
    tokenizerConfig,
    template === null ? null : new TextDecoder().decode(template),
    config,
    join(folder, 'tokenizer_config.json'),
  );
  const ends = endTokensOf(publishedConfig, generation, tokenizerConfig, tokenizer, config);
  if (ends.length === 0)
    throw invalidOnnx(join(folder, 'config.json'), 'names no token that ends an answer (eos_token_id)');
  const bytes = neededModelFile(folder, `${ONNX_FOLDER}/${basename(onnxFile)}`, MAX_ONNX_BYTES);
  const header = readOnnx(bytes, onnxFile);
  checkGraph(header, config, onnxFile);
  const begin = tokenIdOf(publishedConfig['bos_token_id'], config);
  return [
    {
      name: 'model.onnx',
      role: 'model',
      mediaType: 'application/octet-stream',
      bytes: withWeights(bytes, header, folder, onnxFile),
    },
    jsonFile('tokenizer.json', 'tokenizer', tokenizer.json),
    jsonFile('tokenizer-config.json', 'tokenizer', writtenTokenizerConfig),
    jsonFile('model-config.json', 'model-config', writeModelConfig(config, header.hasHalves)),
    jsonFile('generation-config.json', 'model-config', generationConfig(generation, config, begin, ends)),
  ];
}

/**
 * Names of the files with weights that a model asks for, once it is known that they lie beside it.
 * @throws UnderstudyError `cli/model-invalid` for names that lead elsewhere.
 */
export function dataFilesOf({ dataFiles }: OnnxHeader, onnxFile: string): readonly string[] {
  const strange = dataFiles.find((name) => !isDataFileName(name));
  if (strange !== undefined)
    throw invalidOnnx(
      onnxFile,
      `looks for weights in ${quoted(strange)}; such files lie beside it and are called like model.onnx_data`,
    );
  return dataFiles;
}

function withWeights(
  model: Uint8Array<ArrayBuffer>,
  header: OnnxHeader,
  folder: string,
  onnxFile: string,
): Uint8Array<ArrayBuffer> {
  const names = dataFilesOf(header, onnxFile);
  if (names.length === 0) return model;
  let left = MAX_ONNX_BYTES - model.length;
  const dataFiles = new Map<string, Uint8Array>();
  for (const name of names) {
    const bytes = neededModelFile(folder, `${ONNX_FOLDER}/${name}`, left);
    left -= bytes.length;
    dataFiles.set(name, bytes);
  }
  return inlineWeights(model, dataFiles, MAX_ONNX_BYTES, onnxFile);
}

/** How the model samples is the product's to say: of what was published, only what begins, ends and pads is kept. */
function generationConfig(
  generation: Readonly<Record<string, unknown>>,
  config: DecoderConfig,
  begin: number | null,
  ends: readonly number[],
): JsonObject {
  const [first = 0] = ends;
  return {
    bos_token_id: tokenIdOf(generation['bos_token_id'], config) ?? begin,
    eos_token_id: ends,
    pad_token_id: tokenIdOf(generation['pad_token_id'], config) ?? first,
    do_sample: false,
  };
}

function jsonFile(name: string, role: DerivedFile['role'], value: JsonObject): DerivedFile {
  const bytes = new Uint8Array(new TextEncoder().encode(JSON.stringify(value)));
  return { name, role, mediaType: 'application/json', bytes };
}
