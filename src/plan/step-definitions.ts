import type { StepKind } from '../contracts/plan.ts';
import { composeStep } from './compose-step.ts';
import { classifyStep, endStep, handoffStep, replyStep, retrieveStep } from './simple-steps.ts';
import type { StepDefinition, StepHandler } from './step-handler.ts';

/** Definitions of kinds of steps, by kind. */
export type StepDefinitions = { readonly [Kind in StepKind]?: StepDefinition };

/** These kinds read their few settings while they run. */
const plain = (handler: StepHandler, isBranch = true): StepDefinition => ({
  prepare: () => handler,
  isBranch,
});

/** The kinds of version 1, which every plan of help pages is made of. */
export const PAGE_STEP_DEFINITIONS: StepDefinitions = {
  classify: plain(classifyStep),
  reply: plain(replyStep),
  retrieve: plain(retrieveStep),
  compose: plain(composeStep),
  handoff: plain(handoffStep, false),
  end: plain(endStep, false),
};
