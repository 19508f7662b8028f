import type { Json, JsonObject } from '../../contracts/json.ts';
import { isJson, isRecord } from '../../contracts/json.ts';
import type { PlanValue } from '../plan-value.ts';

/** Reports whether a value is a list. */
export function isJsonList(value: PlanValue | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Reports whether a value is an object, files included. */
export function isJsonObject(value: PlanValue | undefined): value is JsonObject {
  return isRecord(value);
}

/** Reports whether a list is one of texts, or one of yes and no; an empty list counts. */
export function isListOfOneKind(list: readonly Json[]): boolean {
  return list.every((item) => typeof item === 'string') || list.every((item) => typeof item === 'boolean');
}

/** The value as plain JSON, which passages are as well; null for what is deeper than JSON may be. */
export function toJson(value: PlanValue): Json {
  return isJson(value) ? value : null;
}
