import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { UnderstudyError } from '../../../src/contracts/errors.ts';
import { isRecord } from '../../../src/contracts/json.ts';
import { formatSize } from '../../terminal/format-size.ts';
import { invalidOnnx } from './invalid-onnx.ts';
import { onnxFileNames, PREFERRED_QUANTIZATIONS, quantizationOf } from './quantization.ts';

/** Longest model, with the weights beside it: Llama-3.2-1B in `q8` has 1.24 GB, and WebAssembly takes twice as much to start it. */
export const MAX_ONNX_BYTES: number = 1.25 * 2 ** 30;
/** Longest `tokenizer.json`. */
export const MAX_TOKENIZER_BYTES: number = 64 * 2 ** 20;
/** Longest configuration, and longest chat template. */
export const MAX_CONFIG_BYTES: number = 2 ** 20;

/** Folder of a model's ONNX files. */
export const ONNX_FOLDER = 'onnx';

/** Files of a model beside its ONNX files, and whether it has to have them. */
export const MODEL_FILES = [
  { name: 'config.json', isNeeded: true, maxBytes: MAX_CONFIG_BYTES },
  { name: 'tokenizer.json', isNeeded: true, maxBytes: MAX_TOKENIZER_BYTES },
  { name: 'tokenizer_config.json', isNeeded: true, maxBytes: MAX_CONFIG_BYTES },
  { name: 'generation_config.json', isNeeded: false, maxBytes: MAX_CONFIG_BYTES },
  { name: 'chat_template.jinja', isNeeded: false, maxBytes: MAX_CONFIG_BYTES },
] as const;

const LAYOUT =
  'a model for Transformers.js is a folder with config.json, tokenizer.json, tokenizer_config.json and onnx/model_quantized.onnx';

/**
 * Finds the ONNX file of a folder: the one that is asked for, else the one that WebAssembly runs best.
 * @param folder - Where the model lies, or any other path that was named for one.
 * @throws UnderstudyError `cli/not-found`, `cli/model-invalid` with what is there instead.
 */
export function findOnnxFile(folder: string, quantization: string | null): string {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new UnderstudyError('cli/not-found', `The model folder "${folder}" does not exist.`, {
      facts: { path: folder },
    });
  }
  if (!stats.isDirectory()) throw invalidOnnx(folder, `is an ONNX file alone: ${LAYOUT}; name that folder`);
  const inner = join(folder, ONNX_FOLDER);
  const names = existsSync(inner) && statSync(inner).isDirectory() ? readdirSync(inner) : [];
  const found = new Map<string, string>();
  for (const name of names.flatMap((file) => quantizationOf(file) ?? [])) {
    const file = onnxFileNames(name).find((candidate) => names.includes(candidate));
    if (file !== undefined) found.set(name, file);
  }
  if (found.size === 0) throw invalidOnnx(folder, `holds no onnx/model*.onnx: ${LAYOUT}`);
  const fits = (name: string): boolean => statSync(join(inner, found.get(name) ?? '')).size <= MAX_ONNX_BYTES;
  const suited = PREFERRED_QUANTIZATIONS.filter((name) => found.has(name));
  const chosen = quantization ?? suited.find(fits) ?? suited[0];
  const file = chosen === undefined ? undefined : found.get(chosen);
  if (file !== undefined) return join(inner, file);
  const there = [...found.keys()].sort().join(', ');
  throw invalidOnnx(
    folder,
    quantization === null
      ? `holds nothing that WebAssembly runs well; name one of ${there} behind a colon if you want it`
      : `holds no onnx/${onnxFileNames(quantization).join(', nor ')}; there are ${there}`,
  );
}

/** Folder of the model that an ONNX file belongs to. */
export const modelFolderOf = (onnxFile: string): string => dirname(dirname(resolve(onnxFile)));

/**
 * Reads a file of a model's folder; null when it is not there.
 * @param name - Below the folder.
 * @throws UnderstudyError `cli/model-invalid` for one that is too long, that is no file, or that a link leads out of the folder to.
 */
export function readModelFile(
  folder: string,
  name: string,
  maxBytes: number,
): Uint8Array<ArrayBuffer> | null {
  const path = join(folder, name);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  if (!stats.isFile()) throw invalidOnnx(path, 'is no file');
  // What lies elsewhere on this machine must not get into a bundle because a folder of strangers points there.
  if (!realpathSync(path).startsWith(`${realpathSync(folder)}${sep}`))
    throw invalidOnnx(path, 'is a link that leads out of the folder; copy the file there');
  if (stats.size > maxBytes) throw invalidOnnx(path, `is longer than ${formatSize(maxBytes)}`);
  return new Uint8Array(readFileSync(path));
}

/** As {@link readModelFile}, for a file that is needed. @throws UnderstudyError `cli/model-invalid` also when it is not there. */
export function neededModelFile(folder: string, name: string, maxBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = readModelFile(folder, name, maxBytes);
  if (bytes === null) throw invalidOnnx(folder, `holds no ${name}: ${LAYOUT}`);
  return bytes;
}

/** Reads a file of a model as a JSON object. @throws UnderstudyError `cli/model-invalid`. */
export function parseModelJson(
  folder: string,
  name: string,
  bytes: Uint8Array,
): Readonly<Record<string, unknown>> {
  const path = join(folder, name);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalidOnnx(path, 'is no valid JSON', cause);
  }
  if (!isRecord(value)) throw invalidOnnx(path, 'is no JSON object');
  return value;
}

/** A name of a file with weights beside a model: one that stays there, and says what it is. */
export const isDataFileName = (name: string): boolean =>
  name === basename(name) && /^\w[\w.-]{0,99}$/.test(name) && /[._]data/.test(name);
