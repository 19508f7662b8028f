import { gzip } from '../bytes/gzip.ts';
import { sha256Hex } from '../bytes/sha256-hex.ts';
import { splitContentDefined } from '../bytes/split-content-defined.ts';
import type { ArtifactNeed, ChunkList, ChunkedArtifact, Manifest } from '../contracts/bundle.ts';
import { CHUNKS_FILE, MANIFEST_FILE, chunkPath, wholeFilePath } from '../contracts/bundle.ts';
import type { Clock } from '../contracts/clock.ts';
import type { FetchFunction } from './fetch-file.ts';

// Test doubles of this folder's tests; nothing that ships imports this file.

/** Address under which the fake host serves. */
export const FAKE_BUNDLE_URL = 'https://host.test/bundle/';

/** An artifact to be published. */
export interface FakeArtifact {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly need?: ArtifactNeed;
  readonly encoding?: ChunkedArtifact['encoding'];
  readonly hasWholeFile?: boolean;
}

/** A release to be published. */
export interface FakeRelease {
  readonly release: number;
  readonly appId?: string;
  readonly createdAt?: string;
  readonly artifacts: { readonly [name: string]: FakeArtifact };
}

/** A folder of files in memory that is served by its `fetch`. */
export interface FakeHost {
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  /** Paths that were asked for since the test last emptied it. */
  readonly requests: string[];
  readonly fetch: FetchFunction;
  /** Answers instead of the folder when it returns a response. */
  intercept: (path: string, signal: AbortSignal | null) => Response | Promise<Response> | null;
  /** Bytes of chunks and whole files that were served since the test last set it to 0. */
  servedBytes: number;
}

/** Makes a host without files. */
export function createFakeHost(): FakeHost {
  const host: FakeHost = {
    files: new Map(),
    requests: [],
    servedBytes: 0,
    intercept: () => null,
    fetch: async (url, init) => {
      init.signal?.throwIfAborted();
      const path = url.slice(FAKE_BUNDLE_URL.length);
      host.requests.push(path);
      const instead = await host.intercept(path, init.signal ?? null);
      if (instead !== null) return instead;
      const bytes = host.files.get(path);
      if (bytes === undefined) return new Response('none', { status: 404 });
      if (path.includes('/')) host.servedBytes += bytes.length;
      return new Response(bytes);
    },
  };
  return host;
}

/** Publishes a release to the host as the CLI does; chunks and files that are there stay. */
export async function publish(
  host: FakeHost,
  fake: FakeRelease,
): Promise<{ manifest: Manifest; chunkList: ChunkList }> {
  const artifacts: Record<string, Manifest['artifacts'][string]> = {};
  const chunked: Record<string, ChunkedArtifact> = {};
  for (const [name, artifact] of Object.entries(fake.artifacts)) {
    const { bytes, need = 'answer', encoding = 'identity', hasWholeFile = false } = artifact;
    const encode = (plain: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
      encoding === 'gzip' ? gzip(plain) : Promise.resolve(plain.slice());
    const sha256 = await sha256Hex(bytes);
    artifacts[name] = { role: name, mediaType: 'text/plain', sizeBytes: bytes.length, sha256, need };
    const chunks: { sha256: string; sizeBytes: number }[] = [];
    for (const chunk of splitContentDefined(bytes)) {
      const digest = await sha256Hex(chunk);
      chunks.push({ sha256: digest, sizeBytes: chunk.length });
      host.files.set(chunkPath(digest), await encode(chunk));
    }
    if (hasWholeFile) host.files.set(wholeFilePath(sha256), await encode(bytes));
    chunked[name] = { encoding, hasWholeFile, chunks };
  }
  const chunkList: ChunkList = { format: 'understudy/chunks', version: 1, artifacts: chunked };
  const chunksBytes = encodeJson(chunkList);
  const manifest: Manifest = {
    format: 'understudy/manifest',
    version: 1,
    appId: fake.appId ?? 'test-app',
    release: fake.release,
    createdAt: fake.createdAt ?? '2026-01-01T00:00:00.000Z',
    languages: ['en'],
    branding: { title: { en: 'Test' }, greeting: {}, accent: null, suggestions: {}, contactUrl: null },
    artifacts,
    chunks: { sha256: await sha256Hex(chunksBytes), sizeBytes: chunksBytes.length },
    policy: null,
  };
  host.files.set(CHUNKS_FILE, chunksBytes);
  host.files.set(MANIFEST_FILE, encodeJson(manifest));
  return { manifest, chunkList };
}

/** Writes JSON as UTF-8. */
export function encodeJson(value: unknown): Uint8Array<ArrayBuffer> {
  return encodeText(JSON.stringify(value));
}

/** Encodes UTF-8 into a buffer of its own. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

/** A clock on which short waits (retries) are over at once, and long ones (timeouts) when the test says so. */
export interface FakeClock extends Clock {
  /** Ends all waits that go on. */
  elapse(): void;
  /** Resolves once so many long waits were begun since the last call, this one not counted. */
  untilWaits(count: number): Promise<void>;
}

const SHORT_WAIT_MS = 5000;

/** Makes a clock that stands still. */
export function createFakeClock(): FakeClock {
  const waits = new Set<() => void>();
  let begun = 0;
  let wanted = { count: Number.POSITIVE_INFINITY, reach: (): void => undefined };
  return {
    now: () => 0,
    monotonicMs: () => 0,
    sleep: (delayMs, { signal } = {}) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          waits.delete(resolve);
          reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
        };
        if (signal?.aborted === true) stop();
        else if (delayMs < SHORT_WAIT_MS) resolve();
        else {
          waits.add(resolve);
          signal?.addEventListener('abort', stop, { once: true });
          begun += 1;
          if (begun === wanted.count) wanted.reach();
        }
      }),
    elapse: () => {
      for (const end of waits) end();
      waits.clear();
    },
    untilWaits: (count) =>
      new Promise((resolve) => {
        begun = 0;
        wanted = { count, reach: resolve };
      }),
  };
}

/** Text of many different paragraphs, the same for the same seed. */
export function createText(paragraphs: number, seed = 1): string {
  const words: string[] = [];
  let state = seed;
  for (let at = 0; at < paragraphs * 60; at++) {
    state = (state * 48271) % 0x7fffffff;
    words.push(state.toString(36).slice(0, 2 + (state % 6)), at % 60 === 59 ? '\n\n' : ' ');
  }
  return words.join('');
}
