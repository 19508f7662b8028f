/** One site, one clock and one way to fetch, from which each test differs in a page or an answer: taken apart, every file would repeat them. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Clock } from '../../../src/contracts/clock.ts';
import { isUnderstudyError } from '../../../src/contracts/errors.ts';
import { sampleFolders } from '../../../test/node/sample-folder.ts';
import type { ScriptedSite, SiteAnswer } from '../../../test/node/scripted-site.ts';
import { helpPage, sitemapOf, startSite } from '../../../test/node/scripted-site.ts';
import { fetchSite } from './fetch-site.ts';
import type { FetchedSite } from './site-outcome.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const waits: number[] = [];
let nowMs = 0;
const clock: Clock = {
  now: () => nowMs,
  monotonicMs: () => nowMs,
  sleep: (delayMs) => {
    waits.push(delayMs);
    return Promise.resolve();
  },
};

describe('fetching a site', () => {
  let site: ScriptedSite;
  let folder: string;
  beforeEach(async () => {
    site = await startSite();
    folder = join(samples.make(), 'site');
    waits.length = 0;
    nowMs = 0;
  });
  afterEach(() => site.close());

  const fetchIt = (
    path = '/',
    options: {
      readonly signal?: AbortSignal;
      readonly maxPages?: number;
      readonly onProgress?: (text: string) => void;
      readonly deadline?: (delayMs: number) => AbortSignal;
      readonly fetch?: typeof fetch;
    } = {},
  ): Promise<FetchedSite> =>
    fetchSite(
      { address: site.url + path, folder },
      { encoding: null, ...(options.maxPages === undefined ? {} : { maxPages: options.maxPages }) },
      {
        fetch,
        clock,
        signal: new AbortController().signal,
        onProgress: () => undefined,
        userAgent: 'understudy/test',
        ...options,
      },
    );
  const failure = async (fetching: Promise<unknown>): Promise<{ code: string; message: string }> => {
    const error: unknown = await fetching.then(
      () => null,
      (cause: unknown) => cause,
    );
    assert.ok(isUnderstudyError(error), String(error));
    return { code: error.code, message: error.message };
  };
  const pathsOf = ({ addresses }: FetchedSite): string[] =>
    [...addresses.values()].map(({ url }) => url.slice(site.url.length)).sort();
  const remarksOf = ({ remarks }: FetchedSite): string[] =>
    remarks.map(({ kind, file, message }) => `${kind} ${file.slice(site.url.length)}: ${message}`);
  const copies = (): string[] =>
    readdirSync(join(folder, 'pages'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.\w+$/.test(name),
    );
  const link = (...paths: readonly string[]): string =>
    paths.map((path) => `<a href="${path}">more</a>`).join(' ');
  const moveTo =
    (location: string, status = 302): SiteAnswer =>
    (_request, response) =>
      response.writeHead(status, { location }).end();

  describe('with a sitemap', () => {
    const list = (...paths: readonly string[]): string => sitemapOf(...paths.map((path) => site.url + path));

    it('fetches what it lists, names itself, and keeps address and date of each page', async () => {
      site.set('/sitemap.xml', list('/returns', '/shipping/'));
      site.set('/returns', helpPage('Returns', 'Thirty days.', link('/unlisted')));
      site.set('/shipping/', helpPage('Shipping', 'Two days.'));
      const fetched = await fetchIt();
      assert.deepEqual(
        [...fetched.addresses],
        [
          ['returns.html', { url: `${site.url}/returns`, lastModified: '2026-05-06' }],
          ['shipping/index.html', { url: `${site.url}/shipping/`, lastModified: '2026-05-06' }],
        ],
      );
      assert.match(readFileSync(join(folder, 'pages', 'returns.html'), 'utf8'), /Thirty days/);
      assert.equal(site.headers['user-agent'], 'understudy/test');
      assert.deepEqual(site.asked.toSorted(), ['/returns', '/robots.txt', '/shipping/', '/sitemap.xml']);
    });

    it('follows an index of sitemaps, packed ones too, and the lines of robots.txt', async () => {
      site.set('/robots.txt', `Sitemap: ${site.url}/maps/all.xml\n`);
      const index = ['a.xml', 'b.xml.gz'].map(
        (name) => `<sitemap><loc>${site.url}/maps/${name}</loc></sitemap>`,
      );
      site.set('/maps/all.xml', `<sitemapindex>${index.join('')}</sitemapindex>`);
      site.set('/maps/a.xml', list('/a'));
      site.set('/maps/b.xml.gz', (_request, response) => response.end(gzipSync(list('/b'))));
      for (const path of ['/a', '/b']) site.set(path, helpPage(path, 'Text.'));
      assert.deepEqual(pathsOf(await fetchIt()), ['/a', '/b']);
    });

    it('may be named by the address of the sitemap', async () => {
      site.set('/maps/help.xml', list('/a', '/help/b'));
      for (const path of ['/a', '/help/b']) site.set(path, helpPage(path, 'Text.'));
      assert.deepEqual(pathsOf(await fetchIt('/maps/help.xml')), ['/a', '/help/b']);
    });

    it('takes only what lies below the address', async () => {
      site.set('/sitemap.xml', list('/help/a', '/help', '/helpers', '/shop/b'));
      for (const path of ['/help/a', '/help', '/helpers', '/shop/b']) site.set(path, helpPage(path, 'Text.'));
      assert.deepEqual(pathsOf(await fetchIt('/help')), ['/help', '/help/a']);
    });

    it('asks for what changed alone in the next run, and lets go what is gone', async () => {
      site.set('/sitemap.xml', list('/same', '/other', '/gone'));
      for (const path of ['/same', '/other', '/gone']) site.set(path, helpPage(path, 'Before.'));
      const first = await fetchIt();
      assert.deepEqual([first.summary.added, first.summary.pages], [3, 3]);
      site.set('/other', helpPage('Other', 'After.'));
      site.set('/gone', null);
      site.set('/new', helpPage('New', 'New.'));
      site.set('/sitemap.xml', list('/same', '/other', '/gone', '/new'));
      const second = await fetchIt();
      assert.deepEqual(second.summary, {
        address: `${site.url}/`,
        pages: 3,
        added: 1,
        changed: 1,
        unchanged: 1,
        kept: 0,
        gone: 1,
        refused: 0,
      });
      assert.deepEqual(site.unchanged, ['/same']);
      assert.deepEqual(copies().sort(), ['new.html', 'other.html', 'same.html']);
      assert.match(readFileSync(join(folder, 'pages', 'other.html'), 'utf8'), /After/);
    });

    it('lets go what is listed no more', async () => {
      site.set('/sitemap.xml', list('/a', '/b'));
      for (const path of ['/a', '/b']) site.set(path, helpPage(path, 'Text.'));
      await fetchIt();
      site.set('/sitemap.xml', list('/a'));
      const { summary } = await fetchIt();
      assert.deepEqual([summary.pages, summary.gone], [1, 1]);
      assert.deepEqual(copies(), ['a.html']);
    });

    it('asks page by page where the sitemap of the run before is not there', async () => {
      site.set('/sitemap.xml', list('/a', '/b'));
      for (const path of ['/', '/a', '/b']) site.set(path, helpPage(path, 'Text.'));
      await fetchIt();
      site.set('/sitemap.xml', null);
      assert.deepEqual(pathsOf(await fetchIt()), ['/', '/a', '/b']);
      assert.deepEqual(pathsOf(await fetchIt()), ['/', '/a', '/b']);
    });
  });

  describe('without a sitemap', () => {
    it('follows links from the start page within the folder, the nearest first', async () => {
      site.set(
        '/help/',
        helpPage('Help', link('a', './c/', '/shop/', 'logo.png', '#top', 'mailto:a@b.test')),
      );
      site.set('/help/a', helpPage('A', link('/help/b?utm_source=mail', 'a')));
      site.set('/help/b', helpPage('B', 'End.', '<a rel="nofollow" href="/help/not">no</a>'));
      site.set('/help/c/', helpPage('C', 'End.'));
      site.set('/shop/', helpPage('Shop', 'Buy.'));
      site.set('/help/not', helpPage('Not', 'No.'));
      const fetched = await fetchIt('/help/');
      assert.deepEqual(pathsOf(fetched), ['/help/', '/help/a', '/help/b', '/help/c/']);
      assert.equal(fetched.summary.added, 4);
      const pages = site.asked.filter((path) => !/robots|sitemap/.test(path));
      assert.deepEqual(pages.slice(0, 3), ['/help/', '/help/a', '/help/c/']);
      assert.ok(!site.asked.includes('/shop/') && !site.asked.includes('/help/not'));
    });

    it('finds a changed link of a page that was fetched before', async () => {
      site.set('/', helpPage('Home', link('/a')));
      site.set('/a', helpPage('A', 'Text.'));
      await fetchIt();
      site.set('/', helpPage('Home', link('/b')));
      site.set('/b', helpPage('B', 'Text.'));
      assert.deepEqual(pathsOf(await fetchIt()), ['/', '/b']);
    });

    it('reads a page that leads on where it leads to', async () => {
      site.set('/', moveTo('/en/'));
      site.set('/en/', helpPage('Home', link('/old')));
      site.set('/old', moveTo('/new', 301));
      site.set('/new', helpPage('New', 'Text.'));
      assert.deepEqual(pathsOf(await fetchIt()), ['/en/', '/new']);
    });

    it('keeps Markdown, text and PDF under the extension of their kind', async () => {
      site.set('/', helpPage('Home', link('/a.md', '/b.txt', '/c', '/d.bin')));
      site.set('/a.md', '# A\n\nText.', 'text/plain');
      site.set('/b.txt', 'Text.', 'text/plain; charset=utf-8');
      site.set('/c', '%PDF-1.7\n', 'application/pdf');
      site.set('/d.bin', 'x', 'application/octet-stream');
      const fetched = await fetchIt();
      assert.deepEqual(copies().sort(), ['a.md.md', 'b.txt.txt', 'c.pdf', 'index.html']);
      assert.deepEqual(remarksOf(fetched), [
        'skipped /d.bin: skipped: "application/octet-stream" is no kind of page',
      ]);
    });

    it('keeps text as UTF-8 whose encoding the answer alone names', async () => {
      const bytes = Buffer.from(helpPage('Preise', 'Das kostet f\u00fcnf \u20ac.'), 'latin1');
      bytes[bytes.indexOf(0xac)] = 0x80;
      site.set('/', (_request, response) =>
        response.writeHead(200, { 'content-type': 'text/html; charset="windows-1252"' }).end(bytes),
      );
      await fetchIt();
      assert.match(readFileSync(join(folder, 'pages', 'index.html'), 'utf8'), /fünf €/);
    });
  });

  describe('manners', () => {
    it('leaves alone what robots.txt asks to, and tells how much', async () => {
      site.set('/robots.txt', 'User-agent: *\nDisallow: /\n\nUser-agent: Understudy\nDisallow: /private/\n');
      site.set('/', helpPage('Home', link('/a', '/private/b', '/private/c')));
      for (const path of ['/a', '/private/b', '/private/c']) site.set(path, helpPage(path, 'Text.'));
      const fetched = await fetchIt();
      assert.deepEqual(pathsOf(fetched), ['/', '/a']);
      assert.equal(fetched.summary.refused, 2);
      assert.ok(site.asked.every((path) => !path.startsWith('/private/')));
    });

    it('ends with a code where robots.txt allows nothing', async () => {
      site.set('/robots.txt', 'User-agent: *\nDisallow: /\n');
      site.set('/', helpPage('Home', 'Text.'));
      const { code } = await failure(fetchIt());
      assert.equal(code, 'cli/site-refused');
      assert.deepEqual(site.asked, ['/robots.txt']);
    });

    it('asks for two pages at a time, and for one after a wait where robots.txt names a delay', async () => {
      const paths = Array.from({ length: 12 }, (_, at) => `/p${at}`);
      site.set('/', helpPage('Home', link(...paths)));
      for (const path of paths) site.set(path, helpPage(path, 'Text.'));
      // Each of the first two waits for the other.
      const held: (() => void)[] = [];
      const hold: SiteAnswer = (_request, response) => {
        held.push(() => response.writeHead(200, { 'content-type': 'text/html' }).end(helpPage('P', 'Text.')));
        if (held.length === 2) for (const release of held) release();
      };
      for (const path of paths.slice(0, 2)) site.set(path, hold);
      await fetchIt();
      assert.equal(site.most, 2);
      assert.deepEqual(waits, []);
      for (const path of paths.slice(0, 2)) site.set(path, helpPage(path, 'Text.'));
      site.set('/robots.txt', 'User-agent: *\nCrawl-delay: 2\n');
      await fetchIt();
      assert.ok(waits.length >= 13 && waits.every((wait) => wait === 2000), waits.join());
    });

    it('tries again after the wait that the host asks for', async () => {
      site.set('/', (_request, response, times) => {
        if (times === 0) response.writeHead(503, { 'retry-after': '7' }).end();
        else if (times === 1) response.writeHead(429).end();
        else response.writeHead(200, { 'content-type': 'text/html' }).end(helpPage('Home', 'Text.'));
      });
      assert.deepEqual(pathsOf(await fetchIt()), ['/']);
      assert.deepEqual(waits, [7000, 2000]);
    });

    it('tries again where an answer takes too long', async () => {
      let times = 0;
      const deadline = (): AbortSignal => {
        times += 1;
        return times === 3 ? AbortSignal.abort() : new AbortController().signal;
      };
      site.set('/', helpPage('Home', 'Text.'));
      assert.deepEqual(pathsOf(await fetchIt('/', { deadline })), ['/']);
      assert.equal(waits.length, 1);
    });
  });

  describe('what goes wrong', () => {
    const breaks: SiteAnswer = (_request, response) => response.destroy();

    it('keeps the copy of a page that fails, with a remark, and asks again the next time', async () => {
      site.set('/', helpPage('Home', link('/a', '/b')));
      site.set('/a', helpPage('A', 'Before.'));
      site.set('/b', helpPage('B', 'Before.'));
      await fetchIt();
      site.set('/a', breaks);
      site.set('/b', (_request, response) => response.writeHead(403).end());
      const second = await fetchIt();
      assert.deepEqual(pathsOf(second), ['/', '/a', '/b']);
      assert.equal(second.summary.kept, 2);
      assert.match(remarksOf(second).join('\n'), /^kept \/a: cannot be had now \(/m);
      assert.match(remarksOf(second).join('\n'), /^kept \/b: .*not given to everyone \(status 403\)/m);
      site.set('/a', helpPage('A', 'After.'));
      assert.equal((await fetchIt()).summary.changed, 1);
    });

    it('reads all copies where robots.txt cannot be had', async () => {
      site.set('/', helpPage('Home', 'Text.'));
      await fetchIt();
      site.forget();
      site.set('/robots.txt', (_request, response) => response.writeHead(500).end());
      const { summary } = await fetchIt();
      assert.deepEqual([summary.pages, summary.kept], [1, 1]);
      assert.ok(site.asked.every((path) => path === '/robots.txt'));
    });

    it('ends with a code where nothing can be had and nothing is kept', async () => {
      site.set('/robots.txt', breaks);
      assert.equal((await failure(fetchIt())).code, 'cli/site-unreachable');
      site.set('/robots.txt', null);
      const { code, message } = await failure(fetchIt());
      assert.equal(code, 'cli/site-unreachable');
      assert.match(message, /there is nothing \(status 404\)/);
      site.set('/', (_request, response) => response.writeHead(401).end());
      assert.equal((await failure(fetchIt())).code, 'cli/site-refused');
    });

    it('keeps the copies of a site all of whose pages are gone at once', async () => {
      site.set('/', helpPage('Home', 'Text.'));
      await fetchIt();
      site.set('/', null);
      assert.equal((await failure(fetchIt())).code, 'cli/site-unreachable');
      assert.deepEqual(copies(), ['index.html']);
    });

    it('names the other site that the address leads to', async () => {
      site.set('/', moveTo('https://www.example.test/', 301));
      const { code, message } = await failure(fetchIt());
      assert.equal(code, 'cli/site-unreachable');
      assert.match(message, /it leads to "https:\/\/www\.example\.test\/"/);
    });

    it('leaves a host alone that answers nothing any more', async () => {
      const paths = Array.from({ length: 40 }, (_, at) => `/p${at}`);
      site.set('/sitemap.xml', sitemapOf(...paths.map((path) => site.url + path)));
      for (const path of paths) site.set(path, helpPage(path, 'Text.'));
      await fetchIt();
      site.forget();
      for (const path of paths) site.set(path, breaks);
      const { summary } = await fetchIt();
      assert.deepEqual([summary.pages, summary.kept], [40, 40]);
      assert.ok(new Set(site.asked).size < 20);
    });

    it('goes on behind the pages that an interrupted run has', async () => {
      const paths = ['/', '/a', '/b', '/c'];
      for (const [at, path] of paths.entries()) site.set(path, helpPage(path, link(paths[at + 1] ?? '/')));
      const controller = new AbortController();
      site.set('/b', () => controller.abort(new Error('stopped')));
      await assert.rejects(fetchIt('/', { signal: controller.signal }), /stopped/);
      site.forget();
      site.set('/b', helpPage('B', link('/c')));
      nowMs = 60_000;
      assert.deepEqual(pathsOf(await fetchIt()), paths);
      assert.deepEqual(
        site.asked.filter((path) => !/robots|sitemap/.test(path)),
        ['/b', '/c'],
      );
      assert.ok(!existsSync(join(folder, 'run.jsonl')));
    });

    it('asks again for the pages of a run that was interrupted long ago', async () => {
      site.set('/', helpPage('Home', link('/a')));
      const controller = new AbortController();
      site.set('/a', () => controller.abort(new Error('stopped')));
      await assert.rejects(fetchIt('/', { signal: controller.signal }), /stopped/);
      site.set('/a', helpPage('A', 'Text.'));
      nowMs = 48 * 60 * 60 * 1000;
      const fetched = await fetchIt();
      assert.deepEqual(pathsOf(fetched), ['/', '/a']);
      assert.deepEqual(site.unchanged, ['/']);
    });

    it('fetches what is damaged in the folder of copies again', async () => {
      site.set('/', helpPage('Home', link('/a')));
      site.set('/a', helpPage('A', 'Text.'));
      await fetchIt();
      writeFileSync(join(folder, 'pages', 'a.html'), 'cut');
      assert.equal((await fetchIt()).summary.added, 1);
      writeFileSync(join(folder, 'pages.json'), '{"format":');
      writeFileSync(join(folder, 'run.jsonl'), '{"site');
      assert.equal((await fetchIt()).summary.added, 2);
      assert.match(readFileSync(join(folder, 'pages', 'a.html'), 'utf8'), /Text/);
    });
  });
});
