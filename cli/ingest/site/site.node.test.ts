import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ARTICLES } from '../../../test/sites/articles.ts';
import { rateReading } from '../../../test/sites/rate-reading.ts';
import { SITE_STYLES } from '../../../test/sites/site-styles.ts';
import { makePassages } from '../passages.ts';
import { readSources } from '../read-sources.ts';
import type { ReadSourcesOutcome } from '../read-sources.ts';

const folders: string[] = [];

async function readFiles(
  files: { readonly [path: string]: string },
  url: string | null = null,
): Promise<ReadSourcesOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-site-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const source = { path: folder, name: 'help', language: null, url, tags: [] };
  return readSources([source], { fallbackLanguage: 'en' });
}

function page(title: string, body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><title>${title}</title>${head}</head><body>${body}</body></html>`;
}

function texts({ documents }: ReadSourcesOutcome): string[][] {
  return documents.map(({ sections }) =>
    sections.flatMap(({ blocks }) => blocks.map(({ markdown }) => markdown)),
  );
}

function skipped({ remarks }: ReadSourcesOutcome): string[] {
  return remarks.flatMap(({ kind, file, message }) =>
    kind === 'skipped' && !message.includes('no kind of page') ? [`${file}: ${message}`] : [],
  );
}

const canonical = (url: string): string => `<link rel="canonical" href="${url}">`;
const SUBJECTS = ['brakes', 'saddles', 'lamps', 'locks', 'bells', 'pumps'];
const about = (subject: string): string =>
  `<p>Our ${subject} are looked after twice a year, and what is worn of ${subject} is replaced at the station.</p>`;

after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('made sites', () => {
  for (const { name, write, furniture } of SITE_STYLES) {
    it(`of the kind "${name}" keep every word of their articles, once, their titles, and little of what stands around`, async () => {
      const outcome = await readFiles(
        Object.fromEntries(ARTICLES.map((one) => [`${one.slug}.html`, write(one)])),
      );
      const around = { kept: 0, all: 0 };
      for (const article of ARTICLES) {
        const read = outcome.documents.find(({ id }) => id === `help/${article.slug}`);
        const text = (read?.sections ?? [])
          .flatMap(({ headings, blocks }) => [
            ...headings.slice(-1),
            ...blocks.map(({ markdown }) => markdown),
          ])
          .join('\n');
        assert.equal(read?.title, article.title);
        const { kept, all } = rateReading(article.pieces, text);
        assert.equal(kept, all, article.slug);
        for (const piece of article.pieces.filter(({ length }) => length > 30))
          assert.equal(text.split(piece).length, 2, `${article.slug}: ${piece}`);
        const rest = rateReading([...furniture, ...ARTICLES.map(({ title }) => title)], text);
        around.kept += rest.kept;
        around.all += rest.all;
      }
      assert.ok(around.kept <= 0.1 * around.all, `${String(around.kept)} of ${String(around.all)}`);
    });
  }
});

describe('titles of a site', () => {
  it('lose the name of the site and what all have in common, but no part of their own', async () => {
    const titles = [
      'Refunds - Money | Pedalo Help',
      'Fees - by the hour | Pedalo Help',
      'Hours | Pedalo Help',
    ];
    const { documents } = await readFiles(
      Object.fromEntries(titles.map((title, at) => [`${String(at)}.html`, page(title, about(title))])),
    );
    assert.deepEqual(
      documents.map(({ title }) => title),
      ['Refunds - Money', 'Fees - by the hour', 'Hours'],
    );
  });

  it('are those of the pages where the first heading is the name of the site', async () => {
    const { documents } = await readFiles(
      Object.fromEntries(
        SUBJECTS.map((one) => [`${one}.html`, page(`Pedalo: ${one}`, `<h1>Pedalo</h1>${about(one)}`)]),
      ),
    );
    assert.deepEqual(new Set(documents.map(({ title }) => title)), new Set(SUBJECTS));
  });
});

describe('what most pages of a site have in common', () => {
  const promise = '<p>Every ride plants a tree somewhere, which we think is a good thing to do.</p>';

  it('is left out and told once, and what two pages share stays', async () => {
    const outcome = await readFiles(
      Object.fromEntries(
        SUBJECTS.map((one) => [
          `${one}.html`,
          page(one, `<main><h1>${one}</h1>${about(one)}${promise}</main>`),
        ]),
      ),
    );
    for (const [at, blocks] of texts(outcome).entries()) assert.equal(blocks.length, 1, String(at));
    const told = outcome.remarks.filter(({ kind }) => kind === 'repeated');
    assert.equal(told.length, 1);
    assert.match(told[0]?.message ?? '', /left out of 6 pages.*Every ride plants/);
  });

  it('stays where the pages are few, of several languages, or copies of one another', async () => {
    const few = SUBJECTS.slice(0, 4).map((one): [string, string] => [
      `${one}.html`,
      page(one, `<main>${about(one)}${promise}</main>`),
    ]);
    for (const blocks of texts(await readFiles(Object.fromEntries(few)))) assert.equal(blocks.length, 2);
    const copies = SUBJECTS.map((one): [string, string] => [
      `${one}.html`,
      page('Same', `<main>${about('same')}${promise}</main>`),
    ]);
    for (const blocks of texts(await readFiles(Object.fromEntries(copies)))) assert.equal(blocks.length, 2);
  });

  it('stays on a page of which nothing else would be left', async () => {
    const pages = SUBJECTS.map((one): [string, string] => [
      `${one}.html`,
      page(one, `<main>${about(one)}${promise}</main>`),
    ]);
    const outcome = await readFiles({
      ...Object.fromEntries(pages),
      'trees.html': page('Trees', `<main>${promise}</main>`),
    });
    assert.equal(outcome.documents.length, 7);
  });
});

describe('addresses of a saved site', () => {
  const sitemap = `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><!-- <url><loc>https://x.test/no</loc></url> -->
<url><loc>https://pedalo.test/help/returns</loc><lastmod>2026-05-01T10:00:00Z</lastmod></url>
<url><loc>https://pedalo.test/help/fees/?a=1&amp;b=2</loc></url><url><loc><![CDATA[https://pedalo.test/help/]]></loc></url>
<url><loc>https://pedalo.test/help/hours</loc></url></urlset>`;

  it('are canonical, else those of sitemap.xml, and come with the date of the last change', async () => {
    const { documents } = await readFiles({
      'sitemap.xml': sitemap,
      'pedalo.test/help/returns.html': page('Returns', about('returns')),
      'pedalo.test/help/fees/index.html': page('Fees', about('fees')),
      'pedalo.test/help/hours.html': page('Hours', about('hours'), canonical('https://pedalo.test/h/hours')),
      'pedalo.test/help/index.html': page('Help', about('help')),
      'pedalo.test/help/unlisted.html': page('Unlisted', about('secrets')),
    });
    assert.deepEqual(
      documents.map(({ url, metadata }) => [url, metadata?.['lastmod']]),
      [
        ['https://pedalo.test/help/fees/?a=1&b=2', undefined],
        ['https://pedalo.test/h/hours', undefined],
        ['https://pedalo.test/help/', undefined],
        ['https://pedalo.test/help/returns', '2026-05-01'],
        [null, undefined],
      ],
    );
  });

  it('are those of all sitemaps that an index names, and the owner’s pattern counts more', async () => {
    const files = {
      'sitemap.xml':
        '<sitemapindex><sitemap><loc>https://pedalo.test/sitemap-help.xml</loc></sitemap></sitemapindex>',
      'sitemap-help.xml': sitemap,
      'returns.html': page('Returns', about('returns')),
    };
    assert.equal((await readFiles(files)).documents[0]?.url, 'https://pedalo.test/help/returns');
    assert.equal((await readFiles(files, '/faq/{slug}')).documents[0]?.url, '/faq/returns');
  });

  it('have the place of a heading behind them', async () => {
    const { documents } = await readFiles({
      'a.html': page(
        'A',
        `<main>${about('a')}<h2 id="late fees">Late</h2>${about('b')}</main>`,
        canonical('/help/a'),
      ),
    });
    assert.deepEqual(
      makePassages(documents).map(({ url }) => url),
      ['/help/a', '/help/a#late%20fees'],
    );
  });

  it('make links of saved pages lead to the site again', async () => {
    const links = [
      'fees.html#day',
      '../index.html',
      '/x?y=1',
      'https://else.test/',
      '//cdn.test/f',
      'new',
      '#top',
      'javascript:void(0)',
    ];
    const list = `<ul>${links.map((href, at) => `<li>Line: <a href="${href}">L${String(at)}</a></li>`).join('')}</ul>`;
    const outcome = await readFiles({
      'index.html': page('Start', about('start'), canonical('https://pedalo.test/')),
      'help/returns.html': page('Returns', list, canonical('https://pedalo.test/help/returns')),
      'help/fees.html': page('Fees', about('fees'), canonical('https://pedalo.test/help/fees')),
      'help/based.html': page(
        'Based',
        '<p>See <a href="a">A</a>.</p>',
        '<base href="https://based.test/d/">',
      ),
    });
    const [based, , returns] = texts(outcome);
    assert.deepEqual(
      [...(returns?.[0] ?? '').matchAll(/\[L\d\]\(([^)]*)\)/g)].map(([, target]) => target),
      [
        'https://pedalo.test/help/fees#day',
        'https://pedalo.test/',
        'https://pedalo.test/x?y=1',
        'https://else.test/',
        'https://cdn.test/f',
        'https://pedalo.test/help/new',
      ],
    );
    assert.deepEqual(based, ['See [A](https://based.test/d/a).']);
  });

  it('are nobody’s where pages that say different things share one', async () => {
    const { documents } = await readFiles(
      Object.fromEntries(
        SUBJECTS.map((one) => [
          `${one}.html`,
          page(one, about(one).repeat(3) + one.repeat(30), canonical('https://pedalo.test/')),
        ]),
      ),
    );
    assert.deepEqual(
      documents.map(({ url }) => url),
      SUBJECTS.map(() => null),
    );
  });
});

