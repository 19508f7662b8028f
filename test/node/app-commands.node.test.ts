import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { JsonObject } from '../../src/contracts/json.ts';
import { isJson, isRecord } from '../../src/contracts/json.ts';
import type { Passage } from '../../src/contracts/passage.ts';
import { createDifyLead } from '../../src/engines/dify/create-dify-lead.ts';
import { systemClock } from '../../src/session/system-clock.ts';
import { openBundleFolder } from '../../cli/ask/open-bundle-folder.ts';
import { readZip } from '../../cli/publish/read-zip.ts';
import type { ScriptedDify } from '../../cli/knowledge/scripted-dify.ts';
import { startScriptedDify } from '../../cli/knowledge/scripted-dify.ts';
import { packageFolder } from '../../cli/package-folder.ts';
import { runCommand } from './run-command.ts';
import { sampleFolders } from './sample-folder.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const APP = readFileSync(new URL('../fixtures/apps/tea-shop.yml', import.meta.url), 'utf8');
const DATASET = '7d9f1e2a-0b3c-4d5e-8f60-718293a4b5c6';
/** Secrets that stand in the app, or in the environment while it is built. */
const SECRETS = [
  'planted-secret-4711-abcdefgh',
  'dataset-PlantedKnowledgeKey0815',
  'app-PlantedAppKey0815AbcdEfgh',
];
const ROOIBOS = '# Rooibos\n\nRooibos has no caffeine. Brew it for seven minutes with boiling water.\n';
const CLASSES = `classes:
  sort:
    delivery: [Where is my parcel?, When does my order arrive?, How long does shipping take?, Do you ship abroad?]
    tea: [Which tea has no caffeine?, How long do I brew rooibos?, What does green tea taste like?, Is oolong strong?]
`;

/** A folder with the app, a folder of pages and a configuration that names both. */
function teaShop(more = ''): string {
  return samples.make({
    'app.yml': APP,
    'tea/rooibos.md': ROOIBOS,
    'understudy.yml': `app: tea-shop\ndify: app.yml\ngenerator: none\ndatasets:\n  ${DATASET}: { path: tea, url: "/tea/{slug}.html" }\n${CLASSES}${more}`,
  });
}

/** Every byte below a folder, unpacked where it is packed. */
function allBytes(folder: string): readonly (readonly [string, Buffer])[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const path = join(folder, name);
    if (!statSync(path).isFile()) return [];
    const bytes = readFileSync(path);
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return [[name, isPacked ? gunzipSync(bytes) : bytes] as const];
  });
}

function assertNoSecret(files: Iterable<readonly [string, Buffer]>): void {
  for (const [name, bytes] of files)
    for (const secret of SECRETS) assert.ok(!bytes.includes(secret), `${name} holds ${secret}`);
}

async function passagesOf(bundle: string): Promise<readonly Passage[]> {
  return (await openBundleFolder(bundle, { withGenerator: false, signal: new AbortController().signal }))
    .passages;
}

