import type { Json } from '../contracts/json.ts';
import type { RankedPassage } from '../contracts/retrieval.ts';

/** What a variable of a plan can hold. */
export type PlanValue = Json | readonly RankedPassage[];

/** Reports whether the value is a list of ranked passages (an empty list counts). */
export function isRankedList(value: PlanValue | undefined): value is readonly RankedPassage[] {
  return (
    Array.isArray(value) &&
    value.every(
      (item: unknown) => typeof item === 'object' && item !== null && 'passage' in item && 'score' in item,
    )
  );
}

/** Reads a value as text; '' for what is no text. */
export function asText(value: PlanValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Reads a value as a number; 0 for what is none. */
export function asNumber(value: PlanValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}
