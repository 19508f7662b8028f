import { expect } from '@open-wc/testing';
import { sha256Hex } from '../bytes/sha256-hex.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { Store } from '../contracts/store.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { BundleClient, BundleClientOptions } from './bundle-client.ts';
import { createBundleClient } from './bundle-client.ts';
import type { FakeHost } from './fake-host.ts';
import {
  FAKE_BUNDLE_URL,
  createFakeClock,
  createFakeHost,
  createText,
  encodeText,
  publish,
} from './fake-host.ts';

const KNOWLEDGE = encodeText(createText(200));
const PLAN = encodeText('{"plan":1}');

describe('bundle client', () => {
  let host: FakeHost;
  let store: Store;
  let faults: UnderstudyError[];

  beforeEach(() => {
    host = createFakeHost();
    store = createMemoryStore();
    faults = [];
  });

  function connect(options: Partial<BundleClientOptions> = {}): BundleClient {
    return createBundleClient({
      url: FAKE_BUNDLE_URL,
      store,
      clock: createFakeClock(),
      fetch: host.fetch,
      onFault: (fault) => faults.push(fault),
      ...options,
    });
  }

  function publishKnowledge(
    release: number,
    bytes: Uint8Array<ArrayBuffer> = KNOWLEDGE,
  ): ReturnType<typeof publish> {
    return publish(host, { release, artifacts: { knowledge: { bytes }, plan: { bytes: PLAN } } });
  }

  it('fetches the bundle at the first visit and reads it from the device afterwards, offline', async () => {
    await publishKnowledge(1);
    const first = await connect().open();
    expect(await first.read('knowledge')).to.deep.equal(KNOWLEDGE);
    host.intercept = () => Promise.reject(new TypeError('Failed to fetch'));
    host.requests.length = 0;
    const second = await connect().open();
    expect(second.manifest.release).to.equal(1);
    expect(await second.read('knowledge')).to.deep.equal(KNOWLEDGE);
    expect(await second.read('plan')).to.deep.equal(PLAN);
    expect(host.requests).to.deep.equal([]);
    expect(faults).to.deep.equal([]);
  });

  it('takes a newer release, keeps open bundles as they are, and sweeps chunks nobody refers to', async () => {
    await publishKnowledge(1);
    const client = connect();
    const old = await client.open();
    const changed = encodeText(`${createText(100)}and something else\n\n${createText(100, 7)}`);
    const { chunkList } = await publishKnowledge(2, changed);
    expect(await client.update()).to.deep.equal({ release: 2, isNew: true });
    expect(await client.update()).to.deep.equal({ release: 2, isNew: false });
    expect(await (await client.open()).read('knowledge')).to.deep.equal(changed);
    const listed = new Set(
      Object.values(chunkList.artifacts).flatMap(({ chunks }) => chunks.map((chunk) => chunk.sha256)),
    );
    expect(await store.keys('chunks')).to.deep.equal([...listed].sort());
    expect(old.manifest.release).to.equal(1);
    expect(await old.read('knowledge')).to.deep.equal(KNOWLEDGE);
  });

  it('downloads less than a tenth of a text in which 12 paragraphs were edited', async () => {
    const paragraphs = createText(4000).split('\n\n');
    await publishKnowledge(1, encodeText(paragraphs.join('\n\n')));
    await connect().update();
    for (let at = 0; at < 12; at++)
      paragraphs[at * 300 + 40] = `Edited paragraph ${at}, a little longer than before.`;
    paragraphs.splice(1000, 1);
    paragraphs.splice(2000, 0, 'A new paragraph.', 'And another one.');
    const edited = encodeText(paragraphs.join('\n\n'));
    await publishKnowledge(2, edited);
    host.servedBytes = 0;
    await connect().update();
    expect(host.servedBytes).to.be.greaterThan(0);
    expect(host.servedBytes / edited.length).to.be.lessThan(0.1);
    expect(await (await connect().open()).read('knowledge')).to.deep.equal(edited);
  });

  it('downloads only what is missing after an interruption', async () => {
    const { chunkList } = await publishKnowledge(1);
    const total = chunkList.artifacts['knowledge']?.chunks.length ?? 0;
    const stop = new AbortController();
    host.intercept = (path) => {
      if (path.startsWith('chunks/') && host.requests.length > total - 3) stop.abort();
      return null;
    };
    const interrupted = await failure(connect().update({ signal: stop.signal }));
    expect(interrupted).to.have.property('name', 'AbortError');
    const held = (await store.keys('chunks')).length;
    expect(held).to.be.greaterThan(0);
    expect(await store.get('releases', 'current')).to.equal(undefined);
    host.intercept = () => null;
    host.requests.length = 0;
    await connect().update();
    const listed = new Set(
      Object.values(chunkList.artifacts).flatMap(({ chunks }) => chunks.map((chunk) => chunk.sha256)),
    );
    expect(host.requests.filter((path) => path.startsWith('chunks/'))).to.have.length(listed.size - held);
  });

  it('leaves the old release in use when it crashes between the chunks and the commit, at any write', async () => {
    await publishKnowledge(1);
    await connect().update();
    const changed = encodeText(createText(1000, 5));
    await publishKnowledge(2, changed);
    for (let survived = 0; ; survived++) {
      let left = survived;
      const crashing: Store = {
        ...bind(store),
        transact: async (writes) => {
          // Not an error of ours: the client has no chance to tidy up, as when the tab is closed.
          if (left === 0) throw new Error('crash');
          left -= 1;
          await store.transact(writes);
        },
      };
      const crashed = await failure(connect({ store: crashing }).update()).catch(() => null);
      const after = await connect({ fetch: () => Promise.reject(new TypeError('offline')) }).open();
      const release = after.manifest.release;
      expect(await after.read('knowledge')).to.deep.equal(release === 1 ? KNOWLEDGE : changed);
      expect(await after.read('plan')).to.deep.equal(PLAN);
      if (crashed === null) {
        expect(release).to.equal(2);
        expect(survived).to.be.greaterThan(2);
        return;
      }
    }
  });

  it('answers from memory when the device is full, and leaves the old release and room for others', async () => {
    await publishKnowledge(1);
    await connect().update();
    const before = await store.keys('chunks');
    const changed = encodeText(createText(300, 5));
    await publishKnowledge(2, changed);
    let room = 1;
    const full: Store = {
      ...bind(store),
      transact: async (writes) => {
        if (writes.some(({ type }) => type === 'set') && room-- <= 0)
          throw new UnderstudyError('store/quota', 'There was no room.');
        await store.transact(writes);
      },
    };
    const client = connect({ store: full });
    expect(await client.update()).to.deep.equal({ release: 2, isNew: true });
    host.intercept = () => Promise.reject(new TypeError('offline'));
    const opened = await client.open();
    expect(opened.manifest.release).to.equal(2);
    expect(await opened.read('knowledge')).to.deep.equal(changed);
    expect(faults.some(({ code }) => code === 'store/quota')).to.equal(true);
    expect(await store.keys('chunks')).to.deep.equal(before);
    expect((await connect().open()).manifest.release).to.equal(1);
  });

  it('keeps nothing of a model for which the device has no room, and still reads it', async () => {
    const model = encodeText(createText(600, 9));
    await publish(host, {
      release: 1,
      artifacts: { plan: { bytes: PLAN }, model: { bytes: model, need: 'wording' } },
    });
    let room = 3;
    const full: Store = {
      ...bind(store),
      transact: async (writes) => {
        if (writes.some(({ type }) => type === 'set') && room-- <= 0)
          throw new UnderstudyError('store/quota', 'There was no room.');
        await store.transact(writes);
      },
    };
    const bundle = await connect({ store: full }).open();
    const before = await store.keys('chunks');
    expect(await bundle.read('model')).to.deep.equal(model);
    expect(room).to.be.lessThan(0);
    expect(await store.keys('chunks')).to.deep.equal(before);
    host.requests.length = 0;
    expect(await bundle.read('model')).to.deep.equal(model);
    expect(host.requests).to.deep.equal([]);
    expect(await bundle.read('plan')).to.deep.equal(PLAN);
  });

  it('works with a store that fails at everything', async () => {
    await publishKnowledge(1);
    const broken = createMemoryStore();
    broken.close();
    const bundle = await connect({ store: broken }).open();
    expect(await bundle.read('knowledge')).to.deep.equal(KNOWLEDGE);
    expect(faults.some(({ code }) => code === 'store/failed')).to.equal(true);
  });

  it('fetches chunks again that rotted on the device', async () => {
    await publishKnowledge(1);
    await connect().update();
    const keys = await store.keys('chunks');
    await store.set('chunks', keys[0] ?? '', new Uint8Array([1, 2, 3]).buffer);
    await store.set('chunks', keys[1] ?? '', 'not even bytes');
    await store.delete('chunks', keys[2] ?? '');
    host.requests.length = 0;
    const bundle = await connect().open();
    expect(await bundle.read('knowledge')).to.deep.equal(KNOWLEDGE);
    await bundle.read('plan');
    expect(host.requests.filter((path) => path.startsWith('chunks/'))).to.have.length(3);
    expect(faults.filter(({ code }) => code === 'bundle/hash-mismatch')).to.have.length(2);
  });

  it('fetches the bundle again when its record rotted on the device', async () => {
    await publishKnowledge(1);
    await connect().update();
    const record = (await store.get('releases', 'current')) as { manifestBytes: ArrayBuffer };
    const bytes = new Uint8Array(record.manifestBytes);
    bytes[bytes.length - 10] = 0;
    await store.set('releases', 'current', record);
    const bundle = await connect().open();
    expect(await bundle.read('knowledge')).to.deep.equal(KNOWLEDGE);
  });

  it('downloads what only words answers at its first reading, with progress', async () => {
    const model = encodeText(createText(300, 9));
    await publish(host, {
      release: 1,
      artifacts: {
        plan: { bytes: PLAN },
        model: { bytes: model, need: 'wording', encoding: 'gzip', hasWholeFile: true },
      },
    });
    const bundle = await connect().open();
    expect(host.requests.filter((path) => path.includes('/'))).to.have.length(1);
    const progress: number[] = [];
    const read = await bundle.read('model', { onProgress: ({ loadedBytes }) => progress.push(loadedBytes) });
    expect(read).to.deep.equal(model);
    expect(progress[0]).to.equal(0);
    expect(progress.at(-1)).to.equal(model.length);
    expect(progress).to.deep.equal([...progress].sort((a, b) => a - b));
    host.requests.length = 0;
    expect(await (await connect().open()).read('model')).to.deep.equal(model);
    expect(host.requests).to.deep.equal([]);
  });

  it('fetches the whole file at a first visit and single chunks afterwards', async () => {
    const bytes = encodeText(createText(400));
    const artifact = { encoding: 'gzip', hasWholeFile: true } as const;
    await publish(host, { release: 1, artifacts: { knowledge: { bytes, ...artifact } } });
    await connect().update();
    expect(host.requests).to.deep.equal([
      'manifest.json',
      'chunks.json',
      `files/${(await sha256Hex(bytes)).slice(0, 2)}/${await sha256Hex(bytes)}`,
    ]);
    host.requests.length = 0;
    const longer = encodeText(`${createText(400)}One more paragraph.`);
    await publish(host, { release: 2, artifacts: { knowledge: { bytes: longer, ...artifact } } });
    await connect().update();
    expect(host.requests.slice(2).every((path) => path.startsWith('chunks/'))).to.equal(true);
    expect(await (await connect().open()).read('knowledge')).to.deep.equal(longer);
  });

  it('falls back to chunks when the whole file is missing or damaged', async () => {
    const artifacts = { knowledge: { bytes: KNOWLEDGE, hasWholeFile: true } };
    await publish(host, { release: 1, artifacts });
    const sha256 = await sha256Hex(KNOWLEDGE);
    host.files.set(`files/${sha256.slice(0, 2)}/${sha256}`, new Uint8Array(KNOWLEDGE.length));
    expect(await (await connect().open()).read('knowledge')).to.deep.equal(KNOWLEDGE);
    expect(faults.map(({ code }) => code)).to.deep.equal(['bundle/hash-mismatch']);
  });

  it('takes a rebuild under the same number when it is later, and leaves an earlier one alone', async () => {
    const at = (createdAt: string, text: string): ReturnType<typeof publish> =>
      publish(host, { release: 1, createdAt, artifacts: { plan: { bytes: encodeText(text) } } });
    await at('2026-02-01T00:00:00.000Z', 'b');
    await connect().update();
    await at('2026-01-01T00:00:00.000Z', 'a');
    expect(await connect().update()).to.deep.equal({ release: 1, isNew: false });
    await at('2026-03-01T00:00:00.000Z', 'c');
    expect(await connect().update()).to.deep.equal({ release: 1, isNew: true });
    expect(await (await connect().open()).read('plan')).to.deep.equal(encodeText('c'));
  });

  it('fetches each chunk once when two clients update at the same time', async () => {
    await publishKnowledge(1);
    const updates = await Promise.all([connect().update(), connect().update()]);
    expect(updates.map(({ isNew }) => isNew)).to.deep.equal([true, false]);
    const chunks = host.requests.filter((path) => path.startsWith('chunks/'));
    expect(new Set(chunks).size).to.equal(chunks.length);
  });

  it('stops at once when it is aborted', async () => {
    await publishKnowledge(1);
    const stop = new AbortController();
    host.intercept = () => {
      stop.abort();
      return new Promise(() => undefined);
    };
    expect(await failure(connect().open({ signal: stop.signal }))).to.have.property('name', 'AbortError');
    expect(await failure(connect().update({ signal: stop.signal }))).to.have.property('name', 'AbortError');
  });

  it('fails with bundle/artifact-invalid for a name that is not in the manifest', async () => {
    await publishKnowledge(1);
    const bundle = await connect().open();
    for (const name of ['other', '__proto__', 'constructor', '../plan'])
      expect(await failure(bundle.read(name))).to.have.property('code', 'bundle/artifact-invalid');
  });

  it('fails with client/bad-option for an address that is not absolute', () => {
    expect(() => connect({ url: 'bundle/' })).to.throw('no absolute address');
  });
});

async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

function bind(store: Store): Store {
  return {
    contract: 1,
    persistence: store.persistence,
    get: (collection, key) => store.get(collection, key),
    set: (collection, key, value) => store.set(collection, key, value),
    delete: (collection, key) => store.delete(collection, key),
    keys: (collection) => store.keys(collection),
    transact: (writes) => store.transact(writes),
    clear: () => store.clear(),
    close: () => store.close(),
  };
}
