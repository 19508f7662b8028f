import { UnderstudyError } from './errors.ts';
import type { JsonObject } from './json.ts';
import { isInteger, isJson, isRecord, isStringArray } from './json.ts';
import type { Selector } from './plan-configs.ts';
import { VALUE_TYPES } from './plan-configs.ts';
import type {
  Binding,
  Moderation,
  OnError,
  Plan,
  PlanEdge,
  PlanVariable,
  Retry,
  Step,
  StepKind,
} from './plan.ts';
import { MAX_PLAN_STEPS, PLAN_VERSION, RESERVED_SCOPES, STEP_KINDS, STEP_KINDS_1 } from './plan.ts';

function invalid(what: string, facts: JsonObject = {}): UnderstudyError {
  return new UnderstudyError('plan/invalid', `The plan is not valid: ${what}.`, { facts });
}

function isKind(value: unknown, kinds: readonly string[]): value is StepKind {
  return kinds.some((kind) => kind === value);
}

/** Accepts a {@link Selector}; null when it is none. */
export function parseSelector(value: unknown): Selector | null {
  if (!isStringArray(value)) return null;
  const [scope, name, ...path] = value;
  return scope === undefined || name === undefined ? null : [scope, name, ...path];
}

function parseBinding(value: unknown, stepId: string, name: string): Binding {
  if (isRecord(value) && 'value' in value && isJson(value['value'])) return { value: value['value'] };
  const from = isRecord(value) ? parseSelector(value['from']) : null;
  if (from !== null) return { from };
  throw invalid(`input "${name}" of step "${stepId}" has no source`, { step: stepId, input: name });
}

function parseEdge(edge: unknown, id: string): PlanEdge {
  if (!isRecord(edge) || typeof edge['when'] !== 'string' || typeof edge['to'] !== 'string') {
    throw invalid(`an edge of step "${id}" is incomplete`, { step: id });
  }
  return { when: edge['when'], to: edge['to'] };
}

function parseOnError(value: unknown, id: string): OnError | null {
  if (value === null || value === undefined) return null;
  if (isRecord(value) && value['kind'] === 'branch') return { kind: 'branch' };
  const values = isRecord(value) && value['kind'] === 'defaults' ? value['values'] : null;
  if (isRecord(values) && isJson(values)) return { kind: 'defaults', values };
  throw invalid(`step "${id}" does not say what happens when it fails`, { step: id });
}

function parseRetry(value: unknown, id: string): Retry | null {
  if (value === null || value === undefined) return null;
  if (isRecord(value) && isInteger(value['times'], 1) && isInteger(value['intervalMs'])) {
    const { times, intervalMs } = value;
    if (times <= 10 && intervalMs <= 10_000) return { times, intervalMs };
  }
  throw invalid(`step "${id}" is tried again without measure`, { step: id });
}

function parseStep(value: unknown, kinds: readonly string[]): Step {
  if (!isRecord(value) || typeof value['id'] !== 'string' || value['id'] === '')
    throw invalid('a step has no id');
  const { id, kind, site, inputs, outputs, edges, config, title = '', parent = null } = value;
  if (RESERVED_SCOPES.has(id)) throw invalid(`"${id}" is a reserved name`, { step: id });
  if (!isKind(kind, kinds)) throw invalid(`step "${id}" is of unknown kind "${String(kind)}"`, { step: id });
  if (site !== 'edge' && site !== 'lead')
    throw invalid(`step "${id}" does not say where it runs`, { step: id });
  if (!isRecord(inputs) || !isStringArray(outputs) || !Array.isArray(edges)) {
    throw invalid(`step "${id}" lacks inputs, outputs or edges`, { step: id });
  }
  const bindings: Record<string, Binding> = {};
  for (const [name, binding] of Object.entries(inputs)) bindings[name] = parseBinding(binding, id, name);
  const ways = edges.map((edge: unknown) => parseEdge(edge, id));
  if (!isRecord(config) || !isJson(config)) throw invalid(`step "${id}" has no config`, { step: id });
  if (typeof title !== 'string' || !(parent === null || typeof parent === 'string'))
    throw invalid(`step "${id}" has no title or parent`, { step: id });
  return {
    id,
    kind,
    site,
    inputs: bindings,
    outputs,
    edges: ways,
    config,
    title,
    parent,
    onError: parseOnError(value['onError'], id),
    retry: parseRetry(value['retry'], id),
  };
}

function parseVariables(value: unknown, what: string): readonly PlanVariable[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalid(`${what} is no list`);
  return value.map((entry: unknown): PlanVariable => {
    const type = isRecord(entry) ? VALUE_TYPES.find((known) => known === entry['type']) : undefined;
    if (
      !isRecord(entry) ||
      typeof entry['name'] !== 'string' ||
      type === undefined ||
      !isJson(entry['value'])
    )
      throw invalid(`a variable in ${what} is incomplete`);
    return { name: entry['name'], type, value: entry['value'] };
  });
}

function parseModeration(value: unknown): Moderation | null {
  if (value === null || value === undefined) return null;
  const isText = (text: unknown): text is string | null => text === null || typeof text === 'string';
  if (!isRecord(value) || !isStringArray(value['keywords'])) throw invalid('its moderation is incomplete');
  const { keywords, onInput, onOutput } = value;
  if (!isText(onInput) || !isText(onOutput)) throw invalid('its moderation is incomplete');
  return { keywords, onInput, onOutput };
}

