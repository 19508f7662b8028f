import { html as namespaces, parse, parseFragment } from 'parse5';
import type { DefaultTreeAdapterTypes } from 'parse5';
import { cleanLine, cleanText } from './clean-text.ts';
import { collectSections } from './collect-sections.ts';
import type { SectionCollector } from './collect-sections.ts';
import { codeBlock, listBlock, paragraphBlock, tableBlock } from './source-document.ts';
import type { Block, Section } from './source-document.ts';
import { writeCode, writeLink, writeMarked } from './write-inline.ts';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** What an HTML page holds. */
export interface HtmlPage {
  readonly title: string | null;
  /** `lang` of the html element. */
  readonly language: string | null;
  /** Address of the `link rel=canonical`. */
  readonly url: string | null;
  readonly sections: readonly Section[];
}

const DROPPED = new Set(
  (
    'script style noscript template svg math nav header footer aside form button select textarea input iframe object embed ' +
    'canvas audio video picture img dialog head menu link meta base map frameset'
  ).split(' '),
);
const DROPPED_ROLES = new Set([
  'navigation',
  'banner',
  'contentinfo',
  'search',
  'complementary',
  'dialog',
  'alert',
]);
const INLINE = new Set(
  (
    'a abbr b bdi bdo br cite code data del dfn em i ins kbd label mark q s samp small span strong sub sup time u var wbr font tt big ' +
    'acronym nobr strike'
  ).split(' '),
);

/** Reads an HTML page: its title, and the main content with navigation, scripts and hidden parts left out. */
export function readHtml(source: string): HtmlPage {
  const document = parse(source);
  const title = find(
    document,
    (element) => element.tagName === 'title' && element.namespaceURI === namespaces.NS.HTML,
  );
  const root = find(document, (element) => element.tagName === 'html');
  const canonical = find(
    document,
    (element) => element.tagName === 'link' && attribute(element, 'rel') === 'canonical',
  );
  const body = find(document, (element) => element.tagName === 'body');
  const visible = (element: Element): boolean => !isHidden(element);
  const content =
    find(
      document,
      (element) => visible(element) && (element.tagName === 'main' || attribute(element, 'role') === 'main'),
    ) ??
    onlyArticle(document) ??
    body;
  const collector = collectSections();
  if (content !== null) addChildren(content, collector);
  const { title: heading, sections } = collector.finish();
  const siteTitle = title === null ? '' : cleanLine(textOf(title));
  return {
    // The first heading names the page; <title> often adds the name of the site.
    title: heading ?? (siteTitle === '' ? null : siteTitle),
    language: root === null ? null : attribute(root, 'lang'),
    url: canonical === null ? null : attribute(canonical, 'href'),
    sections,
  };
}

/** Reads the sections of a piece of HTML, as it stands inside a Markdown page. */
export function readHtmlSections(source: string): readonly Section[] {
  const collector = collectSections();
  addChildren(parseFragment(source), collector);
  return collector.finish().sections;
}

function onlyArticle(node: Node): Element | null {
  const articles: Element[] = [];
  walk(node, (element) => {
    if (element.tagName === 'article' && !isHidden(element)) articles.push(element);
  });
  return articles.length === 1 ? (articles[0] ?? null) : null;
}

function addChildren(parent: Node, collector: SectionCollector): void {
  if (!('childNodes' in parent)) return;
  let run: Node[] = [];
  const flush = (): void => {
    const text = tidy(run.map((node) => inline(node)).join(''));
    if (text !== '') collector.block(paragraphBlock(text));
    run = [];
  };
  for (const child of parent.childNodes) {
    if (isInline(child)) {
      run.push(child);
      continue;
    }
    flush();
    if (isElement(child)) addElement(child, collector);
  }
  flush();
}

function addElement(element: Element, collector: SectionCollector): void {
  if (isDropped(element)) return;
  const level = /^h([1-6])$/.exec(element.tagName)?.[1];
  if (level !== undefined) {
    collector.heading(Number(level), cleanLine(textOf(element)));
    return;
  }
  const block = readBlock(element);
  if (block === 'container') addChildren(element, collector);
  else if (block !== null) {
    const caption = block.kind === 'table' ? find(element, (inner) => inner.tagName === 'caption') : null;
    const text = caption === null ? '' : tidy(inlineChildren(caption));
    if (text !== '') collector.block(paragraphBlock(text));
    collector.block(block);
  }
}

function readBlock(element: Element): Block | null | 'container' {
  switch (element.tagName) {
    case 'ul':
    case 'ol': {
      const items = listLines(element, '');
      return items.length === 0 ? null : listBlock(items);
    }
    case 'dl': {
      const items = definitionLines(element);
      return items.length === 0 ? null : listBlock(items);
    }
    case 'table': {
      const rows = tableRows(element);
      // A table with one column, or with tables inside, is page layout.
      if (rows.length < 2 || Math.max(...rows.map((row) => row.length)) < 2) return 'container';
      return tableBlock(rows);
    }
    case 'pre': {
      const code = cleanText(textOf(element)).replace(/^\n|\s+$/g, '');
      return code.trim() === '' ? null : codeBlock(code, '');
    }
    case 'hr':
      return null;
    default:
      return 'container';
  }
}

