import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readHtml } from '../html.ts';
import type { HtmlPage } from '../html.ts';

function pageOf(body: string, head = ''): HtmlPage {
  return readHtml(`<!doctype html><html lang="en"><head>${head}</head><body>${body}</body></html>`);
}

/** Headings and blocks, one a line, headings with `#`. */
function linesOf({ sections }: HtmlPage): string[] {
  return sections.flatMap(({ headings, blocks }) => [
    ...headings.slice(-1).map((heading) => `# ${heading}`),
    ...blocks.map(({ markdown }) => markdown),
  ]);
}

const PROSE =
  '<p>A hire ends where you lock the bicycle, and it may be locked at every station of the city and its ring.</p>';
const SAID =
  'A hire ends where you lock the bicycle, and it may be locked at every station of the city and its ring.';

describe('what stands around the content of a page', () => {
  const around: readonly (readonly [string, string])[] = [
    ['a cookie notice', '<div class="cookie-bar"><p>We use cookies. Read our notice on cookies.</p></div>'],
    ['a share bar', '<div class="socialShare"><span>Tell a friend</span></div>'],
    ['the question whether it helped', '<div class="x9"><span>Was this page helpful?</span></div>'],
    ['the same in German', '<p>War dieser Artikel hilfreich?</p>'],
    ['the same in Chinese', '<p>这篇文章有帮助吗？</p>'],
    [
      'related articles',
      '<h3>Related articles</h3><ul><li><a href="a">Fees</a></li><li><a href="b">Hours</a></li></ul>',
    ],
    ['a table of contents', '<div><span>On this page</span><a href="#a">One</a><a href="#b">Two</a></div>'],
    ['the owner’s rights', '<div>© 2026 Pedalo Hire Ltd.</div>'],
    ['a breadcrumb', '<div class="breadcrumbs"><a href="/">All</a> <span>Fees</span></div>'],
    ['when it was changed', '<span class="meta">Last updated on June 4</span>'],
  ];
  for (const [what, html] of around) {
    it(`is left out: ${what}`, () => {
      assert.deepEqual(linesOf(pageOf(`<div><h1>Hire</h1>${PROSE}</div>${html}`)), [SAID]);
      assert.deepEqual(linesOf(pageOf(`<main><h1>Hire</h1>${PROSE}${html}</main>`)), [SAID]);
    });
  }

  it('does not make content of a sidebar, nor furniture of sentences by their name', () => {
    const sidebar = '<div class="a1"><div><a href="a">Fees</a></div><div><a href="b">Hours</a></div></div>';
    const rating = '<div class="rating"><p>You rate a ride with one star to five.</p></div>';
    assert.deepEqual(linesOf(pageOf(`${sidebar}<div class="a2"><h1>Hire</h1>${PROSE}${rating}</div>`)), [
      SAID,
      'You rate a ride with one star to five.',
    ]);
  });

  it('keeps tables, code and lists of menus that are no links, whatever they are called', () => {
    const page = pageOf(
      '<h1>Menu</h1><div class="menu"><table><tr><td>Soup</td><td>4</td></tr><tr><td>Bread</td><td>2</td></tr></table></div><div class="search"><pre>find x</pre></div>',
    );
    assert.deepEqual(linesOf(page), ['| Soup | 4 |\n| --- | --- |\n| Bread | 2 |', '```\nfind x\n```']);
  });

  it('keeps headings that lead to themselves', () => {
    const page = pageOf(
      `<main><h1>Hire</h1><h2 id="a"><a class="header" href="#a">Ends</a></h2>${PROSE}<h2 id="b">Fees<a class="headerlink" href="#b">¶</a></h2><p>Four.</p></main>`,
    );
    assert.deepEqual(linesOf(page), ['# Ends', SAID, '# Fees', 'Four.']);
    assert.deepEqual(
      page.sections.map(({ anchor }) => anchor),
      ['a', 'b'],
    );
  });

  it('does not take a page of links for furniture', () => {
    const page = pageOf(
      '<h1>Topics</h1><ul><li><a href="a">Fees</a></li><li><a href="b">Hours</a></li></ul>',
    );
    assert.deepEqual(linesOf(page), ['- [Fees](a)\n- [Hours](b)']);
  });
});

