import { basename } from 'node:path';
import { NO_KNOWLEDGE, compileDify } from '../../cli/build/compile-dify.ts';
import { NO_CHOICES } from '../../cli/dify/owner-choices.ts';
import { loadDifyApp } from '../../cli/dify/read-app.ts';
import type { FlowPath } from '../../cli/dify/find-paths.ts';
import type { PlanRun } from '../../cli/run/run-plan.ts';
import { runPlan } from '../../cli/run/run-plan.ts';
import { NO_CLASSIFIER, NO_RETRIEVER } from '../../cli/run/scripted-services.ts';
import { parseMocks } from '../../cli/run/step-mock.ts';
import { toErrorReport } from '../../src/contracts/errors.ts';
import type { Json, JsonObject } from '../../src/contracts/json.ts';
import { isRecord, isStringArray } from '../../src/contracts/json.ts';
import type { FormField } from '../../src/contracts/plan-configs.ts';
import type { Plan, Step } from '../../src/contracts/plan.ts';
import type { Sandbox } from '../../src/contracts/sandbox.ts';
import { createGroundingCheck } from '../../src/grounding/check.ts';
import { systemClock } from '../../src/session/system-clock.ts';

/** How far an app comes without the cloud. */
export interface Climbed {
  readonly path: string;
  /** `forced`: a way is whole that needs a reply of the app's own branches or code. */
  readonly rung: 'whole' | 'path' | 'forced' | 'none' | 'refused';
  /** Runs that reached an answer, of one for each of the app's routes. */
  readonly runs: { readonly answered: number; readonly all: number };
  readonly why: string;
}

/** What mocked models write, one after the other, until an app's own code can read it. */
const ROW =
  '{"title": "A title", "content": "Some content.", "name": "A name", "chapter": "One", "contents": ["a"], "section": "One", "bullets": ["a"], "banner": "abc", "top": "def", "bottom": "ghi", "result": "a result", "output": "an output"}';
const TEXTS: readonly string[] = [
  'A short answer in plain words.',
  ROW,
  `[${ROW}]`,
  '```json\n[' + ROW + ']\n```',
  '7',
];
/** What a visitor fills in and what the conversation remembers, until a run takes a way that needs no cloud. */
const GIVEN: readonly Given[] = [
  { text: 'a text', option: 0, number: null },
  { text: 'a text', option: 1, number: 1 },
  { text: '{"a": 1}', option: 0, number: 2 },
];

interface Given {
  readonly text: string;
  /** Which option of a list is chosen. */
  readonly option: number;
  /** Value of the numbers that the conversation remembers; null: those of the app. */
  readonly number: number | null;
}
const DOCUMENT = new TextEncoder().encode('Some text of a document.\n\nAnd some more of it.\n');

/** Compiles an app and runs each of its routes: first as the app's own branches choose, then, for the rung "whole", as each route chooses. */
export async function climb(file: string, path: string, sandbox: Sandbox): Promise<Climbed> {
  try {
    const app = loadDifyApp(file);
    const { plan, report, form } = compileDify(
      app,
      { choices: NO_CHOICES, path: basename(file) },
      'climb',
      NO_KNOWLEDGE,
    );
    const routes = report.paths;
    let answered = 0;
    let natural = false;
    let forced = false;
    let why = '';
    for (const route of routes) {
      natural ||= (await answers(plan, form, route, false, sandbox)) === null;
      const failure = await answers(plan, form, route, true, sandbox);
      if (failure === null) {
        answered += 1;
        forced ||= route.isWhole;
      }
      if (failure !== null && (why === '' || route.isWhole)) why = failure;
    }
    const runs = { answered, all: routes.length };
    const isWhole = report.coverage === 'whole' && natural && answered === routes.length;
    const rung = isWhole ? 'whole' : natural ? 'path' : forced ? 'forced' : 'none';
    return { path, rung, runs, why: isWhole ? '' : why };
  } catch (error) {
    return { path, rung: 'refused', runs: { answered: 0, all: 0 }, why: toErrorReport(error).message };
  }
}

/** Runs a route until an answer is reached; null when it is, else what came instead. */
async function answers(
  plan: Plan,
  form: readonly FormField[],
  route: FlowPath,
  isForced: boolean,
  sandbox: Sandbox,
): Promise<string | null> {
  let why = '';
  const tries = GIVEN.flatMap((given) => TEXTS.map((text) => ({ text, given })));
  // A route that is forced needs no other inputs to be taken.
  for (const { text, given } of isForced ? tries.slice(0, TEXTS.length) : tries) {
    const mocks = parseMocks(mocksOf(plan, route, text, isForced), 'mocks', plan);
    const run = await runPlan({
      plan,
      mocks,
      query: 'How do I return my order?',
      inputs: Object.fromEntries(form.map((field) => [field.name, valueOf(field, given)])),
      conversation: rememberedBy(plan, given),
      language: 'en',
      services: {
        classifier: NO_CLASSIFIER,
        retriever: NO_RETRIEVER,
        grounding: createGroundingCheck(),
        engine: () => null,
        sandbox,
        readFile: () => Promise.resolve(DOCUMENT),
      },
      clock: systemClock,
      signal: AbortSignal.timeout(120_000),
    });
    if (hasAnswered(run, plan)) return null;
    why ||= describe(run);
  }
  return why;
}

