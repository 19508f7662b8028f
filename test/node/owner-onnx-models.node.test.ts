import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { openBundleFolder } from '../../cli/ask/open-bundle-folder.ts';
import type { EnginePart } from '../../src/contracts/engine.ts';
import { isRecord } from '../../src/contracts/json.ts';
import type { PublishedOptions } from '../fixtures/published-model.ts';
import { publishedModel } from '../fixtures/published-model.ts';
import type { ModelHost } from './model-host.ts';
import { serveFile, sha256Of, startModelHost } from './model-host.ts';
import { runCommand } from './run-command.ts';
import { sampleFolders } from './sample-folder.ts';
import { digestFolder } from './digest-folder.ts';
import { parseObject } from './parse-object.ts';

/** The way of an owner who wants a model that is published for Transformers.js: a folder or an address, a bundle, an answer. */
const samples = sampleFolders();
after(() => samples.removeAll());

const SHOP = {
  'understudy.yml':
    'app: kettle-shop\nlanguages: [en]\nsources:\n  - { path: help, url: "/help/{slug}.html" }\nmodel: none\n',
  'help/returns.md':
    '---\ntitle: Return a kettle\n---\n\nYou can return a kettle within 45 days of delivery. The return label is free.\n',
  'help/descale.md':
    '---\ntitle: Descale the kettle\n---\n\nDescale the kettle every two months with 30 g of citric acid.\n',
};
const QUESTION = 'How long can I return a kettle?';
const ARTIFACTS = [
  'model.onnx',
  'tokenizer.json',
  'tokenizer-config.json',
  'model-config.json',
  'generation-config.json',
];

