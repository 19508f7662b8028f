import { basename } from 'node:path';
import type { Json, JsonObject } from '../../src/contracts/json.ts';
import { isRecord } from '../../src/contracts/json.ts';
import type { FormField } from '../../src/contracts/plan-configs.ts';
import type { Plan } from '../../src/contracts/plan.ts';
import { systemClock } from '../../src/session/system-clock.ts';
import type { TraceEvent } from '../../src/plan/step-handler.ts';
import { sourceError } from '../ingest/source-error.ts';
import { createNodeSandbox } from '../sandbox/node-sandbox.ts';
import { openTarget } from '../run/open-target.ts';
import type { PlanRun } from '../run/run-plan.ts';
import { runPlan } from '../run/run-plan.ts';
import { NO_MOCKS, parseMocks, readJsonFile } from '../run/step-mock.ts';
import { EXIT_FAILED } from '../terminal/report-error.ts';
import { APP_OPTIONS, readAppOptions } from './app-options.ts';
import type { Command } from './command.ts';
import { onePositional, parseOptions } from './command.ts';

/** `understudy run`. */
export const runCommand: Command = {
  name: 'run',
  summary: 'run a compiled app once, with given replies of models, searches and tools',
  help: `Usage: understudy run <app.yml | understudy.yml | bundle> [options]

Runs the plan with the interpreter of the page, and says what the visitor gets: how to test a flow before it is published.

Options:
  --query TEXT      message of the visitor
  --inputs FILE     JSON object: values of the app's form; "query", "conversation" and "history" are taken from it, too, where the
                    form has no field of that name
  --mocks FILE      JSON object: replies by id of the node, or by kind as "kind:llm". A reply, or a list of them, is a text or
                    {text, structured_output, outputs, when, passages, error}
  --model           let steps without a mock use the generator of the bundle
  --config FILE     understudy.yml of an app that is named directly
  --language LANG   language of the interface
  --trace           print every event of the run, and what models were asked
  --json            print one JSON object: status, answer, outputs, parts, chunks, events, prompts, conversation, error
  -h, --help        show this text

Exit status 1 when the run failed, or its answer is that it needs the cloud.`,
  async run({ args, terminal, signal }) {
    const options = parseOptions(args, {
      query: { type: 'string' },
      inputs: { type: 'string' },
      mocks: { type: 'string' },
      model: { type: 'boolean' },
      config: APP_OPTIONS.config,
      language: { type: 'string' },
      trace: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const target = onePositional(options, 'an exported app or the folder of a bundle');
    const opened = await openTarget(target, {
      config: readAppOptions(options),
      withGenerator: options.flag('model'),
      signal,
    });
    const { plan, form, services } = opened;
    const isJson = options.flag('json');
    const sandbox = createNodeSandbox();
    try {
      const mocksFile = options.text('mocks');
      const mocks =
        mocksFile === null ? NO_MOCKS : parseMocks(readJsonFile(mocksFile), basename(mocksFile), plan);
      const given = readGiven(options.text('inputs'), form);
      const run = await runPlan({
        plan,
        mocks,
        query: options.text('query') ?? given.query,
        inputs: given.inputs,
        conversation: given.conversation,
        history: given.history,
        language: options.text('language') ?? opened.language,
        services: { ...services, sandbox },
        clock: systemClock,
        signal,
      });
      if (!isJson)
        for (const remark of [...opened.remarks, ...unmocked(run, plan)]) terminal.note(`warning: ${remark}`);
      if (isJson) terminal.out(JSON.stringify(toJson(run, options.flag('trace'))));
      else for (const line of describe(run, plan, options.flag('trace'))) terminal.out(line);
      return run.error === null && !run.needsLead ? 0 : EXIT_FAILED;
    } finally {
      await opened.dispose();
    }
  },
};

interface Given {
  readonly inputs: JsonObject;
  readonly query: string;
  readonly conversation: JsonObject;
  readonly history: readonly { readonly question: string; readonly answer: string }[];
}

/** Reads the file of inputs; what is no field of the form may be query, conversation or history. @throws UnderstudyError. */
function readGiven(path: string | null, form: readonly FormField[]): Given {
  const file = path === null ? '' : basename(path);
  const value: Json = path === null ? {} : readJsonFile(path);
  if (!isRecord(value)) throw sourceError({ file }, 'the inputs are no object');
  const names = new Set(form.map(({ name }) => name));
  const inputs: Record<string, Json> = {};
  const spare = new Map<string, Json>();
  for (const [name, entry] of Object.entries(value)) {
    const isSpare = !names.has(name) && (name === 'query' || name === 'conversation' || name === 'history');
    if (isSpare) spare.set(name, entry);
    else inputs[name] = entry;
  }
  for (const { name, default: fallback } of form)
    if (inputs[name] === undefined && fallback !== null) inputs[name] = fallback;
  const query = spare.get('query') ?? '';
  const conversation = spare.get('conversation') ?? {};
  if (typeof query !== 'string') throw sourceError({ file }, '"query" is no text');
  if (!isRecord(conversation)) throw sourceError({ file }, '"conversation" is no object');
  return { inputs, query, conversation, history: readHistory(spare.get('history') ?? [], file) };
}

function readHistory(value: Json, file: string): Given['history'] {
  if (!Array.isArray(value)) throw sourceError({ file }, '"history" is no list');
  return value.map((entry: Json) => {
    const { question, answer }: JsonObject = isRecord(entry) ? entry : {};
    if (typeof question !== 'string' || typeof answer !== 'string')
      throw sourceError({ file }, 'an entry of "history" is not {question, answer}');
    return { question, answer };
  });
}

/** Steps that asked a model and got no reply. */
function unmocked(run: PlanRun, plan: Plan): readonly string[] {
  const failed = run.events.flatMap((event) => (event.type === 'step-failed' ? [event.step] : []));
  return plan.steps
    .filter(({ id }) => failed.includes(id) && run.prompts.some(({ step }) => step === id))
    .map(
      ({ id, title }) =>
        `"${title || id}" asks a model: give its reply under ${JSON.stringify(id)} in --mocks`,
    );
}

function toJson(run: PlanRun, withTrace: boolean): unknown {
  const { events, prompts, error, ...rest } = run;
  return {
    ...rest,
    events: withTrace ? events : events.map(eventName),
    ...(withTrace ? { prompts } : {}),
    error,
  };
}

/** An event in one word and its step, as in `step-started(write)`. */
function eventName(event: TraceEvent): string {
  if (!('step' in event)) return event.type;
  return event.type === 'chunk' ? `chunk(${event.from})` : `${event.type}(${event.step})`;
}

function describe(run: PlanRun, plan: Plan, withTrace: boolean): readonly string[] {
  const titles = new Map(plan.steps.map(({ id, title }) => [id, title]));
  const lines = withTrace ? run.events.map((event) => traceLine(event, titles)) : [];
  if (withTrace) {
    for (const { step, messages } of run.prompts)
      lines.push(`prompt of ${step}:`, ...messages.map(({ role, content }) => `  ${role}: ${content}`));
  }
  if (run.answer !== '') lines.push(run.answer);
  const outputs = Object.entries(run.outputs).filter(
    ([name]) => name !== 'answer' || plan.mode === 'workflow',
  );
  for (const [name, value] of outputs) lines.push(`${name} = ${JSON.stringify(value)}`);
  const state = run.needsLead ? 'needs the cloud' : run.status;
  const why = run.error === null ? '' : `: ${run.error.code}: ${run.error.message}`;
  const steps = run.events.filter(({ type }) => type === 'step-started').length;
  lines.push(`  ${state}${why} (${String(steps)} steps, ${String(run.exceptions)} made up for)`);
  return lines;
}

function traceLine(event: TraceEvent, titles: ReadonlyMap<string, string>): string {
  const { type, ...facts } = event;
  const title = 'step' in event ? (titles.get(event.step) ?? '') : '';
  return `${type}${title === '' ? '' : ` "${title}"`} ${JSON.stringify(facts)}`;
}
