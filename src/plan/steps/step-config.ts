import { UnderstudyError } from '../../contracts/errors.ts';
import { isRecord } from '../../contracts/json.ts';
import { parseSelector } from '../../contracts/parse-plan.ts';
import type { ConditionSet, Selector, Template } from '../../contracts/plan-configs.ts';
import type { Step } from '../../contracts/plan.ts';
import { parseConditionSet } from '../values/parse-conditions.ts';
import { parseTemplate } from '../values/parse-template.ts';

/*
 * Settings of a step come from a bundle, and anything may stand there: what is read here is what its type says, or the plan is
 * refused as `plan/invalid` with the step and the setting.
 */

/** The error for a setting that cannot be read. */
export function invalidConfig(step: Step, setting: string): UnderstudyError {
  return new UnderstudyError(
    'plan/invalid',
    `Step "${step.id}" (${step.kind}) cannot be read: its ${setting} is missing or not of its form.`,
    { facts: { step: step.id, kind: step.kind, setting } },
  );
}

/** Gives what a parser accepted, where null says that it did not. @throws UnderstudyError `plan/invalid`. */
export function accepted<T>(step: Step, setting: string, parsed: T | null): T {
  if (parsed === null) throw invalidConfig(step, setting);
  return parsed;
}

/** Reads a selector. @throws UnderstudyError `plan/invalid`. */
export function readSelector(step: Step, setting: string, value: unknown): Selector {
  return accepted(step, setting, parseSelector(value));
}

/** Reads a template. @throws UnderstudyError `plan/invalid`. */
export function readTemplate(step: Step, setting: string, value: unknown): Template {
  return accepted(step, setting, parseTemplate(value));
}

/** Reads a set of conditions. @throws UnderstudyError `plan/invalid`. */
export function readConditionSet(step: Step, setting: string, value: unknown): ConditionSet {
  return accepted(step, setting, parseConditionSet(value));
}

/** Reads a text. @throws UnderstudyError `plan/invalid`. */
export function readText(step: Step, setting: string, value: unknown): string {
  return accepted(step, setting, typeof value === 'string' ? value : null);
}

/** Reads a list, each of whose elements `read` accepts. @throws UnderstudyError `plan/invalid`. */
export function readList<T>(
  step: Step,
  setting: string,
  value: unknown,
  read: (element: unknown) => T,
): readonly T[] {
  return accepted(step, setting, Array.isArray(value) ? value : null).map((element: unknown) =>
    read(element),
  );
}

/** Reads a list of objects. @throws UnderstudyError `plan/invalid`. */
export function readObjects<T>(
  step: Step,
  setting: string,
  value: unknown,
  read: (element: Record<string, unknown>) => T,
): readonly T[] {
  return readList(step, setting, value, (element) => {
    return read(accepted(step, setting, isRecord(element) ? element : null));
  });
}
