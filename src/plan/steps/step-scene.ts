import type { Json, JsonObject } from '../../contracts/json.ts';
import type { PlanFile, Selector } from '../../contracts/plan-configs.ts';
import type { Plan, PlanVariable, Step, StepKind } from '../../contracts/plan.ts';
import { isUnderstudyError } from '../../contracts/errors.ts';
import type { PlanValue } from '../plan-value.ts';
import type {
  PlanServices,
  StepDefinition,
  StepHandler,
  StepPart,
  StepResult,
  StepRun,
  VariablePool,
} from '../step-handler.ts';
import { readPath } from '../values/read-path.ts';

/** What a scene is set with; every field is optional. */
export interface SceneOptions {
  readonly config?: JsonObject;
  /** Inputs of the step by name. */
  readonly inputs?: { readonly [name: string]: PlanValue };
  /** Values of the pool by `scope.name`. */
  readonly values?: { readonly [selector: string]: PlanValue };
  readonly services?: Partial<PlanServices>;
  readonly step?: Partial<Step>;
  readonly conversation?: readonly PlanVariable[];
  readonly steps?: readonly Step[];
}

/** One step, run alone over a pool that a test fills. */
export class StepScene {
  readonly parts: StepPart[] = [];
  readonly abort: AbortController = new AbortController();
  readonly #definition: StepDefinition;
  readonly #values = new Map<string, PlanValue>();
  readonly #step: Step;
  readonly #plan: Plan;
  readonly #options: SceneOptions;

  constructor(kind: StepKind, definition: StepDefinition, options: SceneOptions = {}) {
    this.#definition = definition;
    this.#options = options;
    this.#step = sceneStep(kind, options);
    for (const [selector, value] of Object.entries(options.values ?? {})) this.#values.set(selector, value);
    this.#plan = {
      format: 'understudy/plan',
      version: 2,
      appId: 'app',
      mode: 'chat',
      start: 'step',
      steps: [this.#step, ...(options.steps ?? [])],
      conversation: options.conversation ?? [],
      environment: [],
      moderation: null,
      annotations: [],
      showsCitations: true,
      needsLeadText: null,
    };
  }

  /** Values as they are now. */
  get pool(): VariablePool {
    return {
      get: ([scope, name, ...path]: Selector) => readPath(this.#values.get(`${scope}.${name}`), path),
      set: (scope, name, value) => this.#values.set(`${scope}.${name}`, value),
    };
  }

  /** Checks the settings of the step. */
  prepare(): StepHandler {
    return this.#definition.prepare(this.#step, this.#plan);
  }

  /** Runs the step to its end; with a handler that was prepared before, as a loop does. */
  async run(handler: StepHandler = this.prepare()): Promise<StepResult> {
    const work = handler(this.#run());
    for (;;) {
      const next = await work.next();
      if (next.done === true) return next.value;
      this.parts.push(next.value);
    }
  }

  /** The code of the error that the step ends with; 'none' when it ends well. */
  async failure(): Promise<string> {
    try {
      await this.run();
      return 'none';
    } catch (error) {
      return isUnderstudyError(error) ? error.code : String(error);
    }
  }

  /** An output after a run, `null` when it was not given. */
  async output(name: string): Promise<PlanValue> {
    return (await this.run()).outputs[name] ?? null;
  }

  #run(): StepRun {
    const { inputs = {}, services = {} } = this.#options;
    return {
      step: this.#step,
      plan: this.#plan,
      input: (name) => inputs[name],
      pool: this.pool,
      turn: { id: 'turn-1', text: 'Hello', language: 'en', pageUrl: null, inputs: {} },
      language: 'en',
      history: [],
      services: { ...SILENT, ...services },
      signal: this.abort.signal,
      runRound: unused,
    };
  }
}

/** A step of a kind; `inputs` are bound to nothing in particular, the scene gives their values. */
export function sceneStep(kind: StepKind, options: SceneOptions = {}): Step {
  const names = Object.keys(options.inputs ?? {});
  return {
    id: 'step',
    kind,
    site: 'edge',
    inputs: Object.fromEntries(names.map((name) => [name, { value: null }])),
    outputs: [],
    edges: [],
    config: options.config ?? {},
    title: 'A step',
    parent: null,
    onError: null,
    retry: null,
    ...options.step,
  };
}

/** A visitor's file. */
export function sceneFile(
  name: string,
  changes: Partial<PlanFile> = {},
): PlanFile & { readonly [key: string]: Json } {
  return {
    kind: 'file',
    id: `id-${name}`,
    name,
    type: 'document',
    sizeBytes: 100,
    extension: name.slice(name.lastIndexOf('.')),
    mimeType: 'text/plain',
    url: '',
    ...changes,
  };
}

function unused(): never {
  throw new Error('the scene does not have this service');
}

const SILENT: PlanServices = {
  classifier: { classify: unused, definition: unused },
  retriever: { search: unused, extract: unused, passage: unused },
  grounding: { check: unused },
  engine: () => null,
  clock: {
    now: () => 1_780_000_000_000,
    monotonicMs: () => 0,
    sleep: () => new Promise(() => undefined),
  },
};
