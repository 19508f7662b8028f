import { sha256Hex } from '../bytes/sha256-hex.ts';
import type { Manifest } from '../contracts/bundle.ts';
import {
  CHUNKS_FILE,
  MANIFEST_FILE,
  MAX_CHUNKS_FILE_BYTES,
  MAX_MANIFEST_BYTES,
  parseManifest,
} from '../contracts/bundle.ts';
import type { Clock } from '../contracts/clock.ts';
import { UnderstudyError, isUnderstudyError } from '../contracts/errors.ts';
import type { Store } from '../contracts/store.ts';
import { createChunkShelf } from './chunk-shelf.ts';
import { downloadArtifact } from './download-artifact.ts';
import type { Exclusive } from './exclusive.ts';
import { createExclusive } from './exclusive.ts';
import type { FetchFunction } from './fetch-file.ts';
import { fetchFile, fetchJson, parseBundleUrl } from './fetch-file.ts';
import type { BundleSource, OpenBundle } from './open-bundle.ts';
import { openBundle } from './open-bundle.ts';
import type { Release } from './release-record.ts';
import { commitRelease, composeRelease, listChunks, loadRelease } from './release-record.ts';

/** Options of {@link createBundleClient}. */
export interface BundleClientOptions {
  /** Absolute address of the bundle folder. */
  readonly url: string;
  /** A store that holds no other bundle. */
  readonly store: Store;
  readonly clock: Clock;
  /** Default: the platform's. */
  readonly fetch?: FetchFunction;
  /** The app whose bundle this must be; default: any at the first visit, the same one afterwards. */
  readonly expectedAppId?: string;
  /** Told of faults that were healed or worked around: damaged chunks, a full device. */
  readonly onFault?: (fault: UnderstudyError) => void;
}

/** Options of the calls of a {@link BundleClient}. */
export interface BundleCallOptions {
  readonly signal?: AbortSignal;
}

/** What an update came to. */
export interface BundleUpdate {
  /** Number of the release now in use. */
  readonly release: number;
  readonly isNew: boolean;
}

/** Keeps the newest release of one bundle on this device. */
export interface BundleClient {
  /**
   * Opens the release on this device at once when it is complete, else fetches the one on the host.
   *
   * @throws UnderstudyError as {@link BundleClient.update}.
   */
  open(options?: BundleCallOptions): Promise<OpenBundle>;
  /**
   * Brings the release on the host to this device: all that is needed to answer, checked, then committed at once.
   *
   * Whatever fails, the release before stays in use. Bundles that are open stay as they are.
   *
   * @throws UnderstudyError `bundle/unreachable`, `bundle/not-found`, `bundle/not-json`, `bundle/manifest-invalid`,
   *   `bundle/version-unsupported`, `bundle/chunks-invalid`, `bundle/wrong-app`, `bundle/rollback`,
   *   `bundle/hash-mismatch`, `bundle/too-long`, `bundle/chunk-missing`, `bundle/insecure-page`; the signal's reason when aborted.
   */
  update(options?: BundleCallOptions): Promise<BundleUpdate>;
}

/** Creates the client of one bundle folder. @throws UnderstudyError `client/bad-option` for a relative address. */
export function createBundleClient(options: BundleClientOptions): BundleClient {
  return new HostedBundle(options);
}

class HostedBundle implements BundleClient {
  readonly #store: Store;
  readonly #source: BundleSource;
  readonly #expectedAppId: string | undefined;
  readonly #exclusive: Exclusive;
  /** A release that could not be committed because the device is full: in use until the tab closes. */
  #unsaved: Release | null = null;

