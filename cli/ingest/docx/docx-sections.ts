import { elementsOf, findAll, textOf } from '../../../src/plan/document/xml.ts';
import type { XmlElement } from '../../../src/plan/document/xml.ts';
import { cleanLine } from '../clean-text.ts';
import { collectSections } from '../collect-sections.ts';
import { countWords } from '../count-words.ts';
import type { HiddenPart } from '../tell-hidden.ts';
import type { PageText } from '../markdown.ts';
import { listBlock, paragraphBlock, tableBlock } from '../source-document.ts';
import { readInline } from './docx-inline.ts';
import type { InlineContext } from './docx-inline.ts';
import { readNumbering } from './docx-numbering.ts';
import { childOf, valueOf } from './docx-properties.ts';
import { PLAIN_STYLE, outlineToLevel, readStyles } from './docx-styles.ts';
import type { DocxStyle } from './docx-styles.ts';
import { frameOf, tableCells } from './docx-table.ts';
import type { DocxParts } from './open-docx.ts';

/** Longest bold line that is a heading where a document has no headings of its own. */
const HEADING_WORDS = 12;

/** A piece of a document, before its sections are known. */
type Piece =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string; readonly isBold: boolean }
  | { readonly kind: 'item'; readonly level: number; readonly marker: string; readonly text: string }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] };

/** What a text document holds, and what its readers do not see. */
export interface DocxText extends PageText {
  readonly hidden: readonly HiddenPart[];
}

/**
 * Reads the sections of a text document: headings by style and outline level, lists with their numbers, tables, text boxes, footnotes
 * in parentheses. Where it has no headings, short bold paragraphs are. Tables of contents are left out.
 */
export function docxSections(parts: DocxParts): DocxText {
  const hidden: HiddenPart[] = [];
  const pieces = readPieces(parts, hidden);
  const headings = pieces.filter((piece) => piece.kind === 'heading');
  const hasTitle = headings.some(({ level }) => level === 0);
  // Of several chapters none is the title.
  const shift = hasTitle || headings.filter(({ level }) => level === 1).length > 1 ? 1 : 0;
  const collector = collectSections();
  let items: string[] = [];
  let indents: string[] = [];
  const closeList = (): void => {
    if (items.length > 0) collector.block(listBlock(items));
    items = [];
    indents = [];
  };
  pieces.forEach((piece, index) => {
    if (piece.kind === 'item') {
      const depth = Math.min(piece.level, indents.length);
      const indent = depth === 0 ? '' : (indents[depth - 1] ?? '');
      indents = [...indents.slice(0, depth), indent + ' '.repeat(piece.marker.length)];
      const line = `${indent}${piece.marker}${piece.text}`;
      if (depth === 0 || items.length === 0) items.push(line);
      else items.push(`${items.pop() ?? ''}\n${line}`);
      return;
    }
    closeList();
    const isHeading =
      piece.kind === 'paragraph' && headings.length === 0 && isBoldHeading(piece, pieces[index + 1]);
    if (piece.kind === 'table') collector.block(tableBlock(piece.rows));
    else if (piece.kind === 'heading') collector.heading(Math.max(1, piece.level + shift), piece.text);
    else if (isHeading) collector.heading(2, piece.text.replaceAll('**', ''));
    else collector.block(paragraphBlock(piece.text));
  });
  closeList();
  return { ...collector.finish(), hidden };
}

function isBoldHeading(piece: Piece & { kind: 'paragraph' }, next: Piece | undefined): boolean {
  if (!piece.isBold || next === undefined || (next.kind === 'paragraph' && next.isBold)) return false;
  return (
    !piece.text.includes('\n') &&
    countWords(piece.text) <= HEADING_WORDS &&
    !/[.!。！:：]\**$/.test(piece.text)
  );
}

