import type { Json } from '../../contracts/json.ts';
import { isRecord } from '../../contracts/json.ts';
import { parseSelector } from '../../contracts/parse-plan.ts';
import type { Selector } from '../../contracts/plan-configs.ts';
import type { Plan, Step, StepKind } from '../../contracts/plan.ts';
import type { RankedPassage } from '../../contracts/retrieval.ts';
import { asText, isRankedList } from '../plan-value.ts';
import type { StepRun } from '../step-handler.ts';

/** Steps that hand on what they are given, in another form. */
const CARRIERS: ReadonlySet<StepKind> = new Set<StepKind>(['template', 'code', 'aggregate', 'list']);

/**
 * The `knowledge` steps whose passages reach a step by the selectors it reads, themselves or through steps that hand them on.
 * @returns Their ids with the selector of the question that each looks up.
 */
export function knowledgeBehind(
  plan: Plan,
  selectors: readonly Selector[],
): ReadonlyMap<string, Selector | null> {
  const byId = new Map(plan.steps.map((step) => [step.id, step]));
  const found = new Map<string, Selector | null>();
  const seen = new Set<string>();
  const waiting = selectors.map(([scope]) => scope);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const step = byId.get(id);
    if (step === undefined || seen.has(id)) continue;
    seen.add(id);
    if (step.kind === 'knowledge') found.set(id, parseSelector(step.config['query']));
    else if (CARRIERS.has(step.kind)) waiting.push(...selectorsOf(step).map(([scope]) => scope));
  }
  return found;
}

/** All selectors that a step reads: of its inputs, and in its settings. */
export function selectorsOf(step: Step): readonly Selector[] {
  const inputs = Object.values(step.inputs).flatMap((binding) => ('from' in binding ? [binding.from] : []));
  return [...inputs, ...selectorsIn(step.config)];
}

function selectorsIn(value: Json, depth = 0): readonly Selector[] {
  if (depth > 12) return [];
  const own = parseSelector(value);
  if (own !== null) return [own];
  const inner: readonly Json[] = Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];
  return inner.flatMap((item) => selectorsIn(item, depth + 1));
}

/** What `knowledge` steps found in this run. */
export interface FoundKnowledge {
  /** The question that was looked up. */
  readonly question: string;
  /** Empty when the pages do not answer. */
  readonly ranked: readonly RankedPassage[];
}

/** What the steps of {@link knowledgeBehind} found; null when none of them ran, or none was asked anything. */
export function foundKnowledge(
  run: StepRun,
  behind: ReadonlyMap<string, Selector | null>,
): FoundKnowledge | null {
  let hasRun = false;
  let question = '';
  const ranked = new Map<string, RankedPassage>();
  for (const [id, query] of behind) {
    const passages = run.pool.get([id, 'passages']);
    if (!isRankedList(passages)) continue;
    hasRun = true;
    if (question === '' && query !== null) question = asText(run.pool.get(query));
    for (const one of passages) if (!ranked.has(one.passage.id)) ranked.set(one.passage.id, one);
  }
  if (!hasRun) return null;
  return { question: question === '' ? run.turn.text : question, ranked: [...ranked.values()] };
}
