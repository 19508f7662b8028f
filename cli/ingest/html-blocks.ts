import { parseFragment } from 'parse5';
import { cleanLine, cleanText } from './clean-text.ts';
import { collectSections } from './collect-sections.ts';
import type { SectionCollector } from './collect-sections.ts';
import { codeLanguage } from './code-language.ts';
import { tableRows } from './html-table.ts';
import {
  DROPPED,
  attribute,
  find,
  flattenDeepNodes,
  isDropped,
  isElement,
  isHidden,
  textOf,
} from './html-tree.ts';
import type { HtmlElement, HtmlNode } from './html-tree.ts';
import { altText } from './page/alt-text.ts';
import { codeBlock, listBlock, paragraphBlock, tableBlock } from './source-document.ts';
import type { Block, Section } from './source-document.ts';
import { isSafeLink, writeCode, writeLink, writeMarked } from './write-inline.ts';

/** Says what a link leads to, given its `href`. */
export type LinkReader = (href: string) => string;

/** Left out inside of a line, without ending it. */
const INLINE_DROPPED = new Set('img picture svg button input select'.split(' '));
/** Longest name of a place in a page. */
const MAX_ANCHOR = 200;
const INLINE = new Set(
  (
    'a abbr b bdi bdo br cite code data del dfn em i ins kbd label mark q s samp small span strong sub sup time u var wbr font tt big ' +
    'acronym nobr strike'
  ).split(' '),
);

/** Reads the sections of a piece of HTML, as it stands inside a Markdown page. */
export function readHtmlSections(source: string): readonly Section[] {
  const collector = collectSections();
  const fragment = parseFragment(source);
  flattenDeepNodes(fragment);
  addHtmlChildren(fragment, collector, (href) => href);
  return collector.finish().sections;
}

/** Brings what stands in a node into a collector, block by block. */
export function addHtmlChildren(parent: HtmlNode, collector: SectionCollector, link: LinkReader): void {
  if (!('childNodes' in parent)) return;
  let run: HtmlNode[] = [];
  const flush = (): void => {
    const text = tidy(run.map((node) => inline(node, link)).join(''));
    if (text !== '') collector.block(paragraphBlock(text));
    run = [];
  };
  for (const child of parent.childNodes) {
    if (isInline(child)) {
      run.push(child);
      continue;
    }
    flush();
    if (isElement(child)) addElement(child, collector, link);
  }
  flush();
}

function addElement(element: HtmlElement, collector: SectionCollector, link: LinkReader): void {
  if (isDropped(element)) return;
  const level = /^h([1-6])$/.exec(element.tagName)?.[1];
  if (level !== undefined) {
    collector.heading(Number(level), cleanLine(textOf(element)), anchorOf(element));
    return;
  }
  if (element.tagName === 'details') {
    addDetails(element, collector, link);
    return;
  }
  if (element.tagName === 'dl' && asksQuestions(element)) {
    addQuestions(element, collector, link);
    return;
  }
  const block = readBlock(element, link);
  if (block === 'container') addHtmlChildren(element, collector, link);
  else if (block !== null) {
    const caption = block.kind === 'table' ? find(element, (inner) => inner.tagName === 'caption') : null;
    const text = caption === null ? '' : tidy(inlineChildren(caption, link));
    if (text !== '') collector.block(paragraphBlock(text));
    collector.block(block);
  }
}

/** The name by which an address leads to a heading: its own, that of an anchor in it, or of the section that it begins. */
function anchorOf(heading: HtmlElement): string | undefined {
  const inner = find(heading, (element) => element.tagName === 'a' && nameOf(element) !== '');
  const parent = heading.parentNode;
  const section =
    parent !== null && isElement(parent) && parent.tagName === 'section'
      ? parent.childNodes.find(isElement) === heading
        ? nameOf(parent)
        : ''
      : '';
  const name = [nameOf(heading), inner === null ? '' : nameOf(inner), section].find((one) => one !== '');
  return name === undefined || name.length > MAX_ANCHOR ? undefined : name;
}

function nameOf(element: HtmlElement): string {
  return attribute(element, 'id') ?? (element.tagName === 'a' ? attribute(element, 'name') : null) ?? '';
}

/** What folds is a section under its summary, whether it is open or not. */
function addDetails(details: HtmlElement, collector: SectionCollector, link: LinkReader): void {
  const summary = details.childNodes.find((child) => isElement(child) && child.tagName === 'summary');
  const text = summary === undefined ? '' : cleanLine(textOf(summary));
  collector.within(text, () => {
    const rest = details.childNodes.filter((child) => child !== summary);
    addHtmlChildren({ ...details, childNodes: rest }, collector, link);
    // A question that nothing stands under is no heading.
    if (text !== '' && cleanLine(rest.map(textOf).join('')) === '') collector.block(paragraphBlock(text));
  });
}

/** Reports whether the terms of a definition list are questions, most of them. */
function asksQuestions(list: HtmlElement): boolean {
  const terms = list.childNodes.filter((child) => isElement(child) && child.tagName === 'dt');
  const questions = terms.filter((term) => /[?？]\s*$/u.test(textOf(term)));
  const hasAnswers = list.childNodes.some((child) => isElement(child) && child.tagName === 'dd');
  return hasAnswers && questions.length > terms.length / 2;
}

