import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import { isRecord } from '../../src/contracts/json.ts';
import type { Plan, Step, StepKind } from '../../src/contracts/plan.ts';
import { APP_STEP_DEFINITIONS } from '../../src/plan/app-step-definitions.ts';
import { openPlan } from '../../src/plan/open-plan.ts';
import type { OpenedPlan } from '../../src/plan/run/opened-plan.ts';
import { PAGE_STEP_DEFINITIONS } from '../../src/plan/step-definitions.ts';
import type { StepDefinition, StepHandler } from '../../src/plan/step-handler.ts';
import type { MockReplies, StepMock } from './step-mock.ts';
import { wordsOf } from './step-mock.ts';

/**
 * Opens a plan in which the mocked steps give their replies: also those that would need the cloud. Steps whose work is done by a mocked
 * model, a mocked search or a mocked visitor run as they are, and are given that.
 *
 * @throws UnderstudyError `plan/invalid`.
 */
export function openMockedPlan(plan: Plan, replies: MockReplies): Promise<OpenedPlan> {
  const isMocked = (step: Step): boolean => replies.of(step.id, step.kind) !== null;
  const definitions: { [Kind in StepKind]?: StepDefinition } = {};
  for (const { kind } of plan.steps.filter(isMocked)) {
    const real = PAGE_STEP_DEFINITIONS[kind] ?? APP_STEP_DEFINITIONS[kind];
    if (real !== undefined) definitions[kind] = mockDefinition(real, replies);
  }
  const steps = plan.steps.map((step): Step => (isMocked(step) ? { ...step, site: 'edge' } : step));
  return openPlan({ ...plan, steps }, { definitions });
}

/** Whether the reply is one that the engine, the retriever or the visitor of the run gives, to a step that runs as it is. */
function isGivenByService({ kind }: Step, mock: StepMock | undefined): boolean {
  if (mock === undefined || mock.error !== null) return false;
  if (kind === 'form') return mock.text === null;
  if (mock.outputs !== null || mock.when !== null) return false;
  if (kind === 'llm') return mock.text !== null || mock.structuredOutput !== null;
  return (kind === 'knowledge' || kind === 'retrieve') && mock.passages !== null;
}

function mockDefinition(real: StepDefinition, replies: MockReplies): StepDefinition {
  return {
    ...real,
    prepare: (step, plan): StepHandler => {
      const handler = real.prepare(step, plan);
      if (replies.of(step.id, step.kind) === null) return handler;
      return async function* (run) {
        if (isGivenByService(step, replies.peek(step.id, step.kind))) return yield* handler(run);
        const mock = replies.next(step.id, step.kind);
        if (mock.error !== null) throw failure(step, mock.error);
        if (mock.text !== null) {
          for (const text of wordsOf(mock.text)) yield { type: 'value-delta', name: 'text', text };
        }
        return { when: mock.when ?? outcomeOf(step, mock), outputs: outputsOf(step, mock) };
      };
    },
  };
}

function failure(step: Step, error: string): UnderstudyError {
  return new UnderstudyError('plan/step-failed', `Step "${step.id}" fails as its mock says: ${error}.`, {
    facts: { step: step.id, error },
  });
}

function outcomeOf({ kind }: Step, { outputs }: StepMock): string {
  const chosen = kind === 'question-classifier' ? outputs?.['class_id'] : undefined;
  return typeof chosen === 'string' ? chosen : 'default';
}

function outputsOf(step: Step, mock: StepMock): JsonObject {
  const written = mock.text === null ? {} : { text: mock.text };
  const structured = mock.structuredOutput === null ? {} : { structured_output: mock.structuredOutput };
  return { ...classOutputs(step, mock), ...written, ...structured, ...mock.outputs };
}

/** What a classifier gives with the class that was chosen. */
function classOutputs({ kind, config }: Step, { when }: StepMock): JsonObject {
  if (kind !== 'question-classifier' || when === null) return {};
  const classes: readonly unknown[] = Array.isArray(config['classes']) ? config['classes'] : [];
  const chosen = classes.filter(isRecord).find(({ id }) => id === when);
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return { class_id: when, class_name: text(chosen?.['name']), class_label: text(chosen?.['label']) };
}