describe('understudy build of an app', () => {
  it('compiles it with its knowledge, greeting, suggestions, color and form', async () => {
    const folder = teaShop();
    const bundle = join(folder, 'out');
    const { status, notes, out } = await runCommand([
      'build',
      join(folder, 'understudy.yml'),
      '--out',
      bundle,
    ]);
    assert.equal(status, 0, notes);
    assert.match(out, /app of 7 steps/);
    const opened = await openBundleFolder(bundle, {
      withGenerator: false,
      signal: new AbortController().signal,
    });
    const { branding, form = [], languages } = opened.manifest;
    assert.deepEqual(branding.greeting, { '*': 'Welcome to Leaf & Co.! Ask me about tea or your order.' });
    assert.deepEqual(branding.suggestions, {
      en: ['How long does delivery take?', 'Which tea has no caffeine?'],
    });
    assert.equal(branding.accent, '#2f6b3a');
    assert.deepEqual(languages, ['en']);
    assert.deepEqual(
      form.map(({ name, type, maxLength }) => [name, type, maxLength]),
      [['member', 'text', 12]],
    );
    const [passage] = opened.passages;
    assert.equal(passage?.collection, DATASET);
    assert.equal(passage.url, '/tea/rooibos.html');
    assert.deepEqual(
      opened.definitions.map(({ id }) => id),
      ['class:sort:delivery', 'class:sort:tea'],
    );
  });

  it('lets the configuration win over the app', async () => {
    const folder = teaShop(
      'branding: { title: My tea, greeting: Hi!, accent: "#000000", suggestions: [Why?] }\n',
    );
    const bundle = join(folder, 'out');
    assert.equal((await runCommand(['build', folder, '--out', bundle])).status, 0);
    const manifest: unknown = JSON.parse(readFileSync(join(bundle, 'manifest.json'), 'utf8'));
    assert.ok(isRecord(manifest));
    assert.deepEqual(manifest['branding'], {
      title: { '*': 'My tea' },
      greeting: { '*': 'Hi!' },
      accent: '#000000',
      suggestions: { en: ['Why?'] },
      contactUrl: null,
    });
  });

  it('builds without any knowledge, and says what is missing and how to supply it', async () => {
    const folder = samples.make({ 'my-app.yml': APP });
    const bundle = join(folder, 'out');
    const app = join(folder, 'my-app.yml');
    const built = await runCommand(['build', app, '--out', bundle, '--generator', 'none']);
    assert.equal(built.status, 0, built.notes);
    assert.match(built.notes, new RegExp(`missing: .*${DATASET}.*--dataset`));
    assert.deepEqual(await passagesOf(bundle), []);
    assert.match(built.out, /^my-app: release 1/);
  });

  it('takes datasets from folders, exports and answers of the API', async () => {
    const rows = [
      {
        content: 'Oolong is half fermented.',
        document_name: 'oolong.md',
        document_id: 'd1',
        status: 'completed',
      },
    ];
    const folder = samples.make({
      'app.yml': APP,
      'pages/a.md': ROOIBOS,
      'rows.json': JSON.stringify({ data: rows }),
      'rows.csv': 'content,answer\nIs it green?,No.\n',
    });
    for (const [where, text] of [
      ['pages', /Rooibos has no caffeine/],
      ['rows.json', /Oolong is half fermented/],
      ['rows.csv', /No\./],
    ] as const) {
      const bundle = join(folder, `out-${where}`);
      const option = `${DATASET}=${join(folder, where)}`;
      const { status, notes } = await runCommand([
        'build',
        join(folder, 'app.yml'),
        '--out',
        bundle,
        '--dataset',
        option,
        '--generator',
        'none',
      ]);
      assert.equal(status, 0, notes);
      const [passage] = await passagesOf(bundle);
      assert.match(passage?.text ?? '', text);
      assert.equal(passage?.collection, DATASET);
    }
  });

  it('makes the same bundle of the same app, byte for byte', async () => {
    const [first, second] = [teaShop(), teaShop()];
    for (const folder of [first, second]) await runCommand(['build', folder, '--out', join(folder, 'out')]);
    const names = (folder: string): string[] =>
      readdirSync(join(folder, 'out', 'files'), { recursive: true, encoding: 'utf8' }).sort();
    assert.deepEqual(names(first), names(second));
  });

  it('adds annotations, and refuses one that holds a key', async () => {
    const folder = teaShop('annotations: faq.csv\n');
    writeFileSync(join(folder, 'faq.csv'), 'question,answer\nWhen are you open?,Nine to five.\n');
    const bundle = join(folder, 'out');
    assert.equal((await runCommand(['build', folder, '--out', bundle])).status, 0);
    const asked = await runCommand(['ask', bundle, 'When are you open?']);
    assert.match(asked.out, /Nine to five\./);
    writeFileSync(join(folder, 'faq.csv'), `question,answer\nKey?,${SECRETS[2] ?? ''}\n`);
    const refused = await runCommand(['build', folder, '--out', join(folder, 'out2')]);
    if (refused.status === 0) assertNoSecret(allBytes(join(folder, 'out2')));
    else assert.match(refused.notes, /annotation .* holds what looks like/);
  });

  it('refuses mappings and options that fit nothing', async () => {
    const folder = samples.make({ 'app.yml': APP, 'tea/a.md': ROOIBOS, 'help/understudy.yml': 'app: x\n' });
    const app = join(folder, 'app.yml');
    const build = async (...more: string[]): Promise<string> => {
      const { status, notes } = await runCommand(['build', app, '--out', join(folder, 'out'), ...more]);
      return `${String(status)} ${notes}`;
    };
    assert.match(await build('--dataset', 'unknown=tea'), /^2 .*searches no dataset "unknown"/);
    assert.match(await build('--dataset', 'nothing'), /^64 /);
    assert.match(await build('--dataset', `${DATASET}=nowhere.json`), /^2 error cli\/not-found/);
    assert.match(await build('--dify-url', 'ftp://x', '--dataset', `${DATASET}=pull`), /^64 /);
    assert.match(await build('--config', 'nowhere.yml'), /^2 error cli\/not-found/);
    const pages = await runCommand([
      'build',
      join(folder, 'help'),
      '--out',
      join(folder, 'o'),
      '--tenant',
      'x',
    ]);
    assert.equal(pages.status, 64);
    writeFileSync(join(folder, 'help/understudy.yml'), 'app: x\ndatasets: { a: b }\n');
    const orphan = await runCommand(['build', join(folder, 'help'), '--out', join(folder, 'o')]);
    assert.match(orphan.notes, /understudy\.yml:2:11: "datasets" belongs to a Dify app/);
  });
});

