import { finishDocument } from './finish-document.ts';
import type { TextFile } from './read-as-text.ts';
import type { SourceDocument } from './source-document.ts';
import { readText } from './text.ts';

/** Reads a page of plain text. */
export function readTextFile(file: TextFile): SourceDocument[] {
  const { title, sections } = readText(file.text);
  return [finishDocument(file, { title, language: null, url: null, tags: [], questions: [], sections })];
}
