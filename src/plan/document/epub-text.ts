import { damagedDocument } from './document-error.ts';
import { htmlText } from './html-text.ts';
import { readPart, resolvePart } from './open-package.ts';
import { findAll } from './xml.ts';
import { ZipArchive } from './zip.ts';

/** The chapters of a book in the order in which they are read. */
export async function epubText(bytes: Uint8Array): Promise<string> {
  const archive = new ZipArchive(bytes);
  const container = await readPart(archive, 'META-INF/container.xml');
  const path = findAll(container, 'rootfile')[0]?.attributes['full-path'];
  if (path === undefined) throw damagedDocument('the book does not say where it begins');
  const packagePath = resolvePart('', unescapePath(path));
  const folder = packagePath.slice(0, packagePath.lastIndexOf('/') + 1);
  const book = await readPart(archive, packagePath);
  const items = new Map(
    findAll(book, 'item').map(({ attributes }) => [attributes['id'], attributes['href']]),
  );
  const chapters: string[] = [];
  for (const { attributes } of findAll(book, 'itemref')) {
    const href = items.get(attributes['idref']);
    const chapter =
      href === undefined ? null : await archive.readText(resolvePart(folder, unescapePath(href)));
    if (chapter !== null) chapters.push(htmlText(chapter));
  }
  return chapters.filter((text) => text !== '').join('\n');
}

/** The path of a reference, without what stands behind `#`. */
function unescapePath(reference: string): string {
  const path = reference.replace(/[#?].*$/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    // A URIError: a percent sign stands for itself.
    return path;
  }
}
