import { isRecord } from '../../contracts/json.ts';
import { parseSelector } from '../../contracts/parse-plan.ts';
import type { Selector, Template } from '../../contracts/plan-configs.ts';

/** Accepts a {@link Template}; null when it is none. */
export function parseTemplate(value: unknown): Template | null {
  if (!Array.isArray(value)) return null;
  const pieces: (string | { readonly from: Selector })[] = [];
  for (const piece of value) {
    const from = isRecord(piece) ? parseSelector(piece['from']) : null;
    if (typeof piece === 'string') pieces.push(piece);
    else if (from !== null) pieces.push({ from });
    else return null;
  }
  return pieces;
}
