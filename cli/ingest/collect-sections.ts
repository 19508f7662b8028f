import type { Block, Section } from './source-document.ts';

/** Sorts blocks under the headings that stand above them. */
export interface SectionCollector {
  /**
   * Begins a section; `level` 1 to 6. The first heading of level 1 before any text is the title.
   * @param anchor - Name of its place in the page. Default: that of the heading above.
   */
  heading(level: number, text: string, anchor?: string): void;
  /** Puts what `fill` brings under a heading of its own, of no level; what follows stands under the headings before it. */
  within(text: string, fill: () => void): void;
  block(block: Block): void;
  finish(): { readonly title: string | null; readonly sections: readonly Section[] };
}

interface Heading {
  readonly level: number;
  readonly text: string;
  readonly anchor: string | undefined;
}

/** Makes an empty {@link SectionCollector}. */
export function collectSections(): SectionCollector {
  let title: string | null = null;
  let path: Heading[] = [];
  /** How many headings of the path are not ended by another one. */
  let held = 0;
  let blocks: Block[] = [];
  const sections: Section[] = [];
  const close = (): void => {
    const anchor = path.findLast((heading) => heading.anchor !== undefined)?.anchor;
    const headings = path.map((heading) => heading.text);
    if (blocks.length > 0) sections.push({ headings, blocks, ...(anchor === undefined ? {} : { anchor }) });
    blocks = [];
  };
  return {
    heading(level, text, anchor) {
      if (text === '') return;
      close();
      if (level === 1 && title === null && path.length === 0) {
        title = text;
        return;
      }
      const above = path.filter((heading, at) => at < held || heading.level < level);
      path = [...above, { level, text, anchor }];
    },
    within(text, fill) {
      close();
      const before = { path, held };
      if (text !== '') path = [...path, { level: 0, text, anchor: undefined }];
      held = path.length;
      fill();
      close();
      ({ path, held } = before);
    },
    block(block) {
      blocks.push(block);
    },
    finish() {
      close();
      return { title, sections };
    },
  };
}