describe('a pull in a build', () => {
  let server: ScriptedDify;
  beforeEach(async () => {
    server = await startScriptedDify();
    process.env['DIFY_KNOWLEDGE_KEY'] = SECRETS[1];
    process.env['DIFY_APP_KEY'] = SECRETS[2];
  });
  afterEach(async () => {
    await server.close();
    delete process.env['DIFY_KNOWLEDGE_KEY'];
    delete process.env['DIFY_APP_KEY'];
  });

  it('brings passages and annotations, and no key anywhere', async () => {
    server.documents = [
      { id: 'd1', name: 'Rooibos.md', segments: [{ id: 's1', content: 'Rooibos has no caffeine.' }] },
    ];
    server.annotations = [{ id: 'a1', question: 'When are you open?', answer: 'Nine to five.' }];
    const folder = samples.make({ 'app.yml': APP });
    const bundle = join(folder, 'out');
    const pull = [
      '--dataset',
      `${DATASET}=pull`,
      '--annotations',
      'pull',
      '--dify-url',
      server.url,
      '--generator',
      'none',
    ];
    const built = await runCommand(['build', join(folder, 'app.yml'), '--out', bundle, ...pull]);
    assert.equal(built.status, 0, built.notes);
    assert.deepEqual(
      (await passagesOf(bundle)).map(({ id, title, collection }) => [id, title, collection]),
      [[`${DATASET}/d1#1`, 'Rooibos', DATASET]],
    );
    assert.deepEqual(
      new Set(server.keys),
      new Set([`Bearer ${SECRETS[1] ?? ''}`, `Bearer ${SECRETS[2] ?? ''}`]),
    );
    assertNoSecret(allBytes(folder).filter(([name]) => name !== 'app.yml'));
    assertNoSecret([['printed', Buffer.from(built.out + built.notes)]]);
    assert.ok(existsSync(join(folder, '.understudy/knowledge', `${DATASET}.jsonl`)));
  });

  it('says which key is missing, and that an encrypted id needs its workspace', async () => {
    const encrypted = 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8SNFZ4kA==';
    const folder = samples.make({ 'app.yml': APP, 'secret.yml': APP.replace(DATASET, encrypted) });
    const build = (app: string, id: string): Promise<{ status: number; notes: string }> =>
      runCommand([
        'build',
        join(folder, app),
        '--out',
        join(folder, 'out'),
        '--dataset',
        `${id}=pull`,
        '--dify-url',
        server.url,
      ]);
    assert.match((await build('secret.yml', encrypted)).notes, /dify\/knowledge-missing.*--tenant/);
    delete process.env['DIFY_KNOWLEDGE_KEY'];
    assert.match((await build('app.yml', DATASET)).notes, /DIFY_KNOWLEDGE_KEY/);
  });
});

