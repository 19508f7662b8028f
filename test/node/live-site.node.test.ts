import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { isRecord } from '../../src/contracts/json.ts';
import { runCommand } from './run-command.ts';
import { sampleFolders } from './sample-folder.ts';
import type { ScriptedSite } from './scripted-site.ts';
import { helpPage, sitemapOf, startSite } from './scripted-site.ts';

const samples = sampleFolders();
const home = process.cwd();
after(() => samples.removeAll());

const parseObject = (line: string): Record<string, unknown> => {
  const value: unknown = JSON.parse(line);
  assert.ok(isRecord(value), line);
  return value;
};

describe('understudy build of a site', () => {
  let site: ScriptedSite;
  let folder: string;
  beforeEach(async () => {
    site = await startSite();
    folder = samples.make();
    process.chdir(folder);
  });
  afterEach(async () => {
    process.chdir(home);
    await site.close();
  });

  const serveShop = (): void => {
    const furniture = '<a href="/help/returns">Returns</a> <a href="shipping/">Shipping</a>';
    site.set('/help/', helpPage('Help center', 'Choose a topic, or search for one.', furniture));
    site.set(
      '/help/returns',
      helpPage(
        'Returns',
        'You may return any kiln within thirty days of delivery, unused and in its original box.',
        'See <a href="shipping/#costs">the costs of shipping</a> and <a href="https://elsewhere.test/x">others</a>.',
      ),
    );
    site.set(
      '/help/shipping/',
      helpPage('Shipping', 'Parcels to Norway take five working days and cost twelve euros.'),
    );
  };
  const build = (target: string): ReturnType<typeof runCommand> =>
    runCommand(['build', target, '--out', 'bundle', '--model', 'none', '--json']);
  const ask = async (question: string): Promise<Record<string, unknown>> =>
    parseObject((await runCommand(['ask', 'bundle', question, '--json'])).out);

  it('answers with the address of the live page', async () => {
    serveShop();
    const { status, out, notes } = await build(`${site.url}/help/`);
    assert.equal(status, 0, out + notes);
    const built = parseObject(out);
    assert.match(String(built['app']), /^127\.0\.0\.1/);
    assert.deepEqual(built['sites'], [
      {
        address: `${site.url}/help/`,
        pages: 3,
        added: 3,
        changed: 0,
        unchanged: 0,
        kept: 0,
        gone: 0,
        refused: 0,
      },
    ]);
    const { answer, citations } = await ask('How long may I return a kiln?');
    assert.match(String(answer), /thirty days/);
    assert.ok(Array.isArray(citations) && isRecord(citations[0]));
    assert.equal(citations[0]['url'], `${site.url}/help/returns`);
    assert.ok(existsSync(join(folder, '.understudy', 'sites')));
    assert.match(site.headers['user-agent'] ?? '', /^understudy\//);
    const links = await ask('Where are the costs of shipping?');
    assert.ok(
      String(links['answer']).includes(`](${site.url}/help/shipping/#costs)`),
      String(links['answer']),
    );
  });

  it('builds the same bundle from a site that has not changed, and a new release from one that has', async () => {
    serveShop();
    await build(`${site.url}/help/`);
    const again = parseObject((await build(`${site.url}/help/`)).out);
    assert.equal(again['isChanged'], false);
    assert.equal(site.unchanged.length, 3);
    site.set('/help/shipping/', helpPage('Shipping', 'Parcels to Norway take nine working days.'));
    assert.equal(parseObject((await build(`${site.url}/help/`)).out)['release'], 2);
    assert.match(String((await ask('How long do parcels to Norway take?'))['answer']), /nine working days/);
    site.set('/help/shipping/', null);
    site.set('/help/', helpPage('Help center', '<a href="returns">Returns</a>'));
    await build(`${site.url}/help/`);
    assert.equal((await ask('How long do parcels to Norway take?'))['refused'], true);
  });

  it('leaves the bundle as it was when the site cannot be had, and reads the copies when it was there before', async () => {
    const first = await build(`${site.url}/help/`);
    assert.equal(first.status, 1, first.out);
    assert.match(first.out, /cli\/site-unreachable/);
    assert.ok(!existsSync('bundle'));
    serveShop();
    await build(`${site.url}/help/`);
    const manifest = readFileSync('bundle/manifest.json', 'utf8');
    site.set('/robots.txt', 'User-agent: understudy\nDisallow: /');
    assert.match((await build(`${site.url}/help/`)).out, /cli\/site-refused/);
    assert.equal(readFileSync('bundle/manifest.json', 'utf8'), manifest);
    site.set('/robots.txt', null);
    for (const path of ['/help/', '/help/returns', '/help/shipping/'])
      site.set(path, (_request, response) => response.writeHead(403).end());
    const kept = parseObject((await build(`${site.url}/help/`)).out);
    assert.deepEqual([kept['isChanged'], kept['documents']], [false, 3]);
  });

  it('reads sites beside folders, with languages and tags, and by their sitemaps', async () => {
    serveShop();
    site.set('/sitemap.xml', sitemapOf(`${site.url}/help/returns`));
    const config = samples.make({
      'understudy.yml': `app: shop\nmodel: none\nsources:\n  - pages\n  - path: ${site.url}/sitemap.xml\n    tags: [live]\n`,
      'pages/paying.md': '# Paying\n\nWe take cards and bank transfers from all countries.\n',
    });
    const { status, out } = await build(join(config, 'understudy.yml'));
    assert.equal(status, 0, out);
    assert.equal(parseObject(out)['documents'], 2);
    assert.ok(existsSync(join(config, '.understudy', 'sites')));
    const passages: unknown = parseObject((await runCommand(['inspect', 'bundle', '--json'])).out)[
      'passages'
    ];
    assert.deepEqual(passages, { en: 2 });
  });

  it('takes no address that others could read along, and no pattern beside one', async () => {
    const { status, notes } = await runCommand(['build', 'http://help.example.test/', '--out', 'bundle']);
    assert.equal(status, 64);
    assert.match(notes, /must begin with https:\/\//);
    for (const [source, what] of [
      ['http://help.example.test/', /must begin with https/],
      ['https://a:b@help.example.test/', /name or a password/],
      ['{ path: "https://help.example.test/", url: "/{path}" }', /belongs to files/],
    ] as const) {
      const config = samples.make({ 'understudy.yml': `sources:\n  - ${source}\n` });
      const refused = await runCommand(['build', config, '--out', 'bundle']);
      assert.equal(refused.status, 2);
      assert.match(refused.notes, what);
      assert.match(refused.notes, /understudy\.yml:2:/);
    }
  });

  it('suggests of a site as it does of a folder', async () => {
    serveShop();
    const { status, notes } = await runCommand(['suggest', `${site.url}/help/`, '--json']);
    assert.equal(status, 0, notes);
  });
});
