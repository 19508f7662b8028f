import type { Clock } from '../contracts/clock.ts';
import type { JsonObject } from '../contracts/json.ts';
import { parsePlan } from '../contracts/parse-plan.ts';
import type { Selector } from '../contracts/plan-configs.ts';
import type { Plan, PlanEdge, StepKind } from '../contracts/plan.ts';
import type { ResponderOutcome, ResponderPart, RespondOptions } from '../contracts/responder.ts';
import type { TurnRequest } from '../contracts/turn.ts';
import { interpretPlan } from './interpret-plan.ts';
import { openPlan } from './open-plan.ts';
import type { PlanServices, StepDefinition, StepHandler, TraceEvent } from './step-handler.ts';

/*
 * Plans whose steps do what a test says: how the interpreter is tested without models, code and network.
 */

/** What differs from an empty step. `to` names the steps that follow by default. */
export interface ScriptedStep {
  readonly to?: readonly string[];
  readonly edges?: readonly PlanEdge[];
  readonly config?: JsonObject;
  readonly parent?: string;
  readonly onError?: JsonObject;
  readonly retry?: JsonObject;
  readonly title?: string;
}

/** Writes a step as it stands in a bundle. */
export function step(id: string, kind: StepKind, given: ScriptedStep = {}): JsonObject {
  const { to = [], edges = [], config = {}, parent = null, onError = null, retry = null, title = '' } = given;
  const ways = [
    ...to.map((target) => ({ when: 'default', to: target })),
    ...edges.map((edge) => ({ ...edge })),
  ];
  return {
    id,
    kind,
    site: 'edge',
    inputs: {},
    outputs: [],
    edges: ways,
    config,
    parent,
    onError,
    retry,
    title,
  };
}

/** Writes an answer; pieces that look like `{a.b}` are values. */
export function answer(id: string, text: string, given: ScriptedStep = {}): JsonObject {
  return step(id, 'answer', { ...given, config: { template: template(text) } });
}

/** Splits a text with `{a.b}` into a template. */
export function template(text: string): (string | { readonly from: string[] })[] {
  return text
    .split(/(\{[^}]+\})/)
    .filter((piece) => piece !== '')
    .map((piece) => (piece.startsWith('{') ? { from: piece.slice(1, -1).split('.') } : piece));
}

/** Makes a plan that begins with its first step. */
export function planOf(steps: readonly JsonObject[], given: JsonObject = {}): Plan {
  const format = { format: 'understudy/plan', version: 2, appId: 'test' };
  return parsePlan({ ...format, start: steps[0]?.['id'], steps, ...given });
}

/** What came of a scripted turn. */
export interface ScriptedRun {
  readonly text: string;
  readonly parts: readonly ResponderPart[];
  readonly trace: readonly TraceEvent[];
  /** The trace in few words: `started(a)`, `chunk(answer<a:text)`. */
  readonly told: readonly string[];
  readonly outcome: ResponderOutcome;
}

/** What a scripted turn is given. */
export interface ScriptedTurn {
  /** What steps do, by id; a step without a script gives nothing. */
  readonly script?: { readonly [stepId: string]: StepHandler };
  readonly services?: Partial<PlanServices>;
  readonly turn?: Partial<TurnRequest>;
  readonly options?: RespondOptions;
}

/** Kinds that do what the script says. */
const SCRIPTED: readonly StepKind[] = ['llm', 'branch', 'code', 'template', 'assign', 'knowledge', 'http'];

/** Runs one turn of a plan and collects everything. */
export async function runScripted(plan: Plan, given: ScriptedTurn = {}): Promise<ScriptedRun> {
  const parts: ResponderPart[] = [];
  const trace: TraceEvent[] = [];
  for await (const part of streamScripted(plan, given, trace)) parts.push(part);
  const last = parts.at(-1);
  if (last?.type !== 'end') throw new Error('The turn has no end.');
  const text = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
  return { text, parts, trace, told: trace.map(tell), outcome: last.outcome };
}

/** Streams one turn of a plan. */
export async function* streamScripted(
  plan: Plan,
  given: ScriptedTurn = {},
  trace: TraceEvent[] = [],
): AsyncGenerator<ResponderPart> {
  const { script = {}, services, turn, options } = given;
  const definitions: Record<string, StepDefinition> = {};
  for (const kind of SCRIPTED)
    definitions[kind] = { prepare: ({ id }) => script[id] ?? gives({}), isBranch: kind === 'branch' };
  const opened = await openPlan(plan, { definitions });
  const request = { id: 'turn-1', text: 'Hello?', language: 'en', pageUrl: null, inputs: {}, ...turn };
  const all: PlanServices = { ...SERVICES, trace: (event) => trace.push(event), ...services };
  yield* interpretPlan(opened, all, request, options);
}

/** A step that gives these outputs, and perhaps an outcome. */
export function gives(
  outputs: { readonly [name: string]: string | number | null },
  when = 'default',
): StepHandler {
  return function* () {
    return { when, outputs };
  };
}

/** A step that writes its `text` piece by piece, as a model does. */
export function writes(...pieces: readonly string[]): StepHandler {
  return async function* () {
    for (const text of pieces) {
      await Promise.resolve();
      yield { type: 'value-delta', name: 'text', text };
    }
    return { when: 'default', outputs: { text: pieces.join('') } };
  };
}

/** A step that throws. */
export function throws(error: Error): StepHandler {
  return function* () {
    throw error;
  };
}

/** A step that gives its outputs once `until` is. */
export function waitsFor(until: Promise<unknown>, handler: StepHandler): StepHandler {
  return async function* (run) {
    await until;
    return yield* handler(run);
  };
}

/** A step that copies a variable. */
export function copies(from: Selector): StepHandler {
  return function* ({ pool }) {
    return { when: 'default', outputs: { text: pool.get(from) ?? 'nothing' } };
  };
}

/** A promise that a test keeps. */
export function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

/** Stands still; sleeps until it is stopped. */
const STILL_CLOCK: Clock = { now: () => 0, monotonicMs: () => 0, sleep: () => new Promise(() => undefined) };

const SERVICES: PlanServices = {
  classifier: {
    classify: () => ({ id: 'none', confidence: 0, action: 'retrieve' }),
    definition: () => null,
  },
  retriever: {
    search: () => ({ ranked: [], confidence: 0, isAnswerable: false }),
    extract: () => [],
    passage: () => null,
  },
  grounding: { check: () => ({ isSupported: true, reasons: [] }) },
  engine: () => null,
  clock: STILL_CLOCK,
};

function tell(event: TraceEvent): string {
  switch (event.type) {
    case 'plan-started':
      return 'plan-started';
    case 'plan-finished':
      return `plan-finished(${event.status})`;
    case 'chunk':
      return `chunk(${event.step}<${event.from}:${event.text})`;
    case 'round-started':
      return `round(${event.step}:${String(event.round)})`;
    default:
      return `${event.type.replace('step-', '')}(${event.step})`;
  }
}