describe('content that is called otherwise', () => {
  it('is the head of an article, a note beside it, and an alert in it', () => {
    const page = pageOf(
      `<header><p>Shop</p></header><main><article><header><h1>Hire</h1><p>All of it.</p></header>${PROSE}<aside class="note"><p>Lock it.</p></aside><div class="alert alert-warning" role="alert">Brakes first.</div><aside>Our shop</aside></article></main>`,
    );
    assert.equal(page.title, 'Hire');
    assert.deepEqual(linesOf(page), ['All of it.', SAID, 'Lock it.', 'Brakes first.']);
  });

  it('is a form around the whole page', () => {
    assert.deepEqual(linesOf(pageOf(`<form><div><h1>Hire</h1>${PROSE}<input></div></form>`)), [SAID]);
  });

  it('is a panel that a button unfolds, under the button', () => {
    const page = pageOf(
      '<main><h2><button aria-expanded="false" aria-controls="p1">May I smoke?</button></h2><div id="p1" hidden><p>No.</p></div><button aria-expanded="false" aria-controls="p2">May I sing?</button><div id="p2" style="display:none"><p>Yes.</p></div></main>',
    );
    assert.deepEqual(linesOf(page), ['# May I smoke?', 'No.', '# May I sing?', 'Yes.']);
    assert.deepEqual(page.hidden, []);
  });

  it('is no hidden text that a button of nobody unfolds', () => {
    const page = pageOf('<main><p>Seen.</p><div id="p" hidden><p>Unseen words.</p></div></main>');
    assert.deepEqual(linesOf(page), ['Seen.']);
  });
});

describe('questions of a page', () => {
  it('are sections where they fold, and what follows stands under the heading before', () => {
    const page = pageOf(
      '<main><h2>Riding</h2><details><summary>May I smoke?</summary><p>No.</p><h3>Outside</h3><p>Neither.</p></details><p>Ride well.</p></main>',
    );
    assert.deepEqual(
      page.sections.map(({ headings, blocks }) => [headings, blocks[0]?.markdown]),
      [
        [['Riding', 'May I smoke?'], 'No.'],
        [['Riding', 'May I smoke?', 'Outside'], 'Neither.'],
        [['Riding'], 'Ride well.'],
      ],
    );
  });

  it('are the terms of a definition list that ask', () => {
    const page = pageOf(
      '<main><dl><dt>May I smoke?</dt><dd>No.</dd><dt>Is it dear?</dt><dd><p>No.</p><p>Four.</p></dd></dl></main>',
    );
    assert.deepEqual(linesOf(page), ['# May I smoke?', 'No.', '# Is it dear?', 'No.', 'Four.']);
  });

  const noted = (pairs: readonly (readonly [string, string])[]): string =>
    `<script type="application/ld+json">${JSON.stringify({
      '@context': 'https://schema.org',
      '@graph': [
        {
          '@type': ['FAQPage'],
          mainEntity: pairs.map(([name, text]) => ({
            '@type': 'Question',
            name,
            acceptedAnswer: { '@type': 'Answer', text },
          })),
        },
      ],
    })}</script>`;

  it('are what JSON-LD notes: shown ones become headings, those that are not shown are added, none stands twice', () => {
    const page = pageOf(
      `<main><h1>Questions</h1><div class="q">May I smoke?</div><div class="a">No, neither on the bicycle nor in the trailer.</div></main>`,
      noted([
        ['May I smoke?', '<p>No, neither on the bicycle nor in the <b>trailer</b>.</p>'],
        ['Is it dear?', '<p>Four euros an hour.</p><ul><li>Less for members</li></ul>'],
      ]),
    );
    assert.deepEqual(linesOf(page), [
      '# May I smoke?',
      'No, neither on the bicycle nor in the trailer.',
      '# Is it dear?',
      'Four euros an hour.',
      '- Less for members',
    ]);
  });

  it('are what microdata notes', () => {
    const page = pageOf(
      '<main><div itemscope itemprop="mainEntity" itemtype="https://schema.org/Question"><div itemprop="name">May I smoke?</div><div itemscope itemprop="acceptedAnswer" itemtype="https://schema.org/Answer"><div itemprop="text"><span itemprop="name">No.</span></div></div></div></main>',
    );
    assert.deepEqual(linesOf(page), ['# May I smoke?', 'No.']);
  });
});

