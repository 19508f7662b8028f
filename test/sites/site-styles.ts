import type { Article } from './articles.ts';
import { ARTICLES } from './articles.ts';

/** A way in which a generator or a crawler leaves a page; the markup is ours, only its structure is like theirs. */
export interface SiteStyle {
  readonly name: string;
  /** Writes the page of an article. */
  readonly write: (article: Article) => string;
  /** Texts around the articles that say nothing to a visitor's question. */
  readonly furniture: readonly string[];
}

const SITE = 'Pedalo Help Center';
const link = (article: Article): string => `<a href="${article.slug}.html">${article.title}</a>`;
const others = (article: Article): readonly Article[] => {
  const at = ARTICLES.indexOf(article);
  return [1, 2, 3].flatMap((step) => ARTICLES[(at + step) % ARTICLES.length] ?? []);
};
const items = (articles: readonly Article[]): string =>
  articles.map((article) => `<li>${link(article)}</li>`).join('');
const page = (article: Article, head: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${article.title} – ${SITE}</title>${head}</head><body>${body}</body></html>`;
const COOKIES =
  'We bake cookies to count visits and to remember you. Read our cookie notice to learn which ones and why.';
const LEGAL = '© 2026 Pedalo Hire Ltd. All rights reserved.';

/** Like a hosted help center: `main`, but votes, sharing and related articles inside it. */
const hosted: SiteStyle = {
  name: 'hosted help center',
  furniture: [
    COOKIES,
    LEGAL,
    'Was this article helpful?',
    '12 out of 20 found this helpful',
    'Related articles',
    'Recently viewed',
    'Share on the bird',
    'Have more questions? Submit a request',
    'Updated 3 weeks ago',
    'Skip to main content',
    'In this section',
  ],
  write: (article) =>
    page(
      article,
      `<link rel="canonical" href="https://help.pedalo.test/hc/en/${article.slug}">`,
      `<a class="skip-navigation" href="#main">Skip to main content</a><header class="header"><div class="logo"><a href="/">${SITE}</a></div></header>
<div class="cookie-banner" role="region"><p>${COOKIES}</p><button>Fine</button></div>
<main role="main"><div class="container"><div class="sub-nav"><ol class="breadcrumbs">${article.path.map((name) => `<li><a href="#">${name}</a></li>`).join('')}</ol>
<form role="search"><input></form></div><section class="section-articles collapsible-sidebar"><h3 class="collapsible-sidebar-title">In this section</h3><ul>${items(ARTICLES)}</ul></section>
<article class="article"><header class="article-header"><h1>${article.title}</h1><div class="article-meta"><span class="meta-data">Updated 3 weeks ago</span></div></header>
<section class="article-info"><div class="article-body">${article.html}</div></section>
<footer><div class="article-share"><a href="https://bird.test">Share on the bird</a></div>
<div class="article-votes"><span>Was this article helpful?</span><span class="article-votes-count">12 out of 20 found this helpful</span></div>
<div class="article-more-questions">Have more questions? <a href="/new">Submit a request</a></div></footer>
<div class="article-relatives"><section class="recent-articles"><h3>Recently viewed</h3><ul>${items(others(article))}</ul></section>
<section class="related-articles"><h3>Related articles</h3><ul>${items(others(article).toReversed())}</ul></section></div></article></div></main>
<footer class="footer"><p>${LEGAL}</p></footer>`,
    ),
};

/** Like a documentation generator of React: `main` with an article, a table of contents and pagination. */
const docs: SiteStyle = {
  name: 'docs generator',
  furniture: [COOKIES, LEGAL, 'On this page', 'Edit this page', 'Last updated on', 'Previous', 'Version 4'],
  write: (article) =>
    page(
      article,
      `<link rel="canonical" href="https://docs.pedalo.test/docs/${article.slug}">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"BreadcrumbList","itemListElement":[${[...article.path, article.title].map((name, at) => `{"@type":"ListItem","position":${at + 1},"name":"${name}"}`).join(',')}]}</script>`,
      `<nav class="navbar"><a href="/">${SITE}</a></nav><div id="root"><div class="main-wrapper"><aside class="sidebar"><ul class="menu">${items(ARTICLES)}</ul></aside>
