import type { Line } from './reading-order.ts';

/** A page with its lines in reading order. */
export interface PdfPage {
  /** 1-based. */
  readonly number: number;
  readonly height: number;
  readonly lines: readonly Line[];
}

/** Outer part of a page in which headers and footers stand. */
const ZONE = 0.13;
/** Fewest pages on which a line repeats that is no content. */
const LEAST_PAGES = 3;
const PAGE_NUMBER =
  /^(?:[-–—|\s]*(?:page|seite|p\.|página|pagina)?\s*\d{1,4}(?:\s*(?:of|\/|von|sur|de|di)\s*\d{1,4})?[-–—|\s]*|第\s*\d{1,4}\s*页.*|[ivxlc]{1,7})$/i;

/**
 * Takes out headers, footers and page numbers: lines at the edge of pages that say the same, or the same but for their numbers in letters
 * no larger than the body's; "Step 1" and "Step 2" in larger ones are headings.
 * @param bodySize - Size of the letters of the body.
 */
export function dropRunningLines(pages: readonly PdfPage[], bodySize: number): readonly PdfPage[] {
  const counts = new Map<string, Set<number>>();
  for (const page of pages)
    for (const key of page.lines.flatMap((line) => edgeKeys(line, page, bodySize))) {
      const seen = counts.get(key);
      if (seen === undefined) counts.set(key, new Set([page.number]));
      else seen.add(page.number);
    }
  const least = Math.max(LEAST_PAGES, Math.min(10, pages.length / 4));
  return pages.map((page) => ({
    ...page,
    lines: page.lines.filter((line) => {
      const keys = edgeKeys(line, page, bodySize);
      if (keys.length > 0 && pages.length > 1 && PAGE_NUMBER.test(line.text)) return false;
      return keys.every((key) => (counts.get(key)?.size ?? 0) < least);
    }),
  }));
}

/** What a line at the edge says and where, to the nearest three points; none within the page. */
function edgeKeys(line: Line, page: PdfPage, bodySize: number): readonly string[] {
  const isEdge = line.y < page.height * ZONE || line.y > page.height * (1 - ZONE);
  if (!isEdge) return [];
  const text = line.text.toLowerCase();
  const place = Math.round(line.y / 3);
  const exact = `${place} ${text}`;
  return line.size > bodySize * 1.1 ? [exact] : [exact, `${place} ${text.replace(/\d+/g, '#')}`];
}
