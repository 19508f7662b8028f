import type { Json } from '../../contracts/json.ts';
import type { TurnRequest } from '../../contracts/turn.ts';
import { normalizeText } from '../../text/normalize-text.ts';
import type { OpenedPlan } from './opened-plan.ts';

/** An answer that is given before any step runs. */
export interface Screened {
  readonly text: string;
  readonly why: 'moderation' | 'annotation';
}

/** Looks at a message before the plan does: words that are not answered, then questions that have their answer. Null = the plan runs. */
export function screenTurn({ plan, annotations }: OpenedPlan, turn: TurnRequest): Screened | null {
  const { moderation } = plan;
  if (moderation?.onInput != null && sentTexts(turn).some((text) => holdsKeyword(text, moderation.keywords)))
    return { text: moderation.onInput, why: 'moderation' };
  const answer = annotations.size === 0 ? undefined : annotations.get(normalizeQuestion(turn.text));
  return answer === undefined ? null : { text: answer, why: 'annotation' };
}

/** Reports whether a text holds one of the keywords, anywhere and however it is cased. */
export function holdsKeyword(text: string, keywords: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return keywords.some((keyword) => keyword !== '' && lower.includes(keyword.toLowerCase()));
}

/** A question without what does not change it: case, widths, spaces, the mark at its end. */
export function normalizeQuestion(question: string): string {
  return normalizeText(question)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[\s?!.。？！]+$/u, '');
}

function sentTexts(turn: TurnRequest): readonly string[] {
  return [turn.text, ...Object.values(turn.inputs).flatMap(textsIn)];
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((each: Json) => textsIn(each));
}
