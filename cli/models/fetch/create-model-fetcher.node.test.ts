import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import type { Clock } from '../../../src/contracts/clock.ts';
import { isUnderstudyError } from '../../../src/contracts/errors.ts';
import type { ModelTask } from '../../../src/contracts/model-catalogue.ts';
import type { ModelHost } from '../../../test/node/model-host.ts';
import { serveFile, sha256Of, startModelHost } from '../../../test/node/model-host.ts';
import { sampleFolders } from '../../../test/node/sample-folder.ts';
import type { RemoteModel } from '../../config/build-config.ts';
import { createModelFetcher } from './create-model-fetcher.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

/** Told from other files by its first bytes alone: what it says is judged later. */
const model = Uint8Array.from({ length: 300_000 }, (_, at) => 'GGUF'.charCodeAt(at) || (at * 7) % 251);
const other = Uint8Array.from(model, (byte, at) => (at < 4 ? byte : byte ^ 1));

const waits: number[] = [];
const clock: Clock = {
  now: () => 0,
  monotonicMs: () => 0,
  sleep: (delayMs) => {
    waits.push(delayMs);
    return Promise.resolve();
  },
};

describe('fetching a published model', () => {
  let host: ModelHost;
  let cache: string;
  beforeEach(async () => {
    host = await startModelHost();
    cache = join(samples.make(), 'models');
    waits.length = 0;
  });
  afterEach(() => host.close());

  const fetchModel = (
    choice: RemoteModel,
    options: {
      readonly sha256?: string | null;
      readonly hub?: string;
      readonly task?: ModelTask;
      readonly signal?: AbortSignal;
      readonly fetch?: typeof fetch;
      readonly onProgress?: (text: string) => void;
    } = {},
  ): Promise<string> =>
    createModelFetcher(
      {
        hub: options.hub ?? host.url,
        cache,
        sha256: options.sha256 ?? null,
        task: options.task ?? 'chat',
      },
      {
        fetch: options.fetch ?? fetch,
        clock,
        signal: options.signal ?? new AbortController().signal,
        onProgress: options.onProgress ?? (() => undefined),
      },
    )(choice);
  const at = (path: string): RemoteModel => ({ kind: 'address', url: `${host.url}${path}` });
  const listed = (id: string, quantization: string | null = null): RemoteModel => ({
    kind: 'catalogue',
    id,
    quantization,
  });
  const failure = async (fetching: Promise<string>): Promise<{ code: string; message: string }> => {
    const error: unknown = await fetching.then(
      () => null,
      (cause: unknown) => cause,
    );
    assert.ok(isUnderstudyError(error), String(error));
    return { code: error.code, message: error.message };
  };
  const keptFiles = (): string[] =>
    existsSync(cache)
      ? readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name))
      : [];
  const holds = (path: string, bytes: Uint8Array): void =>
    assert.equal(sha256Of(readFileSync(path)), sha256Of(bytes));

  it('keeps the file under its own name, and asks nobody the second time', async () => {
    host.serve('/some/Small-Q8_0.gguf', serveFile(model));
    const path = await fetchModel(at('/some/Small-Q8_0.gguf'));
    assert.match(path, /[\\/]Small-Q8_0\.gguf$/);
    holds(path, model);
    assert.equal(await fetchModel(at('/some/Small-Q8_0.gguf')), path);
    assert.equal(host.asked.length, 1);
  });

  it('fetches a kept file again that is no longer what it was', async () => {
    host.serve('/a.gguf', serveFile(model));
    const path = await fetchModel(at('/a.gguf'));
    appendFileSync(path, 'x');
    holds(await fetchModel(at('/a.gguf')), model);
    assert.equal(host.asked.length, 2);
  });

  it('goes on where a connection broke', async () => {
    host.serve('/a.gguf', serveFile(model, { cutAfter: 100_000 }));
    holds(await fetchModel(at('/a.gguf')), model);
    assert.equal(host.asked.length, 2);
    assert.match(host.asked[1] ?? '', /^\/a\.gguf bytes=[1-9]\d*-$/);
    assert.equal(waits.length, 1);
  });

  it('goes on in the next build where one was stopped', async () => {
    const controller = new AbortController();
    host.serve('/a.gguf', (request, response, times) => {
      if (times > 0) serveFile(model)(request, response, times);
      else {
        response.writeHead(200, { 'content-length': String(model.length), etag: '"v1"' });
        response.write(model.subarray(0, 100_000));
      }
    });
    const stopped = fetchModel(at('/a.gguf'), {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('stopped')),
    });
    await assert.rejects(stopped, /stopped/);
    holds(await fetchModel(at('/a.gguf')), model);
    assert.match(host.asked[1] ?? '', /bytes=[1-9]\d*-$/);
  });

  it('begins anew when the host has another version meanwhile, or does not say which it has', async () => {
    for (const tag of ['"v2"', null]) {
      const path = `/${String(tag !== null)}.gguf`;
      host.serve(path, (request, response, times) =>
        serveFile(times === 0 ? model : other, {
          tag: times === 0 && tag !== null ? '"v1"' : tag,
          cutAfter: 100_000,
        })(request, response, times),
      );
      holds(await fetchModel(at(path)), other);
    }
  });

  it('begins anew when the host goes on with another version although it was told which', async () => {
    host.serve('/a.gguf', (request, response, times) => {
      // Some hosts do not look at If-Range.
      delete request.headers['if-range'];
      serveFile(times === 0 ? model : other, { tag: `"v${times === 0 ? 1 : 2}"`, cutAfter: 100_000 })(
        request,
        response,
        times,
      );
    });
    holds(await fetchModel(at('/a.gguf')), other);
  });

  it('gives up on a host that takes back what it gave, again and again', async () => {
    host.serve('/a.gguf', (request, response, times) =>
      request.headers.range === undefined
        ? serveFile(model, { cutAfter: 100_000 })(request, response, 0)
        : response.writeHead(times < 100 ? 416 : 500).end(),
    );
    assert.equal((await failure(fetchModel(at('/a.gguf')))).code, 'cli/model-unreachable');
    assert.ok(host.asked.length < 10, String(host.asked.length));
  });

  it('gives up with what to do when the host answers no more, and tells what is kept', async () => {
    host.serve('/a.gguf', (request, response, times) =>
      times === 0
        ? serveFile(model, { cutAfter: 100_000 })(request, response, 0)
        : response.writeHead(503).end(),
    );
    const { code, message } = await failure(fetchModel(at('/a.gguf')));
    assert.equal(code, 'cli/model-unreachable');
    assert.match(message, /status 503.*kept, and the next build goes on there.*download the file yourself/);
    assert.equal(host.asked.length, 4);
    assert.deepEqual(waits, [1000, 2000, 4000]);
  });

  it('says that there is no connection', async () => {
    const closed = await startModelHost();
    await closed.close();
    const { code, message } = await failure(fetchModel({ kind: 'address', url: `${closed.url}/a.gguf` }));
    assert.equal(code, 'cli/model-unreachable');
    assert.match(message, /ECONNREFUSED.*name its path/);
  });

  it('says that the license must be accepted where a file is not given to everyone', async () => {
    for (const status of [401, 403]) {
      host.serve('/a.gguf', (_, response) =>
        response.writeHead(status, { 'x-error-code': 'GatedRepo' }).end(),
      );
      const { code, message } = await failure(fetchModel(at('/a.gguf')));
      assert.equal(code, 'cli/model-refused');
      assert.match(message, /Accept the license .* download the file there, and name its path/);
    }
  });

  it('says that nothing is there, also where the hub hides that behind a refusal', async () => {
    assert.equal((await failure(fetchModel(at('/a.gguf')))).code, 'cli/not-found');
    host.serve('/b.gguf', (_, response) => response.writeHead(401, { 'x-error-code': 'RepoNotFound' }).end());
    assert.equal((await failure(fetchModel(at('/b.gguf')))).code, 'cli/not-found');
  });

  it('refuses what is no GGUF file, and keeps nothing of it', async () => {
    const answers = [
      ['text/html', '<!doctype html><title>Sign in</title>', /web page.*\/resolve\//],
      ['text/plain', 'version https://git-lfs.github.com/spec/v1\noid sha256:00', /where the file lies/],
      ['application/octet-stream', 'ONNX and so on', /something else than a GGUF file/],
      ['application/octet-stream', '', /something else than a GGUF file/],
    ] as const;
    for (const [type, body, expected] of answers) {
      host.serve('/a.gguf', (_, response) => response.writeHead(200, { 'content-type': type }).end(body));
      const { code, message } = await failure(fetchModel(at('/a.gguf')));
      assert.equal(code, 'cli/model-invalid');
      assert.match(message, expected);
      assert.deepEqual(keptFiles(), []);
    }
  });

  it('refuses a file that is longer than what is packed before it is fetched', async () => {
    const long: typeof fetch = () =>
      Promise.resolve(new Response('GGUF', { headers: { 'content-length': String(2 ** 31) } }));
    const { code, message } = await failure(fetchModel(at('/a.gguf'), { fetch: long }));
    assert.equal(code, 'cli/model-invalid');
    assert.match(message, /2147\.5 MB; models of at most 1073\.7 MB/);
  });

  it('checks the hash of the owner and the one that the hub tells, and keeps nothing that differs', async () => {
    host.serve('/a.gguf', serveFile(model));
    assert.equal(
      (await failure(fetchModel(at('/a.gguf'), { sha256: sha256Of(other) }))).code,
      'cli/model-damaged',
    );
    assert.deepEqual(keptFiles(), []);
    holds(await fetchModel(at('/a.gguf'), { sha256: sha256Of(model) }), model);
    const linked = { 'x-linked-etag': `"${sha256Of(other)}"` };
    host.serve('/b.gguf', serveFile(model, { headers: linked }));
    assert.equal((await failure(fetchModel(at('/b.gguf')))).code, 'cli/model-damaged');
    host.serve('/c.gguf', serveFile(model, { tag: `"${sha256Of(other)}"` }));
    assert.equal((await failure(fetchModel(at('/c.gguf')))).code, 'cli/model-damaged');
  });

  it('fetches a kept file again when the owner names another hash', async () => {
    host.serve('/a.gguf', serveFile(model));
    await fetchModel(at('/a.gguf'));
    host.serve('/a.gguf', serveFile(other, { tag: '"v2"' }));
    holds(await fetchModel(at('/a.gguf'), { sha256: sha256Of(other) }), other);
  });

  it('takes no tag of another host for a hash: storage behind a hub has digests of its own', async () => {
    host.serve('/a.gguf', serveFile(model, { tag: `"${sha256Of(other)}"` }));
    holds(await fetchModel(at('/a.gguf'), { hub: 'https://hub.example' }), model);
    const storage = await startModelHost();
    storage.serve('/blob', serveFile(model, { tag: `"${sha256Of(other)}"` }));
    host.serve('/b.gguf', (_, response) =>
      response
        .writeHead(302, { location: `${storage.url}/blob`, 'x-linked-etag': `"${sha256Of(model)}"` })
        .end(),
    );
    try {
      holds(await fetchModel(at('/b.gguf')), model);
    } finally {
      await storage.close();
    }
  });

  it('follows a host that leads on, but not in circles, into the open, or onto this machine', async () => {
    host.serve('/around.gguf', (_, response) => response.writeHead(302, { location: '/around.gguf' }).end());
    assert.match((await failure(fetchModel(at('/around.gguf')))).message, /leads on more than 5 times/);
    for (const location of [
      'http://models.example/a.gguf',
      `${host.url}/a.gguf`,
      'ftp://models.example/a',
      'https://u:p@models.example/',
    ]) {
      const leading: typeof fetch = () =>
        Promise.resolve(new Response(null, { status: 307, headers: { location } }));
      const choice = { kind: 'address', url: 'https://models.example/a.gguf' } as const;
      const { code, message } = await failure(fetchModel(choice, { fetch: leading }));
      assert.equal(code, 'cli/model-unreachable');
      assert.match(message, /leads to "/);
    }
  });

  describe('of the catalogue', () => {
    const LLAMA =
      '/hugging-quants/Llama-3.2-1B-Instruct-Q4_K_M-GGUF/resolve/main/llama-3.2-1b-instruct-q4_k_m.gguf';
    const TINY = 'unsloth/SmolLM2-135M-Instruct-GGUF';
    const files = (sizes: { readonly [name: string]: number }): unknown =>
      Object.entries(sizes).map(([path, size]) => ({
        type: 'file',
        path,
        size,
        oid: '0'.repeat(40),
        lfs: { oid: sha256Of(model), size, pointerSize: 135 },
      }));
    const serveList = (list: unknown): void =>
      host.serve(`/api/models/${TINY}/tree/main`, (_, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(list)),
      );

    it('asks the hub for the file that the catalogue names, and for no other size', async () => {
      host.serve(LLAMA, serveFile(model));
      const { code, message } = await failure(fetchModel(listed('Llama-3.2-1B-Instruct')));
      assert.equal(code, 'cli/model-damaged');
      assert.match(message, /has 300000 bytes, not 807690656/);
      assert.deepEqual(host.asked, [LLAMA]);
    });

    it('looks for a file where the catalogue names the repository alone, and for none the second time', async () => {
      serveList(
        files({
          'README.md': 1000,
          'SmolLM2-135M-Instruct-Q2_K.gguf': 88_000_000,
          'SmolLM2-135M-Instruct-Q8_0.gguf': model.length,
          'SmolLM2-135M-Instruct-F16.gguf': 270_000_000,
        }),
      );
      host.serve(`/${TINY}/resolve/main/SmolLM2-135M-Instruct-Q8_0.gguf`, serveFile(model));
      const path = await fetchModel(listed('smollm2-135m-instruct'));
      holds(path, model);
      assert.equal(host.asked.length, 2);
      assert.equal(await fetchModel(listed('smollm2-135m-instruct'), { hub: 'https://away.example' }), path);
      assert.equal(host.asked.length, 2);
    });

    it('takes the quantization that is named, and says when there is none', async () => {
      serveList(files({ 'a-Q4_K_M.gguf': model.length, 'a-Q8_0.gguf': 145_000_000, 'a-IQ2_XS.gguf': 50 }));
      host.serve(`/${TINY}/resolve/main/a-Q4_K_M.gguf`, serveFile(model));
      assert.match(await fetchModel(listed('smollm2-135m-instruct', 'q4_k_m')), /a-Q4_K_M\.gguf$/);
      for (const quantization of ['Q4_0', 'IQ2_XS']) {
        const { code, message } = await failure(fetchModel(listed('smollm2-135m-instruct', quantization)));
        assert.equal(code, 'cli/model-invalid');
        assert.match(message, new RegExp(`no GGUF file in ${quantization}`));
      }
    });

    it('calls halves as the catalogue and as files do', async () => {
      serveList(files({ 'a-fp16.gguf': model.length }));
      host.serve(`/${TINY}/resolve/main/a-fp16.gguf`, serveFile(model));
      const path = await fetchModel(listed('smollm2-135m-instruct', 'fp16'));
      assert.match(path, /a-fp16\.gguf$/);
      assert.equal(await fetchModel(listed('smollm2-135m-instruct', 'fp16')), path);
    });

    it('asks again for a list that cannot be had at once', async () => {
      const list = files({ 'a-Q8_0.gguf': model.length });
      host.serve(`/api/models/${TINY}/tree/main`, (_, response, times) =>
        times === 0 ? response.writeHead(503).end() : response.end(JSON.stringify(list)),
      );
      host.serve(`/${TINY}/resolve/main/a-Q8_0.gguf`, serveFile(model));
      assert.match(await fetchModel(listed('smollm2-135m-instruct')), /a-Q8_0\.gguf$/);
      assert.deepEqual(waits, [1000]);
    });

    it('refuses an answer that is no list', async () => {
      for (const list of [{ error: 'busy' }, 'text']) {
        serveList(list);
        assert.equal(
          (await failure(fetchModel(listed('smollm2-135m-instruct')))).code,
          'cli/model-unreachable',
        );
      }
    });

    it('refuses an unknown id, a model of another task, and one that the kernel does not run', async () => {
      const unknown = await failure(fetchModel(listed('smollm2-135-instruct')));
      assert.equal(unknown.code, 'cli/not-found');
      assert.match(unknown.message, /did you mean "smollm2-135m-instruct"/);
      assert.match(
        (await failure(fetchModel(listed('bge-small-en-v1.5')))).message,
        /is for the task "encoder"/,
      );
      assert.match(
        (await failure(fetchModel(listed('gemma-2-2b-it')))).message,
        /no GGUF file in the catalogue/,
      );
      assert.match(
        (await failure(fetchModel(listed('qwen3-0.6b', 'Q8_0')))).message,
        /no GGUF file in Q8_0 in the catalogue/,
      );
      assert.deepEqual(host.asked, []);
    });
  });
});
