import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isRecord } from '../../src/contracts/json.ts';
import { runCommand } from './run-command.ts';
import { sampleFolders } from './sample-folder.ts';
import { parseObject } from './parse-object.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const PAGES = {
  'understudy.yml':
    'app: kettle-shop\nname: Kettle shop\nlanguages: [en]\nsources:\n  - { path: help, url: "/help/{slug}.html" }\ngenerator: none\n',
  'help/returns.md':
    '---\ntitle: Return a kettle\n---\n\nYou can return a kettle within 45 days of delivery. The return label is free.\n\n## Damaged kettles\n\nSend us a photo of a damaged kettle, and we replace it within 3 days.\n',
  'help/descale.md':
    '---\ntitle: Descale the kettle\n---\n\nDescale the kettle every two months:\n\n1. Fill it with water and 30 g of citric acid.\n2. Boil it once.\n3. Wait for 20 minutes and rinse twice.\n',
  'help/faq.csv': 'question,answer\nWhich colours are there?,"Kettles come in red, black and cream."\n',
};

/** A fresh copy of the shop with its bundle built. */
async function builtShop(): Promise<{ folder: string; bundle: string }> {
  const folder = samples.make(PAGES);
  const bundle = join(folder, 'bundle');
  const { status, notes } = await runCommand(['build', folder, '--out', bundle]);
  assert.equal(status, 0, notes);
  return { folder, bundle };
}

describe('understudy', () => {
  it('prints its commands, the help of each, and its version', async () => {
    const { out, status } = await runCommand([]);
    assert.equal(status, 0);
    for (const name of ['init', 'build', 'inspect', 'ask', 'serve', 'eval', 'models']) {
      assert.match(out, new RegExp(`^  ${name} `, 'm'));
      const help = await runCommand([name, '--help']);
      assert.equal(help.status, 0);
      assert.match(help.out, new RegExp(`^Usage: understudy ${name} `));
    }
    assert.match((await runCommand(['--version'])).out, /^\d+\.\d+\.\d+/);
  });

  it('exits with 64 for command lines it cannot understand', async () => {
    for (const args of [
      ['biuld'],
      ['build'],
      ['build', 'x'],
      ['build', 'x', '--out'],
      ['ask'],
      ['serve', 'x', '--port', 'y'],
      ['eval', 'x'],
      ['inspect', 'a', '--what'],
    ]) {
      const { status, notes } = await runCommand(args);
      assert.equal(status, 64, `${args.join(' ')}: ${notes}`);
      assert.match(notes, /^error cli\/usage: /);
    }
    assert.match((await runCommand(['biuld'])).notes, /did you mean "build"\?/);
  });

  it('exits with 2 for input it cannot use and tells code and place as JSON', async () => {
    const folder = samples.make({ 'understudy.yml': 'app: x\nbranding:\n  accent: red\n' });
    const { status, out } = await runCommand(['build', folder, '--out', join(folder, 'b'), '--json']);
    assert.equal(status, 2);
    const { error } = parseObject(out);
    assert.ok(isRecord(error));
    assert.equal(error['code'], 'cli/config-invalid');
    assert.deepEqual(error['facts'], { file: 'understudy.yml', line: 3, column: 11 });
    assert.equal((await runCommand(['inspect', samples.make()])).status, 2);
    assert.match(
      (await runCommand(['build', samples.make(), '--out', 'b'])).notes,
      /^error cli\/nothing-to-build: /,
    );
  });
});

