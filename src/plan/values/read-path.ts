import type { PlanValue } from '../plan-value.ts';
import { isJsonObject } from './json-value.ts';
import { fileAttribute, isPlanFile } from './plan-file.ts';

/**
 * Follows names within a value: keys of objects, attributes of files.
 *
 * @returns undefined where a name is not there; elements of lists have no names.
 */
export function readPath(value: PlanValue | undefined, path: readonly string[]): PlanValue | undefined {
  let found: PlanValue | undefined = value;
  for (const name of path) {
    if (isPlanFile(found)) return fileAttribute(found, name);
    found = member(found, name);
    if (found === undefined) return undefined;
  }
  return found;
}

function member(value: PlanValue | undefined, name: string): PlanValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
