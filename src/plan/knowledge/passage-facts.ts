import type { Passage } from '../../contracts/passage.ts';
import type { Condition, ConditionSet } from '../../contracts/plan-configs.ts';
import type { PlanValue } from '../plan-value.ts';
import type { StepRun } from '../step-handler.ts';
import { evaluateConditions } from '../values/conditions.ts';
import { isUnderstudyError } from '../../contracts/errors.ts';

/** Names under which Dify keeps what it knows of a document by itself. */
const OWN_FACTS: { readonly [name: string]: (passage: Passage) => PlanValue } = {
  document_name: ({ title }) => title,
  title: ({ title }) => title,
  url: ({ url }) => url ?? '',
  language: ({ language }) => language,
  collection: ({ collection }) => collection ?? '',
  tags: ({ tags }) => tags,
};

/** What is known of a passage under a name: what the owner noted, else what the bundle knows; null for nothing. */
export function factOf(passage: Passage, name: string): PlanValue {
  const { metadata } = passage;
  if (metadata !== undefined && Object.hasOwn(metadata, name)) return metadata[name] ?? null;
  return Object.hasOwn(OWN_FACTS, name) ? (OWN_FACTS[name]?.(passage) ?? null) : null;
}

/**
 * Makes the test of a filter on passages. The conditions' `from` is `["metadata", name]`; what they compare with may hold variables
 * of the run.
 *
 * A condition that cannot be applied to what is noted, such as "larger than" to a text, does not hold: passages that say something
 * else than the others are left out, and the search goes on.
 */
export function passageTest({ pool }: StepRun, filter: ConditionSet): (passage: Passage) => boolean {
  const holds = (passage: Passage, condition: Condition): boolean => {
    const get = (selector: Condition['from']): PlanValue | undefined =>
      selector === condition.from ? factOf(passage, selector[1]) : pool.get(selector);
    try {
      return evaluateConditions({ mode: 'all', conditions: [condition] }, get);
    } catch (error) {
      if (isUnderstudyError(error, 'plan/value-invalid')) return false;
      throw error;
    }
  };
  const { mode, conditions } = filter;
  return (passage) =>
    mode === 'all'
      ? conditions.every((condition) => holds(passage, condition))
      : conditions.length === 0 || conditions.some((condition) => holds(passage, condition));
}
