import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { stringify } from 'yaml';
import { compileDify } from '../../cli/build/compile-dify.ts';
import { NO_CHOICES } from '../../cli/dify/owner-choices.ts';
import { readDifyApp } from '../../cli/dify/read-app.ts';
import type { PlanRun } from '../../cli/run/run-plan.ts';
import { runPlan } from '../../cli/run/run-plan.ts';
import { NO_CLASSIFIER, NO_RETRIEVER } from '../../cli/run/scripted-services.ts';
import { parseMocks } from '../../cli/run/step-mock.ts';
import type { Json, JsonObject } from '../../src/contracts/json.ts';
import { isJson, isRecord } from '../../src/contracts/json.ts';
import { createGroundingCheck } from '../../src/grounding/check.ts';
import type { TraceEvent } from '../../src/plan/step-handler.ts';
import { systemClock } from '../../src/session/system-clock.ts';

/** Reads a list of cases of test/fixtures/plan-cases. */
function readCases(file: string, key: string): readonly JsonObject[] {
  const url = new URL(`../fixtures/plan-cases/${file}`, import.meta.url);
  const value: unknown = JSON.parse(readFileSync(url, 'utf8'));
  const list: readonly unknown[] = isRecord(value) && Array.isArray(value[key]) ? value[key] : [];
  return list.map((entry) => {
    assert.ok(isRecord(entry) && isJson(entry));
    return entry;
  });
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value.map((item: Json) => item) : [];
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Compiles a small app and runs it once. */
async function run(given: JsonObject): Promise<PlanRun> {
  const nodes = listOf(given['nodes']).map((data) => ({
    id: isRecord(data) ? data['id'] : '',
    type: 'custom',
    data,
  }));
  const edges = listOf(given['edges']).map((edge, index) => {
    const [, source = '', handle = 'source', target = ''] =
      /^(\w+)(?::([\w-]+))?>(\w+)$/.exec(textOf(edge)) ?? [];
    return {
      id: `e${String(index)}`,
      source,
      sourceHandle: handle,
      target,
      targetHandle: 'target',
      type: 'custom',
    };
  });
  const conversation = listOf(given['conversation']).map((variable) =>
    isRecord(variable) ? { id: variable['name'], ...variable } : {},
  );
  const app = {
    app: { name: 'case', mode: 'advanced-chat' },
    kind: 'app',
    version: '0.6.0',
    workflow: {
      conversation_variables: conversation,
      environment_variables: [],
      features: {},
      graph: { nodes, edges },
    },
  };
  const { plan } = compileDify(
    readDifyApp(stringify(app), 'case.yml'),
    { choices: NO_CHOICES, path: 'case.yml' },
    'case',
  );
  return await runPlan({
    plan,
    mocks: parseMocks(given['mocks'] ?? {}, 'case.json', plan),
    query: typeof given['query'] === 'string' ? given['query'] : '',
    inputs: {},
    language: 'en',
    services: {
      classifier: NO_CLASSIFIER,
      retriever: NO_RETRIEVER,
      grounding: createGroundingCheck(),
      engine: () => null,
    },
    clock: systemClock,
    signal: AbortSignal.timeout(30_000),
  });
}

describe('a comparison of an if-else node', () => {
  for (const { actual = null, operator = '', expected = '', result = null, varType = 'string' } of readCases(
    'comparisons.json',
    'rows',
  )) {
    it(`says ${JSON.stringify(result)} to ${JSON.stringify(actual)} ${textOf(operator)} ${JSON.stringify(expected)}`, async () => {
      const condition = {
        id: 'c',
        variable_selector: ['make', 'value'],
        comparison_operator: operator,
        value: expected,
        varType,
      };
      const found = await run({
        nodes: [
          { id: 'start', type: 'start' },
          {
            id: 'make',
            type: 'code',
            code_language: 'python3',
            code: 'def main(): return {}',
            variables: [],
            outputs: {},
          },
          {
            id: 'choose',
            type: 'if-else',
            cases: [{ case_id: 'true', logical_operator: 'and', conditions: [condition] }],
          },
          { id: 'yes', type: 'answer', answer: 'true' },
          { id: 'no', type: 'answer', answer: 'false' },
        ],
        edges: ['start>make', 'make>choose', 'choose:true>yes', 'choose:false>no'],
        query: 'q',
        mocks: { make: { outputs: { value: actual } } },
      });
      if (result === 'fails') assert.equal(found.status, 'failed');
      else assert.equal(found.answer, JSON.stringify(result), JSON.stringify(found.error));
    });
  }
});

/** An event in one word and its step. */
function nameOf(event: TraceEvent): string {
  if (event.type === 'chunk') return `chunk(${event.from})`;
  return 'step' in event ? `${event.type}(${event.step})` : event.type;
}

describe('a flow', () => {
  for (const given of readCases('flows.json', 'cases')) {
    it(textOf(given['name']), async () => {
      const found = await run(given);
      const { answer, chunks, status, needsLead, conversationAfter, before } = given;
      if (answer !== undefined) assert.equal(found.answer, answer, JSON.stringify(found.error));
      if (chunks !== undefined)
        assert.deepEqual(
          found.chunks.map(({ text }) => text),
          chunks,
        );
      if (needsLead === true) assert.equal(found.needsLead, true);
      else assert.equal(found.status, status ?? 'succeeded', JSON.stringify(found.error));
      if (conversationAfter !== undefined) assert.deepEqual(found.conversation, conversationAfter);
      const names = found.events.map(nameOf);
      for (const pair of listOf(before)) {
        const [first, then] = listOf(pair).map((name) =>
          names.findIndex((each) => each.startsWith(textOf(name))),
        );
        assert.ok(
          first !== undefined && then !== undefined && first >= 0 && first < then,
          `${JSON.stringify(pair)}: ${names.join(' ')}`,
        );
      }
    });
  }
});