function writeModel(folder: string, options: PublishedOptions = {}): void {
  for (const [name, bytes] of Object.entries(publishedModel(options))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

describe('understudy build --model, with a model for Transformers.js', () => {
  let host: ModelHost;
  before(async () => {
    host = await startModelHost();
  });
  after(() => host.close());

  const answersFromThePage = async (bundle: string): Promise<void> => {
    const { signal } = new AbortController();
    const { engine, engineFault } = await openBundleFolder(bundle, { withGenerator: true, signal });
    assert.ok(engine !== null, String(engineFault));
    assert.equal(engine.id, 'transformers');
    const messages = [{ role: 'user', content: QUESTION }] as const;
    const written: EnginePart[] = [];
    for await (const part of engine.generate({ messages, maxTokens: 8 })) written.push(part);
    await engine.dispose();
    const end = written.at(-1);
    assert.ok(end?.type === 'end' && end.metrics.outputTokens > 0 && end.metrics.memoryBytes > 0);
    const answered = parseObject((await runCommand(['ask', bundle, QUESTION, '--json'])).out);
    assert.equal(answered['code'], null);
    const answer = String(answered['answer']).replace(/ \[\d+\]/g, '');
    assert.match(answer, /within 45 days of delivery/);
    for (const sentence of answer.split(/(?<=[.!?])\s+/))
      assert.ok(SHOP['help/returns.md'].includes(sentence), `"${sentence}" is not on the page`);
  };
  const holdsModel = ({ out, notes }: { readonly out: string; readonly notes: string }): void => {
    const { hasGenerator, artifacts } = parseObject(out);
    assert.equal(hasGenerator, true, notes);
    assert.ok(Array.isArray(artifacts) && ARTIFACTS.every((name) => artifacts.includes(name)));
    assert.ok(!artifacts.includes('model.gguf'));
  };

  for (const [name, options] of [
    ['llama', {}],
    ['qwen2', { architecture: 'qwen2', quantization: 'fp16', isSplit: true }],
  ] as const) {
    it(`packs a folder of a ${name} model; whatever it writes, the page's own sentences answer`, async () => {
      const folder = samples.make(SHOP);
      const bundle = join(folder, 'bundle');
      writeModel(join(folder, 'small-chat'), options);
      const build = ['build', folder, '--out', bundle, '--model', join(folder, 'small-chat'), '--json'];
      const built = await runCommand(build);
      assert.equal(built.status, 0, built.out + built.notes);
      holdsModel(built);
      await answersFromThePage(bundle);
      const again = parseObject((await runCommand(build)).out);
      assert.deepEqual([again['release'], again['isChanged']], [1, false]);
    });
  }

  it('packs a repository of the hub, its hub and hash from understudy.yml', async () => {
    const model = publishedModel();
    const repository = 'onnx-community/Qwen2.5-0.5B-Instruct';
    for (const [name, bytes] of Object.entries(model))
      host.serve(`/${repository}/resolve/main/${name}`, serveFile(bytes));
    const hash = sha256Of(model['onnx/model_quantized.onnx'] ?? new Uint8Array());
    const choice = `model: qwen2.5-0.5b-instruct:onnx\nmodelHub: ${host.url}/\nmodelSha256: ${hash}\nruntime: transformers\n`;
    const folder = samples.make({
      ...SHOP,
      'understudy.yml': SHOP['understudy.yml'].replace('model: none\n', choice),
    });
    holdsModel(await runCommand(['build', folder, '--out', join(folder, 'bundle'), '--json']));
    const manifest = parseObject(readFileSync(join(folder, 'bundle/manifest.json'), 'utf8'));
    assert.deepEqual(manifest['generator'], { name: 'qwen2.5-0.5b-instruct', ability: 'general' });
  });

  it('takes nothing of a folder that lies among the pages for a page', async () => {
    const folder = samples.make({ 'returns.md': SHOP['help/returns.md'] });
    writeModel(join(folder, 'model'));
    const built = await runCommand([
      ...['build', folder, '--out', join(folder, 'bundle'), '--model', join(folder, 'model'), '--json'],
    ]);
    const { documents, findings } = parseObject(built.out);
    assert.deepEqual([documents, findings], [1, []]);
  });

  it('packs a folder of any host', async () => {
    for (const [name, bytes] of Object.entries(publishedModel({ isSplit: true })))
      host.serve(`/models/of/mine/${name}`, serveFile(bytes));
    const folder = samples.make(SHOP);
    const bundle = join(folder, 'bundle');
    const url = `${host.url}/models/of/mine/onnx/model_quantized.onnx`;
    holdsModel(await runCommand(['build', folder, '--out', bundle, '--model', url, '--json']));
    await answersFromThePage(bundle);
  });

  it('leaves the bundle before as it is when a model is none, or is for another engine', async () => {
    const folder = samples.make(SHOP);
    const bundle = join(folder, 'bundle');
    assert.equal((await runCommand(['build', folder, '--out', bundle])).status, 0);
    const unchanged = digestFolder(bundle);
    const models = samples.make();
    const kernel = samples.make({
      ...SHOP,
      'understudy.yml': `${SHOP['understudy.yml']}runtime: kernel\n`,
    });
    writeModel(join(models, 'good'));
    writeModel(join(models, 'other'), { config: { model_type: 'phi3' } });
    writeModel(join(models, 'broken'));
    writeFileSync(join(models, 'broken/onnx/model_quantized.onnx'), 'GGUF');
    writeModel(join(models, 'toneless'));
    writeFileSync(join(models, 'toneless/tokenizer_config.json'), '{}');
    const cases = [
      [[folder, '--model', join(models, 'other')], 'cli/model-invalid'],
      [[folder, '--model', join(models, 'broken')], 'cli/model-invalid'],
      [[folder, '--model', join(models, 'toneless')], 'cli/model-invalid'],
      [[folder, '--model', `${join(models, 'good')}:q4`], 'cli/model-invalid'],
      [[folder, '--model', `${join(models, 'none')}:onnx`], 'cli/not-found'],
      [[folder, '--model', `${host.url}/nothing:onnx`], 'cli/not-found'],
      [[kernel, '--model', join(models, 'good')], 'cli/config-invalid'],
      [[folder, '--model', 'none', '--encoder', join(models, 'good')], 'cli/model-invalid'],
    ] as const;
    for (const [[pages, ...rest], code] of cases) {
      const { status, notes } = await runCommand(['build', pages, '--out', bundle, ...rest]);
      assert.equal(status, 2, notes);
      assert.match(notes, new RegExp(`^error ${code}: `, 'm'));
      assert.equal(digestFolder(bundle), unchanged);
    }
    for (const args of [
      ['--model', 'http://models.example/owner/name:onnx'],
      ['--model', join(models, 'good'), '--model-sha256', '0'.repeat(64)],
    ])
      assert.equal((await runCommand(['build', folder, '--out', bundle, ...args])).status, 64);
  });

  it('measures the chosen model beside the default one on the questions of the owner', async () => {
    const folder = samples.make({
      ...SHOP,
      'questions.jsonl': `${JSON.stringify({ question: QUESTION, articles: ['returns'], facts: ['45 days'] })}\n`,
    });
    writeModel(join(folder, 'noise'));
    const built = await runCommand([
      ...['build', folder, '--out', join(folder, 'b'), '--model', join(folder, 'noise')],
      ...['--questions', join(folder, 'questions.jsonl'), '--json'],
    ]);
    const { comparison } = parseObject(built.out);
    assert.ok(isRecord(comparison), built.out + built.notes);
    const { chosen, default: usual, warnings } = comparison;
    assert.ok(isRecord(chosen) && isRecord(usual) && Array.isArray(warnings));
    assert.deepEqual([chosen['name'], usual['name']], ['noise', 'understudy-tiny']);
    assert.deepEqual(chosen['factsContained'], { count: 1, of: 1, share: 1 });
    assert.ok(Number(chosen['memoryBytes']) > 0 && Number(chosen['sizeBytes']) > 0);
    assert.match(warnings.join('\n'), /the default model answers as well as the chosen one/);
  });
});
