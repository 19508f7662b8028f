import { UnderstudyError } from '../contracts/errors.ts';
import type { Plan, Step } from '../contracts/plan.ts';
import { MAX_PLAN_STEPS } from '../contracts/plan.ts';
import type { OpenedPlan } from './run/opened-plan.ts';
import { layOutLevel } from './run/lay-out-level.ts';
import { normalizeQuestion } from './run/screen-turn.ts';
import { PAGE_STEP_DEFINITIONS } from './step-definitions.ts';
import type { StepDefinitions } from './step-definitions.ts';
import type { StepDefinition } from './step-handler.ts';

/** Most runs of steps in one turn of an app, as of Dify. */
const APP_STEP_LIMIT = 500;

/** Options of {@link openPlan}. */
export interface OpenPlanOptions {
  /** Kinds of steps that take the place of the product's own, for tests and dry runs. Default none. */
  readonly definitions?: StepDefinitions;
}

/** Reports whether a plan has steps that only apps have: their flows decide what help pages have rules for. */
export function isAppPlan(plan: Plan): boolean {
  return plan.steps.some(({ kind }) => PAGE_STEP_DEFINITIONS[kind] === undefined);
}

/**
 * Makes a plan ready to run: loads the kinds of steps it has and reads the settings of every step, once.
 *
 * @throws UnderstudyError `plan/invalid` when settings cannot be read.
 */
export async function openPlan(plan: Plan, options: OpenPlanOptions = {}): Promise<OpenedPlan> {
  const isApp = isAppPlan(plan);
  // Bundles of help pages do not pay for what only apps need.
  const more: StepDefinitions = isApp ? (await import('./app-step-definitions.ts')).APP_STEP_DEFINITIONS : {};
  // And apps, which have flows of their own for what visitors say, do not pay for this.
  const hearMessage = isApp ? null : (await import('./concern/hear-message.ts')).hearMessage;
  const definitionOf = (step: Step): StepDefinition => {
    const definition =
      options.definitions?.[step.kind] ?? PAGE_STEP_DEFINITIONS[step.kind] ?? more[step.kind];
    if (definition !== undefined) return definition;
    throw new UnderstudyError(
      'plan/invalid',
      `Step "${step.id}" is of kind "${step.kind}", which is not run.`,
      {
        facts: { step: step.id, kind: step.kind },
      },
    );
  };
  const annotations = plan.annotations.map(({ question, answer }): [string, string] => [
    normalizeQuestion(question),
    answer,
  ]);
  return {
    plan,
    top: layOutLevel({ plan, definitionOf }, null, plan.start),
    stepLimit: isApp ? APP_STEP_LIMIT : MAX_PLAN_STEPS,
    isApp,
    hearMessage,
    // Of two that ask the same, the first answers.
    annotations: new Map(annotations.reverse()),
  };
}