<main class="docMain"><div class="container"><div class="row"><div class="col docItemCol"><div><article><span class="theme-doc-version-badge badge">Version 4</span>
<div class="tocCollapsible theme-doc-toc-mobile"><button>On this page</button></div>
<div class="theme-doc-markdown markdown"><header><h1>${article.title}</h1></header>${article.html}</div>
<footer class="theme-doc-footer"><a href="/edit">Edit this page</a> <span class="lastUpdated">Last updated on <b>June 4</b></span></footer></article>
<nav class="pagination-nav"><a href="x.html">Previous</a></nav></div></div>
<div class="col"><div class="tableOfContents thin-scrollbar"><ul class="table-of-contents"><li><a href="#deposit">Deposit</a></li><li><a href="#swap">Swap it</a></li></ul></div></div></div></div></main></div></div>
<footer class="footer"><div>${LEGAL}</div></footer><div class="CookieConsent"><p>${COOKIES}</p></div>`,
    ),
};

/** Like a documentation generator of Python: the sidebars stand inside `main`. */
const manual: SiteStyle = {
  name: 'manual generator',
  furniture: [
    COOKIES,
    LEGAL,
    'Table of contents',
    'Made with Manualmaker',
    'Back to top',
    'Skip to content',
    'Is this page useful?',
  ],
  write: (article) =>
    page(
      article,
      '',
      `<a href="#c" class="md-skip">Skip to content</a><header class="md-header"><nav class="md-header__inner"><a href="/">${SITE}</a></nav></header>
<div class="md-container"><main class="md-main"><div class="md-main__inner"><div class="md-sidebar md-sidebar--primary"><div class="md-sidebar__scrollwrap"><ul class="md-nav__list">${items(ARTICLES)}</ul></div></div>
<div class="md-sidebar md-sidebar--secondary"><div><label class="md-nav__title">Table of contents</label><ul class="md-nav__list"><li><a href="#deposit">Deposit</a></li></ul></div></div>
<div class="md-content"><article class="md-content__inner md-typeset"><h1 id="top">${article.title}<a class="headerlink" href="#top" title="Permanent link">¶</a></h1>${article.html}</article>
<form class="md-feedback"><div>Is this page useful?</div></form></div></div><a class="md-top" href="#">Back to top</a></main>
<footer class="md-footer"><div class="md-copyright"><div>${LEGAL}</div>Made with Manualmaker</div></footer></div><div class="md-consent"><p>${COOKIES}</p></div>`,
    ),
};

/** Like the help pages of a messenger: no `main`, one `div` in another, names that say something. */
const messenger: SiteStyle = {
  name: 'messenger help',
  furniture: [
    COOKIES,
    LEGAL,
    'Did this answer your question?',
    'All Collections',
    'Written by Ada',
    'We run on Chatterbox',
    'Search for articles',
    'Related Articles',
  ],
  write: (article) =>
    page(
      article,
      '',
      `<div class="header"><div class="content"><a href="/"><img alt="${SITE}" src="l.png"></a><div class="search__form">Search for articles</div></div></div>
<div class="container"><div class="content educate_content"><div class="breadcrumb" dir="ltr"><div class="link__arrow"><a href="/">All Collections</a></div>${article.path.map((name) => `<div class="link__arrow"><a href="/c">${name}</a></div>`).join('')}<div>${article.title}</div></div>
<div class="paper paper__large"><div class="article intercom-force-break"><div class="article__meta"><h1 class="t__h1">${article.title}</h1><div class="avatar"><div class="avatar__info">Written by Ada</div></div></div>
<div class="article__body">${article.html}</div></div></div>
<div class="related_articles"><div>Related Articles</div>${others(article)
        .map((one) => `<div>${link(one)}</div>`)
        .join('')}</div>
