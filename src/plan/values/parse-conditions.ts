import { isJson, isRecord } from '../../contracts/json.ts';
import { parseSelector } from '../../contracts/parse-plan.ts';
import type { Condition, ConditionSet } from '../../contracts/plan-configs.ts';
import { CONDITION_OPERATORS } from '../../contracts/plan-configs.ts';
import { parseTemplate } from './parse-template.ts';

/** Accepts a {@link ConditionSet}; null when it is none. Conditions on files hold none themselves. */
export function parseConditionSet(value: unknown): ConditionSet | null {
  return parseSet(value, true);
}

function parseSet(value: unknown, mayHoldFiles: boolean): ConditionSet | null {
  if (!isRecord(value) || !Array.isArray(value['conditions'])) return null;
  const { mode } = value;
  if (mode !== 'all' && mode !== 'any') return null;
  const conditions: Condition[] = [];
  for (const entry of value['conditions']) {
    const condition = parseCondition(entry, mayHoldFiles);
    if (condition === null) return null;
    conditions.push(condition);
  }
  return { mode, conditions };
}

function parseCondition(value: unknown, mayHoldFiles: boolean): Condition | null {
  if (!isRecord(value)) return null;
  const from = parseSelector(value['from']);
  const operator = CONDITION_OPERATORS.find((known) => known === value['operator']);
  const expected = parseExpected(value['value'] ?? null);
  const files = value['files'] == null ? null : parseSet(value['files'], false);
  if (from === null || operator === undefined || expected === undefined) return null;
  if (value['files'] != null && (files === null || !mayHoldFiles)) return null;
  return { from, operator, value: expected, files };
}

function parseExpected(value: unknown): Condition['value'] | undefined {
  if (value === null) return null;
  if (isRecord(value)) return isJson(value['value']) ? { value: value['value'] } : undefined;
  return parseTemplate(value) ?? undefined;
}
