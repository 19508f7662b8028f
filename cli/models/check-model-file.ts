import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ERROR_REMEDIES, isUnderstudyError, UnderstudyError } from '../../src/contracts/errors.ts';
import type { GgufHeader } from '../../src/kernel/gguf/read-gguf.ts';
import { GgufHeaderReader } from '../../src/kernel/gguf/read-gguf.ts';
import type { ModelShape } from '../../src/kernel/model/model-shape.ts';
import { readModelShape } from '../../src/kernel/model/model-shape.ts';
import { findTensors, neededTensors } from '../../src/kernel/model/tensor-list.ts';
import { cacheBytes, memoryBytes } from './estimate-figures.ts';
import type { Device, Verdict } from './judge-device.ts';
import { judgeDevice } from './judge-device.ts';

/** What the header of a GGUF file tells; null where it tells nothing. */
export interface FileReport {
  readonly file: string;
  readonly sizeBytes: number;
  /** Whether the kernel runs it. */
  readonly runs: boolean;
  /** Why it does not; null when it does. */
  readonly reason: string | null;
  readonly name: string | null;
  readonly architecture: string | null;
  readonly licence: string | null;
  readonly tokenizer: string | null;
  readonly contextTokens: number | null;
  readonly parameters: number | null;
  /** Bytes by encoding, the most first. */
  readonly tensorTypes: { readonly [type: string]: number };
  readonly neededBytes: number | null;
  /** Null for encoders and for files that are not run. */
  readonly verdict: Verdict | null;
}

const TOKENIZER_KEY = 'tokenizer.ggml.model';
/** Tokenizers by their names in GGUF. */
const TOKENIZERS: ReadonlyMap<string, string> = new Map([
  ['llama', 'SentencePiece'],
  ['gpt2', 'byte-level BPE'],
  ['bert', 'WordPiece'],
]);
/** Longest header that is read: metadata with a vocabulary take a few megabytes. */
const MAX_HEADER_BYTES = 256 * 2 ** 20;

/**
 * Reads the header of a GGUF file and says what it is and whether the kernel runs it; the tensors are not read.
 * @throws UnderstudyError `cli/not-found` when it is no file that can be read.
 */
export function checkModelFile(file: string, device: Device, contextTokens: number): FileReport {
  let sizeBytes: number;
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (cause) {
    throw new UnderstudyError('cli/not-found', `"${file}" cannot be read.`, { facts: { file }, cause });
  }
  let header: GgufHeader;
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile())
      throw new UnderstudyError('cli/not-found', `"${file}" is no file.`, { facts: { file } });
    sizeBytes = stat.size;
    header = readHeader(descriptor, sizeBytes);
  } catch (error) {
    const reason = reasonOf(error);
    return { ...NOTHING, file, sizeBytes: fstatSync(descriptor).size, reason };
  } finally {
    closeSync(descriptor);
  }
  return describe(file, sizeBytes, header, device, contextTokens);
}

const NOTHING = {
  runs: false,
  name: null,
  architecture: null,
  licence: null,
  tokenizer: null,
  contextTokens: null,
  parameters: null,
  tensorTypes: {},
  neededBytes: null,
  verdict: null,
} as const;

function readHeader(descriptor: number, sizeBytes: number): GgufHeader {
  const reader = new GgufHeaderReader(sizeBytes);
  let bytes = new Uint8Array(0);
  for (;;) {
    const wanted = reader.neededBytes;
    if (wanted <= bytes.length || wanted > MAX_HEADER_BYTES) throw tooLong(bytes.length);
    const next = new Uint8Array(wanted);
    next.set(bytes);
    let filled = bytes.length;
    while (filled < wanted) {
      const count = readSync(descriptor, next, filled, wanted - filled, filled);
      if (count === 0) throw tooLong(filled);
      filled += count;
    }
    bytes = next;
    const header = reader.read(bytes);
    if (header !== null) return header;
  }
}

function tooLong(bytes: number): UnderstudyError {
  return new UnderstudyError(
    'engine/model-invalid',
    `The file ends, or has no end, within its header (${bytes} bytes).`,
  );
}

function describe(
  file: string,
  sizeBytes: number,
  header: GgufHeader,
  device: Device,
  contextTokens: number,
): FileReport {
  const { metadata, tensors } = header;
  const bytesByType = new Map<string, number>();
  let parameters = 0;
  let weightBytes = 0;
  for (const { type, dims, sizeBytes: tensorBytes } of tensors.values()) {
    bytesByType.set(type.name, (bytesByType.get(type.name) ?? 0) + tensorBytes);
    parameters += dims.reduce((product, length) => product * length, 1);
    weightBytes += tensorBytes;
  }
  const tokenizer = textOf(metadata, TOKENIZER_KEY);
  const common = {
    file,
    sizeBytes,
    name: textOf(metadata, 'general.name'),
    architecture: textOf(metadata, 'general.architecture'),
    licence: textOf(metadata, 'general.license'),
    tokenizer: tokenizer === null ? null : (TOKENIZERS.get(tokenizer) ?? tokenizer),
    parameters,
    tensorTypes: Object.fromEntries([...bytesByType].sort((a, b) => b[1] - a[1])),
  };
  try {
    const shape = readModelShape(metadata);
    // Read anew, as what is wrong with its bytes is the reason here.
    const needed = metadata.value(TOKENIZER_KEY);
    if (typeof needed !== 'string' || !TOKENIZERS.has(needed)) {
      const found =
        typeof needed === 'string' ? `a tokenizer "${needed}", which is not read` : 'no tokenizer';
      throw new UnderstudyError('engine/model-invalid', `The model has ${found}.`);
    }
    findTensors(
      neededTensors(shape, rowsOf(header, 'token_embd.weight'), rowsOf(header, 'position_embd.weight')),
      tensors,
    );
    return { ...common, ...figures(shape, weightBytes, device, contextTokens), runs: true, reason: null };
  } catch (error) {
    const reason = reasonOf(error);
    return { ...common, runs: false, reason, contextTokens: null, neededBytes: null, verdict: null };
  }
}

/** A text of the metadata to show; null where there is none, or bytes that are no text. */
function textOf(metadata: GgufHeader['metadata'], key: string): string | null {
  try {
    const value = metadata.has(key) ? metadata.value(key) : null;
    return typeof value === 'string' ? value : null;
  } catch (error) {
    if (!isUnderstudyError(error, 'engine/model-invalid')) throw error;
    return null;
  }
}

function figures(
  shape: ModelShape,
  weightBytes: number,
  device: Device,
  contextTokens: number,
): Pick<FileReport, 'contextTokens' | 'neededBytes' | 'verdict'> {
  const isEncoder = shape.architecture === 'bert';
  const { layers, keyHeads, headWidth } = shape;
  const tokens = Math.min(contextTokens, shape.contextTokens);
  const cache = isEncoder ? 0 : cacheBytes({ layers, keyHeads, headWidth }, tokens);
  const neededBytes = memoryBytes(weightBytes, cache);
  const verdict = isEncoder ? null : judgeDevice(device, weightBytes, neededBytes);
  return { contextTokens: shape.contextTokens, neededBytes, verdict };
}

function rowsOf(header: GgufHeader, name: string): number {
  return header.tensors.get(name)?.dims[1] ?? 0;
}

/** What a file lacks, without the advice to check it. */
function reasonOf(error: unknown): string {
  if (!isUnderstudyError(error, 'engine/model-invalid')) throw error;
  return error.message.replace(` ${ERROR_REMEDIES['engine/model-invalid']}`, '');
}
