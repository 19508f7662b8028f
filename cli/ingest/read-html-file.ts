import { countWords } from './count-words.ts';
import { findInstructions } from './find-instructions.ts';
import { finishDocument } from './finish-document.ts';
import { readHtml } from './html.ts';
import type { TextFile } from './read-as-text.ts';
import type { SourceDocument } from './source-document.ts';

/** Hidden text with fewer words is a label for a button or an icon. */
const LEAST_HIDDEN_WORDS = 5;

/** Reads an HTML page and tells of its hidden text. */
export function readHtmlFile(file: TextFile): SourceDocument[] {
  const { title, language, url, sections, hidden } = readHtml(file.text);
  for (const { line, text } of hidden) {
    const [order] = findInstructions(text);
    const words = countWords(text);
    if (order !== undefined)
      file.remark({
        kind: 'instruction',
        line,
        message: `hidden text that gives orders to a model was left out: "${order.text}"`,
      });
    else if (words >= LEAST_HIDDEN_WORDS)
      file.remark({ kind: 'hidden-text', line, message: `hidden text of ${words} words was left out` });
  }
  return [finishDocument(file, { title, language, url, tags: [], questions: [], sections })];
}
