import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isRecord } from '../../src/contracts/json.ts';
import { randomModel } from '../fixtures/random-model.ts';
import type { ModelHost } from './model-host.ts';
import { serveFile, sha256Of, startModelHost } from './model-host.ts';
import { runCommand } from './run-command.ts';
import { sampleFolders } from './sample-folder.ts';
import { digestFolder } from './digest-folder.ts';
import { parseObject } from './parse-object.ts';

/**
 * The way of an owner who wants another model: an address, a bundle, an answer. The models are of random weights: left to themselves they
 * write noise, so every sentence that the visitor reads must be one of the page.
 */
const samples = sampleFolders();
after(() => samples.removeAll());

const SHOP = {
  'understudy.yml':
    'app: kettle-shop\nlanguages: [en]\nsources:\n  - { path: help, url: "/help/{slug}.html" }\nmodel: none\n',
  'help/returns.md':
    '---\ntitle: Return a kettle\n---\n\nYou can return a kettle within 45 days of delivery. To return a kettle, print the label. A kettle that you return travels free.\n',
  'help/descale.md':
    '---\ntitle: Descale the kettle\n---\n\nDescale the kettle every two months with 30 g of citric acid.\n',
};
const QUESTION = 'How long can I return a kettle?';

describe('understudy build --model', () => {
  let host: ModelHost;
  before(async () => {
    host = await startModelHost();
  });
  after(() => host.close());

  for (const architecture of ['llama', 'qwen2'] as const) {
    const model = randomModel({ architecture, type: 'Q8_0', contextTokens: 2048 });

    it(`packs a ${architecture} file of an address; whatever it writes, the page's own sentences answer`, async () => {
      host.serve(`/${architecture}.gguf`, serveFile(model));
      const folder = samples.make(SHOP);
      const bundle = join(folder, 'bundle');
      const url = `${host.url}/${architecture}.gguf`;
      const built = await runCommand(['build', folder, '--out', bundle, '--model', url, '--json']);
      assert.equal(built.status, 0, built.out + built.notes);
      const { hasGenerator, artifacts } = parseObject(built.out);
      assert.equal(hasGenerator, true);
      assert.ok(Array.isArray(artifacts) && artifacts.includes('model.gguf'));
      const answered = parseObject((await runCommand(['ask', bundle, QUESTION, '--json'])).out);
      assert.equal(answered['code'], null);
      const answer = String(answered['answer']).replace(/ \[\d+\]/g, '');
      assert.match(answer, /within 45 days of delivery/);
      const sentences = answer.split(/(?<=[.!?])\s+/);
      for (const sentence of sentences)
        assert.ok(SHOP['help/returns.md'].includes(sentence), `"${sentence}" is not on the page`);
    });
  }

  it('needs no network the second time, and gives the same bundle', async () => {
    const away = await startModelHost();
    away.serve('/m.gguf', serveFile(randomModel({ architecture: 'llama', type: 'Q8_0' })));
    const folder = samples.make(SHOP);
    const bundle = join(folder, 'bundle');
    const build = ['build', folder, '--out', bundle, '--model', `${away.url}/m.gguf`, '--json'];
    try {
      const first = await runCommand(build);
      assert.equal(first.status, 0, first.out + first.notes);
    } finally {
      await away.close();
    }
    const again = parseObject((await runCommand(build)).out);
    assert.deepEqual([again['release'], again['isChanged']], [1, false]);
  });

  it('takes the model, its hash and the hub from understudy.yml', async () => {
    const model = randomModel({ architecture: 'llama', type: 'Q8_0' });
    const repository = 'unsloth/SmolLM2-135M-Instruct-GGUF';
    const entry = { type: 'file', path: 'small-Q8_0.gguf', size: model.length };
    host.serve(`/api/models/${repository}/tree/main`, (_, response) => response.end(JSON.stringify([entry])));
    host.serve(`/${repository}/resolve/main/small-Q8_0.gguf`, serveFile(model));
    const choice = `model: smollm2-135m-instruct\nmodelHub: ${host.url}/\nmodelSha256: ${sha256Of(model)}\n`;
    const folder = samples.make({
      ...SHOP,
      'understudy.yml': SHOP['understudy.yml'].replace('model: none\n', choice),
    });
    const built = await runCommand(['build', folder, '--out', join(folder, 'bundle'), '--json']);
    assert.equal(parseObject(built.out)['hasGenerator'], true, built.out);
  });

  it('holds the hash of understudy.yml against its own model alone', async () => {
    const choice = `model: smollm2-135m-instruct\nmodelSha256: ${'a0'.repeat(32)}\n`;
    const folder = samples.make({
      ...SHOP,
      'understudy.yml': SHOP['understudy.yml'].replace('model: none\n', choice),
    });
    const built = await runCommand(['build', folder, '--out', join(folder, 'bundle'), '--model', 'none']);
    assert.equal(built.status, 0, built.notes);
    const named = samples.make({ ...SHOP, 'understudy.yml': `app: x\nmodelSha256: ${'a0'.repeat(32)}\n` });
    const { status, notes } = await runCommand(['build', named, '--out', join(named, 'b')]);
    assert.equal(status, 2);
    assert.match(notes, /understudy\.yml:2:\d+: "modelSha256" belongs to a model that is fetched/);
  });

  it('leaves the bundle before as it is when a model cannot be had', async () => {
    const folder = samples.make(SHOP);
    const bundle = join(folder, 'bundle');
    assert.equal((await runCommand(['build', folder, '--out', bundle])).status, 0);
    const before = digestFolder(bundle);
    const page = '<!doctype html><title>Sign in</title>';
    host.serve('/page.gguf', (_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(page),
    );
    host.serve('/gated.gguf', (_, response) => response.writeHead(401).end());
    host.serve('/bert.gguf', serveFile(randomModel({ architecture: 'bert', type: 'Q8_0' })));
    const llama = randomModel({ architecture: 'llama', type: 'Q8_0' });
    host.serve('/cut.gguf', (request, response, times) =>
      serveFile(times === 0 ? llama.subarray(0, llama.length - 1000) : llama)(request, response, times),
    );
    const wrong = ['--model-sha256', '0'.repeat(64)];
    host.serve('/whole.gguf', serveFile(llama));
    const cases = [
      [['/page.gguf'], 'cli/model-invalid'],
      [['/gated.gguf'], 'cli/model-refused'],
      [['/bert.gguf'], 'cli/model-invalid'],
      [['/cut.gguf'], 'cli/model-invalid'],
      [['/nothing.gguf'], 'cli/not-found'],
      [['/whole.gguf', ...wrong], 'cli/model-damaged'],
    ] as const;
    for (const [[path = '', ...rest], code] of cases) {
      const args = ['build', folder, '--out', bundle, '--model', `${host.url}${path}`, ...rest];
      const { status, notes } = await runCommand(args);
      assert.equal(status, 2, notes);
      assert.match(notes, new RegExp(`^error ${code}: `, 'm'));
      assert.equal(digestFolder(bundle), before);
    }
    // What was cut off is not kept.
    const again = await runCommand(['build', folder, '--out', bundle, '--model', `${host.url}/cut.gguf`]);
    assert.equal(again.status, 0, again.notes);
  });

  it('refuses addresses without encryption but on this machine, and hashes of what is not fetched', async () => {
    const folder = samples.make(SHOP);
    const build = (...args: string[]) => runCommand(['build', folder, '--out', join(folder, 'b'), ...args]);
    for (const args of [
      ['--model', 'http://models.example/a.gguf'],
      ['--model', 'ftp://models.example/a.gguf'],
      ['--model', 'https://me:secret@models.example/a.gguf'],
      ['--model', 'default', '--generator', 'none'],
      ['--model', 'smollm2-135m-instruct', '--model-hub', 'http://hub.example'],
      ['--model', 'smollm2-135m-instruct', '--model-sha256', 'abc'],
      ['--model-sha256', '0'.repeat(64)],
    ]) {
      const { status, notes } = await build(...args);
      assert.equal(status, 64, `${args.join(' ')}: ${notes}`);
    }
    const named = samples.make({
      ...SHOP,
      'understudy.yml': 'app: x\nmodel: http://models.example/a.gguf\n',
    });
    const { status, notes } = await runCommand(['build', named, '--out', join(named, 'b')]);
    assert.equal(status, 2);
    assert.match(notes, /understudy\.yml:2:8: "model" must begin with https/);
  });

  it('measures the chosen model beside the default one on the questions of the owner', async () => {
    host.serve(
      '/noise.gguf',
      serveFile(randomModel({ architecture: 'llama', type: 'Q8_0', contextTokens: 2048 })),
    );
    const folder = samples.make({
      ...SHOP,
      'questions.jsonl': `${JSON.stringify({ question: QUESTION, articles: ['returns'], facts: ['45 days'] })}\n`,
    });
    const questions = join(folder, 'questions.jsonl');
    const build = (...args: string[]) =>
      runCommand(['build', folder, '--out', join(folder, 'b'), '--questions', questions, ...args]);
    const noise = await build('--model', `${host.url}/noise.gguf`, '--json');
    const { comparison } = parseObject(noise.out);
    assert.ok(isRecord(comparison), noise.out + noise.notes);
    const { chosen, default: usual, warnings } = comparison;
    assert.ok(isRecord(chosen) && isRecord(usual) && Array.isArray(warnings));
    assert.deepEqual([chosen['name'], usual['name']], ['random llama', 'understudy-tiny']);
    assert.deepEqual(chosen['factsContained'], { count: 1, of: 1, share: 1 });
    assert.ok(Number(chosen['memoryBytes']) > 0 && Number(chosen['sizeBytes']) > 0);
    assert.match(String(warnings[0]), /the default model answers as well as the chosen one/);
    const extracts = await build('--model', 'none');
    assert.match(extracts.out, /measured on 1 questions +extracts alone +understudy-tiny/);
    const alone = await build('--model', 'default');
    assert.match(alone.out, /measured on 1 questions +understudy-tiny\n/);
  });

  it('says which id may have been meant', async () => {
    const folder = samples.make(SHOP);
    const args = ['build', folder, '--out', join(folder, 'b'), '--model', 'smollm2-135m'];
    const { status, notes } = await runCommand(args);
    assert.equal(status, 2);
    assert.match(notes, /^error cli\/not-found: The catalogue has no model "smollm2-135m"/m);
  });
});
