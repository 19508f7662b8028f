import type { Block, Section } from './source-document.ts';

/** Sorts blocks under the headings that stand above them. */
export interface SectionCollector {
  /** Begins a section; `level` 1 to 6. The first heading of level 1 before any text is the title. */
  heading(level: number, text: string): void;
  block(block: Block): void;
  finish(): { readonly title: string | null; readonly sections: readonly Section[] };
}

/** Makes an empty {@link SectionCollector}. */
export function collectSections(): SectionCollector {
  let title: string | null = null;
  let path: { level: number; text: string }[] = [];
  let blocks: Block[] = [];
  const sections: Section[] = [];
  const close = (): void => {
    if (blocks.length > 0) sections.push({ headings: path.map((heading) => heading.text), blocks });
    blocks = [];
  };
  return {
    heading(level, text) {
      if (text === '') return;
      close();
      if (level === 1 && title === null && path.length === 0) {
        title = text;
        return;
      }
      path = [...path.filter((heading) => heading.level < level), { level, text }];
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
