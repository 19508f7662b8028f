import { mainPart, readPart, readRelations } from './open-package.ts';
import type { XmlElement } from './xml.ts';
import { elementsOf, findAll, textOf } from './xml.ts';
import { ZipArchive } from './zip.ts';

/** The paragraphs of the slides of a presentation, a line each, in the order of the slides. */
export async function pptxText(bytes: Uint8Array): Promise<string> {
  const archive = new ZipArchive(bytes);
  const part = await mainPart(archive, 'ppt/presentation.xml');
  const relations = await readRelations(archive, part);
  const lines: string[] = [];
  for (const { attributes } of findAll(await readPart(archive, part), 'sldId')) {
    // Slides have a number as `id`, too.
    const name = relations.get(attributes['r:id'] ?? '');
    if (name === undefined) continue;
    const paragraphs = findAll(await readPart(archive, name), 'p').map(paragraphText);
    lines.push(...paragraphs.filter((text) => text.trim() !== ''));
  }
  return lines.join('\n');
}

function paragraphText(paragraph: XmlElement): string {
  return elementsOf(paragraph)
    .map((part) => {
      if (part.name === 'br') return '\n';
      return part.name === 'r' || part.name === 'fld' ? findAll(part, 't').map(textOf).join('') : '';
    })
    .join('');
}
