import type { Nodes, PhrasingContent, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { cleanLine, cleanText } from './clean-text.ts';
import { readHtmlSections } from './html-blocks.ts';
import { collectSections } from './collect-sections.ts';
import type { SectionCollector } from './collect-sections.ts';
import { codeBlock, listBlock, paragraphBlock, tableBlock } from './source-document.ts';
import type { Block, Section } from './source-document.ts';
import { writeCode, writeLink, writeMarked } from './write-inline.ts';

/** The title and the sections of a page. */
export interface PageText {
  /** Text of the first heading of level 1; null when the page has none. */
  readonly title: string | null;
  readonly sections: readonly Section[];
}

/** Reads the body of a Markdown page (CommonMark with GFM tables) into sections; images and HTML tags are dropped, their text stays. */
export function readMarkdown(body: string): PageText {
  const tree = fromMarkdown(cleanText(body), {
    extensions: [gfmTable()],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
  const definitions = new Map<string, string>();
  collectDefinitions(tree, definitions);
  const collector = collectSections();
  for (const node of tree.children) addNode(node, collector, definitions);
  return collector.finish();
}

type Definitions = ReadonlyMap<string, string>;

function collectDefinitions(node: Nodes, into: Map<string, string>): void {
  if (node.type === 'definition') into.set(node.identifier, node.url);
  if ('children' in node) for (const child of node.children) collectDefinitions(child, into);
}

function addNode(node: RootContent, collector: SectionCollector, definitions: Definitions): void {
  switch (node.type) {
    case 'heading':
      collector.heading(node.depth, cleanLine(plain(inline(node.children, definitions))));
      break;
    case 'blockquote':
      for (const child of node.children) addNode(child, collector, definitions);
      break;
    case 'html':
      addHtml(node.value, collector);
      break;
    default: {
      const block = readBlock(node, definitions);
      if (block !== null) collector.block(block);
    }
  }
}

/** Raw HTML between paragraphs is read as HTML, so that its text is not lost and its tags do not stay. */
function addHtml(value: string, collector: SectionCollector): void {
  for (const section of readHtmlSections(value)) {
    const heading = section.headings.at(-1);
    if (heading !== undefined) collector.heading(section.headings.length + 1, heading);
    for (const block of section.blocks) collector.block(block);
  }
}

function readBlock(node: RootContent, definitions: Definitions): Block | null {
  switch (node.type) {
    case 'paragraph': {
      const text = inline(node.children, definitions).trim();
      return text === '' ? null : paragraphBlock(text);
    }
    case 'list': {
      const items = listLines(node, definitions, '');
      return items.length === 0 ? null : listBlock(items);
    }
    case 'table': {
      const rows = node.children.map((row) =>
        row.children.map((cell) => inline(cell.children, definitions).trim()),
      );
      return rows.length === 0 ? null : tableBlock(rows);
    }
    case 'code':
      return node.value.trim() === '' ? null : codeBlock(node.value, node.lang ?? '');
    default:
      return null;
  }
}

function listLines(node: Nodes & { type: 'list' }, definitions: Definitions, indent: string): string[] {
  let number = node.start ?? 1;
  const lines: string[] = [];
  for (const item of node.children) {
    const marker = node.ordered === true ? `${number}. ` : '- ';
    number += 1;
    const inner = indent + ' '.repeat(marker.length);
    const pieces: string[] = [];
    for (const child of item.children) {
      if (child.type === 'list') pieces.push(listLines(child, definitions, inner).join('\n'));
      else pieces.push(...itemLines(child, definitions, inner));
    }
    const text = pieces.filter((piece) => piece.trim() !== '').join('\n');
    if (text !== '') lines.push(`${indent}${marker}${text.trimStart()}`);
  }
  return lines;
}

function itemLines(node: RootContent, definitions: Definitions, indent: string): string[] {
  if (node.type === 'blockquote')
    return node.children.flatMap((child) => itemLines(child, definitions, indent));
  if (node.type === 'html') {
    const text = readHtmlSections(node.value).flatMap((section) =>
      section.blocks.map((block) => block.markdown),
    );
    return text.map((piece) => indentLines(piece, indent));
  }
  if (node.type === 'heading')
    return [`${indent}${writeMarked(inline(node.children, definitions).trim(), '**')}`];
  const block = readBlock(node, definitions);
  return block === null ? [] : [indentLines(block.markdown, indent)];
}

function indentLines(text: string, indent: string): string {
  return text
    .split('\n')
    .map((line) => indent + line)
    .join('\n');
}

function inline(nodes: readonly PhrasingContent[], definitions: Definitions): string {
  return nodes.map((node) => inlineNode(node, definitions)).join('');
}

function inlineNode(node: PhrasingContent, definitions: Definitions): string {
  switch (node.type) {
    case 'text':
      return node.value.replace(/\s*\n\s*/g, ' ');
    case 'strong':
      return writeMarked(inline(node.children, definitions), '**');
    case 'emphasis':
      return writeMarked(inline(node.children, definitions), '*');
    case 'inlineCode':
      return writeCode(node.value);
    case 'break':
      return '\n';
    case 'link':
      return writeLink(inline(node.children, definitions), node.url);
    case 'linkReference':
      return writeLink(inline(node.children, definitions), definitions.get(node.identifier) ?? '');
    case 'image':
    case 'imageReference':
      return node.alt ?? '';
    case 'html':
      return /^<br\s*\/?>$/i.test(node.value) ? '\n' : '';
    case 'footnoteReference':
      return '';
    default:
      return '';
  }
}

/** Headings are labels: emphasis marks and link targets are taken off. */
function plain(markdown: string): string {
  return markdown.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/\*\*|(?<=^|\s)\*|\*(?=\s|$)|`/g, '');
}
