import { UnderstudyError } from '../../contracts/errors.ts';
import { NONE_INTENT } from '../../contracts/intent.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { isJson } from '../../contracts/json.ts';
import type { Exchange, ResponderOutcome } from '../../contracts/responder.ts';
import type { TurnRequest } from '../../contracts/turn.ts';
import type { PlanValue } from '../plan-value.ts';
import type { PlanServices, StepResult, TraceEvent } from '../step-handler.ts';
import type { OpenedPlan } from './opened-plan.ts';
import { TimeLimit } from './time-limit.ts';

/** What the levels of one turn share: limits, trace, and what became of the steps. */
export class TurnRun {
  readonly opened: OpenedPlan;
  readonly services: PlanServices;
  readonly turn: TurnRequest;
  readonly language: string;
  readonly history: readonly Exchange[];
  readonly time: TimeLimit;
  /** Results of `output` steps by name. */
  readonly results: Map<string, PlanValue> = new Map<string, PlanValue>();
  /** How many steps failed and were made up for. */
  exceptions = 0;
  /** Whether an `answer` or `output` step was reached. */
  hasResponded = false;
  #outcome: Partial<ResponderOutcome> = {};
  #stepRuns = 0;

  constructor(given: {
    readonly opened: OpenedPlan;
    readonly services: PlanServices;
    readonly turn: TurnRequest;
    readonly language: string;
    readonly history: readonly Exchange[];
  }) {
    const { services } = given;
    this.opened = given.opened;
    this.turn = given.turn;
    this.language = given.language;
    this.history = given.history;
    this.time = new TimeLimit(services.clock);
    const { awaitForm } = services;
    this.services =
      awaitForm == null
        ? services
        : { ...services, awaitForm: (form, signal) => this.time.pauseWhile(() => awaitForm(form, signal)) };
  }

  /** Counts a run of a step. @throws UnderstudyError `plan/too-many-steps`, `plan/too-slow`. */
  countStep(): void {
    const { stepLimit } = this.opened;
    if (this.#stepRuns >= stepLimit) {
      throw new UnderstudyError('plan/too-many-steps', `The plan ran ${String(stepLimit)} steps.`, {
        facts: { steps: stepLimit },
      });
    }
    this.#stepRuns += 1;
    this.time.check();
  }

  trace(event: TraceEvent): void {
    this.services.trace?.(event);
  }

  /** Notes what a step says of the answer as a whole; later steps win. */
  note(result: StepResult): void {
    if (result.outcome !== undefined) this.#outcome = { ...this.#outcome, ...result.outcome };
  }

  /** What the steps said of the answer; an app's answer that none spoke of is as sure as the app. */
  get outcome(): ResponderOutcome {
    return {
      isWorded: false,
      isRefusal: false,
      intent: NONE_INTENT,
      confidence: this.hasResponded ? 1 : 0,
      tokensPerSecond: 0,
      memoryBytes: 0,
      ...this.#outcome,
    };
  }
}

/** Values as a trace tells them: what is no JSON is left out. */
export function toTraced(values: { readonly [name: string]: PlanValue }): JsonObject {
  const told: Record<string, Json> = {};
  for (const [name, value] of Object.entries(values)) if (isJson(value)) told[name] = value;
  return told;
}
