import { expect } from '@open-wc/testing';
import { gzip } from '../bytes/gzip.ts';
import { sha256Hex } from '../bytes/sha256-hex.ts';
import { chunkPath } from '../contracts/bundle.ts';
import type { Store } from '../contracts/store.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { BundleClient } from './bundle-client.ts';
import { createBundleClient } from './bundle-client.ts';
import type { FakeClock, FakeHost } from './fake-host.ts';
import {
  FAKE_BUNDLE_URL,
  createFakeClock,
  createFakeHost,
  createText,
  encodeJson,
  encodeText,
  publish,
} from './fake-host.ts';

const OLD = encodeText(createText(40));
const NEW = encodeText(createText(80, 3));

/** Every attack is made on the update from release 1 to 2; whatever happens, release 1 must go on answering. */
describe('attacks on an update', () => {
  let host: FakeHost;
  let store: Store;
  let clock: FakeClock;
  let client: BundleClient;

  beforeEach(async () => {
    host = createFakeHost();
    store = createMemoryStore();
    clock = createFakeClock();
    client = createBundleClient({ url: FAKE_BUNDLE_URL, store, clock, fetch: host.fetch });
    await publish(host, { release: 1, artifacts: { knowledge: { bytes: OLD } } });
    await client.update();
    host.requests.length = 0;
  });

  async function publishNew(encoding: 'identity' | 'gzip' = 'identity'): Promise<string[]> {
    const { chunkList } = await publish(host, {
      release: 2,
      artifacts: { knowledge: { bytes: NEW, encoding } },
    });
    return (chunkList.artifacts['knowledge']?.chunks ?? []).map(({ sha256 }) => chunkPath(sha256));
  }

  async function expectRefusal(code: string, facts: Record<string, unknown> = {}): Promise<void> {
    const error = await client.update().then(
      () => null,
      (fault: unknown) => fault,
    );
    expect(error).to.have.property('code', code);
    expect((error as { facts: unknown }).facts).to.include(facts);
    const opened = await client.open();
    expect(opened.manifest.release).to.equal(1);
    expect(await opened.read('knowledge')).to.deep.equal(OLD);
    await expectOnlyWholeChunks();
  }

  /** No byte of the attacker is on the device: every stored chunk is what its name says. */
  async function expectOnlyWholeChunks(): Promise<void> {
    for (const key of await store.keys('chunks')) {
      const value = await store.get('chunks', key);
      expect(await sha256Hex(new Uint8Array(value as ArrayBuffer))).to.equal(key);
    }
  }

  function editManifest(edit: (manifest: Record<string, unknown>) => void): void {
    const text = new TextDecoder().decode(host.files.get('manifest.json'));
    const manifest = JSON.parse(text) as Record<string, unknown>;
    edit(manifest);
    host.files.set('manifest.json', encodeJson(manifest));
  }

  it('refuses a rollback to a lower release', async () => {
    await publishNew();
    await client.update();
    await publish(host, {
      release: 1,
      createdAt: '2030-01-01T00:00:00.000Z',
      artifacts: { knowledge: { bytes: OLD } },
    });
    const error = await client.update().catch((fault: unknown) => fault);
    expect(error).to.have.property('code', 'bundle/rollback');
    expect((await client.open()).manifest.release).to.equal(2);
  });

  it('refuses a flipped byte in a chunk, plain and compressed, and asks past the cache once', async () => {
    for (const encoding of ['identity', 'gzip'] as const) {
      const path = (await publishNew(encoding))[3] ?? '';
      const bytes = host.files.get(path)?.slice() ?? new Uint8Array();
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      host.files.set(path, bytes);
      host.requests.length = 0;
      await expectRefusal('bundle/hash-mismatch', { path });
      expect(host.requests.filter((asked) => asked === path)).to.have.length(2);
    }
  });

  it('heals a damaged copy in the HTTP cache', async () => {
    const path = (await publishNew())[0] ?? '';
    const damaged: RequestCache[] = [];
    const cached = createBundleClient({
      url: FAKE_BUNDLE_URL,
      store,
      clock,
      fetch: (url, init) => {
        if (!url.endsWith(path) || init.cache === 'reload') return host.fetch(url, init);
        damaged.push(init.cache ?? 'default');
        return Promise.resolve(new Response('rotten'));
      },
    });
    expect((await cached.update()).release).to.equal(2);
    expect(damaged).to.deep.equal(['default']);
  });

  it('refuses a chunk replaced by another whole chunk', async () => {
    const [first = '', second = ''] = await publishNew();
    host.files.set(first, host.files.get(second) ?? new Uint8Array());
    const error = await client.update().catch((fault: unknown) => fault);
    expect(['bundle/hash-mismatch', 'bundle/too-long']).to.include((error as { code: string }).code);
    await expectOnlyWholeChunks();
  });

  it('refuses a truncated chunk, plain and compressed', async () => {
    for (const encoding of ['identity', 'gzip'] as const) {
      const path = (await publishNew(encoding))[1] ?? '';
      host.files.set(path, host.files.get(path)?.slice(0, 300) ?? new Uint8Array());
      await expectRefusal('bundle/hash-mismatch', { path });
    }
  });

  it('refuses a missing chunk', async () => {
    const path = (await publishNew())[0] ?? '';
    host.files.delete(path);
    await expectRefusal('bundle/chunk-missing', { path });
  });

  it('stops reading an endless manifest, chunk list and chunk', async () => {
    const chunk = (await publishNew())[0] ?? '';
    for (const endless of ['manifest.json', 'chunks.json', chunk]) {
      let sentBytes = 0;
      let isCanceled = false;
      host.intercept = (path) => {
        if (path !== endless) return null;
        return new Response(
          new ReadableStream({
            pull: (controller) => {
              sentBytes += 65_536;
              controller.enqueue(new Uint8Array(65_536).fill(0x20));
            },
            cancel: () => {
              isCanceled = true;
            },
          }),
        );
      };
      await expectRefusal('bundle/too-long', { path: endless });
      expect(isCanceled).to.equal(true);
      expect(sentBytes).to.be.lessThan(1024 * 1024);
    }
  });

  it('gives up on a host that sends nothing more, and keeps what came before', async () => {
    await publishNew();
    for (const silent of ['headers', 'body']) {
      host.intercept = (path) => {
        if (path !== 'manifest.json') return null;
        if (silent === 'headers') return new Promise(() => undefined);
        return new Response(
          new ReadableStream({
            start: (controller) => {
              controller.enqueue(encodeText('{"format":'));
            },
          }),
        );
      };
      // One wait for the headers, one for the first bytes, one for the next.
      const waiting = clock.untilWaits(silent === 'headers' ? 1 : 3);
      const update = client.update().catch((fault: unknown) => fault);
      await waiting;
      clock.elapse();
      expect(await update).to.have.property('code', 'bundle/unreachable');
    }
    expect((await client.open()).manifest.release).to.equal(1);
  });

  it('tries a chunk three times when the network fails, then resumes', async () => {
    const path = (await publishNew())[2] ?? '';
    let failures = 0;
    host.intercept = (asked) => {
      if (asked !== path) return null;
      failures += 1;
      return Promise.reject(new TypeError('network error'));
    };
    await expectRefusal('bundle/unreachable', { path });
    expect(failures).to.equal(3);
    let isFailing = true;
    host.intercept = (asked) => {
      if (asked !== path || !isFailing) return null;
      isFailing = false;
      return new Response('busy', { status: 503 });
    };
    expect((await client.update()).release).to.equal(2);
  });

  it('refuses a mix of the new manifest and the old chunk list', async () => {
    const old = host.files.get('chunks.json') ?? new Uint8Array();
    await publishNew();
    const list = host.files.get('chunks.json') ?? new Uint8Array();
    host.files.set('chunks.json', old);
    await expectRefusal('bundle/hash-mismatch', { path: 'chunks.json' });
    const changed = list.slice();
    changed[changed.length - 5] = (changed[changed.length - 5] ?? 0) ^ 1;
    host.files.set('chunks.json', changed);
    await expectRefusal('bundle/hash-mismatch', { path: 'chunks.json' });
  });

  it('refuses a chunk list that is bound but does not make up the artifact', async () => {
    const { chunkList } = await publish(host, { release: 2, artifacts: { knowledge: { bytes: NEW } } });
    const knowledge = chunkList.artifacts['knowledge'];
    if (knowledge === undefined) throw new Error('no artifact');
    const bytes = encodeJson({
      ...chunkList,
      artifacts: { knowledge: { ...knowledge, chunks: [...knowledge.chunks].reverse() } },
    });
    host.files.set('chunks.json', bytes);
    const sha256 = await sha256Hex(bytes);
    editManifest((manifest) => {
      manifest['chunks'] = { sha256, sizeBytes: bytes.length };
    });
    await expectRefusal('bundle/hash-mismatch', { artifact: 'knowledge' });
  });

  it('refuses a path traversal in the name of an artifact and in a digest, and asks for nothing of it', async () => {
    for (const name of ['../../secret', '__proto__', 'a/b', '%2e%2e', 'https://evil.test/x', '']) {
      await publishNew();
      host.requests.length = 0;
      const text = new TextDecoder().decode(host.files.get('manifest.json'));
      host.files.set('manifest.json', encodeText(text.replace('"knowledge":', `${JSON.stringify(name)}:`)));
      await expectRefusal('bundle/manifest-invalid');
      expect(host.requests).to.deep.equal(['manifest.json']);
    }
    await publishNew();
    host.requests.length = 0;
    const list = new TextDecoder().decode(host.files.get('chunks.json'));
    const bytes = encodeText(list.replace(/[0-9a-f]{64}/, '../../../../secret'));
    host.files.set('chunks.json', bytes);
    const sha256 = await sha256Hex(bytes);
    editManifest((manifest) => {
      manifest['chunks'] = { sha256, sizeBytes: bytes.length };
    });
    await expectRefusal('bundle/chunks-invalid');
    expect(host.requests).to.deep.equal(['manifest.json', 'chunks.json']);
  });

  it('refuses the bundle of another app', async () => {
    await publish(host, { release: 9, appId: 'other-app', artifacts: { knowledge: { bytes: NEW } } });
    await expectRefusal('bundle/wrong-app', { found: 'other-app', expected: 'test-app' });
    const stranger = createBundleClient({
      url: FAKE_BUNDLE_URL,
      store: createMemoryStore(),
      clock,
      fetch: host.fetch,
      expectedAppId: 'test-app',
    });
    expect(await stranger.open().catch((fault: unknown) => fault)).to.have.property(
      'code',
      'bundle/wrong-app',
    );
  });

  it('does not store what a captive portal answers', async () => {
    const chunk = (await publishNew())[0] ?? '';
    const portal = '<!doctype html><title>Log in</title>';
    const codes = {
      'manifest.json': 'bundle/not-json',
      'chunks.json': 'bundle/not-json',
      [chunk]: 'bundle/chunk-missing',
    };
    for (const [page, code] of Object.entries(codes)) {
      host.intercept = (path) =>
        path === page
          ? new Response(portal, { headers: { 'content-type': 'text/html; charset=utf-8' } })
          : null;
      await expectRefusal(code, { path: page });
    }
    host.intercept = () => new Response(portal);
    await expectRefusal('bundle/not-json', { path: 'manifest.json' });
  });

  it('refuses a decompression bomb in a chunk and in a whole file', async () => {
    const bomb = await gzip(new Uint8Array(64 * 1024 * 1024));
    const path = (await publishNew('gzip'))[0] ?? '';
    host.files.set(path, bomb);
    await expectRefusal('bundle/too-long', { path });
    // Cut short so that the file itself has an allowed length.
    const { chunkList } = await publish(host, {
      release: 2,
      artifacts: { knowledge: { bytes: NEW, encoding: 'gzip', hasWholeFile: true } },
    });
    expect(chunkList.artifacts['knowledge']?.hasWholeFile).to.equal(true);
    const whole = [...host.files.keys()].find((file) => file.startsWith('files/')) ?? '';
    host.files.set(whole, bomb.slice(0, NEW.length));
    expect((await client.update()).release).to.equal(2);
    expect(await (await client.open()).read('knowledge')).to.deep.equal(NEW);
  });

  it('refuses a manifest of a newer format, and one that claims an artifact of absurd length', async () => {
    await publishNew();
    editManifest((manifest) => {
      manifest['version'] = 2;
    });
    await expectRefusal('bundle/version-unsupported', { found: 2 });
    await publishNew();
    editManifest((manifest) => {
      const artifacts = manifest['artifacts'] as Record<string, { sizeBytes: number }>;
      const knowledge = artifacts['knowledge'];
      if (knowledge !== undefined) knowledge.sizeBytes = Number.MAX_SAFE_INTEGER;
    });
    await expectRefusal('bundle/chunks-invalid');
    await publishNew();
    editManifest((manifest) => {
      manifest['chunks'] = { sha256: '0'.repeat(64), sizeBytes: 1e12 };
    });
    await expectRefusal('bundle/too-long', { path: 'chunks.json' });
  });

  it('tells a host without a bundle from one that cannot be reached', async () => {
    host.files.clear();
    await expectRefusal('bundle/not-found', { path: 'manifest.json', status: 404 });
    host.intercept = () => new Response('', { status: 500 });
    await expectRefusal('bundle/unreachable', { status: 500 });
    host.intercept = () => Promise.reject(new TypeError('Failed to fetch'));
    await expectRefusal('bundle/unreachable', { path: 'manifest.json' });
  });
});