function hasAnswered(run: PlanRun, plan: Plan): boolean {
  const ends = new Set(
    plan.steps.filter(({ kind }) => kind === 'answer' || kind === 'output').map(({ id }) => id),
  );
  const isReached = run.events.some((event) => event.type === 'step-finished' && ends.has(event.step));
  return run.error === null && !run.needsLead && isReached;
}

function describe(run: PlanRun): string {
  const failed = run.events.find((event) => event.type === 'step-failed');
  if (failed !== undefined) return `${failed.step}: ${failed.code}: ${failed.message.slice(0, 200)}`;
  return run.needsLead ? 'needs the cloud' : (run.error?.message ?? 'no answer was reached');
}

function mocksOf(plan: Plan, route: FlowPath, text: string, isForced: boolean): Json {
  const choices = new Map(route.choices.map(({ node, handle }) => [node, handle]));
  const mocks: Record<string, Json> = {};
  for (const step of plan.steps) {
    const mock = step.site === 'edge' ? mockOf(step, choices.get(step.id), text, isForced) : null;
    if (mock !== null) mocks[step.id] = mock;
    if (isForced && choices.get(step.id) === 'empty') Object.assign(mocks, emptied(step));
  }
  return mocks;
}

function mockOf(step: Step, handle: string | undefined, text: string, isForced: boolean): Json {
  const { kind, config } = step;
  switch (kind) {
    case 'llm':
      return isRecord(config['schema']) ? { text, structured_output: sample(config['schema']) } : { text };
    case 'knowledge':
      return { passages: ['Returns are free within thirty days.'] };
    case 'question-classifier':
      return { when: handle ?? firstId(config['classes']) };
    case 'form':
      return { when: handle ?? firstId(config['actions']), outputs: {} };
    case 'extract-parameters':
      return { outputs: { ...parameters(config['parameters']), __is_success: 1, __reason: '' } };
    case 'branch':
      return isForced && handle !== undefined ? { when: handle, outputs: {} } : null;
    default:
      return null;
  }
}

/** The reply with which an iteration finds nothing to go through. */
function emptied({ config }: Step): JsonObject {
  const { items } = config;
  return isStringArray(items) ? { [items[0] ?? '']: { outputs: { [items[1] ?? '']: [] } } } : {};
}

function firstId(value: Json | undefined): string {
  const first: unknown = Array.isArray(value) ? value[0] : null;
  return isRecord(first) && typeof first['id'] === 'string' ? first['id'] : 'default';
}

function parameters(value: Json | undefined): JsonObject {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return Object.fromEntries(
    list
      .filter(isRecord)
      .map(({ name, type, options }) => [
        String(name),
        type === 'select' && Array.isArray(options) ? String(options[0]) : typed(String(type)),
      ]),
  );
}

function typed(type: string): Json {
  if (/^(?:number|integer|float)$/.test(type)) return 3;
  if (type === 'boolean') return true;
  if (type === 'object') return { name: 'a name', content: 'some content' };
  if (type === 'array[number]') return [1, 2];
  if (type === 'array[object]') return [{ name: 'a name', content: 'some content' }];
  return type.startsWith('array') ? ['one', 'two'] : 'a text';
}

/** A value that fits a JSON Schema, roughly. */
function sample(schema: Record<string, unknown>, depth = 0): Json {
  const { type, properties, items, enum: options } = schema;
  if (Array.isArray(options) && typeof options[0] === 'string') return options[0];
  if (depth > 8) return null;
  if (type === 'object' || isRecord(properties)) {
    const fields = isRecord(properties) ? Object.entries(properties) : [];
    return Object.fromEntries(
      fields.map(([name, inner]) => [name, isRecord(inner) ? sample(inner, depth + 1) : 'a text']),
    );
  }
  if (type === 'array') return [isRecord(items) ? sample(items, depth + 1) : 'a text'];
  if (type === 'number' || type === 'integer') return 3;
  return type === 'boolean' ? true : 'a text';
}

function rememberedBy({ conversation }: Plan, { number }: Given): JsonObject {
  if (number === null) return {};
  const numbers = conversation.filter(({ type }) => /^(?:number|integer|float)$/.test(type));
  return Object.fromEntries(numbers.map(({ name }) => [name, number]));
}

function valueOf({ type, options, default: value, name }: FormField, { text, option }: Given): Json {
  switch (type) {
    case 'select':
      return options[Math.min(option, options.length - 1)] ?? '';
    case 'number':
      return 3;
    case 'checkbox':
      return true;
    case 'json':
      return value ?? {};
    case 'file':
      return fileOf(name);
    case 'file-list':
      return [fileOf(name)];
    default:
      return typeof value === 'string' && value !== '' ? value : text;
  }
}

function fileOf(name: string): JsonObject {
  return {
    kind: 'file',
    id: name,
    name: 'document.txt',
    type: 'document',
    sizeBytes: DOCUMENT.length,
    extension: '.txt',
    mimeType: 'text/plain',
    url: '',
  };
}
