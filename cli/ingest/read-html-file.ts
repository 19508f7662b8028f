import { finishDocument } from './finish-document.ts';
import type { ReadText, TextFile } from './read-as-text.ts';
import { readSitePage } from './site/read-site-page.ts';

/** Reads an HTML page, as one of the saved site that its source is. */
export function readHtmlFile(file: TextFile): ReadText {
  return readSitePage(file, (page) => finishDocument(file, page));
}
