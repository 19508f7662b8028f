import { parse } from 'parse5';
import { cleanLine } from './clean-text.ts';
import { collectSections } from './collect-sections.ts';
import { addHtmlChildren } from './html-blocks.ts';
import type { LinkReader } from './html-blocks.ts';
import { attribute, find, flattenDeepNodes, isDropped, isElement, textOf } from './html-tree.ts';
import type { HtmlElement, HtmlNode } from './html-tree.ts';
import { addNotedAnswers } from './page/add-noted-answers.ts';
import { findBreadcrumb } from './page/find-breadcrumb.ts';
import { findContent } from './page/find-content.ts';
import { hiddenTexts } from './page/hidden-texts.ts';
import type { HiddenText } from './page/hidden-texts.ts';
import { markQuestions } from './page/mark-questions.ts';
import { findPageFault } from './page/page-fault.ts';
import { readHead } from './page/read-head.ts';
import type { PageHead } from './page/read-head.ts';
import { removeFurniture } from './page/remove-furniture.ts';
import { showFolded } from './page/show-folded.ts';
import { readStructuredData } from './page/structured-data.ts';
import { partFostered } from './part-fostered.ts';
import type { Section } from './source-document.ts';

/** What an HTML page holds. */
export interface HtmlPage {
  /** Its first heading, else its `<title>`. */
  readonly title: string | null;
  /** Its first heading of level 1. */
  readonly heading: string | null;
  /** Language of its content, else of the page. */
  readonly language: string | null;
  /** Canonical address as the page writes it. */
  readonly url: string | null;
  readonly head: PageHead;
  /** Where it stands in its site, outermost first, without itself. */
  readonly breadcrumb: readonly string[];
  readonly sections: readonly Section[];
  /** What readers do not see and what was left out therefore: hidden elements and comments. */
  readonly hidden: readonly HiddenText[];
  /** Why it is no page of help, as a clause; null when it is one. */
  readonly fault: string | null;
}

/**
 * Reads an HTML page: its title, and the main content with navigation, notices, scripts and hidden parts left out.
 * @param link - Says what links lead to. Default: what stands in their `href`.
 */
export function readHtml(source: string, link: LinkReader = (href) => href): HtmlPage {
  const document = parse(source, { sourceCodeLocationInfo: true, treeAdapter: partFostered });
  flattenDeepNodes(document);
  const head = readHead(document);
  const data = readStructuredData(document);
  const body = find(document, (element) => element.tagName === 'body');
  // A piece of a page has nothing around its content.
  const isWhole = /<(?:!doctype|html|head|body)\b/i.test(source.slice(0, 100_000));
  showFolded(document);
  const hidden = body === null ? [] : hiddenTexts(body);
  const shown = firstHeading(document);
  const titles = [head.title, shown].flatMap((title) => title ?? []);
  const breadcrumb = findBreadcrumb(document, data, titles);
  if (isWhole && body !== null) removeFurniture(body);
  const content = findContent(document, isWhole);
  const collector = collectSections();
  if (content !== null) {
    markQuestions(content, data.questions);
    addHtmlChildren(content, collector, link);
  }
  const read = collector.finish();
  const heading = read.title ?? shown;
  const sections = addNotedAnswers(read.sections, data.questions);
  return {
    // The first heading names the page; <title> often adds the name of the site.
    title: heading ?? head.title,
    heading,
    language: (content === null ? null : languageAround(content)) ?? head.language,
    url: head.url,
    head,
    breadcrumb,
    sections,
    hidden,
    fault: isWhole ? findPageFault(document, { head, heading, sections }) : null,
  };
}

/** The first heading of level 1 that readers see, wherever it stands. */
function firstHeading(root: HtmlNode): string | null {
  const visit = (node: HtmlNode): string | null => {
    if (!('childNodes' in node)) return null;
    for (const child of node.childNodes) {
      if (!isElement(child) || isDropped(child)) continue;
      const text = child.tagName === 'h1' ? cleanLine(textOf(child)) : visit(child);
      if (text !== null && text !== '') return text;
    }
    return null;
  };
  return visit(root);
}

function languageAround(content: HtmlElement): string | null {
  for (let node: HtmlNode | null = content; node !== null && isElement(node); node = node.parentNode) {
    const language = attribute(node, 'lang');
    if (language !== null && /^[a-z]{2,3}(?:[-_]|$)/i.test(language)) return language;
  }
  return null;
}
