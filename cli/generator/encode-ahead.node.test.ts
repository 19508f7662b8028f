import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadKernelEncoder } from '../../src/engines/kernel/load-kernel-encoder.ts';
import type { Encoder } from '../../src/contracts/encoder.ts';
import { randomModel } from '../../test/fixtures/random-model.ts';
import { packageFolder } from '../package-folder.ts';
import { encodeAhead } from './encode-ahead.ts';
import { readKernelFile } from './kernel-files.ts';
import { modelSource } from './model-source.ts';

const { signal } = new AbortController();
const threadFile = join(packageFolder().path, 'dist/cli/generator/encode-thread.js');
const bytes = randomModel({ architecture: 'bert', type: 'Q4_0' });
const encoder = await loadKernelEncoder({
  openModel: () => Promise.resolve(modelSource(bytes)),
  readKernel: readKernelFile,
  signal,
});
const texts = Array.from(
  { length: 500 },
  (_, at) => `text ${String.fromCharCode(97 + (at % 26)).repeat(1 + at / 26)}`,
);

/** The encoder, and which texts it was asked for. */
function watched(): { readonly asked: string[]; readonly encoder: Encoder } {
  const asked: string[] = [];
  const encode = (text: string): Float32Array => {
    asked.push(text);
    return encoder.encode(text);
  };
  return { asked, encoder: { ...encoder, encode } };
}

describe('encodeAhead', () => {
  it('gives the vectors that one thread gives, without asking it', async () => {
    const { asked, encoder: one } = watched();
    const told: number[] = [];
    const ahead = await encodeAhead({ encoder: one, bytes }, [...texts, ...texts], {
      signal,
      threads: 2,
      threadFile,
      onProgress: (done, of) => {
        assert.equal(of, 500);
        told.push(done);
      },
    });
    for (const text of texts) assert.deepEqual(ahead.encode(text), encoder.encode(text));
    assert.deepEqual(asked, []);
    assert.equal(told.at(-1), 500);
  });

  it('encodes any other text when asked', async () => {
    const { asked, encoder: one } = watched();
    const ahead = await encodeAhead({ encoder: one, bytes }, texts, { signal, threads: 2, threadFile });
    assert.deepEqual(ahead.encode('another'), encoder.encode('another'));
    assert.deepEqual(asked, ['another']);
  });

  it('takes one thread for few texts, and where there is one core', async () => {
    const { encoder: one } = watched();
    assert.equal(
      await encodeAhead({ encoder: one, bytes }, texts.slice(0, 399), { signal, threads: 8, threadFile }),
      one,
    );
    assert.equal(await encodeAhead({ encoder: one, bytes }, texts, { signal, threads: 1, threadFile }), one);
  });

  it('takes one thread where the command runs from its source, as what was built may be older', async () => {
    const { encoder: one } = watched();
    assert.equal(await encodeAhead({ encoder: one, bytes }, texts, { signal, threads: 2 }), one);
  });

  it('rejects with what is thrown by who is told of the progress', async () => {
    const fault = new Error('The terminal is gone.');
    const onProgress = (): never => {
      throw fault;
    };
    await assert.rejects(
      encodeAhead({ encoder, bytes }, texts, { signal, threads: 2, threadFile, onProgress }),
      fault,
    );
  });

  it('goes on with one thread where the others fail', async () => {
    const { asked, encoder: one } = watched();
    const ahead = await encodeAhead({ encoder: one, bytes: bytes.slice(0, 100) }, texts, {
      signal,
      threads: 2,
      threadFile,
    });
    assert.deepEqual(ahead.encode('text a'), encoder.encode('text a'));
    assert.deepEqual(asked, ['text a']);
  });

  it('ends its threads and says why when it is aborted', async () => {
    const stop = new AbortController();
    const reason = new DOMException('Interrupted.', 'AbortError');
    const ahead = encodeAhead({ encoder, bytes }, texts, {
      signal: stop.signal,
      threads: 2,
      threadFile,
      onProgress: () => {
        stop.abort(reason);
      },
    });
    await assert.rejects(ahead, reason);
    await assert.rejects(encodeAhead({ encoder, bytes }, texts, { signal: stop.signal }), reason);
  });
});
