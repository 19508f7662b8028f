import { cleanLine } from '../clean-text.ts';
import { attribute, find, isElement, textOf } from '../html-tree.ts';
import type { HtmlElement, HtmlNode } from '../html-tree.ts';
import { elementNames } from './element-names.ts';
import type { StructuredData } from './structured-data.ts';

const MAX_CRUMBS = 10;
const MAX_CHARACTERS = 80;
/** First crumbs of every site, which name no subject. */
const HOME =
  /^(?:home ?page|home|start|startseite|accueil|inicio|help(?: cent(?:er|re))?|all collections|docs|documentation|support|首页|主页|帮助中心|ホーム|🏠)$/iu;
const MARKS = /^[\s/>»›→·|\\-]+|[\s/>»›→·|\\-]+$/gu;

/**
 * Where a page stands in its site, outermost first, without the page itself and the home page: by its JSON-LD, microdata, or an element
 * that is called so.
 */
export function findBreadcrumb(
  document: HtmlNode,
  data: StructuredData,
  titles: readonly string[],
): readonly string[] {
  const own = new Set(titles.map((title) => title.toLowerCase()));
  const crumbs = data.breadcrumb.length > 0 ? data.breadcrumb : shownCrumbs(document);
  return crumbs
    .map((crumb) => cleanLine(crumb).replace(MARKS, ''))
    .filter((crumb) => crumb !== '' && crumb.length <= MAX_CHARACTERS)
    .filter((crumb) => !own.has(crumb.toLowerCase()) && !HOME.test(crumb))
    .slice(0, MAX_CRUMBS);
}

function shownCrumbs(document: HtmlNode): readonly string[] {
  const list = find(document, (element) => {
    const label = (attribute(element, 'aria-label') ?? '').slice(0, 100);
    const type = (attribute(element, 'itemtype') ?? '').slice(0, 200);
    return (
      /schema\.org\/BreadcrumbList\b/.test(type) ||
      /bread-?crumb/i.test(label) ||
      /(?:^|[ -])bread-?crumbs?(?:$| |-list|-nav|-section)/.test(elementNames(element))
    );
  });
  return list === null ? [] : partsOf(list).slice(0, 2 * MAX_CRUMBS);
}

/** Texts of the list's items, else of its links and of what stands between them. */
function partsOf(list: HtmlElement): readonly string[] {
  const items: HtmlElement[] = [];
  const collect = (node: HtmlNode): void => {
    if (!('childNodes' in node) || items.length > 2 * MAX_CRUMBS) return;
    for (const child of node.childNodes) {
      if (isElement(child) && child.tagName === 'li') items.push(child);
      else collect(child);
    }
  };
  collect(list);
  if (items.length > 0) return items.map((item) => cleanLine(textOf(item)));
  const texts: string[] = [];
  const read = (node: HtmlNode): void => {
    if (texts.length > 4 * MAX_CRUMBS) return;
    if (isElement(node) && node.tagName === 'a') texts.push(cleanLine(textOf(node)));
    else if ('value' in node) texts.push(...cleanLine(node.value).split(/\s[/>»›→|]\s/u));
    else if ('childNodes' in node) node.childNodes.forEach(read);
  };
  read(list);
  return texts;
}