describe('understudy build', () => {
  it('makes the same bundle of the same pages, byte for byte', async () => {
    const [one, two] = [await builtShop(), await builtShop()];
    const names = (bundle: string): string[] =>
      readdirSync(bundle, { recursive: true, encoding: 'utf8' }).sort();
    assert.deepEqual(names(one.bundle), names(two.bundle));
    assert.deepEqual(
      readFileSync(join(one.bundle, 'chunks.json')),
      readFileSync(join(two.bundle, 'chunks.json')),
    );
  });

  it('says "unchanged" the second time and raises the release on an edit', async () => {
    const { folder, bundle } = await builtShop();
    const again = parseObject((await runCommand(['build', folder, '--out', bundle, '--json'])).out);
    assert.deepEqual([again['release'], again['isChanged'], again['writtenChunks']], [1, false, 0]);
    assert.match((await runCommand(['build', folder, '--out', bundle])).out, /release 1, unchanged/);
    writeFileSync(join(folder, 'help/returns.md'), PAGES['help/returns.md'].replace('45', '60'));
    const edited = parseObject((await runCommand(['build', folder, '--out', bundle, '--json'])).out);
    assert.deepEqual([edited['release'], edited['isChanged']], [2, true]);
    assert.match((await runCommand(['ask', bundle, 'How long can I return a kettle?'])).out, /60 days/);
  });

  it('takes a bare folder and warns of what looks like a key in a page', async () => {
    const folder = samples.make({
      'a.md': '# Keys\n\nUse the key app-1a2b3c4d5e6f7g8h9i0j for the test of the service.',
      'b.pdf': '%PDF',
    });
    const { status, notes } = await runCommand([
      'build',
      folder,
      '--out',
      join(folder, 'out'),
      '--generator',
      'none',
    ]);
    assert.equal(status, 0);
    assert.match(notes, /warning: a#1: this looks like a Dify API key/);
    assert.match(notes, /warning: b\.pdf: skipped/);
  });

  it('refuses a model file that is missing', async () => {
    const folder = samples.make(PAGES);
    const { status, notes } = await runCommand([
      'build',
      folder,
      '--out',
      join(folder, 'b'),
      '--generator',
      'no.gguf',
    ]);
    assert.equal(status, 2);
    assert.match(notes, /^error cli\/not-found: The model file/);
  });
});

describe('understudy ask and inspect', () => {
  let bundle = '';
  before(async () => {
    ({ bundle } = await builtShop());
  });

  it('answers arguments with the source of the answer', async () => {
    const { status, out } = await runCommand(['ask', bundle, 'How do I descale the kettle?']);
    assert.equal(status, 0);
    assert.match(out, /citric acid/);
    assert.match(out, /\[1\] Descale the kettle <\/help\/descale\.html>/);
  });

  it('answers lines of standard input, one JSON object each', async () => {
    const input = 'Can I return my kettle?\n\nhello\nWho won the world cup?\nI want to talk to a human\n';
    const { status, out } = await runCommand(['ask', bundle, '--json'], { input });
    assert.equal(status, 0);
    const [found, greeted, refused, people, ...rest] = out.split('\n').map(parseObject);
    assert.deepEqual(rest, []);
    assert.match(String(found?.['answer']), /45 days/);
    assert.deepEqual([greeted?.['intent'], greeted?.['refused']], ['greeting', false]);
    assert.deepEqual([refused?.['refused'], refused?.['handoff']], [true, 'not-in-pages']);
    assert.deepEqual([people?.['intent'], people?.['handoff']], ['talk_to_person', 'asked']);
    assert.deepEqual(Object.keys(found ?? {}), [
      'question',
      'answer',
      'worded',
      'refused',
      'citations',
      'suggestions',
      'handoff',
      'intent',
      'confidence',
      'route',
      'code',
      'message',
      'milliseconds',
    ]);
  });

  it('tells what the bundle holds', async () => {
    const { status, out } = await runCommand(['inspect', bundle, '--json']);
    assert.equal(status, 0);
    const facts = parseObject(out);
    assert.deepEqual(
      [facts['app'], facts['release'], facts['documents'], facts['hasGenerator']],
      ['kettle-shop', 1, 3, false],
    );
    assert.deepEqual(facts['passages'], { en: 4 });
    const text = (await runCommand(['inspect', bundle])).out;
    for (const name of ['plan.json', 'passages.json', 'index.bin', 'intents.json', 'intent-model.bin']) {
      assert.ok(text.includes(name), name);
    }
  });

  it('refuses a bundle with a damaged chunk', async () => {
    const copy = join(samples.make(), 'bundle');
    cpSync(bundle, copy, { recursive: true });
    for (const kind of ['chunks', 'files']) {
      for (const name of readdirSync(join(copy, kind), { recursive: true, encoding: 'utf8' })) {
        if (name.length > 60) writeFileSync(join(copy, kind, name), 'damaged');
      }
    }
    const { status, notes } = await runCommand(['inspect', copy]);
    assert.equal(status, 2);
    assert.match(notes, /^error bundle\//);
  });
});

describe('understudy eval', () => {
  it('measures retrieval, facts and refusals, and lists the misses', async () => {
    const { bundle } = await builtShop();
    const set = [
      {
        id: 'a',
        question: 'How long can I return a kettle?',
        lang: 'en',
        answerable: true,
        articles: ['returns'],
        facts: ['45 days|45d'],
      },
      {
        id: 'b',
        question: 'Which colours are there?',
        lang: 'en',
        answerable: true,
        articles: [],
        facts: ['green'],
      },
      {
        id: 'c',
        question: 'Who won the world cup in 1998?',
        lang: 'en',
        answerable: false,
        articles: [],
        facts: [],
        kind: 'other',
      },
    ];
    const folder = samples.make({ 'set.jsonl': set.map((row) => `${JSON.stringify(row)}\n`).join('') });
    const html = join(folder, 'report.html');
    const args = ['eval', bundle, '--questions', join(folder, 'set.jsonl')];
    const scores = parseObject((await runCommand([...args, '--json', '--html', html])).out);
    assert.deepEqual(scores['recallAt1'], { count: 1, of: 1, share: 1 });
    assert.deepEqual(scores['factsContained'], { count: 1, of: 2, share: 0.5 });
    assert.deepEqual(scores['refusalsRight'], { count: 1, of: 1, share: 1 });
    assert.match(JSON.stringify(scores['slices']), /"name":"kind other"/);
    assert.match(readFileSync(html, 'utf8'), /<td>How long can I return a kettle\?/);
    const { out } = await runCommand(args);
    assert.match(out, /b {2}Which colours are there\?\n {6}lacks "green"/);
  });

  it('names the line of a set that cannot be read', async () => {
    const { bundle } = await builtShop();
    const folder = samples.make({ 'set.jsonl': '{"question":"a"}\n{"id":"b"}\n' });
    const { status, notes } = await runCommand(['eval', bundle, '--questions', join(folder, 'set.jsonl')]);
    assert.equal(status, 2);
    assert.match(notes, /set\.jsonl:2: "question" is missing/);
  });
});

describe('understudy init', () => {
  it('writes files that build', async () => {
    const folder = samples.make({
      'help/a.md': '# Hours\n\nThe shop is open from nine to five, every day of the week.',
    });
    assert.equal(
      (
        await runCommand([
          'init',
          folder,
          '--app',
          'my-shop',
          '--languages',
          'en,zh',
          '--url',
          '/help/{slug}',
        ])
      ).status,
      0,
    );
    const built = parseObject(
      (await runCommand(['build', folder, '--out', join(folder, 'out'), '--generator', 'none', '--json']))
        .out,
    );
    assert.deepEqual([built['app'], built['languages'], built['remarks']], ['my-shop', ['en', 'zh'], []]);
  });

  it('never overwrites, and refuses answers that would not build', async () => {
    const folder = samples.make({ 'understudy.yml': 'app: mine' });
    assert.match((await runCommand(['init', folder])).notes, /exists already/);
    assert.equal(readFileSync(join(folder, 'understudy.yml'), 'utf8'), 'app: mine');
    const empty = samples.make();
    assert.equal((await runCommand(['init', empty, '--app', 'Not An Id'])).status, 2);
    assert.ok(!existsSync(join(empty, 'understudy.yml')));
  });
});

/** Paths that must not leave the served folders; the bundle lies beside an understudy.yml. */
const ATTACKS = [
  '/bundle/../understudy.yml',
  '/bundle/%2e%2e/understudy.yml',
  '/bundle/..%2funderstudy.yml',
  '/bundle/..%5cunderstudy.yml',
  '/bundle//..//understudy.yml',
  '/bundle/manifest.json%00.html',
  '/bundle/%zz',
  '/bundle/',
  '/dist/../package.json',
  '/nothing',
];

/** Status of a request whose path is sent as it is; `fetch` would resolve the dots itself. */
function rawStatus(url: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    get({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}

describe('understudy serve', () => {
  it('serves page and bundle with types, ETags and immutable chunks, and nothing outside', async () => {
    const { bundle, folder } = await builtShop();
    const stop = new AbortController();
    let started: (url: string) => void = () => undefined;
    const address = new Promise<string>((resolve) => {
      started = resolve;
    });
    const served = runCommand(['serve', bundle, '--port', '0'], {
      signal: stop.signal,
      onOut: (line) => started(line),
    });
    const url = (await address).replace('localhost', '127.0.0.1');
    const load = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${url}${path}`, init);

    const page = await load('');
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.match(await page.text(), /<understudy-chat bundle="\/bundle\/"/);

    const manifest = await load('bundle/manifest.json');
    assert.equal(manifest.headers.get('content-type'), 'application/json; charset=utf-8');
    assert.equal(manifest.headers.get('cache-control'), 'no-cache');
    const etag = manifest.headers.get('etag') ?? '';
    assert.equal((await load('bundle/manifest.json', { headers: { 'if-none-match': etag } })).status, 304);

    const chunk =
      readdirSync(join(bundle, 'chunks'), { recursive: true, encoding: 'utf8' }).find(
        (name) => name.length > 60,
      ) ?? '';
    const answer = await load(`bundle/chunks/${chunk}`);
    assert.match(answer.headers.get('cache-control') ?? '', /immutable/);
    assert.equal(answer.headers.get('content-encoding'), null);
    assert.equal((await answer.arrayBuffer()).byteLength, readFileSync(join(bundle, 'chunks', chunk)).length);

    assert.ok(existsSync(join(folder, 'understudy.yml')));
    for (const path of ATTACKS) assert.equal(await rawStatus(url, path), 404, path);
    assert.equal((await load('bundle/manifest.json', { method: 'POST' })).status, 405);
    assert.equal((await load('bundle/manifest.json', { method: 'HEAD' })).status, 200);
    stop.abort();
    assert.equal((await served).status, 0);
  });

  it('says when the port is taken', async () => {
    const { bundle } = await builtShop();
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', () => resolve()));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const { status, notes } = await runCommand(['serve', bundle, '--port', port]);
    other.close();
    assert.equal(status, 1);
    assert.match(notes, /^error cli\/port-in-use: /);
  });
});
