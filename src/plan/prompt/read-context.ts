import { UnderstudyError } from '../../contracts/errors.ts';
import { isRecord } from '../../contracts/json.ts';
import type { PlanValue } from '../plan-value.ts';
import { isRankedList } from '../plan-value.ts';

/**
 * The pieces of what `{{#context#}}` stands for: one for each passage of a list, or a text as it stands.
 *
 * An element is a text, or an object with `content` and perhaps a `summary` before it.
 * @returns Empty for nothing, and for a value that is neither list nor text.
 * @throws UnderstudyError `plan/value-invalid` for an element without content.
 */
export function contextPieces(value: PlanValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isRankedList(value)) return value.map(({ passage }) => `${passage.text}\n`);
  if (!Array.isArray(value)) return [];
  return value.map((item: unknown, at) => {
    if (typeof item === 'string') return `${item}\n`;
    if (!isRecord(item) || item['content'] === undefined) {
      throw new UnderstudyError(
        'plan/value-invalid',
        `Passage ${String(at + 1)} of the context has no content.`,
        {
          facts: { position: at + 1 },
        },
      );
    }
    const { summary, content } = item;
    const head = typeof summary === 'string' && summary !== '' ? `${summary}\n` : '';
    return `${head}${typeof content === 'string' ? content : JSON.stringify(content)}\n`;
  });
}

/** Joins the pieces of a context as a prompt holds them. */
export function joinContext(pieces: readonly string[]): string {
  const [only] = pieces;
  // A text stands as it is; only what was joined here is trimmed.
  return pieces.length === 1 && only !== undefined && !only.endsWith('\n') ? only : pieces.join('').trim();
}