describe('the breadcrumb of a page', () => {
  const crumbs: readonly (readonly [string, string, string])[] = [
    [
      'JSON-LD, in the order of its positions',
      '',
      '<script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":[{"position":2,"item":{"name":"Money"}},{"position":1,"name":"Home"},{"position":3,"name":"Refunds"}]}</script>',
    ],
    [
      'a labelled navigation',
      '<nav aria-label="Breadcrumb"><a href="/">Home</a> / <a href="/m">Money</a> / Refunds</nav>',
      '',
    ],
    [
      'a list',
      '<ol class="breadcrumb"><li><a>Home</a></li><li>Money</li><li class="active">Refunds</li></ol>',
      '',
    ],
  ];
  for (const [what, body, head] of crumbs) {
    it(`is read from ${what}, without home and the page itself, and is no text`, () => {
      const page = pageOf(`${body}<h1>Refunds</h1>${PROSE}`, head);
      assert.deepEqual(page.breadcrumb, ['Money']);
      assert.deepEqual(linesOf(page), [SAID]);
    });
  }
});

describe('a file that is no page of help', () => {
  const faults: readonly (readonly [string, RegExp, string, string])[] = [
    ['a page that asks to be left out', /noindex/, '<meta name="robots" content="noindex, follow">', PROSE],
    [
      'a stub that leads on',
      /leads on to \/new/,
      '<meta http-equiv="refresh" content="0; url=/new">',
      '<p>Moved.</p>',
    ],
    ['an error', /not found/, '<title>404 – Pedalo</title>', '<h1>Oops</h1><p>Gone.</p>'],
    ['a check of a visitor', /could not be had/, '<title>Just a moment...</title>', '<p>Checking.</p>'],
    ['a login', /password/, '', '<p>Sign in.</p><form><input type="password"></form>'],
    ['a shell for scripts', /scripts/, '', '<div id="root"></div><script src="app.js"></script>'],
  ];
  for (const [what, reason, head, body] of faults) {
    it(`is ${what}`, () => assert.match(pageOf(body, head).fault ?? '', reason));
  }

  it('is not a page about such things', () => {
    const long = `<h1>404 not found: what to do</h1>${PROSE.repeat(8)}<form><input type="password"></form>`;
    assert.equal(pageOf(long, '<meta http-equiv="refresh" content="300">').fault, null);
  });
});

describe('smaller things of a page', () => {
  it('repeats cells in the rows that they reach into', () => {
    const page = pageOf(
      '<main><table><tr><th>Kind</th><th colspan="2">Fee</th></tr><tr><td rowspan="2">City</td><td>hour</td><td>4</td></tr><tr><td>day</td><td>18</td></tr></table></main>',
    );
    assert.deepEqual(linesOf(page), [
      '| Kind | Fee |  |\n| --- | --- | --- |\n| City | hour | 4 |\n| City | day | 18 |',
    ]);
  });

  it('keeps what an image says, where it says something that no caption says', () => {
    const page = pageOf(
      '<main><p>Press <img alt="the red lever under the saddle"> now.</p><img alt="IMG_2041.png"><img alt="logo"><figure><img alt="A lock that is shut"><figcaption>A shut lock</figcaption></figure></main>',
    );
    assert.deepEqual(linesOf(page), ['Press *the red lever under the saddle* now.', 'A shut lock']);
  });

  it('knows the language of code, of the content, and of a page among its translations', () => {
    const page = pageOf('<main lang="fr"><pre><code class="hljs language-js">x</code></pre></main>');
    assert.deepEqual([page.language, linesOf(page)], ['fr', ['```js\nx\n```']]);
    const own = readHtml(
      '<html><link rel="canonical" href="/de/a"><link rel="alternate" hreflang="de" href="/de/a"><p>Text</p></html>',
    );
    assert.equal(own.language, 'de');
  });
});
