import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Clock } from '../../../src/contracts/clock.ts';
import { isUnderstudyError } from '../../../src/contracts/errors.ts';
import { sampleFolders } from '../../../test/node/sample-folder.ts';
import type { ScriptedSite } from '../../../test/node/scripted-site.ts';
import { helpPage, sitemapOf, startSite } from '../../../test/node/scripted-site.ts';
import { readSources } from '../read-sources.ts';
import { copyName } from './copy-name.ts';
import { fetchSites } from './fetch-sites.ts';
import type { FetchedSources } from './fetch-sites.ts';
import { fetchSite } from './fetch-site.ts';
import { pageLinks } from './page-links.ts';
import { parseRobots } from './robots.ts';
import { siteScope } from './site-scope.ts';
import { siteSource } from './site-source.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const clock: Clock = { now: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() };

describe('a hostile host', () => {
  let site: ScriptedSite;
  let other: ScriptedSite;
  let cache: string;
  beforeEach(async () => {
    [site, other] = await Promise.all([startSite(), startSite()]);
    cache = samples.make();
  });
  afterEach(async () => {
    await Promise.all([site.close(), other.close()]);
  });

  const services = (): Parameters<typeof fetchSites>[1] => ({
    fetch,
    clock,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    userAgent: 'understudy/test',
  });
  const fetchIt = (path = '/'): Promise<FetchedSources> =>
    fetchSites([siteSource(site.url + path, cache)], services());
  const pathsOf = ({ sources }: FetchedSources): string[] =>
    [...(sources[0]?.addresses?.values() ?? [])].map(({ url }) => url.slice(site.url.length)).sort();
  const told = ({ remarks }: FetchedSources): string => remarks.map(({ message }) => message).join('\n');

  it('cannot send the build to another host by a redirect, a link, a sitemap or robots.txt', async () => {
    other.set('/stolen', helpPage('Stolen', 'Secret.'));
    const away = `${other.url}/stolen`;
    site.set('/robots.txt', `Sitemap: ${other.url}/sitemap.xml\n`);
    site.set('/sitemap.xml', sitemapOf(away));
    site.set(
      '/',
      helpPage(
        'Home',
        `<a href="${away}">a</a> <a href="//${new URL(away).host}/stolen">b</a> <a href="/away">c</a>`,
      ),
    );
    site.set('/away', (_request, response) => response.writeHead(302, { location: away }).end());
    const fetched = await fetchIt();
    assert.deepEqual(pathsOf(fetched), ['/']);
    assert.match(told(fetched), /it leads to .*\/stolen", which is not below/);
    assert.deepEqual(other.asked, []);
  });

  it('cannot send the build to a private address by a redirect', async () => {
    for (const location of [
      'http://169.254.169.254/latest/',
      'http://[::1]:1/',
      'file:///etc/passwd',
      '//0x7f.1/',
    ])
      await assert.rejects(
        async () => {
          site.set('/', (_request, response) => response.writeHead(301, { location }).end());
          await fetchIt();
        },
        (error) => isUnderstudyError(error, 'cli/site-unreachable') && /it leads to/.test(error.message),
      );
  });

  it('cannot hide a name and a password in an address of the same origin', async () => {
    const { host } = new URL(site.url);
    site.set('/', helpPage('Home', `<a href="http://user:word@${host}/a">a</a>`));
    site.set('/a', helpPage('A', 'Text.'));
    assert.deepEqual(pathsOf(await fetchIt()), ['/']);
  });

  it('leads in a circle, or on and on, and is left', async () => {
    site.set('/sitemap.xml', sitemapOf(`${site.url}/a`, `${site.url}/b`, `${site.url}/ok`));
    site.set('/ok', helpPage('Ok', 'Text.'));
    site.set('/a', (_request, response) => response.writeHead(301, { location: '/a' }).end());
    for (let at = 0; at < 30; at += 1)
      site.set(at === 0 ? '/b' : `/b${at}`, (_request, response) =>
        response.writeHead(302, { location: `/b${at + 1}` }).end(),
      );
    assert.deepEqual(pathsOf(await fetchIt()), ['/ok']);
    assert.ok(site.asked.length < 15, site.asked.join());
  });

  it('sends a page that unpacks to gigabytes', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    site.set('/', helpPage('Home', '<a href="/bomb">a</a>'));
    site.set('/bomb', (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end(bomb),
    );
    const fetched = await fetchIt();
    assert.deepEqual(pathsOf(fetched), ['/']);
    assert.match(told(fetched), /it is longer than 5 MB/);
  });

  it('packs a sitemap that unpacks to gigabytes', async () => {
    site.set('/robots.txt', `Sitemap: ${site.url}/map.xml.gz`);
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024));
    site.set('/map.xml.gz', (_request, response) => response.end(bomb));
    site.set('/', helpPage('Home', 'Text.'));
    const fetched = await fetchIt();
    assert.deepEqual(pathsOf(fetched), ['/']);
    assert.match(told(fetched), /cannot be unpacked, or has more than 50 MB/);
  });

  it('lists sitemaps in sitemaps without end', async () => {
    const more = (name: string): string =>
      `<sitemapindex>${['l', 'r'].map((side) => `<sitemap><loc>${site.url}/${name}${side}.xml</loc></sitemap>`).join('')}</sitemapindex>`;
    const served = new Set<string>();
    const serve = (name: string): void => {
      if (served.size > 700) return;
      served.add(name);
      site.set(`/${name}.xml`, (_request, response) => {
        serve(`${name}l`);
        serve(`${name}r`);
        response.end(more(name));
      });
    };
    serve('sitemap');
    site.set('/', helpPage('Home', 'Text.'));
    await fetchIt();
    assert.ok(site.asked.length <= 510, String(site.asked.length));
  });

  it('sends a page without end, slowly', async () => {
    site.set('/', helpPage('Home', '<a href="/drip">a</a>'));
    site.set('/drip', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.write('<p>');
    });
    let asked = 0;
    const deadline = (): AbortSignal => {
      asked += 1;
      // robots.txt, sitemap and home come first.
      return asked > 3 ? AbortSignal.timeout(20) : new AbortController().signal;
    };
    const fetched = await fetchSites([siteSource(`${site.url}/`, cache)], { ...services(), deadline });
    assert.deepEqual(pathsOf(fetched), ['/']);
  });

  it('calls a picture, an archive and bytes of no text a page', async () => {
    const bodies = {
      picture: Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'),
      archive: Buffer.from('PK\x03\x04\0\0\0\0', 'latin1'),
      bytes: Buffer.from(Array.from({ length: 256 }, (_, at) => at)),
      unreadable: Buffer.from([...Buffer.from('<p>Grüße und </p>', 'latin1'), 0x81, 0xff, 0xfe, 0x8d]),
    };
    site.set('/', helpPage('Home', ...Object.keys(bodies).map((name) => `<a href="/${name}">a</a>`)));
    for (const [name, body] of Object.entries(bodies))
      site.set(`/${name}`, (_request, response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end(body),
      );
    const fetched = await fetchIt();
    assert.deepEqual(pathsOf(fetched), ['/']);
    assert.equal((await readSources(fetched.sources, { fallbackLanguage: 'en' })).documents.length, 1);
  });

  it('says that nothing changed of a page that was never fetched', async () => {
    site.set('/', helpPage('Home', '<a href="/a">a</a>'));
    site.set('/a', (_request, response) => response.writeHead(304).end());
    assert.deepEqual(pathsOf(await fetchIt()), ['/']);
  });

  it('makes up pages without end', async () => {
    site.set('/', helpPage('Home', '<a href="/x/">a</a> <a href="/?month=1">b</a>'));
    const source = siteSource(`${site.url}/`, cache);
    assert.ok(source.site !== undefined);
    // Any path and any query is a page that links to two more.
    const endless = ((input: Parameters<typeof fetch>[0]): Promise<Response> => {
      const { pathname, searchParams } = new URL(input instanceof Request ? input.url : input);
      if (/robots|sitemap/.test(pathname)) return Promise.resolve(new Response(null, { status: 404 }));
      const month = Number(searchParams.get('month') ?? '0');
      const body = helpPage('More', `<a href="${pathname}x/">a</a> <a href="/?month=${month + 1}">b</a>`);
      return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/html' } }));
    }) satisfies typeof fetch;
    const { summary, remarks } = await fetchSite(
      source.site,
      { encoding: null, maxPages: 700 },
      { ...services(), fetch: endless },
    );
    assert.equal(summary.pages, 700);
    assert.match(remarks.map(({ message }) => message).join(), /more than 700 pages/);
  });

  it('cannot write outside of its folder, whatever paths and records say', async () => {
    const tricks = [
      '/..%2f..%2fevil',
      '/%2e%2e/%2e%2e/evil',
      '/a/..%5c..%5cevil',
      '/con',
      '/.hidden',
      '/node_modules/a',
      '/a%00b',
    ];
    site.set('/sitemap.xml', sitemapOf(...tricks.map((path) => site.url + path)));
    for (const path of [...tricks, '/evil']) site.set(path, helpPage('Evil', 'Text.'));
    await fetchIt();
    const [folder = ''] = readdirSync(cache);
    const names = readdirSync(join(cache, folder), { recursive: true, encoding: 'utf8' });
    assert.ok(
      names.every((name) =>
        /^(?:\.gitignore|pages\.json|pages|pages[\\/][a-z0-9-]+~?[0-9a-f]*\.html)$/.test(name),
      ),
      names.join(),
    );
    assert.ok(!existsSync(join(dirname(cache), 'evil.html')));
    writeFileSync(
      join(cache, folder, 'pages.json'),
      JSON.stringify({
        format: 'understudy/site-copies',
        version: 1,
        site: `${site.url}/`,
        foundBy: 'links',
        pages: [{ url: `${site.url}/evil`, extension: '/../../x', sizeBytes: 1, etag: 'a\r\nb: c' }],
      }),
    );
    assert.ok((await fetchIt()).sites[0]?.pages);
  });
});

