import { attribute, find } from '../html-tree.ts';
import type { HtmlNode } from '../html-tree.ts';
import { countWords } from '../count-words.ts';
import type { Section } from '../source-document.ts';
import type { PageHead } from './read-head.ts';

/** What is looked at to see whether a file is a page of help. */
interface ReadPage {
  readonly head: PageHead;
  readonly heading: string | null;
  readonly sections: readonly Section[];
}

/** A page that only leads on has fewer words. */
const STUB_WORDS = 40;
/** A page of an error or a login has fewer words. */
const ERROR_WORDS = 80;
const MISSING =
  /^(?:error )?404\b|\b404 (?:error|not found)\b|^(?:oops[!,. ]*)?(?:page|site|article|document) (?:was )?not found\b|^(?:seite|artikel) (?:wurde )?nicht gefunden|^page (?:introuvable|non trouvée)|^página no encontrada|^(?:页面|文章)(?:不存在|未找到)|^ページが見つかりません/iu;
const BARRED =
  /^(?:error )?403\b|^access denied|^forbidden$|^just a moment|^attention required|^checking your browser|^are you (?:a )?(?:human|robot)|^verify you are human|^(?:error )?50[0-4]\b|^service unavailable|^bad gateway|^internal server error/i;

/** Says why a saved page is none of a help center's, as a clause; null when it is one. */
export function findPageFault(document: HtmlNode, page: ReadPage): string | null {
  const { head } = page;
  if (head.isNoIndex) return 'it asks to be left out (robots: noindex)';
  const words = page.sections
    .flatMap(({ headings, blocks }) => [...headings.slice(-1), ...blocks.map(({ markdown }) => markdown)])
    .reduce((sum, text) => sum + countWords(text), 0);
  if (head.refresh !== null && words <= STUB_WORDS)
    return `it only leads on to ${head.refresh.slice(0, 100)}`;
  const titles = [head.title ?? '', page.heading ?? ''];
  if (words <= ERROR_WORDS) {
    if (titles.some((title) => MISSING.test(title))) return 'it says that a page was not found';
    if (titles.some((title) => BARRED.test(title))) return 'it says that the page could not be had';
    if (asksForPassword(document)) return 'it asks for a password';
  }
  if (words === 0 && isWrittenByScripts(document))
    return 'its text is written by scripts; save the page as a browser shows it';
  return null;
}

function asksForPassword(document: HtmlNode): boolean {
  const field = find(
    document,
    (element) =>
      element.tagName === 'input' && (attribute(element, 'type') ?? '').toLowerCase() === 'password',
  );
  return field !== null;
}

function isWrittenByScripts(document: HtmlNode): boolean {
  const root = find(document, (element) => element.tagName === 'script');
  return root !== null;
}
