import { elementsOf, textOf } from '../../../src/plan/document/xml.ts';
import type { XmlElement } from '../../../src/plan/document/xml.ts';
import { cleanText } from '../clean-text.ts';
import { writeLink, writeMarked } from '../write-inline.ts';
import { childOf, switchOf, valueOf } from './docx-properties.ts';
import type { DocxStyle } from './docx-styles.ts';

/** What the text of a paragraph needs of its document. */
export interface InlineContext {
  readonly styles: ReadonlyMap<string, DocxStyle>;
  readonly links: ReadonlyMap<string, string>;
  /** Text of a footnote by its id. */
  readonly footnotes: ReadonlyMap<string, string>;
  /** Is told of text that readers do not see. */
  readonly onHidden: (kind: 'hidden' | 'deleted', text: string) => void;
}

/** Inline Markdown of a paragraph. */
export interface InlineText {
  readonly markdown: string;
  /** The same without marks. */
  readonly plain: string;
  readonly isBold: boolean;
}

interface Piece {
  readonly text: string;
  readonly isBold: boolean;
  readonly isItalic: boolean;
  readonly link: string | null;
}

interface Field {
  instruction: string;
  isResult: boolean;
}

/** Elements that hold runs; removed text lies in others, and pictures hold text of their own. */
const HOLDERS: ReadonlySet<string> = new Set(
  'hyperlink ins moveTo smartTag sdt sdtContent fldSimple customXml bdo dir'.split(' '),
);

/**
 * Reads the text of a paragraph: bold, emphasis and links; hidden and deleted text is left out and told.
 * @param isOnWhite - Whether white text would be unseen there.
 */
export function readInline(
  paragraph: XmlElement,
  base: DocxStyle,
  isOnWhite: boolean,
  context: InlineContext,
): InlineText {
  const pieces: Piece[] = [];
  const fields: Field[] = [];
  // Programs cut text into runs anywhere: what is hidden in a paragraph is told as one.
  const unseen = { hidden: '', deleted: '' };
  const visit = (element: XmlElement, link: string | null): void => {
    for (const child of elementsOf(element)) {
      if (child.name === 'r') readRun(child, link);
      else if (child.name === 'del' || child.name === 'moveFrom') {
        unseen.deleted += textOf(child);
      } else if (HOLDERS.has(child.name)) visit(child, linkOf(child, context) ?? link);
    }
  };
  const readRun = (run: XmlElement, link: string | null): void => {
    const properties = childOf(run, 'rPr');
    const style = context.styles.get(valueOf(properties, 'rStyle') ?? '');
    let text = '';
    for (const part of elementsOf(run)) {
      if (part.name === 'fldChar') followField(part, fields);
      else if (part.name === 'instrText') {
        const field = fields.at(-1);
        if (field !== undefined && field.instruction.length < 4096) field.instruction += textOf(part);
      } else if (part.name === 'footnoteReference') {
        const note = context.footnotes.get(part.attributes['id'] ?? '');
        if (note !== undefined) text += ` (${note})`;
      } else text += partText(part);
    }
    if (text === '') return;
    if (isUnseen(properties, style, base, isOnWhite)) {
      unseen.hidden += text;
      return;
    }
    pieces.push({
      text: cleanText(text),
      isBold: (switchOf(properties, 'b') ?? style?.isBold ?? false) && base.level === null,
      isItalic: switchOf(properties, 'i') ?? false,
      link: link ?? fieldLink(fields),
    });
  };
  visit(paragraph, null);
  if (unseen.hidden.trim() !== '') context.onHidden('hidden', unseen.hidden);
  if (unseen.deleted.trim() !== '') context.onHidden('deleted', unseen.deleted);
  const seen = pieces.filter(({ text }) => text.trim() !== '');
  return {
    markdown: writePieces(pieces).trim(),
    plain: pieces.map(({ text }) => text).join(''),
    isBold: seen.length > 0 && seen.every(({ isBold }) => isBold),
  };
}

/** Neighbors of one kind are one piece, so that marks do not cut words. */
function writePieces(pieces: readonly Piece[]): string {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last?.isBold === piece.isBold && last.isItalic === piece.isItalic && last.link === piece.link)
      joined[joined.length - 1] = { ...last, text: last.text + piece.text };
    else joined.push(piece);
  }
  return joined
    .map(({ text, isBold, isItalic, link }) => {
      const linked = link === null ? text : writeLink(text, link);
      if (link === null && isBold) return writeMarked(linked, '**');
      return link === null && isItalic ? writeMarked(linked, '*') : linked;
    })
    .join('');
}

function partText(part: XmlElement): string {
  switch (part.name) {
    case 't':
      return textOf(part);
    case 'tab':
    case 'ptab':
      return '\t';
    case 'cr':
      return '\n';
    case 'br':
      return (part.attributes['type'] ?? 'textWrapping') === 'textWrapping' ? '\n' : ' ';
    case 'noBreakHyphen':
      return '-';
    case 'sym': {
      const code = Number.parseInt(part.attributes['char'] ?? '', 16);
      // Symbols of the private area mean nothing without their font.
      return code > 0x20 && code < 0xe000 ? String.fromCodePoint(code) : '';
    }
    default:
      return '';
  }
}

function isUnseen(
  properties: XmlElement | undefined,
  style: DocxStyle | undefined,
  base: DocxStyle,
  isOnWhite: boolean,
): boolean {
  if (switchOf(properties, 'vanish') ?? (style?.isHidden === true || base.isHidden)) return true;
  // Sizes are in half points.
  if (Number(valueOf(properties, 'sz') ?? '20') <= 3) return true;
  const isWhite = /^f{6}$/i.test(valueOf(properties, 'color') ?? '');
  const isShaded =
    childOf(properties, 'shd') !== undefined ||
    childOf(properties, 'highlight') !== undefined ||
    base.isShaded ||
    style?.isShaded === true;
  return isWhite && isOnWhite && !isShaded;
}

function linkOf(element: XmlElement, context: InlineContext): string | null {
  if (element.name === 'fldSimple') return targetOf(element.attributes['instr'] ?? '');
  if (element.name !== 'hyperlink') return null;
  return context.links.get(element.attributes['id'] ?? '') ?? null;
}

function followField(mark: XmlElement, fields: Field[]): void {
  const type = mark.attributes['fldCharType'];
  const field = fields.at(-1);
  if (type === 'begin') fields.push({ instruction: '', isResult: false });
  else if (type === 'separate' && field !== undefined) field.isResult = true;
  else if (type === 'end') fields.pop();
}

function fieldLink(fields: readonly Field[]): string | null {
  const links = fields.filter(({ isResult }) => isResult).map(({ instruction }) => targetOf(instruction));
  return links.find((link) => link !== null) ?? null;
}

function targetOf(instruction: string): string | null {
  return /^\s*HYPERLINK\s+"([^"]{1,2000})"/i.exec(instruction)?.[1] ?? null;
}
