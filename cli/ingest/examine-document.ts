import { findInstructions } from './find-instructions.ts';
import { findPersonalData } from './find-personal-data.ts';
import type { Block, Section, SourceDocument, SourceRemark } from './source-document.ts';
import { lineAndColumn } from './source-error.ts';

/** What becomes of text that gives orders to a model: it stays and is told, or it is left out and told. */
export type FlaggedChoice = 'keep' | 'drop';

/** A document, and what there is to say about its text. */
export interface ExaminedDocument {
  readonly document: SourceDocument;
  readonly remarks: readonly SourceRemark[];
}

/**
 * Looks through what a document brings into the bundle: title, headings, questions and blocks. Personal data is named masked.
 * @param source - The text of the file, to name lines; '' where it has none.
 */
export function examineDocument(
  document: SourceDocument,
  file: string,
  source: string,
  flagged: FlaggedChoice,
): ExaminedDocument {
  const remarks: SourceRemark[] = [];
  const lineOf = (piece: string): number | null => {
    const offset = piece === '' ? -1 : source.indexOf(piece);
    return offset === -1 ? null : lineAndColumn(source, offset).line;
  };
  const look = (text: string): boolean => {
    for (const { kind, masked, index } of findPersonalData(text)) {
      // The line is looked for by what stands at the place, which is not told.
      const line = lineOf(text.slice(index, index + masked.length + 4).split(/\s/)[0] ?? '');
      remarks.push({ kind: 'personal-data', file, line, message: `this looks like ${kind}: ${masked}` });
    }
    const orders = findInstructions(text);
    for (const { text: order } of orders) {
      const line = lineOf(order) ?? lineOf(order.split(' ').slice(0, 2).join(' '));
      const what =
        flagged === 'drop' ? 'left out: this gives orders to a model' : 'this gives orders to a model';
      remarks.push({ kind: 'instruction', file, line, message: `${what}: "${order}"` });
    }
    return orders.length > 0;
  };
  const keeps = (text: string): boolean => !look(text) || flagged === 'keep';
  const blockStays = (block: Block): boolean => keeps(block.markdown);
  const sections = document.sections.flatMap((section): Section[] => {
    // A heading is told once, with the section that it begins.
    const blocks = section.blocks.filter(blockStays);
    return blocks.length === 0 ? [] : [{ ...section, blocks }];
  });
  const bad = new Set(
    [...new Set(document.sections.flatMap(({ headings }) => headings))].filter((text) => !keeps(text)),
  );
  const title = keeps(document.title) ? document.title : file;
  return {
    document: {
      ...document,
      title,
      questions: document.questions.filter((question) => question === document.title || keeps(question)),
      sections: sections.map((section) => ({
        ...section,
        headings: section.headings.filter((heading) => !bad.has(heading)),
      })),
    },
    remarks,
  };
}
