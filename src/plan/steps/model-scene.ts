import type { Clock } from '../../contracts/clock.ts';
import type { Engine, EnginePart, GenerateRequest } from '../../contracts/engine.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { parsePlan } from '../../contracts/parse-plan.ts';
import type { Passage } from '../../contracts/passage.ts';
import type { Plan } from '../../contracts/plan.ts';
import type { Exchange } from '../../contracts/responder.ts';
import type { PlanValue } from '../plan-value.ts';
import type { PlanServices, StepDefinition, StepPart, StepResult, StepRun } from '../step-handler.ts';
import { readPath } from '../values/read-path.ts';

/** A scene for the tests of steps that run models: one step of a plan, with everything around it scripted. */
export interface ModelScene {
  readonly definition: StepDefinition;
  readonly kind: string;
  readonly config: JsonObject;
  /** Values by `scope.name`. */
  readonly values?: { readonly [key: string]: PlanValue };
  readonly inputs?: JsonObject;
  readonly edges?: Json;
  /** Further steps of the plan. */
  readonly others?: readonly JsonObject[];
  readonly services?: Partial<PlanServices>;
  readonly history?: readonly Exchange[];
  readonly text?: string;
  readonly language?: string;
  readonly showsCitations?: boolean;
  readonly signal?: AbortSignal;
}

/** What came of a scene. */
export interface PlayedScene {
  readonly parts: readonly StepPart[];
  readonly result: StepResult;
  /** All `value-delta` of `text`, joined. */
  readonly streamed: string;
}

/** Never fires: tests own the time. */
const stillClock: Clock = { now: () => 0, monotonicMs: () => 0, sleep: () => new Promise(() => undefined) };

/** A passage about returns, or what is changed of it. */
export function samplePassage(changes: Partial<Passage> = {}): Passage {
  return {
    id: 'returns#1',
    documentId: 'returns',
    title: 'Returns',
    headings: ['How long'],
    url: '/returns.html',
    language: 'en',
    text: 'You can return the jug within 30 days.',
    questions: [],
    tags: [],
    ...changes,
  };
}

/** A step of a plan in JSON, with what is not told left plain. */
export function stepOf(id: string, kind: string, config: JsonObject = {}, more: JsonObject = {}): JsonObject {
  return { id, kind, site: 'edge', inputs: {}, outputs: [], edges: [], config, ...more };
}

/** The plan of a scene, its step named `step`. */
export function planOf(scene: ModelScene): Plan {
  const { kind, config, inputs = {}, edges = [], others = [], showsCitations = true } = scene;
  return parsePlan({
    format: 'understudy/plan',
    version: 2,
    appId: 'test',
    start: 'step',
    steps: [stepOf('step', kind, config, { inputs, edges }), ...others],
    showsCitations,
  });
}

/** Services that find nothing and support everything that says nothing of 60 days. */
export function sceneServices(changes: Partial<PlanServices> = {}): PlanServices {
  return {
    classifier: {
      classify: () => ({ id: 'none', confidence: 1, action: 'retrieve' }),
      definition: () => null,
    },
    retriever: {
      search: () => ({ ranked: [], confidence: 0, isAnswerable: false }),
      extract: (_question, ranked) =>
        ranked.map(({ passage }) => ({ passage, markdown: passage.text, text: passage.text })),
      passage: () => null,
    },
    grounding: { check: (statement) => ({ isSupported: !statement.includes('60'), reasons: [] }) },
    engine: () => null,
    clock: stillClock,
    ...changes,
  };
}

/** Prepares the step of a scene and runs it. */
export async function play(scene: ModelScene): Promise<PlayedScene> {
  const plan = planOf(scene);
  const [step] = plan.steps;
  if (step === undefined) throw new Error('The scene has no step.');
  const handler = scene.definition.prepare(step, plan);
  const running = handler(runOf(scene, plan));
  const parts: StepPart[] = [];
  for (;;) {
    const next = await running.next();
    if (next.done === true) {
      const streamed = parts.map((part) => (part.type === 'value-delta' ? part.text : '')).join('');
      return { parts, result: next.value, streamed };
    }
    parts.push(next.value);
  }
}

function runOf(scene: ModelScene, plan: Plan): StepRun {
  const { values = {}, text = 'How long can I return it?', language = 'en', history = [] } = scene;
  const [step] = plan.steps;
  if (step === undefined) throw new Error('The scene has no step.');
  const get: StepRun['pool']['get'] = ([scope, name, ...path]) => readPath(values[`${scope}.${name}`], path);
  return {
    step,
    plan,
    input: (name) => {
      const binding = step.inputs[name];
      if (binding === undefined) return undefined;
      return 'value' in binding ? binding.value : get(binding.from);
    },
    pool: { get, set: () => undefined },
    turn: { id: 'turn', text, language, pageUrl: null, inputs: {} },
    language,
    history,
    services: sceneServices(scene.services),
    signal: scene.signal ?? new AbortController().signal,
    runRound: () => {
      throw new Error('No rounds here.');
    },
  };
}

/** What a scripted engine was asked, and what it is like. */
export interface EngineScript {
  readonly ability?: 'quotes' | 'general';
  readonly contextTokens?: number;
  /** How the output ends. Default `stop`. */
  readonly reason?: 'stop' | 'length';
  /** Thrown in place of an output, or after it when `isLate`. */
  readonly error?: Error;
  readonly isLate?: boolean;
  /** Whether it refuses schemas, as engines without grammars do. */
  readonly refusesSchema?: boolean;
}

/** An engine that writes given pieces and keeps what it was asked. */
export function scriptedEngine(
  pieces: readonly string[] | ((request: GenerateRequest) => readonly string[]),
  script: EngineScript = {},
): { readonly engine: () => Engine; readonly asked: GenerateRequest[] } {
  const asked: GenerateRequest[] = [];
  const { ability = 'general', contextTokens = 2048, reason = 'stop', isLate = false } = script;
  const metrics = { promptTokens: 7, outputTokens: 3, firstTokenMs: 5, tokensPerSecond: 9, memoryBytes: 1 };
  const engine: Engine = {
    contract: 1,
    id: 'scripted',
    modelId: 'scripted',
    ability,
    contextTokens,
    load: () => Promise.resolve(),
    dispose: () => Promise.resolve(),
    async *generate(request): AsyncGenerator<EnginePart> {
      asked.push(request);
      await Promise.resolve();
      const isRefused = script.refusesSchema !== true || request.schema !== undefined;
      if (script.error !== undefined && isRefused && !isLate) throw script.error;
      for (const text of typeof pieces === 'function' ? pieces(request) : pieces)
        yield { type: 'text-delta', text };
      if (script.error !== undefined && isLate) throw script.error;
      yield { type: 'end', reason, metrics };
    },
  };
  return { engine: () => engine, asked };
}

/** The code of what an action throws, with the reason in its facts. */
export async function failureOf(
  action: () => Promise<unknown>,
): Promise<{ readonly code: unknown; readonly reason: unknown }> {
  try {
    await action();
  } catch (error) {
    if (typeof error !== 'object' || error === null || !('code' in error) || !('facts' in error)) throw error;
    const { facts } = error;
    const reason = typeof facts === 'object' && facts !== null && 'reason' in facts ? facts.reason : null;
    return { code: error.code, reason };
  }
  throw new Error('It was expected to throw.');
}
