import { CitationList } from './citation-list.ts';
import type { StepRun, VariablePool } from './step-handler.ts';

/** One list for all steps that see the same variables. */
const lists = new WeakMap<VariablePool, CitationList>();

/**
 * The citations of the answer that a run of a plan gives, so that two of its steps never give one number to two passages; null where
 * the plan shows none.
 */
export function citationsOf({ plan, pool, citations }: StepRun): CitationList | null {
  if (!plan.showsCitations) return null;
  const list = citations ?? lists.get(pool) ?? new CitationList();
  lists.set(pool, list);
  return list;
}
