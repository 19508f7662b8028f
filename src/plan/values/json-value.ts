import type { Json, JsonObject } from '../../contracts/json.ts';
import { isJson, isRecord } from '../../contracts/json.ts';
import type { PlanValue } from '../plan-value.ts';

/** Reports whether a value is an object, files included. */
export function isJsonObject(value: PlanValue | undefined): value is JsonObject {
  return isRecord(value);
}

/** The value as plain JSON, which passages are as well; null for what is deeper than JSON may be. */
export function toJson(value: PlanValue): Json {
  return isJson(value) ? value : null;
}
