import type { FormField } from '../../src/contracts/plan-configs.ts';

/** A piece of a form as it is drawn: Markdown, or a field. */
export type FormPart =
  | { readonly type: 'text'; readonly markdown: string }
  | { readonly type: 'field'; readonly field: FormField };

const MARK = /\{\{#\$output\.([^{}#]{1,100})#\}\}/g;

/**
 * Puts the fields where the content marks them; those without a mark follow at the end, in their order.
 *
 * A field stands once: further marks of it, and marks of no field, vanish.
 */
export function formParts(content: string, fields: readonly FormField[]): readonly FormPart[] {
  const left = new Map(fields.map((field) => [field.name, field]));
  const parts: FormPart[] = [];
  const addText = (markdown: string): void => {
    if (markdown.trim() !== '') parts.push({ type: 'text', markdown: markdown.trim() });
  };
  let end = 0;
  let text = '';
  for (const match of content.matchAll(MARK)) {
    text += content.slice(end, match.index);
    end = match.index + match[0].length;
    const field = left.get(match[1] ?? '');
    if (field === undefined) continue;
    addText(text);
    text = '';
    left.delete(field.name);
    parts.push({ type: 'field', field });
  }
  addText(text + content.slice(end));
  for (const field of left.values()) parts.push({ type: 'field', field });
  return parts;
}
