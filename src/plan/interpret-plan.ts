import { UnderstudyError } from '../contracts/errors.ts';
import type { Plan, Step, StepKind } from '../contracts/plan.ts';
import { MAX_PLAN_STEPS } from '../contracts/plan.ts';
import type { RespondOptions, ResponderOutcome, ResponderPart } from '../contracts/responder.ts';
import { NONE_INTENT } from '../contracts/intent.ts';
import type { TurnRequest } from '../contracts/turn.ts';
import { guessLanguage } from '../text/guess-language.ts';
import { composeStep } from './compose-step.ts';
import type { PlanValue } from './plan-value.ts';
import { classifyStep, endStep, handoffStep, replyStep, retrieveStep } from './simple-steps.ts';
import type { PlanServices, StepHandler } from './step-handler.ts';

const HANDLERS: { readonly [Kind in StepKind]?: StepHandler } = {
  classify: classifyStep,
  reply: replyStep,
  retrieve: retrieveStep,
  compose: composeStep,
  handoff: handoffStep,
  end: endStep,
};

/**
 * Runs a plan for one turn, step by step from its start until a step has no way on.
 *
 * @throws UnderstudyError `plan/step-failed` when a step throws, `plan/too-many-steps` when it does not come to an end,
 *   `plan/no-answer` when it ends without text; the signal's reason when aborted.
 */
export async function* interpretPlan(
  plan: Plan,
  services: PlanServices,
  turn: TurnRequest,
  options: RespondOptions = {},
): AsyncGenerator<ResponderPart> {
  const signal = options.signal ?? new AbortController().signal;
  const history = options.history ?? [];
  const language = guessLanguage(turn.text, turn.language);
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  const scopes = new Map<string, { readonly [name: string]: PlanValue }>([
    ['turn', { text: turn.text, language, pageUrl: turn.pageUrl, ...turn.inputs }],
    ['session', { turns: history.length }],
  ]);
  let outcome: ResponderOutcome = {
    isWorded: false,
    isRefusal: false,
    intent: NONE_INTENT,
    confidence: 0,
    tokensPerSecond: 0,
    memoryBytes: 0,
  };
  let hasText = false;
  let current = steps.get(plan.start);
  for (let runs = 0; current !== undefined; runs += 1) {
    if (runs >= MAX_PLAN_STEPS) {
      throw new UnderstudyError('plan/too-many-steps', `The plan ran ${String(MAX_PLAN_STEPS)} steps.`);
    }
    signal.throwIfAborted();
    const step: Step = current;
    const input = (name: string): PlanValue | undefined => {
      const binding = step.inputs[name];
      if (binding === undefined) return undefined;
      return 'value' in binding ? binding.value : scopes.get(binding.from[0])?.[binding.from[1]];
    };
    const handler = HANDLERS[step.kind];
    if (handler === undefined)
      throw new UnderstudyError('plan/invalid', `Step "${step.id}" is of a kind that is not run yet.`);
    const pool = { get: () => undefined, set: () => undefined };
    const runRound = (): never => {
      throw new UnderstudyError('plan/invalid', 'No step of this plan holds others.');
    };
    const run = handler({ step, plan, pool, runRound, input, turn, language, history, services, signal });
    try {
      for (;;) {
        const next = await run.next();
        if (next.done === true) {
          scopes.set(step.id, next.value.outputs);
          outcome = { ...outcome, ...next.value.outcome };
          current = steps.get(follow(step, next.value.when) ?? '');
          break;
        }
        if (next.value.type === 'value-delta') continue;
        hasText ||= next.value.type === 'text-delta' && next.value.text !== '';
        yield next.value;
      }
    } catch (error) {
      signal.throwIfAborted();
      throw new UnderstudyError('plan/step-failed', `Step "${step.id}" (${step.kind}) failed.`, {
        facts: { step: step.id, kind: step.kind },
        cause: error,
      });
    } finally {
      await run.return({ when: 'default', outputs: {} });
    }
  }
  if (!hasText) throw new UnderstudyError('plan/no-answer', 'The plan ended without text.');
  yield { type: 'end', outcome };
}

/** The step that follows an outcome: the edge of that name, else the `default` edge, else none. */
function follow(step: Step, when: string): string | undefined {
  return (step.edges.find((edge) => edge.when === when) ?? step.edges.find((edge) => edge.when === 'default'))
    ?.to;
}