  constructor(options: BundleClientOptions) {
    const url = parseBundleUrl(options.url);
    const onFault = options.onFault ?? ((): void => undefined);
    this.#store = options.store;
    this.#expectedAppId = options.expectedAppId;
    this.#exclusive = createExclusive(`understudy:bundle:${url.href}`);
    this.#source = {
      host: { url, clock: options.clock, fetch: options.fetch ?? ((file, init) => fetch(file, init)) },
      shelf: createChunkShelf(options.store, onFault),
      onFault,
    };
  }

  async open(options: BundleCallOptions = {}): Promise<OpenBundle> {
    options.signal?.throwIfAborted();
    const stored = await this.#findCurrent();
    if (stored !== null && (await this.#isComplete(stored))) return openBundle(stored, this.#source);
    const { release } = await this.#exclusive(options.signal, () => this.#fetchNewest(options.signal));
    return openBundle(release, this.#source);
  }

  async update(options: BundleCallOptions = {}): Promise<BundleUpdate> {
    options.signal?.throwIfAborted();
    const { release, isNew } = await this.#exclusive(options.signal, () => this.#fetchNewest(options.signal));
    return { release: release.manifest.release, isNew };
  }

  async #fetchNewest(signal: AbortSignal | undefined): Promise<{ release: Release; isNew: boolean }> {
    const { host } = this.#source;
    const current = await this.#findCurrent();
    const fetched = await fetchJson(host, MANIFEST_FILE, { maxBytes: MAX_MANIFEST_BYTES, signal });
    const manifest = parseManifest(fetched.value);
    this.#refuseOtherApps(manifest, current);
    if (current !== null && !isNewer(manifest, await sha256Hex(fetched.bytes), current)) {
      await this.#download(current, signal);
      return { release: current, isNew: false };
    }
    const release = await composeRelease(fetched.bytes, await this.#fetchChunkList(manifest, signal));
    await this.#download(release, signal);
    await this.#verifyWhole(release, current, signal);
    signal?.throwIfAborted();
    await this.#commit(release);
    return { release, isNew: true };
  }

  #refuseOtherApps(manifest: Manifest, current: Release | null): void {
    const expected = this.#expectedAppId ?? current?.manifest.appId;
    if (expected === undefined || expected === manifest.appId) return;
    throw new UnderstudyError(
      'bundle/wrong-app',
      `The bundle is of "${manifest.appId}", not of "${expected}".`,
      {
        facts: { found: manifest.appId, expected },
      },
    );
  }

  async #fetchChunkList(
    manifest: Manifest,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { sizeBytes } = manifest.chunks;
    if (sizeBytes > MAX_CHUNKS_FILE_BYTES) {
      throw new UnderstudyError('bundle/too-long', `The manifest names a chunk list of ${sizeBytes} bytes.`, {
        facts: { path: CHUNKS_FILE, maxBytes: MAX_CHUNKS_FILE_BYTES },
      });
    }
    return await fetchFile(this.#source.host, CHUNKS_FILE, {
      maxBytes: sizeBytes,
      cache: 'no-cache',
      expects: 'json',
      signal,
    });
  }

  /** Fetches the chunks of all artifacts without which nothing can be answered. */
  async #download(release: Release, signal: AbortSignal | undefined): Promise<void> {
    for (const [name, entry] of Object.entries(release.manifest.artifacts)) {
      const chunked = release.chunkList.artifacts[name];
      if (entry.need !== 'answer' || chunked === undefined) continue;
      // Listed anew each time: artifacts share chunks.
      const held = await this.#source.shelf.list();
      await downloadArtifact({ ...this.#source, entry, chunked, held, signal });
    }
  }

  /** Reads back what is about to be committed: a store that loses writes, or a wrong build, must not replace what works. */
  async #verifyWhole(
    release: Release,
    current: Release | null,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const bundle = openBundle(release, this.#source);
    for (const [name, { need, sha256 }] of Object.entries(release.manifest.artifacts)) {
      if (need !== 'answer' || current?.manifest.artifacts[name]?.sha256 === sha256) continue;
      const whole = await bundle.read(name, signal === undefined ? {} : { signal });
      if ((await sha256Hex(whole)) === sha256) continue;
      throw new UnderstudyError(
        'bundle/hash-mismatch',
        `The chunks of "${name}" do not make up the artifact.`,
        {
          facts: { artifact: name },
        },
      );
    }
  }

  /** The record is one value: a crash leaves the old one or the new one, and chunks of the old one go only afterwards. */
  async #commit(release: Release): Promise<void> {
    const { shelf, host, onFault } = this.#source;
    const wanted = listChunks(release, 'all');
    if (await shelf.persist(wanted)) {
      try {
        await this.#store.transact([commitRelease(release, host.url.href)]);
        this.#unsaved = null;
        await shelf.sweep(wanted);
        return;
      } catch (error) {
        if (!isUnderstudyError(error)) throw error;
        onFault(error);
      }
    }
    this.#unsaved = release;
    // On a full device, half a release is of no use to a later visit; the outbox needs the room.
    const kept = await this.#loadStored();
    await shelf.sweep(kept === null ? new Set() : listChunks(kept, 'all'), wanted);
  }

  async #findCurrent(): Promise<Release | null> {
    const stored = await this.#loadStored();
    const unsaved = this.#unsaved;
    if (stored === null || unsaved === null) return stored ?? unsaved;
    return unsaved.manifest.release > stored.manifest.release ? unsaved : stored;
  }

  async #loadStored(): Promise<Release | null> {
    try {
      const release = await loadRelease(this.#store, this.#source.host.url.href);
      if (
        release !== null &&
        this.#expectedAppId !== undefined &&
        release.manifest.appId !== this.#expectedAppId
      )
        return null;
      return release;
    } catch (error) {
      if (!isUnderstudyError(error)) throw error;
      this.#source.onFault(error);
      return null;
    }
  }

  async #isComplete(release: Release): Promise<boolean> {
    const held = await this.#source.shelf.list();
    for (const sha256 of listChunks(release, 'answer')) if (!held.has(sha256)) return false;
    return true;
  }
}

/**
 * Decides whether what the host offers replaces what is here.
 *
 * The same number with other bytes is a rebuild that forgot to count up when it was made later, else an old copy of a
 * cache: that one is left alone.
 *
 * @throws UnderstudyError `bundle/rollback` for a lower number.
 */
function isNewer(manifest: Manifest, sha256: string, current: Release): boolean {
  const { release, createdAt } = current.manifest;
  if (sha256 === current.sha256) return false;
  if (manifest.release < release) {
    throw new UnderstudyError(
      'bundle/rollback',
      `The host offers release ${manifest.release}, not ${release}.`,
      {
        facts: { found: manifest.release, current: release },
      },
    );
  }
  return manifest.release > release || Date.parse(manifest.createdAt) > Date.parse(createdAt);
}
