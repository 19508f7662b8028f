import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Encoder } from '../../src/contracts/encoder.ts';
import { packageFolder } from '../package-folder.ts';
import type { OpenedEncoder } from './open-encoder.ts';

/** Texts of one errand of a thread. */
const BATCH = 32;
/** A thread loads the encoder first, which takes as long as some dozen texts. */
const LEAST_TEXTS_A_THREAD = 200;
/** Each holds the encoder once more, some 40 MB. */
const MOST_THREADS = 8;

/** Options of {@link encodeAhead}. */
export interface EncodeAheadOptions {
  readonly signal: AbortSignal;
  /** Told after each errand. Default none. */
  readonly onProgress?: (done: number, of: number) => void;
  /** Threads there may be. Default the cores of the machine, at most 8. */
  readonly threads?: number;
  /**
   * What a thread runs; null for no threads. Default the bundled file beside the bundled command, and null where the command runs from its source: Node.js loads
   * no TypeScript in threads, and a file that was built before may encode otherwise.
   */
  readonly threadFile?: string | null;
}

function bundledThread(): string | null {
  if (!import.meta.url.endsWith('.js')) return null;
  const file = join(packageFolder().path, 'dist/cli/generator/encode-thread.js');
  return existsSync(file) ? file : null;
}

/**
 * Encodes texts on several threads and gives an encoder that knows their vectors; any other text it encodes when asked. The vectors are those
 * that one thread makes. Where threads do not pay, or one fails, what is left is encoded when asked.
 *
 * @throws The signal's reason when aborted.
 */
export async function encodeAhead(
  { encoder, bytes }: Pick<OpenedEncoder, 'encoder' | 'bytes'>,
  texts: Iterable<string>,
  options: EncodeAheadOptions,
): Promise<Encoder> {
  const { signal, onProgress = () => undefined, threads = availableParallelism() } = options;
  const { threadFile = bundledThread() } = options;
  signal.throwIfAborted();
  const wanted = [...new Set(texts)];
  const count = Math.min(threads, MOST_THREADS, Math.floor(wanted.length / LEAST_TEXTS_A_THREAD));
  if (count < 2 || threadFile === null) return encoder;
  const known = new Map<string, Float32Array>();
  let next = 0;
  const takeErrand = (): readonly string[] => wanted.slice(next, (next += BATCH));
  const keep = (errand: readonly string[], vectors: Float32Array): void => {
    const { width } = encoder;
    errand.forEach((text, at) => known.set(text, vectors.slice(at * width, (at + 1) * width)));
    onProgress(known.size, wanted.length);
  };
  const crew = Array.from({ length: count }, () => startThread(threadFile, bytes)).filter(
    (worker) => worker !== null,
  );
  const stop = (): void => void Promise.all(crew.map((worker) => worker.terminate()));
  signal.addEventListener('abort', stop);
  try {
    await Promise.all(crew.map((worker) => employ(worker, takeErrand, keep)));
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
  signal.throwIfAborted();
  return { ...encoder, encode: (text) => known.get(text) ?? encoder.encode(text) };
}

/** Null where none can be started: no more of them are allowed, or none at all. */
function startThread(file: string, bytes: Uint8Array): Worker | null {
  try {
    return new Worker(pathToFileURL(file), { workerData: { bytes } });
  } catch {
    return null;
  }
}

/** Gives a thread errands until there are none; settles when it has ended, or can work no more. */
function employ(
  worker: Worker,
  takeErrand: () => readonly string[],
  keep: (errand: readonly string[], vectors: Float32Array) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let errand: readonly string[] = [];
    worker.on('message', (answer: 'ready' | Float32Array) => {
      try {
        if (answer !== 'ready') keep(errand, answer);
      } catch (error) {
        // Of who is told of the progress.
        reject(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      errand = takeErrand();
      if (errand.length > 0) worker.postMessage(errand);
      else resolve();
    });
    // What it had is encoded when asked, where the fault, if it is one of the encoder, is told.
    worker.on('error', () => {
      resolve();
    });
    worker.on('exit', () => {
      resolve();
    });
  });
}