describe('understudy ask of an app with a form', () => {
  const FORM_APP = `app: { name: Orders, mode: advanced-chat }
kind: app
version: 0.6.0
workflow:
  graph:
    nodes:
      - id: begin
        data:
          type: start
          title: Begin
          variables:
            - { variable: order, label: Order number, type: text-input, required: true, max_length: 8 }
            - { variable: pieces, label: Pieces, type: number, required: false }
      - { id: say, data: { type: answer, title: Say, answer: '{{#begin.pieces#}} of {{#begin.order#}}' } }
    edges: [{ source: begin, target: say }]
`;

  async function askForm(...more: string[]): Promise<{ status: number; out: string; notes: string }> {
    const folder = samples.make({ 'app.yml': FORM_APP, 'given.json': '{"order": "F-1", "pieces": 2}' });
    const bundle = join(folder, 'out');
    const built = await runCommand([
      'build',
      join(folder, 'app.yml'),
      '--out',
      bundle,
      '--generator',
      'none',
    ]);
    assert.equal(built.status, 0, built.notes);
    return runCommand(['ask', bundle, 'Where?', ...more.map((text) => text.replace('FOLDER', folder))]);
  }

  it('names the field that it must be given', async () => {
    const { status, out } = await askForm();
    assert.equal(status, 1);
    assert.match(
      out,
      /error plan\/input-invalid: The field "order" \(Order number\) .* is required.*--inputs/,
    );
    const json: unknown = JSON.parse((await askForm('--json')).out);
    assert.ok(isRecord(json));
    assert.equal(json['code'], 'plan/input-invalid');
    assert.match(String(json['message']), /"order"/);
  });

  it('takes its values as an object and as a file', async () => {
    assert.match((await askForm('--inputs', '{"order": "F-1", "pieces": "2"}')).out, /2 of F-1/);
    assert.match((await askForm('--inputs', 'FOLDER/given.json')).out, /2 of F-1/);
  });

  it('refuses values that do not fit, at their place or with their field', async () => {
    const refused: readonly (readonly [inputs: string, says: RegExp])[] = [
      ['{"ordr": "F-1"}', /^error cli\/source-invalid: --inputs: .*did you mean "order"/],
      ['{"order": ]', /^error cli\/source-invalid: --inputs:1:11: no valid JSON/],
      ['{"order": "much too long"}', /^error plan\/input-invalid: .*"order".* longer than 8/],
      ['{"order": "F-1", "pieces": "many"}', /^error plan\/input-invalid: .*"pieces".* no number/],
      ['nowhere.json', /^error cli\/not-found/],
    ];
    for (const [inputs, says] of refused) {
      const { status, notes } = await askForm('--inputs', inputs);
      assert.equal(status, 2, notes);
      assert.match(notes, says);
    }
  });
});

describe('understudy run', () => {
  const mocks = {
    sort: { when: 'tea' },
    search: { passages: [{ content: 'Rooibos has no caffeine.', title: 'Rooibos' }] },
    write: 'It has none.',
  };

  async function run(
    more: readonly string[],
    given: object = mocks,
  ): Promise<{ status: number; value: JsonObject; notes: string }> {
    const folder = samples.make({ 'app.yml': APP, 'mocks.json': JSON.stringify(given) });
    const args = ['run', join(folder, 'app.yml'), '--mocks', join(folder, 'mocks.json'), '--json', ...more];
    const { status, out, notes } = await runCommand(args);
    const value: unknown = JSON.parse(out === '' ? '{}' : out);
    assert.ok(isRecord(value));
    return { status, value: toObject(value), notes };
  }

  it('gives the answer, its pieces, the events and what models were asked', async () => {
    const { status, value } = await run(['--query', 'Caffeine?', '--trace']);
    assert.equal(status, 0);
    assert.equal(value['answer'], 'It has none.');
    assert.equal(value['status'], 'succeeded');
    assert.ok(Array.isArray(value['chunks']));
    assert.deepEqual(
      value['chunks'].map((chunk: JsonObject) => chunk['text']),
      ['It', ' has', ' none.', ''],
    );
    assert.ok(Array.isArray(value['prompts']) && isRecord(value['prompts'][0]));
    assert.match(
      JSON.stringify(value['prompts'][0]['messages']),
      /You answer for Leaf & Co\. with Rooibos has no caffeine\./,
    );
  });

  it('names events in one word each without --trace', async () => {
    const { value } = await run(['--query', 'Caffeine?']);
    assert.ok(Array.isArray(value['events']));
    assert.deepEqual(value['events'].slice(0, 3), [
      'plan-started',
      'step-started(begin)',
      'step-finished(begin)',
    ]);
    assert.equal(value['events'].at(-1), 'plan-finished');
  });

  it('follows the other branch, and tells what was remembered', async () => {
    const { value } = await run(['--query', 'Parcel?'], { sort: { when: 'delivery' } });
    assert.equal(value['answer'], 'Parcels of Leaf & Co. take two to four days. (Topic: delivery)');
    assert.deepEqual(value['conversation'], { last_topic: 'delivery' });
  });

  it('ends with 1 when a step fails, or needs the cloud', async () => {
    const failed = await run(['--query', 'x'], { ...mocks, write: { error: 'no quota' } });
    assert.equal(failed.status, 1);
    assert.equal(failed.value['status'], 'failed');
    const away = await run(['--query', 'x'], { sort: { when: 'tea' } });
    assert.equal(away.status, 1);
    assert.ok(isRecord(away.value['error']) || away.value['needsLead'] === true);
  });

  it('says what is wrong with mocks and inputs', async () => {
    const wrong = async (given: object): Promise<string> =>
      JSON.stringify((await run(['--query', 'x'], given)).value);
    assert.match(await wrong({ wriet: 'x' }), /did you mean \\"write\\"/);
    assert.match(await wrong({ 'kind:lm': 'x' }), /no kind of step/);
    assert.match(await wrong({ write: { txt: 'x' } }), /unknown field/);
    assert.match(await wrong({ write: [] }), /no reply/);
  });
});