function parseAnnotations(value: unknown): Plan['annotations'] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalid('its annotations are no list');
  return value.map((entry: unknown) => {
    if (!isRecord(entry) || typeof entry['question'] !== 'string' || typeof entry['answer'] !== 'string')
      throw invalid('an annotation is incomplete');
    return { question: entry['question'], answer: entry['answer'] };
  });
}

const CONTAINERS: ReadonlySet<StepKind> = new Set<StepKind>(['iterate', 'loop']);

/** Checks what joins steps: ids, edges within one parent, sources of inputs, and that no way leads back. */
function checkSteps(steps: readonly Step[], start: string, version: number): void {
  const byId = new Map(steps.map((step) => [step.id, step]));
  if (byId.size !== steps.length) throw invalid('two steps have the same id');
  if (byId.get(start)?.parent !== null) throw invalid(`its start "${start}" is no step`, { start });
  for (const step of steps) {
    if (step.parent !== null) {
      const parent = byId.get(step.parent);
      if (parent === undefined || !CONTAINERS.has(parent.kind))
        throw invalid(`step "${step.id}" lies in "${step.parent}", which holds no steps`, { step: step.id });
    }
    for (const edge of step.edges) {
      const to = byId.get(edge.to);
      if (to === undefined)
        throw invalid(`step "${step.id}" leads to "${edge.to}", which is no step`, { step: step.id });
      if (to.parent !== step.parent)
        throw invalid(`step "${step.id}" leads out of the steps it lies in`, { step: step.id });
    }
    for (const [name, binding] of Object.entries(step.inputs)) {
      if ('from' in binding && !byId.has(binding.from[0]) && !RESERVED_SCOPES.has(binding.from[0])) {
        const facts = { step: step.id, input: name };
        throw invalid(`input "${name}" of step "${step.id}" comes from no step`, facts);
      }
    }
  }
  if (version > 1) checkOrder(byId);
}

/** Refuses ways that lead back, and steps that lie in themselves. */
function checkOrder(byId: ReadonlyMap<string, Step>): void {
  const waiting = new Map<string, number>();
  for (const step of byId.values())
    for (const to of new Set(nextOf(step))) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const ready = [...byId.keys()].filter((id) => !waiting.has(id));
  let ordered = 0;
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    ordered += 1;
    const step = byId.get(id);
    if (step === undefined) continue;
    for (const to of new Set(nextOf(step))) {
      const left = (waiting.get(to) ?? 0) - 1;
      waiting.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  if (ordered < byId.size) throw invalid('its steps lead in a circle');
}

/** What comes after a step: where its edges lead, and the step it lies in. */
function nextOf(step: Step): readonly string[] {
  const to = step.edges.map((edge) => edge.to);
  return step.parent === null ? to : [...to, step.parent];
}

/**
 * Accepts a plan from a bundle, of this version or of version 1, whose missing fields get their defaults.
 *
 * Checks form, unique ids, that every edge leads to a step and that every binding names a step or a reserved scope. Settings of the
 * kinds are checked when the plan is opened (`src/plan/open-plan.ts`).
 * @throws UnderstudyError `plan/version-unsupported`, `plan/invalid`.
 */
export function parsePlan(value: unknown): Plan {
  if (!isRecord(value) || value['format'] !== 'understudy/plan') throw invalid('it is not of this format');
  const { version, appId, start, steps, mode = 'chat', needsLeadText = null } = value;
  if (!isInteger(version, 1)) throw invalid('it has no version');
  if (version > PLAN_VERSION) {
    throw new UnderstudyError('plan/version-unsupported', `The plan has version ${String(version)}.`, {
      facts: { found: version, supported: PLAN_VERSION },
    });
  }
  if (typeof appId !== 'string' || typeof start !== 'string' || !Array.isArray(steps))
    throw invalid('fields are missing');
  if (steps.length > MAX_PLAN_STEPS) throw invalid(`it has more than ${String(MAX_PLAN_STEPS)} steps`);
  if (mode !== 'chat' && mode !== 'workflow') throw invalid('it does not say what it answers with');
  if (!(needsLeadText === null || typeof needsLeadText === 'string'))
    throw invalid('its words for a missing connection are no text');
  const { allowedHosts = [] } = value;
  if (!isStringArray(allowedHosts)) throw invalid('its allowed hosts are no list of names');
  const kinds = version === 1 ? STEP_KINDS_1 : STEP_KINDS;
  const parsed = steps.map((step: unknown) => parseStep(step, kinds));
  checkSteps(parsed, start, version);
  return {
    format: 'understudy/plan',
    version: PLAN_VERSION,
    appId,
    mode,
    start,
    steps: parsed,
    conversation: parseVariables(value['conversation'], 'its conversation'),
    environment: parseVariables(value['environment'], 'its environment'),
    moderation: parseModeration(value['moderation']),
    annotations: parseAnnotations(value['annotations']),
    showsCitations: value['showsCitations'] !== false,
    needsLeadText,
    allowedHosts: allowedHosts.map((host) => host.toLowerCase()),
  };
}
