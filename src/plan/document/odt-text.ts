import { readPart } from './open-package.ts';
import type { XmlElement } from './xml.ts';
import { findAll } from './xml.ts';
import { ZipArchive } from './zip.ts';

/** Paragraphs and headings of a text document of OpenOffice, a line each. */
export async function odtText(bytes: Uint8Array): Promise<string> {
  const root = await readPart(new ZipArchive(bytes), 'content.xml');
  return findAll(root, 'p', 'h').map(paragraphText).join('\n').trim();
}

function paragraphText(element: XmlElement): string {
  return element.children
    .map((child) => {
      if (typeof child === 'string') return child.replace(/\s+/g, ' ');
      if (child.name === 'tab') return '\t';
      if (child.name === 'line-break') return '\n';
      if (child.name === 's') return ' '.repeat(Math.min(Number(child.attributes['c'] ?? '1') || 1, 1000));
      return child.name === 'annotation' ? '' : paragraphText(child);
    })
    .join('');
}
