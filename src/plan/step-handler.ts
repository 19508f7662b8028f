import type { Clock } from '../contracts/clock.ts';
import type { Engine } from '../contracts/engine.ts';
import type { IntentClassifier } from '../contracts/intent.ts';
import type { Step } from '../contracts/plan.ts';
import type { Exchange, ResponderOutcome, ResponderPart } from '../contracts/responder.ts';
import type { GroundingCheck, Retriever } from '../contracts/retrieval.ts';
import type { TurnRequest } from '../contracts/turn.ts';
import type { PlanValue } from './plan-value.ts';

/** What the interpreter is given besides the plan; everything that does work is injected. */
export interface PlanServices {
  readonly classifier: IntentClassifier;
  readonly retriever: Retriever;
  readonly grounding: GroundingCheck;
  /** The generator if one is ready now, else null: extracts are shown. */
  readonly engine: () => Engine | null;
  readonly clock: Clock;
}

/** One run of one step. */
export interface StepRun {
  readonly step: Step;
  /** Values of the step's inputs by name; missing ones are undefined. */
  readonly input: (name: string) => PlanValue | undefined;
  readonly turn: TurnRequest;
  /** Language of the question, guessed from its text. */
  readonly language: string;
  readonly history: readonly Exchange[];
  readonly services: PlanServices;
  readonly signal: AbortSignal;
}

/** What a step leaves behind. */
export interface StepResult {
  /** Name of the outcome; chooses the edge. */
  readonly when: string;
  readonly outputs: { readonly [name: string]: PlanValue };
  /** What this step says of the answer as a whole; later steps win. */
  readonly outcome?: Partial<ResponderOutcome>;
}

/** A part a step may stream; `end` belongs to the interpreter. */
export type StepPart = Exclude<ResponderPart, { type: 'end' } | { type: 'text-replace' }>;

/** Runs one kind of step; asynchronous only where it waits. */
export type StepHandler = (
  run: StepRun,
) => AsyncGenerator<StepPart, StepResult> | Generator<StepPart, StepResult>;