<div class="reaction-picker"><div class="reaction-picker__label">Did this answer your question?</div><span>😞</span><span>😐</span><span>😃</span></div></div></div>
<div class="footer"><div class="footer__legal">${LEGAL}</div><div class="footer__advert"><a href="https://chat.test">We run on Chatterbox</a></div></div><div id="cookie-notice"><p>${COOKIES}</p></div>`,
    ),
};

/** Like an app that renders documentation: no `main`, class names that say nothing. */
const app: SiteStyle = {
  name: 'app with hashed names',
  furniture: [
    COOKIES,
    LEGAL,
    'Was this helpful?',
    'On this page',
    'Powered by Bookbinder',
    'Last modified 2 months ago',
    'Copy link',
    'Next',
  ],
  write: (article) =>
    page(
      article,
      '',
      `<div class="css-1a9"><div class="css-77x"><div class="css-k2"><a href="/">${SITE}</a></div><div class="css-k3"><a href="/status">Status</a><a href="/contact">Contact</a></div></div>
<div class="css-0q1"><div class="css-2bb">${ARTICLES.map((one) => `<div class="css-z1">${link(one)}</div>`).join('')}<div class="css-z9"><a href="https://b.test">Powered by Bookbinder</a></div></div>
<div class="css-m31"><div class="css-m32"><div class="css-h0"><div class="css-h1"><h1>${article.title}</h1></div><div class="css-h2"><a href="#">Copy link</a></div></div>
<div class="css-b00"><div class="css-b01">${article.html}</div></div>
<div class="css-n0"><a href="next.html"><span>Next</span><span>${others(article)[0]?.title ?? ''}</span></a></div>
<div class="css-l0">Last modified 2 months ago</div><div class="css-f0"><span>Was this helpful?</span></div></div>
<div class="css-t0"><span>On this page</span><a href="#deposit">Deposit</a><a href="#swap">Swap it</a></div></div></div>
<div class="css-e0"><p>${LEGAL}</p></div><div class="css-e1"><p>${COOKIES}</p></div></div>`,
    ),
};

/** Like the export of a wiki: ids of its own, a breadcrumb in a list, who wrote it. */
const wiki: SiteStyle = {
  name: 'wiki export',
  furniture: [
    'Created by Ada Rider, last modified on Jun 04, 2026',
    'Document generated by Wikiworks on Jun 05, 2026',
    'Attachments:',
    'frame.png (image/png)',
  ],
  write: (article) =>
    page(
      article,
      '',
      `<div id="page"><div id="main" class="aui-page-panel"><div id="main-header"><div id="breadcrumb-section"><ol id="breadcrumbs"><li class="first"><span><a href="index.html">${SITE}</a></span></li>${article.path.map((name) => `<li><span><a href="x.html">${name}</a></span></li>`).join('')}</ol></div>
<h1 id="title-heading" class="pagetitle"><span id="title-text">${article.title}</span></h1></div>
<div id="content" class="view"><div class="page-metadata">Created by <span class="author">Ada Rider</span>, last modified on Jun 04, 2026</div>
<div id="main-content" class="wiki-content group"><div class="columnLayout"><div class="cell"><div class="innerCell">${article.html}</div></div></div></div>
<div class="pageSection group"><div class="pageSectionHeader"><h2 id="attachments" class="pageSectionTitle">Attachments:</h2></div><div class="greybox"><a href="a/frame.png">frame.png</a> (image/png)<br></div></div></div></div>
<div id="footer" role="contentinfo"><section class="footer-body"><p>Document generated by Wikiworks on Jun 05, 2026</p></section></div></div>`,
    ),
};

/** The made sites. */
export const SITE_STYLES: readonly SiteStyle[] = [hosted, docs, manual, messenger, app, wiki];
