import { isStringArray } from '../../contracts/json.ts';
import type { Plan, Step } from '../../contracts/plan.ts';
import type { StepRun } from '../step-handler.ts';

/** The collections that each class leads to, by class id; null when they do not tell the classes apart. */
export type ClassPages = ReadonlyMap<string, readonly string[]> | null;

/** Finds which collections are looked up on the way from each class, up to the next branch. */
export function pagesOfClasses(step: Step, plan: Plan, classIds: readonly string[]): ClassPages {
  const byId = new Map(plan.steps.map((one) => [one.id, one]));
  const pages = new Map<string, readonly string[]>();
  for (const id of classIds) {
    const names = new Set<string>();
    const seen = new Set<string>();
    const waiting = step.edges.filter(({ when }) => when === id).map(({ to }) => to);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const reached = byId.get(next);
      if (reached === undefined || seen.has(next)) continue;
      seen.add(next);
      const { collections } = reached.config;
      if (reached.kind === 'knowledge' && isStringArray(collections))
        for (const name of collections) names.add(name);
      if (new Set(reached.edges.map(({ when }) => when)).size <= 1)
        waiting.push(...reached.edges.map(({ to }) => to));
    }
    if (names.size > 0) pages.set(id, [...names].sort());
  }
  const kinds = new Set([...pages.values()].map((names) => names.join('\n')));
  return kinds.size > 1 ? pages : null;
}

/** How surely the pages of each class answer a message. */
export function askPages(
  run: StepRun,
  message: string,
  pages: ClassPages,
): ReadonlyMap<string, number> | null {
  if (pages === null) return null;
  const { services, language, step } = run;
  return new Map(
    [...pages].map(([id, collections]) => {
      const options = { limit: 3, language, collections, stepId: step.id };
      return [id, services.retriever.search(message, options).confidence] as const;
    }),
  );
}