function addQuestions(list: HtmlElement, collector: SectionCollector, link: LinkReader): void {
  let term: string | null = null;
  let answers: HtmlNode[] = [];
  const flush = (): void => {
    const question = term;
    const inner = { ...list, tagName: 'div', nodeName: 'div', childNodes: answers.filter(isChild) };
    if (question !== null && answers.every((node) => cleanLine(textOf(node)) === ''))
      collector.block(paragraphBlock(question));
    else collector.within(question ?? '', () => addHtmlChildren(inner, collector, link));
    answers = [];
  };
  for (const child of list.childNodes) {
    if (isElement(child) && child.tagName === 'dt') {
      if (term !== null || answers.length > 0) flush();
      term = cleanLine(itemText(child, '', link));
    } else answers.push(child);
  }
  flush();
}

function isChild(node: HtmlNode): node is HtmlElement['childNodes'][number] {
  return node.nodeName !== '#document' && node.nodeName !== '#document-fragment';
}

function readBlock(element: HtmlElement, link: LinkReader): Block | null | 'container' {
  switch (element.tagName) {
    case 'ul':
    case 'ol': {
      const items = listLines(element, '', link);
      return items.length === 0 ? null : listBlock(items);
    }
    case 'dl': {
      const items = definitionLines(element, link);
      return items.length === 0 ? null : listBlock(items);
    }
    case 'table': {
      const rows = tableRows(element, (cell) => itemText(cell, '', link));
      // A table with one column, or with tables inside, is page layout.
      if (rows.length < 2 || Math.max(...rows.map((row) => row.length)) < 2) return 'container';
      return tableBlock(rows);
    }
    case 'pre': {
      const code = cleanText(textOf(element)).replace(/^\n|\s+$/g, '');
      return code.trim() === '' ? null : codeBlock(code, codeLanguage(element));
    }
    case 'hr':
      return null;
    default:
      return 'container';
  }
}

function listLines(list: HtmlElement, indent: string, link: LinkReader): string[] {
  let number = Number(attribute(list, 'start') ?? 1);
  if (!Number.isSafeInteger(number) || number < 0) number = 1;
  const lines: string[] = [];
  for (const item of list.childNodes) {
    if (isElement(item) && isDropped(item)) continue;
    if (isElement(item) && (item.tagName === 'ul' || item.tagName === 'ol')) {
      // Lists nested without an item around them are common in the wild.
      lines.push(...listLines(item, `${indent}  `, link));
      continue;
    }
    const marker = list.tagName === 'ol' ? `${number}. ` : '- ';
    const text = isElement(item)
      ? itemText(item, indent + ' '.repeat(marker.length), link)
      : tidy(inline(item, link));
    if (text === '') continue;
    number += 1;
    lines.push(`${indent}${marker}${text}`);
  }
  return lines;
}

/** Text of a list item: its first line without indent, what follows (nested lists, further paragraphs) indented. */
function itemText(item: HtmlElement, indent: string, link: LinkReader): string {
  const collector = collectSections();
  const pieces: string[] = [];
  const nested = collectorOf(pieces, indent);
  addHtmlChildren(item, { ...collector, ...nested }, link);
  return pieces.join('\n').trimStart();
}

function collectorOf(
  pieces: string[],
  indent: string,
): Pick<SectionCollector, 'heading' | 'within' | 'block'> {
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
    within: (text, fill) => {
      if (text !== '') push(writeMarked(text, '**'));
      fill();
    },
    block: (block) => push(block.markdown),
  };
}

/** Items `- **term**: description`; a term may have none or many descriptions, and groups may stand in a `div`. */
function definitionLines(list: HtmlElement, link: LinkReader): string[] {
  const lines: string[] = [];
  let term = '';
  const flush = (): void => {
    if (term !== '') lines.push(`- ${term}`);
    term = '';
  };
  for (const child of list.childNodes) {
    if (!isElement(child)) {
      const text = tidy(inline(child, link));
      if (text !== '') lines.push(`- ${text}`);
    } else if (isDropped(child)) continue;
    else if (child.tagName === 'dt') {
      flush();
      term = writeMarked(cleanLine(itemText(child, '', link)), '**');
    } else if (child.tagName === 'div') {
      flush();
      lines.push(...definitionLines(child, link));
    } else {
      const text = itemText(child, '  ', link);
      if (text !== '') lines.push(term === '' ? `- ${text}` : `- ${term}: ${text}`);
      if (text !== '') term = '';
    }
  }
  flush();
  return lines;
}

function inlineChildren(element: HtmlElement, link: LinkReader): string {
  return element.childNodes.map((child) => inline(child, link)).join('');
}

function inline(node: HtmlNode, link: LinkReader): string {
  if (node.nodeName === '#text' && 'value' in node) return cleanText(node.value).replace(/\s+/g, ' ');
  if (isElement(node) && (node.tagName === 'img' || node.tagName === 'picture') && !isHidden(node)) {
    const alt = altText(node);
    return alt === '' ? '' : ` *${alt}* `;
  }
  if (!isElement(node) || isDropped(node)) return '';
  const text = inlineChildren(node, link);
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
      return writeLink(text, linkOf(node, link));
    default:
      return text;
  }
}

/** Only what may stay in a passage is shown to the reader of links. */
function linkOf(element: HtmlElement, link: LinkReader): string {
  const href = (attribute(element, 'href') ?? '').trim();
  return href === '' || href.startsWith('#') || !isSafeLink(href) ? '' : link(href);
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
  if (INLINE_DROPPED.has(node.tagName)) return true;
  if (!INLINE.has(node.tagName)) return false;
  // A link or span around blocks is a container.
  return node.childNodes.every((child) => !isElement(child) || isInline(child) || DROPPED.has(child.tagName));
}