describe('pages of a saved site that are left out', () => {
  it('are copies under one canonical address or under a query, told with the page they are copies of', async () => {
    const outcome = await readFiles({
      'a.html': page('A', about('locks'), canonical('https://pedalo.test/a')),
      'a.html?from=mail.html': page('A', about('locks'), canonical('https://pedalo.test/a#x')),
      'b.html': page('B', about('bells')),
      'b.html?print=1.html': page('B', about('bells')),
      'b.html?id=7.html': page('Seven', about('pumps')),
    });
    assert.deepEqual(
      outcome.documents.map(({ title }) => title),
      ['A', 'B', 'Seven'],
    );
    assert.deepEqual(skipped(outcome), [
      'help/a.html?from=mail.html: skipped: it is a.html saved again',
      'help/b.html?print=1.html: skipped: it is b.html saved again',
    ]);
  });

  it('are told once, with their reason', async () => {
    const outcome = await readFiles({
      'a.html': page('A', about('locks')),
      'b.html': page('B', about('bells'), '<meta name="robots" content="noindex">'),
      'c.html': '',
    });
    assert.deepEqual(skipped(outcome), [
      'help/b.html: skipped: it asks to be left out (robots: noindex)',
      'help/c.html: skipped: it has no text',
    ]);
  });

  it('do not stop a source from being read again after its pages have changed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'understudy-site-'));
    folders.push(folder);
    const source = { path: folder, name: 'help', language: null, url: null, tags: [] };
    const titles = async (): Promise<string[]> =>
      (await readSources([source], { fallbackLanguage: 'en' })).documents.map(({ title }) => title);
    writeFileSync(join(folder, 'a.html'), page('Before', about('locks')));
    assert.deepEqual(await titles(), ['Before']);
    writeFileSync(join(folder, 'a.html'), page('After', about('locks')));
    assert.deepEqual(await titles(), ['After']);
  });

  it('are found whatever the source is called', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'understudy-site-'));
    folders.push(folder);
    writeFileSync(join(folder, 'a.html'), page('Locks', about('locks')));
    for (const [path, name] of [
      [folder, '.'],
      [folder, 'help'],
      [join(folder, 'a.html'), 'a.html'],
    ] as const) {
      const source = { path, name, language: null, url: null, tags: [] };
      const { documents } = await readSources([source], { fallbackLanguage: 'en' });
      assert.deepEqual(
        documents.map(({ title }) => title),
        ['Locks'],
      );
    }
  });
});
