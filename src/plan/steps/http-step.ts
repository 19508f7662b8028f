import { UnderstudyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { isInteger } from '../../contracts/json.ts';
import type { HttpConfig, Template } from '../../contracts/plan-configs.ts';
import type { Step } from '../../contracts/plan.ts';
import type { PublicResponse, StepDefinition, StepRun } from '../step-handler.ts';
import { renderTemplate } from '../values/render-template.ts';
import { invalidConfig, readObjects, readTemplate, readText } from './step-config.ts';

/** Bytes of UTF-8 of a body, as of the cloud agent. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * `http`: a GET of a public address that the owner allowed. An answer with an error status is an answer like others, unless the step
 * says what happens when it fails.
 */
export const httpDefinition: StepDefinition = {
  prepare: (step) => {
    const config = readConfig(step);
    return async function* (run) {
      const { request } = run.services;
      const url = addressOf(config, run);
      if (request == null)
        throw new UnderstudyError(
          'plan/needs-lead',
          `Step "${step.id}" asks ${url.host}, which is not allowed.`,
          {
            facts: { step: step.id, url: url.href },
          },
        );
      const response = await inTime(config.timeoutMs, run, (signal) =>
        request(url.href, headersOf(config, run), signal),
      );
      check(response, run);
      return {
        when: 'default',
        outputs: {
          status_code: response.status,
          body: response.body,
          headers: response.headers,
          files: [],
        },
      };
    };
  },
};

function readConfig(step: Step): HttpConfig {
  const { config } = step;
  const readPairs = (setting: string): readonly { readonly name: string; readonly value: Template }[] =>
    readObjects(step, setting, config[setting], (pair) => ({
      name: readText(step, setting, pair['name']),
      value: readTemplate(step, setting, pair['value']),
    }));
  const { timeoutMs } = config;
  if (!isInteger(timeoutMs, 1)) throw invalidConfig(step, 'timeoutMs');
  return {
    url: readTemplate(step, 'url', config['url']),
    headers: readPairs('headers'),
    params: readPairs('params'),
    timeoutMs,
  };
}

function render(template: Template, run: StepRun): string {
  return renderTemplate(template, (selector) => run.pool.get(selector), 'text');
}

/** Parameters take the place of those of the same name in the address. */
function addressOf({ url, params }: HttpConfig, run: StepRun): URL {
  const text = render(url, run);
  const address = /^https?:\/\//.test(text) ? parseUrl(text) : null;
  if (address === null)
    throw invalid(run, 'its address does not begin with http:// or https://', { url: text });
  for (const { name } of params) address.searchParams.delete(name);
  for (const { name, value } of params) address.searchParams.append(name, render(value, run));
  return address;
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    // A TypeError: it is no address.
    return null;
  }
}

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const CONTROL_CHARACTERS = /[\0\r\n]/;

function headersOf({ headers }: HttpConfig, run: StepRun): { readonly [name: string]: string } {
  const pairs = headers.map(({ name, value }): [string, string] => {
    const text = render(value, run).trim();
    // What a visitor wrote could stand in it: it must not begin another header.
    if (!HEADER_NAME.test(name) || CONTROL_CHARACTERS.test(text))
      throw invalid(run, `its header "${name}" is not well formed`, { header: name });
    return [name, text];
  });
  return Object.fromEntries(pairs);
}

/** Does something within a time. @throws UnderstudyError `plan/step-failed` when it takes longer. */
async function inTime<T>(
  timeoutMs: number,
  run: StepRun,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock } = run.services;
  const over = new AbortController();
  const late = new UnderstudyError('plan/step-failed', `Step "${run.step.id}" had no answer in time.`, {
    facts: { step: run.step.id, timeoutMs },
  });
  const isDone = new AbortController();
  const signal = AbortSignal.any([run.signal, over.signal]);
  const timer = clock.sleep(timeoutMs, { signal: AbortSignal.any([run.signal, isDone.signal]) }).then(
    () => {
      over.abort(late);
      throw late;
    },
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([work(signal), timer]);
  } finally {
    isDone.abort();
  }
}

function check({ status, body }: PublicResponse, run: StepRun): void {
  const { step } = run;
  if (body.length > MAX_BODY_BYTES / 3 && new TextEncoder().encode(body).length > MAX_BODY_BYTES)
    throw invalid(run, 'the answer is longer than 1 MB', { status });
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess || (step.onError === null && step.retry === null)) return;
  throw new UnderstudyError(
    'plan/step-failed',
    `Step "${step.id}" was answered with status ${String(status)}.`,
    {
      facts: { step: step.id, status },
    },
  );
}

function invalid({ step }: StepRun, why: string, facts: JsonObject): UnderstudyError {
  return new UnderstudyError('plan/value-invalid', `Step "${step.id}" cannot ask an address: ${why}.`, {
    facts: { step: step.id, ...facts },
  });
}
