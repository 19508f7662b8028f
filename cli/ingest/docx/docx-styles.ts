import { elementsOf } from '../../../src/plan/document/xml.ts';
import type { XmlElement } from '../../../src/plan/document/xml.ts';
import { childOf, switchOf, valueOf } from './docx-properties.ts';

/** What a style gives to what is written in it. */
export interface DocxStyle {
  /** 1 to 9; 0: the title of the document; null: body text. */
  readonly level: number | null;
  /** An entry of a table of contents. */
  readonly isContents: boolean;
  readonly isBold: boolean;
  readonly isHidden: boolean;
  readonly isShaded: boolean;
  readonly numberId: string | null;
  readonly numberLevel: number;
}

/** The style of text without one. */
export const PLAIN_STYLE: DocxStyle = {
  level: null,
  isContents: false,
  isBold: false,
  isHidden: false,
  isShaded: false,
  numberId: null,
  numberLevel: 0,
};

/** Longest chain of styles that are based on each other. */
const MAX_CHAIN = 16;

/** Reads the styles of a document by their ids, each with what it takes from those it is based on. */
export function readStyles(part: XmlElement | null): ReadonlyMap<string, DocxStyle> {
  const raw = new Map<string, XmlElement>();
  for (const element of part === null ? [] : elementsOf(part)) {
    const id = element.attributes['styleId'];
    if (element.name === 'style' && id !== undefined) raw.set(id, element);
  }
  const styles = new Map<string, DocxStyle>();
  for (const id of raw.keys()) styles.set(id, resolveStyle(id, raw));
  return styles;
}

/** Level of a heading by its outline level, which counts from 0; 9 is body text. */
export function outlineToLevel(outline: string | undefined): number | null {
  const level = Number(outline ?? '9');
  return Number.isInteger(level) && level >= 0 && level <= 8 ? level + 1 : null;
}

function resolveStyle(id: string, raw: ReadonlyMap<string, XmlElement>): DocxStyle {
  const chain: XmlElement[] = [];
  // A chain that runs in a circle ends at its bound.
  for (let next: string | undefined = id; next !== undefined && chain.length < MAX_CHAIN;) {
    const style = raw.get(next);
    if (style === undefined) break;
    chain.push(style);
    next = valueOf(style, 'basedOn');
  }
  return chain.reduceRight<DocxStyle>((base, style) => {
    const name = valueOf(style, 'name') ?? '';
    const paragraph = childOf(style, 'pPr');
    const run = childOf(style, 'rPr');
    const numbers = childOf(paragraph, 'numPr');
    return {
      level: levelOf(name, paragraph, base.level),
      isContents: base.isContents || /^toc\b/i.test(name),
      isBold: switchOf(run, 'b') ?? base.isBold,
      isHidden: switchOf(run, 'vanish') ?? base.isHidden,
      isShaded: base.isShaded || childOf(paragraph, 'shd') !== undefined || childOf(run, 'shd') !== undefined,
      numberId: valueOf(numbers, 'numId') ?? base.numberId,
      numberLevel: Number(valueOf(numbers, 'ilvl') ?? base.numberLevel),
    };
  }, PLAIN_STYLE);
}

function levelOf(name: string, properties: XmlElement | undefined, inherited: number | null): number | null {
  if (/^title$/i.test(name)) return 0;
  const outline = valueOf(properties, 'outlineLvl');
  if (outline !== undefined) return outlineToLevel(outline);
  const numbered = /^heading ([1-9])$/i.exec(name)?.[1];
  return numbered === undefined ? inherited : Number(numbered);
}
