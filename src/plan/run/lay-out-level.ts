import { UnderstudyError } from '../../contracts/errors.ts';
import type { Plan, Step } from '../../contracts/plan.ts';
import type { StepDefinition } from '../step-handler.ts';
import type { LevelEdge, LevelStep, PlanLevel } from './plan-level.ts';
import { planResponse } from './response-plan.ts';

/** Deepest nesting of containers. */
const MAX_DEPTH = 5;

/** What a level needs to be laid out. */
export interface LevelSource {
  readonly plan: Plan;
  readonly definitionOf: (step: Step) => StepDefinition;
}

/**
 * Lays out the steps of a plan that lie in `parent`, and those in them.
 *
 * @throws UnderstudyError `plan/invalid`: settings of a step, a container without a start, or nested too deeply.
 */
export function layOutLevel(
  source: LevelSource,
  parent: string | null,
  startId: unknown,
  depth = 0,
): PlanLevel {
  if (depth > MAX_DEPTH) {
    throw new UnderstudyError(
      'plan/invalid',
      `Steps are nested more than ${String(MAX_DEPTH)} deep.`,
      parent === null ? {} : { facts: { step: parent } },
    );
  }
  const { plan, definitionOf } = source;
  const scopes = new Set<string>();
  const laid = plan.steps
    .filter((step) => step.parent === parent)
    .map((step, position) => {
      const definition = definitionOf(step);
      const holds = step.kind === 'iterate' || step.kind === 'loop';
      const inner = holds ? layOutLevel(source, step.id, step.config['start'], depth + 1) : null;
      scopes.add(step.id);
      for (const scope of inner?.scopes ?? []) scopes.add(scope);
      const out: LevelEdge[] = [];
      const into: LevelEdge[] = [];
      const node: LevelStep = {
        step,
        position,
        handler: definition.prepare(step, plan),
        isBranch: (definition.isBranch ?? false) || step.onError?.kind === 'branch',
        out,
        in: into,
        inner,
      };
      return { node, out, into };
    });
  const byId = new Map(laid.map((entry) => [entry.node.step.id, entry]));
  let edgeCount = 0;
  for (const { node, out } of laid) {
    for (const { when, to } of node.step.edges) {
      const target = byId.get(to);
      if (target === undefined) continue; // parsePlan has refused it
      const edge: LevelEdge = { index: edgeCount, when, from: node, to: target.node };
      edgeCount += 1;
      out.push(edge);
      target.into.push(edge);
    }
  }
  const start = typeof startId === 'string' ? byId.get(startId)?.node : undefined;
  if (start === undefined) {
    throw new UnderstudyError(
      'plan/invalid',
      parent === null ? 'The plan has no start.' : `Step "${parent}" does not say which step it begins with.`,
      { facts: { step: parent } },
    );
  }
  const steps = laid.map(({ node }) => node);
  return {
    steps,
    byId: new Map(steps.map((node) => [node.step.id, node])),
    edgeCount,
    start,
    isOrdered: isOrdered(steps),
    responses: steps.map((node) => planResponse(node, start)).filter((response) => response !== null),
    scopes,
  };
}

function isOrdered(steps: readonly LevelStep[]): boolean {
  const waiting = steps.map((node) => node.in.length);
  const ready = steps.filter((node) => node.in.length === 0);
  let ordered = 0;
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    ordered += 1;
    for (const { to } of node.out) {
      const left = (waiting[to.position] ?? 0) - 1;
      waiting[to.position] = left;
      if (left === 0) ready.push(to);
    }
  }
  return ordered === steps.length;
}
