import type { ModelSource } from '../../src/kernel/model/kernel-model.ts';

/** A model that is in memory, for loaders that read it as it comes. */
export function modelSource(bytes: Uint8Array): ModelSource {
  return { sizeBytes: bytes.length, pieces: onePiece(bytes) };
}

// eslint-disable-next-line @typescript-eslint/require-await -- the loader reads from an async iterable
async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
