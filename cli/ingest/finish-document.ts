import { posix } from 'node:path';
import { guessLanguage } from '../../src/text/guess-language.ts';
import type { SourceDocument } from './source-document.ts';
import type { SourceFile } from './source-file.ts';

/** What a page says of itself. */
export type ReadPage = Omit<SourceDocument, 'id' | 'title' | 'language'> & {
  readonly title: string | null;
  readonly language: string | null;
};

/** Makes the document of a file: fills in title, language, address, tags and collection where the page does not say them. */
export function finishDocument(file: SourceFile, read: ReadPage): SourceDocument {
  const { source } = file;
  const text = read.sections.flatMap((section) => section.blocks.map((block) => block.markdown)).join('\n');
  const language = read.language ?? source.language ?? guessLanguage(text, file.fallbackLanguage);
  return {
    id: file.id,
    title: read.title ?? titleFromName(file.below),
    language: primaryLanguage(language),
    url: pageUrl(read.url, file),
    tags: [...new Set([...source.tags, ...read.tags])],
    questions: read.questions,
    sections: read.sections,
    collection: source.collection ?? source.name,
    ...(read.metadata === undefined ? {} : { metadata: read.metadata }),
  };
}

/** What the page says; else where it was fetched from; else the source's pattern; else no address. */
function pageUrl(own: string | null, file: SourceFile): string | null {
  const fetched = file.source.addresses?.get(file.path)?.url;
  if (fetched !== undefined) {
    const said = own !== null && URL.canParse(own, fetched) ? new URL(own, fetched) : null;
    return said !== null && /^https?:$/.test(said.protocol) ? said.href : fetched;
  }
  if (own !== null && /^(?:https?:\/\/|\/|\.)/i.test(own)) return own;
  if (file.source.url === null) return null;
  const encode = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
  return file.source.url
    .replaceAll('{slug}', encode(posix.basename(file.below)))
    .replaceAll('{path}', encode(file.below));
}

function titleFromName(below: string): string {
  const words = posix.basename(below).replace(/[-_]+/g, ' ').trim();
  const name = words === '' || words === 'index' ? posix.basename(posix.dirname(below)) : words;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function primaryLanguage(language: string): string {
  const primary = language.toLowerCase().split(/[-_]/)[0] ?? '';
  return /^[a-z]{2,3}$/.test(primary) ? primary : 'en';
}
