import { damagedDocument } from '../../../src/plan/document/document-error.ts';
import { mainPart, resolvePart } from '../../../src/plan/document/open-package.ts';
import { elementsOf, findAll, parseXml, textOf } from '../../../src/plan/document/xml.ts';
import type { XmlElement } from '../../../src/plan/document/xml.ts';
import { ZipArchive } from '../../../src/plan/document/zip.ts';

/** Longest part, in characters; a thousand pages have about 20 million. */
const MAX_PART_LENGTH = 48 * 1024 * 1024;
/** Most tags of a part: each becomes an object. */
const MAX_TAGS = 4_000_000;

/** The parts of a text document (WordprocessingML, ECMA-376 part 1) that say something. */
export interface DocxParts {
  readonly body: XmlElement;
  /** Null where the document has no such part. */
  readonly styles: XmlElement | null;
  readonly numbering: XmlElement | null;
  readonly footnotes: XmlElement | null;
  /** Addresses outside the document, by the ids of its hyperlinks. */
  readonly links: ReadonlyMap<string, string>;
  readonly title: string | null;
  readonly language: string | null;
}

/** Opens a .docx file. @throws UnderstudyError `plan/value-invalid` when it is damaged or too large. */
export async function openDocx(bytes: Uint8Array): Promise<DocxParts> {
  const archive = new ZipArchive(bytes);
  const main = await mainPart(archive, 'word/document.xml');
  const root = await readBounded(archive, main);
  const body = root === null ? undefined : elementsOf(root).find(({ name }) => name === 'body');
  if (body === undefined) throw damagedDocument('it holds no text document');
  const folder = main.slice(0, main.lastIndexOf('/') + 1);
  const relations = await readBounded(archive, `${folder}_rels/${main.slice(folder.length)}.rels`);
  const entries = relations === null ? [] : elementsOf(relations);
  const part = async (type: string): Promise<XmlElement | null> => {
    const entry = entries.find(({ attributes }) => (attributes['Type'] ?? '').endsWith(`/${type}`));
    const target = entry?.attributes['Target'];
    return target === undefined ? null : await readBounded(archive, resolvePart(folder, target));
  };
  const core = await readBounded(archive, 'docProps/core.xml');
  const property = (name: string): string | null => {
    const text = core === null ? '' : findAll(core, name).map(textOf).join(' ').trim();
    return text === '' ? null : text;
  };
  return {
    body,
    styles: await part('styles'),
    numbering: await part('numbering'),
    footnotes: await part('footnotes'),
    links: new Map(
      entries
        .filter(({ attributes }) => attributes['TargetMode'] === 'External')
        .map(({ attributes }) => [attributes['Id'] ?? '', attributes['Target'] ?? '']),
    ),
    title: property('title'),
    language: property('language'),
  };
}

async function readBounded(archive: ZipArchive, name: string): Promise<XmlElement | null> {
  const text = await archive.readText(name);
  if (text === null) return null;
  if (text.length > MAX_PART_LENGTH) throw damagedDocument('it is too long');
  let tags = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) tags += 1;
  if (tags > MAX_TAGS) throw damagedDocument('it has too many elements');
  return parseXml(text);
}
