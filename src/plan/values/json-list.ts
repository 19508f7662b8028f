import type { Json } from '../../contracts/json.ts';
import type { PlanValue } from '../plan-value.ts';

/** Reports whether a value is a list. */
export function isJsonList(value: PlanValue | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Reports whether a list is one of texts, or one of yes and no; an empty list counts. */
export function isListOfOneKind(list: readonly Json[]): boolean {
  return list.every((item) => typeof item === 'string') || list.every((item) => typeof item === 'boolean');
}
