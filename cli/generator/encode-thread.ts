/** A thread that encodes: it is given the file of an encoder, says when it is ready, and answers each list of texts with their vectors, one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { isRecord } from '../../src/contracts/json.ts';
import { loadKernelEncoder } from '../../src/engines/kernel/load-kernel-encoder.ts';
import { readKernelFile } from './kernel-files.ts';
import { modelSource } from './model-source.ts';

const given: unknown = workerData;
const bytes = isRecord(given) ? given['bytes'] : null;
if (!(bytes instanceof Uint8Array)) throw new TypeError('This thread is given the bytes of an encoder.');
const encoder = await loadKernelEncoder({
  openModel: () => Promise.resolve(modelSource(bytes)),
  readKernel: readKernelFile,
  signal: new AbortController().signal,
});
parentPort?.on('message', (texts: readonly string[]) => {
  const vectors = new Float32Array(texts.length * encoder.width);
  texts.forEach((text, at) => {
    vectors.set(encoder.encode(text), at * encoder.width);
  });
  parentPort?.postMessage(vectors, [vectors.buffer]);
});
parentPort?.postMessage('ready');
