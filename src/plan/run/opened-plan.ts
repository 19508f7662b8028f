import type { Plan } from '../../contracts/plan.ts';
import type { HeardMessage } from '../concern/concern.ts';
import type { PlanLevel } from './plan-level.ts';

/** A plan whose settings have been read: what `interpretPlan` runs. */
export interface OpenedPlan {
  readonly plan: Plan;
  readonly top: PlanLevel;
  /** Most runs of steps in one turn. */
  readonly stepLimit: number;
  /** False for plans that know only the kinds of version 1. */
  readonly isApp: boolean;
  /** Hears what no page answers; null for apps, which have flows of their own for that. */
  readonly hearMessage: ((text: string) => HeardMessage) | null;
  /** Answers of the annotations by their question, normalized. */
  readonly annotations: ReadonlyMap<string, string>;
}