describe('understudy publish', () => {
  const hasScripts = existsSync(join(packageFolder().path, 'dist/understudy.js'));

  it(
    'puts everything into one zip, the same each time, without a secret',
    { skip: !hasScripts },
    async () => {
      const folder = teaShop(
        'lead: { kind: dify, baseUrl: "https://dify.example.com/api", appCode: SITE }\n',
      );
      const zips = ['one.zip', 'two.zip'].map((name) => join(folder, name));
      for (const zip of zips) {
        const { status, notes } = await runCommand(['publish', join(folder, 'understudy.yml'), '--zip', zip]);
        assert.equal(status, 0, notes);
      }
      const [first = '', second = ''] = zips;
      assert.deepEqual(readFileSync(first), readFileSync(second));
      const files = readZip(readFileSync(first));
      for (const name of [
        'snippet.html',
        '_headers',
        'README.md',
        'understudy/understudy.js',
        'bundle/manifest.json',
      ])
        assert.ok(files.has(name), name);
      assert.match(
        files.get('snippet.html')?.toString() ?? '',
        /lead="dify:https:\/\/dify\.example\.com\/api#SITE"/,
      );
      assert.match(
        files.get('_headers')?.toString() ?? '',
        /connect-src 'self' https:\/\/dify\.example\.com/,
      );
      assert.ok(![...files.keys()].some((name) => /understudy\/(?:cli|types|ort)\//.test(name)));
      assertNoSecret(
        [...files].map(([name, bytes]) => [
          name,
          bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes,
        ]),
      );
      const listed = execFileSync('python3', ['-m', 'zipfile', '-t', first], { encoding: 'utf8' });
      assert.match(listed, /Done testing/);
    },
  );

  it('writes a folder that serves as it is', { skip: !hasScripts }, async () => {
    const folder = teaShop();
    const out = join(folder, 'site');
    const { status, notes } = await runCommand(['publish', folder, '--out', out, '--base', '/chat']);
    assert.equal(status, 0, notes);
    assert.match(readFileSync(join(out, 'snippet.html'), 'utf8'), /bundle="\/chat\/bundle\/"/);
    assert.equal((await passagesOf(join(out, 'bundle'))).length, 1);
    assertNoSecret(allBytes(out));
  });

  it('wants to know where to', async () => {
    assert.equal((await runCommand(['publish', teaShop()])).status, 64);
  });
});

describe('understudy serve --api', () => {
  it('is a lead that our own adapter understands', async () => {
    const folder = teaShop();
    const stop = new AbortController();
    const { promise: base, resolve } = withResolvers();
    const serving = runCommand(['serve', '--api', folder, '--port', '0'], {
      signal: stop.signal,
      onOut: resolve,
    });
    const lead = createDifyLead({
      baseUrl: (await base).replace(/\/v1$/, '/api'),
      appCode: 'tea-shop',
      clock: systemClock,
    });
    const ask = async (text: string): Promise<{ answer: string; cited: readonly string[] }> => {
      let answer = '';
      const cited: string[] = [];
      const turn = { id: text, text, language: 'en', pageUrl: null, inputs: {} };
      for await (const part of lead.respond(turn)) {
        if (part.type === 'text-delta') answer += part.text;
        else if (part.type === 'text-replace') answer = part.text;
        else if (part.type === 'citation') cited.push(part.citation.title);
      }
      return { answer, cited };
    };
    await lead.probe();
    assert.equal(
      (await ask('When will my parcel arrive?')).answer,
      'Parcels of Leaf & Co. take two to four days. (Topic: delivery)',
    );
    const tea = await ask('How long do I brew rooibos?');
    assert.match(tea.answer, /seven minutes/);
    assert.deepEqual(tea.cited, ['Rooibos']);
    assert.equal((await ask('Let us talk about a casino')).answer, 'Let us talk about tea.');
    stop.abort();
    await serving;
  });

  it('refuses to be reached from elsewhere without keys', async () => {
    const { status, notes } = await runCommand(['serve', '--api', teaShop(), '--host', '0.0.0.0']);
    assert.equal(status, 64);
    assert.match(notes, /UNDERSTUDY_API_KEYS/);
  });
});

function toObject(value: unknown): JsonObject {
  assert.ok(isRecord(value) && isJson(value));
  return value;
}

function withResolvers(): { readonly promise: Promise<string>; readonly resolve: (value: string) => void } {
  let resolve: (value: string) => void = () => undefined;
  const promise = new Promise<string>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
