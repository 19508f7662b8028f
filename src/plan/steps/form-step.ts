import { UnderstudyError } from '../../contracts/errors.ts';
import { parseFormFields } from '../../contracts/form.ts';
import type { TurnForm } from '../../contracts/form.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { isInteger } from '../../contracts/json.ts';
import type { FormConfig } from '../../contracts/plan-configs.ts';
import type { Step } from '../../contracts/plan.ts';
import type { FormAnswer, StepDefinition, StepRun } from '../step-handler.ts';
import { readFields } from '../values/read-fields.ts';
import { renderTemplate } from '../values/render-template.ts';
import { renderMarkdown } from '../values/render-value.ts';
import { accepted, invalidConfig, readObjects, readTemplate, readText } from './step-config.ts';

/** Outcome of a form that was not submitted in time. */
const TIMEOUT = '__timeout';

/** Timers of browsers reach no further than 24 days; no page is open so long. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * `form`: asks the visitor to fill in a form, and waits. Outcome: id of the action, or `__timeout`. Outputs the fields,
 * `__action_id`, `__action_value` (what the button says) and `__rendered_content`.
 */
export const formDefinition: StepDefinition = {
  isBranch: true,
  prepare: (step) => {
    const config = readConfig(step);
    let shown = 0;
    return async function* (run) {
      const { awaitForm, clock } = run.services;
      if (awaitForm == null)
        throw new UnderstudyError(
          'plan/needs-lead',
          `Step "${step.id}" asks with a form, and none can be shown.`,
          {
            facts: { step: step.id },
          },
        );
      // A loop shows the form of a step again and again in one turn.
      shown += 1;
      const form: TurnForm = {
        id: `${run.turn.id}:${step.id}:${String(shown)}`,
        title: step.title,
        content: renderTemplate(config.content, (selector) => run.pool.get(selector), 'markdown'),
        fields: config.fields,
        actions: config.actions,
        expiresAtMs: config.timeoutMs === null ? null : clock.now() + config.timeoutMs,
      };
      yield { type: 'form', form };
      const answer = await answered(config.timeoutMs, run, (signal) => awaitForm(form, signal));
      const result = resultOf(answer, form, step);
      yield { type: 'form-closed', formId: form.id, label: result.label };
      return { when: answer.action, outputs: result.outputs };
    };
  },
};

function readConfig(step: Step): FormConfig {
  const { config } = step;
  const { timeoutMs } = config;
  if (timeoutMs !== null && !isInteger(timeoutMs, 1)) throw invalidConfig(step, 'timeoutMs');
  return {
    content: readTemplate(step, 'content', config['content']),
    fields: accepted(step, 'fields', parseFormFields(config['fields'])),
    actions: readObjects(step, 'actions', config['actions'], (action) => ({
      id: readText(step, 'id of an action', action['id']),
      label: readText(step, 'label of an action', action['label']),
      style: readText(step, 'style of an action', action['style']),
    })),
    timeoutMs,
  };
}

/** Waits for the form, and for its time to run out, whichever comes first. */
async function answered(
  timeoutMs: number | null,
  run: StepRun,
  wait: (signal: AbortSignal) => Promise<FormAnswer>,
): Promise<FormAnswer> {
  if (timeoutMs === null || timeoutMs > LONGEST_TIMER_MS) return await wait(run.signal);
  const isDone = new AbortController();
  const signal = AbortSignal.any([run.signal, isDone.signal]);
  const timer = run.services.clock.sleep(timeoutMs, { signal }).then(
    (): FormAnswer => ({ action: TIMEOUT, values: {} }),
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([wait(signal), timer]);
  } finally {
    // The one that lost ends by the signal.
    isDone.abort();
  }
}

/** What was submitted comes from the page: an action that the form does not have is none. */
function resultOf(
  answer: FormAnswer,
  form: TurnForm,
  step: Step,
): { readonly label: string; readonly outputs: JsonObject } {
  if (answer.action === TIMEOUT) {
    const outputs = { __action_id: '', __action_value: '', __rendered_content: form.content };
    return { label: '', outputs };
  }
  const action = form.actions.find(({ id }) => id === answer.action);
  if (action === undefined)
    throw new UnderstudyError('plan/value-invalid', `The form of step "${step.id}" has no such button.`, {
      facts: { step: step.id, action: answer.action },
    });
  const values = readFields(form.fields, answer.values);
  return {
    label: action.label,
    outputs: {
      ...values,
      __action_id: action.id,
      __action_value: action.label,
      __rendered_content: withValues(form.content, values),
    },
  };
}

/** Puts what was filled in where the fields stood. */
function withValues(content: string, values: JsonObject): string {
  return content.replace(/\{\{#\$output\.([^#{}]+)#\}\}/g, (mark: string, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? mark : renderMarkdown(value);
  });
}