describe('copyName', () => {
  const address = fc.webUrl({ withQueryParameters: true }).map((url) => new URL(url).href);

  it('gives no two addresses one name, on systems too where case does not count', () => {
    const places = [
      '/a',
      '/A',
      '/a/',
      '/a/index',
      '/a.html',
      '/a.html/b',
      '/a/b',
      '/a?b',
      '/a%2fb',
      '/',
      '/index',
      '/aux',
      '/a~b',
      '/a.',
    ];
    const names = places.map((path) => copyName(`https://x.test${path}`, '.html').toLowerCase());
    assert.equal(new Set(names).size, places.length, names.join(' '));
    const folders = new Set(
      names.flatMap((name) =>
        name
          .split('/')
          .slice(0, -1)
          .map((_, at, all) => all.slice(0, at + 1).join('/')),
      ),
    );
    for (const name of names) assert.ok(!folders.has(name), name);
  });

  it('stays below its folder', () => {
    fc.assert(
      fc.property(address, (url) => {
        const name = copyName(url, '.html');
        assert.ok(resolve('/root', name).startsWith('/root/'));
        assert.match(name, /^[a-z0-9][a-z0-9_./~-]*\.html$/);
        assert.ok(
          name.split('/').every((part) => !part.startsWith('.') && part !== '' && part.length <= 100),
        );
      }),
    );
  });
});

