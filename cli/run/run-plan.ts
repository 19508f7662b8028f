import { randomUUID } from 'node:crypto';
import type { Clock } from '../../src/contracts/clock.ts';
import type { ErrorReport } from '../../src/contracts/errors.ts';
import { UnderstudyError, toErrorReport } from '../../src/contracts/errors.ts';
import type { TurnForm } from '../../src/contracts/form.ts';
import type { Json, JsonObject } from '../../src/contracts/json.ts';
import { isJson } from '../../src/contracts/json.ts';
import type { Plan } from '../../src/contracts/plan.ts';
import type { Exchange, ResponderPart } from '../../src/contracts/responder.ts';
import { interpretPlan } from '../../src/plan/interpret-plan.ts';
import type {
  ConversationVariables,
  FormAnswer,
  PlanServices,
  TraceEvent,
} from '../../src/plan/step-handler.ts';
import { openMockedPlan } from './open-mocked-plan.ts';
import type { AskedPrompt } from './scripted-services.ts';
import { scriptedEngine, scriptedRetriever } from './scripted-services.ts';
import type { StepMocks } from './step-mock.ts';
import { MockReplies } from './step-mock.ts';

/** What a plan is run with. */
export interface RunPlanOptions {
  readonly plan: Plan;
  readonly mocks: StepMocks;
  readonly query: string;
  readonly inputs: JsonObject;
  /** BCP 47 language of the interface. */
  readonly language: string;
  /** Values of the conversation's variables before the turn. Default those of the plan. */
  readonly conversation?: JsonObject;
  /** Earlier exchanges, oldest first. Default none. */
  readonly history?: readonly Exchange[];
  /** What does the work that is not mocked. */
  readonly services: Pick<
    PlanServices,
    'classifier' | 'retriever' | 'grounding' | 'sandbox' | 'request' | 'engine' | 'readFile'
  >;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What one run came to. */
export interface PlanRun {
  readonly status: 'succeeded' | 'partial-succeeded' | 'failed';
  /** The text the visitor sees. */
  readonly answer: string;
  /** Results by name: `answer` of a chat, the outputs of a workflow. */
  readonly outputs: JsonObject;
  /** Parts of the answer in order, as the widget gets them, without the last. */
  readonly parts: readonly ResponderPart[];
  /** Pieces of the answer with the step they come from. */
  readonly chunks: readonly { readonly step: string; readonly from: string; readonly text: string }[];
  readonly events: readonly TraceEvent[];
  /** What models were asked. */
  readonly prompts: readonly AskedPrompt[];
  /** Variables of the conversation that were set. */
  readonly conversation: JsonObject;
  /** Whether the answer is that a step needs the cloud. */
  readonly needsLead: boolean;
  /** Steps that failed and were made up for. */
  readonly exceptions: number;
  readonly error: ErrorReport | null;
}

/**
 * Runs a plan once with the interpreter of the page. What goes wrong in it is told in `error`; only an abort is thrown, and a plan that
 * cannot be opened.
 * @throws UnderstudyError `plan/invalid`; the signal's reason when aborted.
 */
export async function runPlan(options: RunPlanOptions): Promise<PlanRun> {
  const { plan, mocks, signal } = options;
  const replies = new MockReplies(mocks);
  const prompts: AskedPrompt[] = [];
  const events: TraceEvent[] = [];
  const parts: ResponderPart[] = [];
  const variables: Record<string, Json> = { ...options.conversation };
  const written: Record<string, Json> = {};
  const turn = {
    id: randomUUID(),
    text: options.query,
    language: options.language,
    pageUrl: null,
    inputs: options.inputs,
  };
  const opened = await openMockedPlan(plan, replies);
  const isMocked = mocks.byStep.size + mocks.byKind.size > 0;
  const scripted = scriptedEngine(plan, replies, (prompt) => prompts.push(prompt));
  const services: PlanServices = {
    ...options.services,
    retriever: scriptedRetriever(plan, replies, options.services.retriever),
    engine: () => (isMocked ? scripted : options.services.engine()),
    clock: options.clock,
    isScripted: isMocked,
    conversation: keep(variables, written),
    awaitForm: (form) => fillForm(form, turn.id, replies),
    session: () => Promise.resolve({ id: 'run', turns: options.history?.length ?? 0 }),
    trace: (event) => void events.push(event),
  };
  let answer = '';
  let error: ErrorReport | null = null;
  try {
    const history = options.history ?? [];
    for await (const part of interpretPlan(opened, services, turn, { signal, history })) {
      if (part.type === 'text-delta') answer += part.text;
      else if (part.type === 'text-replace') answer = part.text;
      if (part.type !== 'end') parts.push(part);
    }
  } catch (caught) {
    signal.throwIfAborted();
    error = toErrorReport(caught);
  }
  const finished = events.find((event) => event.type === 'plan-finished');
  return {
    status: error === null ? (finished?.status ?? 'succeeded') : 'failed',
    answer,
    outputs: finished?.outputs ?? { answer },
    parts,
    chunks: events.flatMap((event) =>
      event.type === 'chunk' ? [{ step: event.step, from: event.from, text: event.text }] : [],
    ),
    events,
    prompts,
    conversation: written,
    needsLead:
      error?.code === 'plan/needs-lead' ||
      parts.some((part) => part.type === 'handoff' && part.reason === 'needs-connection'),
    exceptions: finished?.exceptions ?? 0,
    error,
  };
}

function keep(variables: Record<string, Json>, written: Record<string, Json>): ConversationVariables {
  return {
    read: () => Promise.resolve({ ...variables }),
    write: (name, value) => {
      if (isJson(value)) {
        variables[name] = value;
        written[name] = value;
      }
      return Promise.resolve();
    },
  };
}

/** Fills a form in as the mock of its step says: `when` is the action, `outputs` the values. */
function fillForm(form: TurnForm, turnId: string, replies: MockReplies): Promise<FormAnswer> {
  const step = formStep(form.id, turnId);
  if (replies.of(step, 'form') === null)
    throw new UnderstudyError('plan/step-failed', `Step "${step}" shows a form, and no mock fills it in.`, {
      facts: { step },
    });
  const mock = replies.next(step, 'form');
  return Promise.resolve({
    action: mock.when ?? form.actions[0]?.id ?? '__timeout',
    values: mock.outputs ?? {},
  });
}

/** Id of the step that shows a form: form ids are `turn:step:number`. */
export function formStep(formId: string, turnId: string): string {
  return formId.slice(turnId.length + 1, formId.lastIndexOf(':'));
}
