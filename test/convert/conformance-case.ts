import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { NO_KNOWLEDGE, compileDify } from '../../cli/build/compile-dify.ts';
import { NO_CHOICES } from '../../cli/dify/owner-choices.ts';
import { readDifyApp } from '../../cli/dify/read-app.ts';
import type { PlanRun } from '../../cli/run/run-plan.ts';
import { runPlan } from '../../cli/run/run-plan.ts';
import { NO_CLASSIFIER, NO_RETRIEVER } from '../../cli/run/scripted-services.ts';
import { parseMocks } from '../../cli/run/step-mock.ts';
import type { Json, JsonObject } from '../../src/contracts/json.ts';
import { isJson, isRecord } from '../../src/contracts/json.ts';
import type { Plan } from '../../src/contracts/plan.ts';
import type { Sandbox } from '../../src/contracts/sandbox.ts';
import { createGroundingCheck } from '../../src/grounding/check.ts';
import { systemClock } from '../../src/session/system-clock.ts';

/** One case of the conformance data: what goes in, what replies, what must come out. */
export interface ConformanceCase {
  readonly id: string;
  readonly fixture: string;
  readonly inputs: JsonObject;
  readonly query: string;
  readonly fields: JsonObject;
}

/** Reads the cases of a folder of data. */
export function readCases(data: string): readonly ConformanceCase[] {
  const file = join(data, 'fixtures/conformance.json');
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const cases: readonly unknown[] = isRecord(value) && Array.isArray(value['cases']) ? value['cases'] : [];
  return cases.map((entry) => {
    if (!isRecord(entry) || !isJson(entry)) throw new TypeError(`${file}: a case is no object`);
    const { id, fixture, inputs, query } = entry;
    if (typeof id !== 'string' || typeof fixture !== 'string')
      throw new TypeError(`${file}: a case has no id`);
    return {
      id,
      fixture,
      inputs: isRecord(inputs) ? inputs : {},
      query: typeof query === 'string' ? query : '',
      fields: entry,
    };
  });
}

/** Compiles the app of a case, with the changes that the case makes to its nodes. */
export function compileCase(data: string, { fixture, fields }: ConformanceCase): Plan {
  const file = join(data, 'fixtures/dify-1.14.1/fixtures/workflow', `${fixture}.yml`);
  let text = readFileSync(file, 'utf8');
  const patch = fields['patch'];
  if (isRecord(patch)) text = patched(text, patch);
  const app = readDifyApp(text, `${fixture}.yml`);
  return compileDify(app, { choices: NO_CHOICES, path: file }, 'conformance', NO_KNOWLEDGE).plan;
}

function patched(text: string, patch: Record<string, unknown>): string {
  const app: unknown = parse(text);
  const workflow = isRecord(app) ? app['workflow'] : null;
  const graph = isRecord(workflow) ? workflow['graph'] : null;
  const nodes: readonly unknown[] = isRecord(graph) && Array.isArray(graph['nodes']) ? graph['nodes'] : [];
  for (const node of nodes) {
    if (!isRecord(node) || !isRecord(node['data'])) continue;
    const change = patch[String(node['id'])];
    if (isRecord(change)) Object.assign(node['data'], change);
  }
  return stringify(app);
}

/** Runs the plan of a case with its replies. */
export function runCase(
  plan: Plan,
  given: ConformanceCase,
  sandbox: Sandbox,
  inputs: JsonObject = given.inputs,
): Promise<PlanRun> {
  return runPlan({
    plan,
    mocks: parseMocks(mocksOf(plan, given), 'conformance.json', plan),
    query: given.query,
    inputs,
    language: 'en',
    services: {
      classifier: NO_CLASSIFIER,
      retriever: NO_RETRIEVER,
      grounding: createGroundingCheck(),
      engine: () => null,
      sandbox,
    },
    clock: systemClock,
    signal: AbortSignal.timeout(60_000),
  });
}

/** The replies of a case in the form of a file of mocks. Models that the case says nothing of write a few words. */
function mocksOf(plan: Plan, { id, fields }: ConformanceCase): Json {
  const mocks: Record<string, Json> = { 'kind:llm': inPlace('some words of a model') };
  const { mock, mock_llm: llm, mock_tool: tool, mock_error: errors } = fields;
  if (typeof llm === 'string') mocks['kind:llm'] = inPlace(llm);
  if (isRecord(tool)) mocks['kind:lead'] = { outputs: { files: [], json: [], ...tool } };
  if (isRecord(errors)) for (const [step, error] of Object.entries(errors)) mocks[step] = { error };
  if (isRecord(mock)) for (const [step, reply] of Object.entries(mock)) mocks[step] = replyOf(reply, mock);
  if (id.startsWith('aggregator-')) {
    // Templates of this fixture are mocked to give their own titles.
    for (const step of plan.steps)
      if (step.kind === 'template') mocks[step.id] = { outputs: { output: step.title } };
  }
  return mocks;
}

/** A model's words in place of the whole step, prompt included: several cases have prompts of nothing but an empty message. */
function inPlace(text: string): Json {
  return { text, outputs: {} };
}

function replyOf(reply: Json, mock: JsonObject): Json {
  // "[item, item*2]": what a code node in an iteration gives, round by round.
  if (reply === '[item, item*2]')
    return itemsOf(mock).map((item) => ({ outputs: { result: [item, item * 2] } }));
  if (isRecord(reply) && ('text' in reply || 'structured_output' in reply)) return { outputs: {}, ...reply };
  return { outputs: reply };
}

function itemsOf(mock: JsonObject): readonly number[] {
  const outer = mock['code_node'];
  const result = isRecord(outer) ? outer['result'] : null;
  return Array.isArray(result) ? result.filter((item) => typeof item === 'number') : [];
}