describe('parseRobots', () => {
  const allows = (text: string, path: string): boolean => parseRobots(text).allows(`https://x.test${path}`);

  it('lets the longest pattern decide, and of equal ones the one that allows', () => {
    const text =
      'User-agent: *\nDisallow: /help\nAllow: /help/public\nDisallow: /same\nAllow: /same\nDisallow: /*.pdf$\nDisallow:';
    for (const path of ['/help/public/a', '/same', '/a.pdfs', '/']) assert.ok(allows(text, path), path);
    for (const path of ['/help', '/helper', '/a.pdf']) assert.ok(!allows(text, path), path);
  });

  it('takes the group that names it before that for all, and several names for one group', () => {
    const text = 'User-agent: other\nUser-agent: UnderStudy/2\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n';
    assert.deepEqual([allows(text, '/a'), allows(text, '/b')], [false, true]);
  });

  it('knows a path however it is written', () => {
    const text = 'User-agent: *\nDisallow: /~private\nDisallow: /größe\nDisallow: /a%2fb';
    for (const path of ['/%7Eprivate', '/%70rivate/../~private', '/gr%C3%B6%c3%9fe', '/a%2Fb'])
      assert.ok(!allows(text, path), path);
    assert.ok(allows(text, '/a/b'));
  });

  it('bounds the wait', () => {
    const delay = (text: string): number => parseRobots(`User-agent: *\nCrawl-delay: ${text}`).delayMs;
    assert.deepEqual(
      ['1.5', '86400', '-1', 'NaN', 'Infinity', ''].map(delay),
      [1500, 10_000, 0, 0, 10_000, 0],
    );
  });

  it('reads anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.webUrl(), (text, url) => {
        parseRobots(`user-agent: *\ndisallow: /${text}\n${text}`).allows(url);
      }),
    );
  });

  it('takes no time that grows with stars', () => {
    const rules = `Disallow: /${'*a'.repeat(249)}$\n`.repeat(1000);
    const start = performance.now();
    allows(`User-agent: *\n${rules}`, `/${'a'.repeat(2000)}b`);
    assert.ok(performance.now() - start < 1000);
  });
});

