import type { Selector, Template } from '../../contracts/plan-configs.ts';
import type { PlanValue } from '../plan-value.ts';
import { renderMarkdown, renderText } from './render-value.ts';

/**
 * Puts values into a template.
 *
 * @param form - `text` for prompts and settings, `markdown` for answers.
 * @returns The text; a place whose value is missing reads as its bare name, `scope.name`.
 */
export function renderTemplate(
  template: Template,
  get: (selector: Selector) => PlanValue | undefined,
  form: 'text' | 'markdown',
): string {
  const render = form === 'text' ? renderText : renderMarkdown;
  return template
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      const value = get(piece.from);
      return value === undefined ? piece.from.join('.') : render(value);
    })
    .join('');
}
