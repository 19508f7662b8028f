import { countWords } from './count-words.ts';
import { findInstructions } from './find-instructions.ts';
import type { SourceFile } from './source-file.ts';

/** A part of a document that its readers do not see, and that was left out therefore. */
export interface HiddenPart {
  /** What it is, as in "deleted text". */
  readonly what: string;
  /** 1-based; null where the format has no lines. */
  readonly line: number | null;
  readonly text: string;
}

/** Hidden text with fewer words is a label or a mark. */
const LEAST_WORDS = 5;
/** Most remarks of one file; a document may hide every page. */
const MAX_REMARKS = 20;

/** Tells of the hidden parts of a document: orders to a model word for word, others by their length. */
export function tellHidden(parts: readonly HiddenPart[], remark: SourceFile['remark']): void {
  let told = 0;
  for (const { what, line, text } of parts) {
    const [order] = findInstructions(text);
    const words = countWords(text);
    if (told === MAX_REMARKS || (order === undefined && words < LEAST_WORDS)) continue;
    told += 1;
    if (order === undefined)
      remark({ kind: 'hidden-text', line, message: `${what} of ${words} words was left out` });
    else
      remark({
        kind: 'instruction',
        line,
        message: `${what} that gives orders to a model was left out: "${order.text}"`,
      });
  }
}
