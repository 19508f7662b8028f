import type { Block, Section } from '../source-document.ts';
import { plainWords } from '../text-runs.ts';

/** What is looked at of a page. */
export interface PageBlocks {
  readonly language: string | null;
  readonly sections: readonly Section[];
}

/** A block that stands on most pages of a site. */
export interface RepeatedBlock {
  readonly text: string;
  /** Pages that it was left out of. */
  readonly count: number;
  /** Place of the first of them in the list of pages. */
  readonly first: number;
}

/** What is left of the pages, in their order, and what was left out. */
export interface TidiedPages {
  readonly sections: readonly (readonly Section[])[];
  readonly repeated: readonly RepeatedBlock[];
}

/** Fewer pages may have a text in common by chance. */
const LEAST_PAGES = 5;
/** A list of links is repeated when this share of its items is: the item of the page itself is written otherwise. */
const LIST_SHARE = 0.8;
const LINK_SHARE = 0.8;

/**
 * Leaves out the blocks that stand on more than half of the pages of one language, where there are at least 5: heads, sidebars and
 * footers that nothing else tells from content. Pages that say the same count once; a page of which nothing would be left keeps all.
 */
export function dropRepeated(pages: readonly PageBlocks[]): TidiedPages {
  const sections = pages.map((page) => page.sections);
  const found = new Map<string, { text: string; count: number; first: number }>();
  for (const group of groupByLanguage(pages)) {
    const most = distinctPages(group.map((at) => sections[at] ?? []));
    if (most.length < LEAST_PAGES) continue;
    const isCommon = countKeys(most);
    for (const at of group) {
      const before = sections[at] ?? [];
      const dropped: Block[] = [];
      const after = before.flatMap(({ blocks, ...section }): Section[] => {
        const kept = blocks.filter((block) => !isRepeated(block, isCommon) || dropped.push(block) === 0);
        return kept.length === 0 ? [] : [{ ...section, blocks: kept }];
      });
      if (after.length === 0) continue;
      sections[at] = after;
      for (const block of dropped) {
        const key = keyOf(block.markdown);
        const known = found.get(key) ?? { text: block.markdown, count: 0, first: at };
        known.count += 1;
        found.set(key, known);
      }
    }
  }
  return { sections, repeated: [...found.values()] };
}

function groupByLanguage(pages: readonly PageBlocks[]): Iterable<readonly number[]> {
  const groups = new Map<string, number[]>();
  pages.forEach(({ language }, at) => {
    const key = (language ?? '').toLowerCase().split(/[-_]/)[0] ?? '';
    const group = groups.get(key) ?? [];
    group.push(at);
    groups.set(key, group);
  });
  return groups.values();
}

/** Keys of the blocks and list items of each page, pages that say the same once. */
function distinctPages(pages: readonly (readonly Section[])[]): readonly ReadonlySet<string>[] {
  const distinct = new Map<string, ReadonlySet<string>>();
  for (const sections of pages) {
    const blocks = sections.flatMap((section) => section.blocks);
    const keys = blocks.map(({ markdown }) => keyOf(markdown));
    const parts = blocks.flatMap((block) => (block.kind === 'list' ? block.parts.map(keyOf) : []));
    const whole = keys.join('\n');
    if (whole !== '' && !distinct.has(whole)) distinct.set(whole, new Set([...keys, ...parts]));
  }
  return [...distinct.values()];
}

function countKeys(pages: readonly ReadonlySet<string>[]): (key: string) => boolean {
  const counts = new Map<string, number>();
  for (const keys of pages) for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return (key) => key !== '' && (counts.get(key) ?? 0) > pages.length / 2;
}

function isRepeated(block: Block, isCommon: (key: string) => boolean): boolean {
  if (isCommon(keyOf(block.markdown))) return true;
  if (block.kind !== 'list' || block.parts.length < 3 || linkShare(block.markdown) < LINK_SHARE) return false;
  return block.parts.filter((part) => isCommon(keyOf(part))).length >= LIST_SHARE * block.parts.length;
}

const LINK = /\[((?:[^[\]\\]|\\.)*)\]\([^()\s]*\)/g;

/** Words of a text without marks and addresses. */
function keyOf(markdown: string): string {
  return plainWords(markdown.replace(LINK, '$1')).join(' ');
}

function linkShare(markdown: string): number {
  const all = plainWords(markdown.replace(LINK, '$1')).length;
  return all === 0 ? 0 : 1 - plainWords(markdown.replace(LINK, '')).length / all;
}
