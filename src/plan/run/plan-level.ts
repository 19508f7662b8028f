import type { Selector } from '../../contracts/plan-configs.ts';
import type { Step } from '../../contracts/plan.ts';
import type { StepHandler } from '../step-handler.ts';

/** An edge between two steps of one level. */
export interface LevelEdge {
  /** Its place among the edges of its level, from 0. */
  readonly index: number;
  readonly when: string;
  readonly from: LevelStep;
  readonly to: LevelStep;
}

/** A step, ready to run, with its edges in both directions. */
export interface LevelStep {
  readonly step: Step;
  /** Its place among the steps of its level, from 0. */
  readonly position: number;
  readonly handler: StepHandler;
  readonly isBranch: boolean;
  readonly out: readonly LevelEdge[];
  readonly in: readonly LevelEdge[];
  /** The steps that lie in it, null where it holds none. */
  readonly inner: PlanLevel | null;
}

/** The steps that lie in one container, or at the top of a plan: they are scheduled together. */
export interface PlanLevel {
  readonly steps: readonly LevelStep[];
  readonly byId: ReadonlyMap<string, LevelStep>;
  readonly edgeCount: number;
  readonly start: LevelStep;
  /** False where a way leads back (plans of version 1 may): then one step runs after the other. */
  readonly isOrdered: boolean;
  /** Its answers and outputs, in the order of the plan. */
  readonly responses: readonly ResponsePlan[];
  /** Ids of its steps and of those that lie in them. */
  readonly scopes: ReadonlySet<string>;
}

/** A piece of an answer: words, or the place of a value. */
export type Segment = string | Selector;

/** What is known of an answer before anything has run. */
export interface ResponsePlan {
  readonly node: LevelStep;
  readonly segments: readonly Segment[];
  /**
   * Indexes of the edges that must have been taken before the answer may begin: they leave a branch, a container, another answer,
   * a step that only the cloud runs, or a step that writes a variable the answer shows.
   */
  readonly blocking: ReadonlySet<number>;
  /** Steps that can be reached from the start without a blocking edge. */
  readonly reached: ReadonlySet<LevelStep>;
}