function readPieces(parts: DocxParts, hidden: HiddenPart[]): readonly Piece[] {
  const styles = readStyles(parts.styles);
  const numbering = readNumbering(parts.numbering);
  const context: InlineContext = {
    styles,
    links: parts.links,
    footnotes: footnotesOf(parts.footnotes),
    onHidden: (kind, text) => void hidden.push({ what: `${kind} text`, line: null, text }),
  };
  const pieces: Piece[] = [];
  const readBlocks = (holder: XmlElement, isInTable: boolean): void => {
    for (const block of elementsOf(holder)) {
      if (block.name === 'p') readParagraph(block, isInTable);
      else if (block.name === 'tbl') readTable(block);
      else if (['sdt', 'sdtContent', 'customXml', 'ins', 'moveTo'].includes(block.name)) {
        const isContents = findAll(block, 'docPartGallery').some((gallery) =>
          /table of contents/i.test(gallery.attributes['val'] ?? ''),
        );
        if (!isContents) readBlocks(block, isInTable);
      }
    }
  };
  const readTable = (table: XmlElement): void => {
    const frame = frameOf(table);
    if (frame !== null) {
      readBlocks(frame, true);
      return;
    }
    const rows = tableCells(table, (cell) =>
      findAll(cell, 'p')
        .map((paragraph) => readInline(paragraph, styleOf(paragraph, styles), false, context).markdown)
        .filter((text) => text !== '')
        .join(' '),
    );
    if (rows.some((row) => row.some((cell) => cell !== ''))) pieces.push({ kind: 'table', rows });
  };
  const readParagraph = (paragraph: XmlElement, isInTable: boolean): void => {
    const style = styleOf(paragraph, styles);
    if (style.isContents) return;
    const properties = childOf(paragraph, 'pPr');
    const isOnWhite = !isInTable && childOf(properties, 'shd') === undefined;
    const { markdown, plain, isBold } = readInline(paragraph, style, isOnWhite, context);
    if (markdown !== '') {
      const numbers = childOf(properties, 'numPr');
      const numberId = valueOf(numbers, 'numId') ?? style.numberId;
      const level = Number(valueOf(numbers, 'ilvl') ?? style.numberLevel);
      const isItem = style.level === null && numberId !== null && numberId !== '0';
      const marker = isItem ? numbering.next(numberId, level) : null;
      if (style.level !== null) pieces.push({ kind: 'heading', level: style.level, text: cleanLine(plain) });
      else if (marker !== null)
        pieces.push({ kind: 'item', level, marker, text: markdown.replace(/\s*\n\s*/g, ' ') });
      else pieces.push({ kind: 'paragraph', text: markdown, isBold });
    }
    for (const box of textBoxes(paragraph)) readBlocks(box, isInTable);
  };
  readBlocks(parts.body, false);
  return pieces;
}

function styleOf(paragraph: XmlElement, styles: ReadonlyMap<string, DocxStyle>): DocxStyle {
  const properties = childOf(paragraph, 'pPr');
  const style = styles.get(valueOf(properties, 'pStyle') ?? '') ?? PLAIN_STYLE;
  const outline = valueOf(properties, 'outlineLvl');
  return outline === undefined ? style : { ...style, level: outlineToLevel(outline) };
}

/** Text boxes are written twice, for newer and older programs. */
function textBoxes(element: XmlElement): readonly XmlElement[] {
  return elementsOf(element).flatMap((child) => {
    if (child.name === 'txbxContent') return [child];
    if (child.name !== 'AlternateContent') return textBoxes(child);
    const choice = childOf(child, 'Choice') ?? childOf(child, 'Fallback');
    return choice === undefined ? [] : textBoxes(choice);
  });
}

function footnotesOf(part: XmlElement | null): ReadonlyMap<string, string> {
  const notes = part === null ? [] : elementsOf(part);
  return new Map(
    notes
      .filter(({ name, attributes }) => name === 'footnote' && attributes['type'] === undefined)
      .map(
        (note) => [note.attributes['id'] ?? '', cleanLine(findAll(note, 't').map(textOf).join(''))] as const,
      )
      .filter(([, text]) => text !== ''),
  );
}
