import type { MarkdownBlock } from '../text/markdown-blocks.ts';
import { plainText } from '../text/plain-text.ts';
import { splitSentences } from '../text/split-sentences.ts';

/** Closes bold marks that splitting into sentences has torn apart. */
function mendMarks(markdown: string): string {
  return (markdown.match(/\*\*/g) ?? []).length % 2 === 0 ? markdown : markdown.replaceAll('**', '');
}

/** Puts sentences of Markdown together, without spaces where their script has none. */
export function joinSentences(sentences: readonly string[]): string {
  const isUnspaced = /\p{Script=Han}/u.test(sentences[0] ?? '');
  return mendMarks(sentences.join(isUnspaced ? '' : ' '));
}

/** The sentence that introduces a list: the end of the paragraph before when it ends with a colon; '' when there is none. */
export function introduction(before: MarkdownBlock | undefined): string {
  if (before?.kind !== 'paragraph') return '';
  const last = splitSentences(before.markdown).at(-1) ?? '';
  return /[:：]\s*$/.test(last) ? mendMarks(last) : '';
}

/** A block under the sentence that introduces it, '' for none; as Markdown and as plain text. */
export function underLead(
  lead: string,
  markdown: string,
  text: string,
): { readonly markdown: string; readonly text: string } {
  if (lead === '') return { markdown, text };
  return { markdown: `${lead}\n\n${markdown}`, text: `${plainText(lead)}\n${text}` };
}

/** Cells of a row as text, each behind the head of its column. */
export function labelledCells(header: readonly string[], cells: readonly string[]): string {
  return cells
    .map((cell, at) => ((header[at] ?? '') === '' ? cell : `${header[at] ?? ''}: ${cell}`))
    .join(', ');
}
