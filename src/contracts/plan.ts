import { UnderstudyError } from './errors.ts';
import type { Json, JsonObject } from './json.ts';
import { isInteger, isJson, isRecord, isStringArray } from './json.ts';

/** Version of the plan format this release reads and writes; see docs/formats/plan.md. */
export const PLAN_VERSION = 1;

/** Most steps a plan may hold, and most step runs of one turn. */
export const MAX_PLAN_STEPS = 2000;

/** Where a step runs: on the device, or only with the cloud agent. */
export type StepSite = 'edge' | 'lead';

/** Where an input of a step comes from: a variable of an earlier step (or of the turn), or a constant. */
export type Binding = { readonly from: readonly [scope: string, name: string] } | { readonly value: Json };

/** The way from a step to the next: taken when the step's outcome is `when`; `default` is taken when nothing else fits. */
export interface PlanEdge {
  readonly when: string;
  readonly to: string;
}

/** Kinds of steps that plan v1 knows. Later versions add kinds; a reader refuses kinds it does not know. */
export const STEP_KINDS = ['classify', 'reply', 'retrieve', 'compose', 'handoff', 'end'] as const;

/** A kind of step. */
export type StepKind = (typeof STEP_KINDS)[number];

/** One node of a plan. */
export interface Step {
  /** Unique in the plan; `turn` and `session` are reserved scopes. */
  readonly id: string;
  readonly kind: StepKind;
  readonly site: StepSite;
  readonly inputs: { readonly [name: string]: Binding };
  /** Names of the variables the step sets, in its own scope. */
  readonly outputs: readonly string[];
  readonly edges: readonly PlanEdge[];
  /** Settings of the kind; see docs/formats/plan.md. */
  readonly config: JsonObject;
}

/** A compiled agent in closed form. */
export interface Plan {
  readonly format: 'understudy/plan';
  readonly version: 1;
  /** Id of the app it was compiled from. */
  readonly appId: string;
  readonly start: string;
  readonly steps: readonly Step[];
}

function invalid(what: string, facts: JsonObject = {}): UnderstudyError {
  return new UnderstudyError('plan/invalid', `The plan is not valid: ${what}.`, { facts });
}

function isKind(value: unknown): value is StepKind {
  return STEP_KINDS.some((kind) => kind === value);
}

function parseBinding(value: unknown, stepId: string, name: string): Binding {
  if (isRecord(value) && 'value' in value && isJson(value['value'])) return { value: value['value'] };
  if (isRecord(value) && isStringArray(value['from'])) {
    const [scope, variable] = value['from'];
    if (scope !== undefined && variable !== undefined) return { from: [scope, variable] };
  }
  throw invalid(`input "${name}" of step "${stepId}" has no source`, { step: stepId, input: name });
}

function parseStep(value: unknown): Step {
  if (!isRecord(value) || typeof value['id'] !== 'string' || value['id'] === '')
    throw invalid('a step has no id');
  const { id, kind, site, inputs, outputs, edges, config } = value;
  if (id === 'turn' || id === 'session') throw invalid(`"${id}" is a reserved name`, { step: id });
  if (!isKind(kind)) throw invalid(`step "${id}" is of unknown kind "${String(kind)}"`, { step: id });
  if (site !== 'edge' && site !== 'lead')
    throw invalid(`step "${id}" does not say where it runs`, { step: id });
  if (!isRecord(inputs) || !Array.isArray(outputs) || !Array.isArray(edges)) {
    throw invalid(`step "${id}" lacks inputs, outputs or edges`, { step: id });
  }
  const bindings: Record<string, Binding> = {};
  for (const [name, binding] of Object.entries(inputs)) bindings[name] = parseBinding(binding, id, name);
  const names = outputs.map((name: unknown) => {
    if (typeof name !== 'string') throw invalid(`an output of step "${id}" has no name`, { step: id });
    return name;
  });
  const ways = edges.map((edge: unknown): PlanEdge => {
    if (!isRecord(edge) || typeof edge['when'] !== 'string' || typeof edge['to'] !== 'string') {
      throw invalid(`an edge of step "${id}" is incomplete`, { step: id });
    }
    return { when: edge['when'], to: edge['to'] };
  });
  if (!isRecord(config) || !isJson(config)) throw invalid(`step "${id}" has no config`, { step: id });
  return { id, kind, site, inputs: bindings, outputs: names, edges: ways, config };
}

/**
 * Accepts a plan from a bundle.
 *
 * Checks form, unique ids, that every edge leads to a step and that every binding names a step or a reserved scope.
 * @throws UnderstudyError `plan/version-unsupported`, `plan/invalid`.
 */
export function parsePlan(value: unknown): Plan {
  if (!isRecord(value) || value['format'] !== 'understudy/plan') throw invalid('it is not of this format');
  if (!isInteger(value['version'], 1)) throw invalid('it has no version');
  if (value['version'] !== PLAN_VERSION) {
    const found = value['version'];
    throw new UnderstudyError('plan/version-unsupported', `The plan has version ${String(found)}.`, {
      facts: { found, supported: PLAN_VERSION },
    });
  }
  const { appId, start, steps } = value;
  if (typeof appId !== 'string' || typeof start !== 'string' || !Array.isArray(steps))
    throw invalid('fields are missing');
  if (steps.length > MAX_PLAN_STEPS) throw invalid(`it has more than ${String(MAX_PLAN_STEPS)} steps`);
  const parsed = steps.map(parseStep);
  const ids = new Set(parsed.map((step) => step.id));
  if (ids.size !== parsed.length) throw invalid('two steps have the same id');
  if (!ids.has(start)) throw invalid(`its start "${start}" is no step`, { start });
  for (const step of parsed) {
    for (const edge of step.edges) {
      if (!ids.has(edge.to))
        throw invalid(`step "${step.id}" leads to "${edge.to}", which is no step`, { step: step.id });
    }
    for (const [name, binding] of Object.entries(step.inputs)) {
      if (
        'from' in binding &&
        !ids.has(binding.from[0]) &&
        binding.from[0] !== 'turn' &&
        binding.from[0] !== 'session'
      ) {
        throw invalid(`input "${name}" of step "${step.id}" comes from no step`, {
          step: step.id,
          input: name,
        });
      }
    }
  }
  return { format: 'understudy/plan', version: PLAN_VERSION, appId, start, steps: parsed };
}
