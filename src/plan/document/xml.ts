import { damagedDocument } from './document-error.ts';
import { decodeEntities } from './entities.ts';

/** An element of a document; names are without prefix. */
export interface XmlElement {
  readonly name: string;
  /** By name as it is written, and by name without prefix unless there is one that is written so. */
  readonly attributes: { readonly [name: string]: string };
  readonly children: readonly (XmlElement | string)[];
}

/** Deeper than any document of an office program. */
const MAX_DEPTH = 256;

// An open comment takes the rest of the text, and no tag reaches beyond the next "<", which values must escape: each character is
// looked at once, whatever the text.
const TOKEN =
  /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[([\s\S]*?)(?:\]\]>|$)|<\?[\s\S]*?(?:\?>|$)|<![^>[]*(?:\[[^\]]*\])?[^>]*(?:>|$)|<(\/?)([^\s/<>]+)((?:[^<>"']|"[^"<]*"|'[^'<]*')*?)(\/?)>|([^<]+)/g;

/**
 * Reads XML of office documents. Entities of a document type are not expanded, and nothing is fetched.
 *
 * @returns The root element.
 * @throws UnderstudyError `plan/value-invalid` when tags do not match or lie too deep.
 */
export function parseXml(text: string): XmlElement {
  const root = open('', '');
  const stack = [root];
  for (const [, data, slash, tag, attributes = '', empty, plain] of text.matchAll(TOKEN)) {
    const parent = stack.at(-1);
    if (parent === undefined) break;
    if (data !== undefined) parent.children.push(data);
    else if (plain !== undefined) parent.children.push(decodeEntities(plain));
    else if (tag !== undefined && slash === '/') {
      if (stack.length === 1 || parent.name !== localName(tag))
        throw damagedDocument(`its XML closes <${tag}> where it is not open`);
      stack.pop();
    } else if (tag !== undefined) {
      const element = open(tag, attributes);
      parent.children.push(element);
      if (empty === '/') continue;
      if (stack.push(element) > MAX_DEPTH) throw damagedDocument('its XML is too deep');
    }
  }
  const element = root.children.find((child) => typeof child !== 'string');
  if (stack.length !== 1 || element === undefined) throw damagedDocument('its XML does not end');
  return element;
}

/** All elements of some names below an element, in the order of the text; those within a found one are not looked for. */
export function findAll(element: XmlElement, ...names: readonly string[]): readonly XmlElement[] {
  return elementsOf(element).flatMap((child) =>
    names.includes(child.name) ? [child] : findAll(child, ...names),
  );
}

/** Elements directly in an element. */
export function elementsOf(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((child) => typeof child !== 'string');
}

/** The text in an element and all below. */
export function textOf(element: XmlElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}

interface OpenElement extends XmlElement {
  readonly children: (XmlElement | string)[];
}

function open(tag: string, attributes: string): OpenElement {
  const pairs = [...attributes.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(
    ([, name = '', double, single]) => [name, decodeEntities(double ?? single ?? '')] as const,
  );
  const short = pairs.map(([name, value]) => [localName(name), value] as const);
  return { name: localName(tag), attributes: Object.fromEntries([...short, ...pairs]), children: [] };
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