describe('pageLinks', () => {
  it('looks at some thousand links of a page that has a hundred thousand', () => {
    const html = Array.from({ length: 100_000 }, (_, at) => `<a href="/p${at}">x</a>`).join('');
    assert.equal(pageLinks(html, 'https://x.test/').length, 5000);
  });

  it('survives nested and broken pages, and targets that are no addresses', () => {
    const html = `${'<div>'.repeat(50_000)}<a href="http://[">x</a><a href="javascript:a()">y</a><base href="::"><a href="/z">z`;
    for (const link of pageLinks(html, 'https://x.test/')) assert.ok(URL.canParse(link));
    assert.deepEqual(
      pageLinks(
        '<base href="/b/"><a href=c>1</a><a href=" d ">2</a><a href="e.PNG">3</a>',
        'https://x.test/a/',
      ),
      ['https://x.test/b/c', 'https://x.test/b/d'],
    );
    assert.deepEqual(
      pageLinks('<meta name=robots content="index, nofollow"><a href=c>1</a>', 'https://x.test/'),
      [],
    );
  });
});

describe('siteScope', () => {
  it('covers what lies below the address, segment by segment', () => {
    const covered = (address: string, path: string): boolean =>
      siteScope(address).covers(`https://x.test${path}`);
    assert.ok(covered('https://x.test/hc/en-us', '/hc/en-us/articles/1'));
    assert.ok(covered('https://x.test/hc/en-us', '/hc/en-us'));
    assert.ok(!covered('https://x.test/hc/en-us', '/hc/en-usa'));
    assert.ok(covered('https://x.test/docs/index.html', '/docs/a'));
    assert.ok(!covered('https://x.test/docs/', '/'));
  });

  it('knows an address with and without what counts visitors', () => {
    const scope = siteScope('https://x.test/');
    const onOrigin = (text: string, from?: string): string | null => scope.onOrigin(text, from);
    assert.equal(onOrigin('/a?utm_source=b&id=1&gclid=2#c', 'https://x.test/'), 'https://x.test/a?id=1');
    for (const text of ['https://x.test:443/a?utm_medium=b', '/a?', '/a#b', '/a?#'])
      assert.equal(onOrigin(text, 'https://x.test/'), 'https://x.test/a');
    for (const text of [
      'http://x.test/',
      'https://x.test.evil.test/',
      'https://x.test@evil.test/',
      'https://a:b@x.test/',
      `/${'a'.repeat(3000)}`,
    ])
      assert.equal(onOrigin(text, 'https://x.test/'), null, text);
  });
});
