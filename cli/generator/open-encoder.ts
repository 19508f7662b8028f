import { readFileSync, statSync } from 'node:fs';
import { sha256Hex } from '../../src/bytes/sha256-hex.ts';
import type { Encoder } from '../../src/contracts/encoder.ts';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import { loadKernelEncoder } from '../../src/engines/kernel/load-kernel-encoder.ts';
import type { ModelChoice } from '../config/build-config.ts';
import type { FetchModel } from './chosen-model.ts';
import { chosenModel } from './chosen-model.ts';
import { readKernelFile } from './kernel-files.ts';
import { modelSource } from './model-source.ts';
import { packedFile, packedSize } from './packed-file.ts';

/** The encoder that ships with the package. */
const DEFAULT_ENCODER = 'models/understudy-encoder/understudy-encoder.q4_0.gguf';

/** An encoder that was chosen, and its file as a bundle holds it. */
export interface OpenedEncoder {
  readonly encoder: Encoder;
  readonly bytes: Uint8Array;
  /** Digest of the bytes, hexadecimal. */
  readonly sha256: string;
}

/**
 * Opens the encoder that was chosen; null for none, and where the one of the package is missing.
 * @throws UnderstudyError `cli/not-found` for a named file, `engine/model-invalid`, `cli/model-invalid`, and what fetching throws; the signal's reason when aborted.
 */
export async function openEncoder(
  choice: ModelChoice,
  fetchModel: FetchModel,
  signal: AbortSignal,
): Promise<OpenedEncoder | null> {
  if (choice.kind === 'onnx') {
    const what = `"${choice.at}" is taken as ONNX, and encoders are packed from GGUF files of the architecture bert.`;
    throw new UnderstudyError('cli/model-invalid', what, { facts: { path: choice.at } });
  }
  const path = choice.kind === 'none' ? null : await chosenModel(choice, DEFAULT_ENCODER, fetchModel);
  if (path === null) return null;
  const bytes = await smallerFile(path);
  const encoder = await loadKernelEncoder({
    openModel: () => Promise.resolve(modelSource(bytes)),
    readKernel: readKernelFile,
    signal,
  });
  return { encoder, bytes, sha256: await sha256Hex(bytes) };
}

/** A published file is sent instead of the packed one when it has at most this share of its length; the page packs it then while it loads. */
const PUBLISHED_SHARE = 0.95;

/** The file packed for the kernel, or as it was published: weights of 5 bits have 8 where they are packed. */
async function smallerFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const published = statSync(path).size;
  return published <= PUBLISHED_SHARE * (await packedSize(path))
    ? new Uint8Array(readFileSync(path))
    : packedFile(path);
}
