import { damagedDocument } from './document-error.ts';
import type { XmlElement } from './xml.ts';
import { elementsOf, findAll, parseXml } from './xml.ts';
import type { ZipArchive } from './zip.ts';

/** Reads a part of an office document. @throws UnderstudyError `plan/value-invalid` when it is missing or damaged. */
export async function readPart(archive: ZipArchive, name: string): Promise<XmlElement> {
  const text = await archive.readText(name);
  if (text === null) throw damagedDocument(`it has no part "${name}"`);
  return parseXml(text);
}

/** What a part refers to: names of parts by the ids it uses for them. */
export async function readRelations(archive: ZipArchive, part: string): Promise<ReadonlyMap<string, string>> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const name = `${folder}_rels/${part.slice(folder.length)}.rels`;
  const text = await archive.readText(name);
  if (text === null) return new Map();
  return new Map(
    elementsOf(parseXml(text)).map(({ attributes }) => [
      attributes['Id'] ?? '',
      resolvePart(folder, attributes['Target'] ?? ''),
    ]),
  );
}

/** The part that the whole document begins with. */
export async function mainPart(archive: ZipArchive, fallback: string): Promise<string> {
  const text = await archive.readText('_rels/.rels');
  const relation =
    text === null
      ? undefined
      : findAll(parseXml(text), 'Relationship').find(({ attributes }) =>
          (attributes['Type'] ?? '').endsWith('/officeDocument'),
        );
  return resolvePart('', relation?.attributes['Target'] ?? fallback);
}

/** The name of a part that another one in a folder names. */
export function resolvePart(folder: string, target: string): string {
  const path = target.startsWith('/') ? target : folder + target;
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return names.join('/');
}