function listLines(list: Element, indent: string): string[] {
  let number = Number(attribute(list, 'start') ?? 1);
  if (!Number.isSafeInteger(number) || number < 0) number = 1;
  const lines: string[] = [];
  for (const item of list.childNodes) {
    if (!isElement(item) || isDropped(item)) continue;
    if (item.tagName !== 'li') {
      // Lists nested without an item around them are common in the wild.
      if (item.tagName === 'ul' || item.tagName === 'ol') lines.push(...listLines(item, `${indent}  `));
      continue;
    }
    const marker = list.tagName === 'ol' ? `${number}. ` : '- ';
    number += 1;
    const text = itemText(item, indent + ' '.repeat(marker.length));
    if (text !== '') lines.push(`${indent}${marker}${text}`);
  }
  return lines;
}

/** Text of a list item: its first line without indent, what follows (nested lists, further paragraphs) indented. */
function itemText(item: Element, indent: string): string {
  const collector = collectSections();
  const pieces: string[] = [];
  const nested = collectorOf(pieces, indent);
  addChildren(item, { ...collector, ...nested });
  return pieces.join('\n').trimStart();
}

function collectorOf(pieces: string[], indent: string): Pick<SectionCollector, 'heading' | 'block'> {
  const push = (text: string): void => {
    pieces.push(
      text
        .split('\n')
        .map((line) => indent + line)
        .join('\n'),
    );
  };
  return {
    heading: (_level, text) => push(writeMarked(text, '**')),
    block: (block) => push(block.markdown),
  };
}

function definitionLines(list: Element): string[] {
  const lines: string[] = [];
  let term = '';
  walk(list, (element) => {
    if (element.tagName === 'dt') {
      if (term !== '') lines.push(`- ${term}`);
      term = writeMarked(tidy(inlineChildren(element)), '**');
    } else if (element.tagName === 'dd') {
      const text = itemText(element, '  ');
      lines.push(term === '' ? `- ${text}` : `- ${term}: ${text}`);
      term = '';
    }
  });
  if (term !== '') lines.push(`- ${term}`);
  return lines;
}

function tableRows(table: Element): string[][] {
  const rows: string[][] = [];
  const nested = find(table, (element) => element.tagName === 'table' && element !== table);
  if (nested !== null) return [];
  walk(table, (element) => {
    if (element.tagName !== 'tr') return;
    const cells = element.childNodes.filter(
      (cell): cell is Element => isElement(cell) && (cell.tagName === 'td' || cell.tagName === 'th'),
    );
    const texts = cells.map((cell) => cleanLine(itemText(cell, '').replace(/^- /gm, '').replace(/\n/g, ' ')));
    if (texts.some((text) => text !== '')) rows.push(texts);
  });
  return rows;
}

function inlineChildren(element: Element): string {
  return element.childNodes.map((child) => inline(child)).join('');
}

function inline(node: Node): string {
  if (node.nodeName === '#text' && 'value' in node) return cleanText(node.value).replace(/\s+/g, ' ');
  if (!isElement(node) || isDropped(node)) return '';
  const text = inlineChildren(node);
  switch (node.tagName) {
    case 'br':
      return '\n';
    case 'b':
    case 'strong':
      return writeMarked(text, '**');
    case 'i':
    case 'em':
      return writeMarked(text, '*');
    case 'code':
    case 'kbd':
    case 'samp':
    case 'tt':
      return writeCode(textOf(node));
    case 'a':
      return writeLink(text, attribute(node, 'href') ?? '');
    default:
      return text;
  }
}

function tidy(text: string): string {
  return text
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{2,}/g, '\n')
    .trim();
}

function isInline(node: Node): boolean {
  if (node.nodeName === '#text') return true;
  if (!isElement(node)) return false;
  if (!INLINE.has(node.tagName)) return false;
  // A link or span around blocks is a container.
  return node.childNodes.every((child) => !isElement(child) || isInline(child) || DROPPED.has(child.tagName));
}

function isDropped(element: Element): boolean {
  return (
    DROPPED.has(element.tagName) || isHidden(element) || DROPPED_ROLES.has(attribute(element, 'role') ?? '')
  );
}

function isHidden(element: Element): boolean {
  if (attribute(element, 'hidden') !== null || attribute(element, 'aria-hidden') === 'true') return true;
  const style = attribute(element, 'style') ?? '';
  return /display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])|font-size\s*:\s*0(?![.\d])/i.test(
    style,
  );
}

function isElement(node: Node): node is Element {
  return 'tagName' in node;
}

function attribute(element: Element, name: string): string | null {
  return element.attrs.find((attr) => attr.name === name)?.value ?? null;
}

function textOf(node: Node): string {
  if (node.nodeName === '#text' && 'value' in node) return node.value;
  if (isElement(node) && (DROPPED.has(node.tagName) || isHidden(node))) return '';
  if (isElement(node) && node.tagName === 'br') return '\n';
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

function find(node: Node, test: (element: Element) => boolean): Element | null {
  if (isElement(node) && test(node)) return node;
  if (!('childNodes' in node)) return null;
  for (const child of node.childNodes) {
    const found = find(child, test);
    if (found !== null) return found;
  }
  return null;
}

function walk(node: Node, see: (element: Element) => void): void {
  if (!('childNodes' in node)) return;
  for (const child of node.childNodes) {
    if (isElement(child)) see(child);
    walk(child, see);
  }
}
