import type { SourceDocument, SourceRemark } from '../source-document.ts';
import { tellHidden } from '../tell-hidden.ts';
import { openSite } from './open-site.ts';
import type { SavedSite, SitePage } from './open-site.ts';

/** A file of a saved site, as it is read. */
interface SiteFile {
  /** Path below the folder of the site; '' for a source of one file. */
  readonly path: string;
  readonly source: SavedSite & { readonly url: string | null };
  readonly remark: (remark: Omit<SourceRemark, 'file'>) => void;
}

/** What a page says of itself. */
type PageDocument = Pick<SourceDocument, 'url' | 'tags' | 'questions' | 'sections' | 'metadata'> & {
  readonly title: string | null;
  readonly language: string | null;
};

/** Repeated blocks that are told one by one. */
const MOST_TOLD = 20;
const TOLD_CHARACTERS = 80;

/** Sites that are being read: the pages of each that nobody took yet. */
const open = new WeakMap<SavedSite, Map<string, SitePage>>();

/**
 * Reads one page of a saved site, which is read as a whole with the first page that is asked for. Tells of hidden text, of what stands on
 * most pages, and why a page is left out.
 * @param finish - Makes the document of what was read: fills in what the page does not say.
 * @returns The document, or why the page is left out.
 * @throws UnderstudyError `cli/source-invalid` for a page of the site that cannot be decoded.
 */
export function readSitePage(
  file: SiteFile,
  finish: (page: PageDocument) => SourceDocument,
): readonly SourceDocument[] | { readonly skipped: string } {
  const page = takePage(file);
  if (page === null) return [];
  tellHidden(
    page.read.hidden.map((part) => ({ what: 'hidden text', ...part })),
    file.remark,
  );
  if (page.fault !== null) return { skipped: page.fault };
  tellRepeated(page, file);
  // The owner's pattern says more than a sitemap, the page itself more than both.
  const url = page.canonical ?? (file.source.url === null ? (page.listed?.url ?? null) : null);
  const modified = page.listed?.lastModified ?? dateIn(page.read.head.modified);
  const document = finish({
    title: page.title,
    language: page.read.language,
    url,
    tags: page.breadcrumb.map((crumb) => crumb.toLowerCase()),
    questions: [],
    sections: page.sections(url),
    ...(modified === null ? {} : { metadata: { lastmod: modified } }),
  });
  return [{ ...document, sections: page.sections(document.url) }];
}

function takePage({ path, source }: SiteFile): SitePage | null {
  // Each page is taken once: one that is missing means that the source is read again.
  let pages = open.get(source);
  if (pages?.has(path) !== true) open.set(source, (pages = openSite(source)));
  const page = pages.get(path) ?? null;
  pages.delete(path);
  return page;
}

function tellRepeated({ repeated }: SitePage, file: SiteFile): void {
  for (const { text, count } of repeated.slice(0, MOST_TOLD)) {
    const line = text.replace(/\]\([^()\s]*\)/g, ']').replace(/\s+/g, ' ');
    const shown = line.length > TOLD_CHARACTERS ? `${line.slice(0, TOLD_CHARACTERS - 1)}…` : line;
    file.remark({
      kind: 'repeated',
      line: null,
      message: `left out of ${count} pages, which all have it: "${shown}"`,
    });
  }
  const more = repeated.length - MOST_TOLD;
  if (more > 0)
    file.remark({ kind: 'repeated', line: null, message: `${more} more blocks were left out of most pages` });
}

function dateIn(text: string | null): string | null {
  return /^\d{4}-\d\d-\d\d/.exec(text ?? '')?.[0] ?? null;
}
