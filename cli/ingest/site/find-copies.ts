import type { Section } from '../source-document.ts';
import { plainWords, type Runs, runsOf, similarity } from '../text-runs.ts';

/** A page as it is compared with others. */
export interface ComparedPage {
  /** Path below the source. */
  readonly path: string;
  /** Canonical address; null: none. */
  readonly canonical: string | null;
  readonly sections: readonly Section[];
}

/** What came of comparing the pages of a site. */
export interface Copies {
  /** By path of a page that was saved twice: the path of the one that is kept. */
  readonly keptFor: ReadonlyMap<string, string>;
  /** Paths of pages whose canonical address is that of other pages, which say something else: it is nobody's. */
  readonly disowned: ReadonlySet<string>;
}

/** Pages of one address that are less alike are different pages. */
const LEAST_ALIKE = 0.8;
/** Where a crawler writes the query into the name of a file. */
const QUERY = /(?:[?@]|%3f)[^/]*$/i;

/** Finds pages that were saved more than once: under one canonical address, or under names that differ in a query only. */
export function findCopies(pages: readonly ComparedPage[]): Copies {
  const keptFor = new Map<string, string>();
  const disowned = new Set<string>();
  const known = new Map<ComparedPage, Runs>();
  const runsOfPage = (page: ComparedPage): Runs => {
    const found = known.get(page) ?? runsOf(wordsOf(page));
    known.set(page, found);
    return found;
  };
  const settle = (group: readonly ComparedPage[], isAddress: boolean): void => {
    const [first, ...rest] = group.toSorted(byName);
    if (first === undefined) return;
    for (const page of rest) {
      if (similarity(runsOfPage(first), runsOfPage(page)) >= LEAST_ALIKE) keptFor.set(page.path, first.path);
      else if (isAddress) for (const one of [first, page]) disowned.add(one.path);
    }
  };
  const left = (page: ComparedPage): boolean => !keptFor.has(page.path);
  for (const group of groupBy(pages, ({ canonical }) => canonical)) settle(group, true);
  for (const group of groupBy(pages.filter(left), ({ path }) =>
    path
      .replace(/\.html?$/i, '')
      .replace(QUERY, '')
      .replace(/\.html?$/i, ''),
  ))
    settle(group, false);
  return { keptFor, disowned };
}

function groupBy(
  pages: readonly ComparedPage[],
  key: (page: ComparedPage) => string | null,
): Iterable<readonly ComparedPage[]> {
  const groups = new Map<string, ComparedPage[]>();
  for (const page of pages) {
    const value = key(page);
    if (value === null) continue;
    const group = groups.get(value) ?? [];
    group.push(page);
    groups.set(value, group);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** Names without a query first, then short ones. */
function byName(one: ComparedPage, other: ComparedPage): number {
  const stem = ({ path }: ComparedPage): string => path.replace(/\.html?$/i, '');
  return (
    Number(QUERY.test(stem(one))) - Number(QUERY.test(stem(other))) ||
    one.path.length - other.path.length ||
    (one.path < other.path ? -1 : 1)
  );
}

function wordsOf({ sections }: ComparedPage): readonly string[] {
  return plainWords(sections.flatMap(({ blocks }) => blocks.map(({ markdown }) => markdown)).join('\n'));
}
