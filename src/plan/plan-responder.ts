import type { Responder } from '../contracts/responder.ts';
import { interpretPlan } from './interpret-plan.ts';
import type { OpenedPlan } from './run/opened-plan.ts';
import type { PlanServices } from './step-handler.ts';

/** Makes the understudy: a responder that answers every turn through an opened plan, on this device. */
export function createPlanResponder(options: PlanServices & { readonly plan: OpenedPlan }): Responder {
  const { plan, ...services } = options;
  return {
    contract: 1,
    id: `plan:${plan.plan.appId}`,
    kind: 'understudy',
    respond: (turn, respondOptions) => interpretPlan(plan, services, turn, respondOptions),
  };
}
