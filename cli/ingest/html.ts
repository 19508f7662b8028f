import { html as namespaces, parse, parseFragment } from 'parse5';
import { cleanLine, cleanText } from './clean-text.ts';
import { collectSections } from './collect-sections.ts';
import type { SectionCollector } from './collect-sections.ts';
import {
  DROPPED,
  attribute,
  find,
  flattenDeepNodes,
  isDropped,
  isElement,
  isHidden,
  textOf,
  walk,
} from './html-tree.ts';
import type { HtmlElement, HtmlNode } from './html-tree.ts';
import { findInstructions } from './find-instructions.ts';
import { codeBlock, listBlock, paragraphBlock, tableBlock } from './source-document.ts';
import type { Block, Section } from './source-document.ts';
import { writeCode, writeLink, writeMarked } from './write-inline.ts';

/** What an HTML page holds. */
export interface HtmlPage {
  readonly title: string | null;
  /** `lang` of the html element. */
  readonly language: string | null;
  /** Address of the `link rel=canonical`. */
  readonly url: string | null;
  readonly sections: readonly Section[];
  /** What readers do not see and what was left out therefore: hidden elements and comments. */
  readonly hidden: readonly HiddenText[];
}

/** Hidden text of a page. */
export interface HiddenText {
  /** 1-based line. */
  readonly line: number | null;
  readonly text: string;
}

const UNSEEN: ReadonlySet<string> = new Set('script style noscript template svg math iframe'.split(' '));
const INLINE = new Set(
  (
    'a abbr b bdi bdo br cite code data del dfn em i ins kbd label mark q s samp small span strong sub sup time u var wbr font tt big ' +
    'acronym nobr strike'
  ).split(' '),
);

/** Reads an HTML page: its title, and the main content with navigation, scripts and hidden parts left out. */
export function readHtml(source: string): HtmlPage {
  const document = parse(source, { sourceCodeLocationInfo: true });
  flattenDeepNodes(document);
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
  const visible = (element: HtmlElement): boolean => !isHidden(element);
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
    hidden: body === null ? [] : hiddenTexts(body),
  };
}

/** The outermost hidden elements, without what no reader would see anyway, and comments that a person might have written. */
function hiddenTexts(root: HtmlNode): HiddenText[] {
  const found: HiddenText[] = [];
  const visit = (node: HtmlNode): void => {
    const line = node.sourceCodeLocation?.startLine ?? null;
    if (node.nodeName === '#comment' && 'data' in node) {
      // Only orders are told of comments: every template is full of them.
      if (findInstructions(node.data).length > 0) found.push({ line, text: cleanLine(node.data) });
      return;
    }
    if (isElement(node) && UNSEEN.has(node.tagName)) return;
    if (isElement(node) && isHidden(node)) {
      const text = cleanLine(node.childNodes.map(textOf).join(''));
      if (text !== '') found.push({ line, text });
      return;
    }
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(root);
  return found;
}

/** Reads the sections of a piece of HTML, as it stands inside a Markdown page. */
export function readHtmlSections(source: string): readonly Section[] {
  const collector = collectSections();
  const fragment = parseFragment(source);
  flattenDeepNodes(fragment);
  addChildren(fragment, collector);
  return collector.finish().sections;
}

function onlyArticle(node: HtmlNode): HtmlElement | null {
  const articles: HtmlElement[] = [];
  walk(node, (element) => {
    if (element.tagName === 'article' && !isHidden(element)) articles.push(element);
  });
  return articles.length === 1 ? (articles[0] ?? null) : null;
}

function addChildren(parent: HtmlNode, collector: SectionCollector): void {
  if (!('childNodes' in parent)) return;
  let run: HtmlNode[] = [];
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

function addElement(element: HtmlElement, collector: SectionCollector): void {
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

function readBlock(element: HtmlElement): Block | null | 'container' {
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

function listLines(list: HtmlElement, indent: string): string[] {
  let number = Number(attribute(list, 'start') ?? 1);
  if (!Number.isSafeInteger(number) || number < 0) number = 1;
  const lines: string[] = [];
  for (const item of list.childNodes) {
    if (isElement(item) && isDropped(item)) continue;
    if (isElement(item) && (item.tagName === 'ul' || item.tagName === 'ol')) {
      // Lists nested without an item around them are common in the wild.
      lines.push(...listLines(item, `${indent}  `));
      continue;
    }
    const marker = list.tagName === 'ol' ? `${number}. ` : '- ';
    const text = isElement(item) ? itemText(item, indent + ' '.repeat(marker.length)) : tidy(inline(item));
    if (text === '') continue;
    number += 1;
    lines.push(`${indent}${marker}${text}`);
  }
  return lines;
}

/** Text of a list item: its first line without indent, what follows (nested lists, further paragraphs) indented. */
function itemText(item: HtmlElement, indent: string): string {
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

/** Items `- **term**: description`; a term may have none or many descriptions, and groups may stand in a `div`. */
function definitionLines(list: HtmlElement): string[] {
  const lines: string[] = [];
  let term = '';
  const flush = (): void => {
    if (term !== '') lines.push(`- ${term}`);
    term = '';
  };
  for (const child of list.childNodes) {
    if (!isElement(child)) {
      const text = tidy(inline(child));
      if (text !== '') lines.push(`- ${text}`);
    } else if (isDropped(child)) continue;
    else if (child.tagName === 'dt') {
      flush();
      term = writeMarked(cleanLine(itemText(child, '')), '**');
    } else if (child.tagName === 'div') {
      flush();
      lines.push(...definitionLines(child));
    } else {
      const text = itemText(child, '  ');
      if (text !== '') lines.push(term === '' ? `- ${text}` : `- ${term}: ${text}`);
      if (text !== '') term = '';
    }
  }
  flush();
  return lines;
}

function tableRows(table: HtmlElement): string[][] {
  const rows: string[][] = [];
  const nested = find(table, (element) => element.tagName === 'table' && element !== table);
  if (nested !== null) return [];
  walk(table, (element) => {
    if (element.tagName !== 'tr') return;
    const cells = element.childNodes.filter(
      (cell): cell is HtmlElement => isElement(cell) && (cell.tagName === 'td' || cell.tagName === 'th'),
    );
    const texts = cells.map((cell) => cleanLine(itemText(cell, '').replace(/^- /gm, '').replace(/\n/g, ' ')));
    if (texts.some((text) => text !== '')) rows.push(texts);
  });
  return rows;
}

function inlineChildren(element: HtmlElement): string {
  return element.childNodes.map((child) => inline(child)).join('');
}

function inline(node: HtmlNode): string {
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

function isInline(node: HtmlNode): boolean {
  if (node.nodeName === '#text') return true;
  if (!isElement(node)) return false;
  if (!INLINE.has(node.tagName)) return false;
  // A link or span around blocks is a container.
  return node.childNodes.every((child) => !isElement(child) || isInline(child) || DROPPED.has(child.tagName));
}
