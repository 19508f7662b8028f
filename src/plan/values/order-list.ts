import { UnderstudyError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import { fileAttribute, isPlanFile } from './plan-file.ts';

/**
 * Orders a list of plain values, or of files by one of their attributes. Equals keep their order, in both directions.
 *
 * @throws UnderstudyError `plan/value-invalid` when files have no such attribute.
 */
export function orderList(
  list: readonly Json[],
  order: { readonly key: string; readonly isDescending: boolean },
): readonly Json[] {
  const keyed = list.map((value) => ({ value, key: keyOf(value, order.key) }));
  const sign = order.isDescending ? -1 : 1;
  return keyed.sort((one, other) => sign * compareKeys(one.key, other.key)).map(({ value }) => value);
}

function keyOf(value: Json, key: string): string | number {
  if (!isPlanFile(value)) return typeof value === 'string' ? value : Number(value);
  const attribute = fileAttribute(value, key);
  if (attribute === undefined)
    throw new UnderstudyError('plan/value-invalid', `Files cannot be ordered by "${key}".`, {
      facts: { key },
    });
  return attribute;
}

function compareKeys(one: string | number, other: string | number): number {
  if (typeof one === 'string' && typeof other === 'string') return compareCodePoints(one, other);
  return Number(one) - Number(other);
}

/** Python orders by code points; JavaScript's own order puts characters above U+FFFF before some below. */
function compareCodePoints(one: string, other: string): number {
  const [left, right] = [Array.from(one), Array.from(other)];
  for (const [index, character] of left.entries()) {
    const against = right[index];
    if (against === undefined) return 1;
    const difference = (character.codePointAt(0) ?? 0) - (against.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
