import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { parsePlan } from '../../src/contracts/parse-plan.ts';
import { compileApp } from './compile-app.ts';
import { describeReport } from './describe-report.ts';
import { DIFY_NODE_TYPES } from './dify-app.ts';
import { MAX_ROUTES } from './find-routes.ts';
import { readDifyApp } from './read-app.ts';
import { reportPage } from './report-page.ts';

const ids = fc.constantFrom('start', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'context', 'missing');
const selector = fc.oneof(
  fc.tuple(ids, fc.constantFrom('text', 'output', 'item', 'sys.query')),
  fc.constant(['sys', 'query']),
  fc.constant(['env', 'KEY']),
  fc.constant(['only-one']),
  fc.constant(null),
);
const text = fc.oneof(
  fc.constantFrom(
    '{{#a.text#}}',
    '{{#context#}}',
    '{{#sys.query#}} x',
    '',
    '{{#env.KEY#}}',
    'Bearer abcdefgh12345678',
  ),
  fc.string({ maxLength: 20 }),
);
/** Anything at all may stand where a setting is expected. */
const junk = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  text,
  fc.array(text, { maxLength: 2 }),
  fc.dictionary(fc.string({ maxLength: 5 }), text, { maxKeys: 2 }),
);

const condition = fc.record(
  {
    variable_selector: selector,
    comparison_operator: fc.constantFrom('contains', 'is', '≥', '>=', 'like', 'not empty'),
    value: junk,
  },
  { requiredKeys: [] },
);
const KEYS: { readonly [key: string]: fc.Arbitrary<unknown> } = {
  title: text,
  answer: text,
  code: fc.constantFrom('def main():\n    return {}', 'import requests', '', 'function main() {}'),
  code_language: fc.constantFrom('python3', 'javascript', 'ruby'),
  template: text,
  variables: fc.array(fc.record({ variable: text, value_selector: selector }), { maxLength: 3 }),
  outputs: fc.oneof(
    fc.array(fc.record({ variable: text, value_selector: selector }), { maxLength: 2 }),
    fc.dictionary(text, fc.record({ type: text }), { maxKeys: 2 }),
  ),
  cases: fc.array(
    fc.record({
      case_id: fc.constantFrom('1', '2', 'true'),
      conditions: fc.array(condition, { maxLength: 2 }),
    }),
    { maxLength: 3 },
  ),
  classes: fc.array(fc.record({ id: fc.constantFrom('1', '2', '3'), name: text }), { maxLength: 3 }),
  query_variable_selector: selector,
  variable_selector: selector,
  iterator_selector: selector,
  output_selector: selector,
  variable: selector,
  query: selector,
  prompt_template: fc.array(fc.record({ role: fc.constantFrom('system', 'user', 'odd'), text }), {
    maxLength: 3,
  }),
  context: fc.record({ enabled: fc.boolean(), variable_selector: selector }),
  memory: fc.record({ window: fc.record({ enabled: fc.boolean(), size: fc.integer() }) }),
  model: fc.record({
    mode: fc.constantFrom('chat', 'completion'),
    completion_params: fc.dictionary(fc.constantFrom('max_tokens', 'top_p', 'stop'), junk),
  }),
  items: fc.array(
    fc.record({ variable_selector: selector, operation: fc.constantFrom('set', 'clear', '+='), value: junk }),
    { maxLength: 2 },
  ),
  parameters: fc.array(fc.record({ name: text, type: text }), { maxLength: 2 }),
  loop_count: fc.integer({ min: -1, max: 2000 }),
  loop_variables: fc.array(
    fc.record({
      label: text,
      var_type: text,
      value_type: fc.constantFrom('constant', 'variable'),
      value: junk,
    }),
    { maxLength: 2 },
  ),
  error_strategy: fc.constantFrom('fail-branch', 'default-value', 'none'),
  default_value: fc.array(
    fc.record({ key: text, type: fc.constantFrom('string', 'object', 'number'), value: junk }),
    { maxLength: 2 },
  ),
  retry_config: fc.record({
    retry_enabled: fc.boolean(),
    max_retries: fc.integer(),
    retry_interval: fc.integer(),
  }),
  user_actions: fc.array(fc.record({ id: fc.constantFrom('1', '2'), title: text }), { maxLength: 2 }),
  timeout: fc.oneof(fc.integer(), junk),
  dataset_ids: fc.oneof(fc.array(text, { maxLength: 2 }), junk),
  method: fc.constantFrom('get', 'POST'),
  url: text,
  headers: text,
  agent_parameters: fc.oneof(fc.constant({}), junk),
  tool_name: fc.constantFrom('current_time', 'search'),
  provider_id: fc.constantFrom('time', 'other'),
};

const node = fc
  .tuple(
    ids,
    fc.constantFrom(...DIFY_NODE_TYPES, 'if-els'),
    fc.record(KEYS, { requiredKeys: [] }),
    fc.dictionary(fc.constantFrom(...Object.keys(KEYS)), junk, { maxKeys: 2 }),
    fc.option(ids),
  )
  .map(([id, type, data, odd, parentId]) => ({
    id,
    data: { ...data, ...odd, type },
    ...(parentId === null ? {} : { parentId }),
  }));
const edge = fc.record({
  source: ids,
  target: ids,
  sourceHandle: fc.constantFrom('source', 'true', 'false', '1', '2', 'fail-branch'),
});
/** A graph as it comes: with parts that are missing, twice or in a circle. */
const wild = fc.record({ nodes: fc.array(node, { maxLength: 8 }), edges: fc.array(edge, { maxLength: 12 }) });
/** A graph whose form is right: each id once, edges that lead on, containers that hold later nodes. */
const tame = fc
  .tuple(
    fc.uniqueArray(node, { selector: ({ id }) => id, maxLength: 8 }),
    fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('source', 'true', 'false', '1', 'fail-branch')), {
      maxLength: 16,
    }),
  )
  .map(([made, links]) => {
    const nodes = [
      { id: 'start', data: { type: 'start', variables: [] } },
      ...made
        .filter(({ id, data }) => id !== 'start' && data.type !== 'start' && data.type !== 'if-els')
        .map(({ id, data }) => ({ id, data })),
    ];
    const edges = links.flatMap(([from, to, sourceHandle]) => {
      const [first, second] = [from % nodes.length, to % nodes.length].sort((a, b) => a - b);
      const [source, target] = [nodes[first ?? 0], nodes[second ?? 0]];
      return source === undefined || target === undefined || source === target
        ? []
        : [{ source: source.id, target: target.id, sourceHandle }];
    });
    return { nodes, edges };
  });

function compile(graph: object): ReturnType<typeof compileApp> {
  const environment = [{ name: 'KEY', value_type: 'secret', value: '' }];
  const app = { app: { mode: 'advanced-chat' }, workflow: { graph, environment_variables: environment } };
  return compileApp(readDifyApp(JSON.stringify(app), 'x.yml'));
}

describe('any graph', () => {
  it('compiles to a plan that is accepted, or to an error with a code', () => {
    fc.assert(
      fc.property(wild, (graph) => {
        try {
          const { plan } = compile(graph);
          assert.deepEqual(parsePlan(JSON.parse(JSON.stringify(plan))), plan);
        } catch (error) {
          assert.ok(isUnderstudyError(error) && error.code.startsWith('dify/'), String(error));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('compiles when its form is right, and is reported in every way', () => {
    fc.assert(
      fc.property(tame, (graph) => {
        const { plan, report } = compile(graph);
        assert.deepEqual(parsePlan(JSON.parse(JSON.stringify(plan))), plan);
        assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
        assert.ok(report.routes.length <= MAX_ROUTES);
        assert.equal(report.nodes.length, graph.nodes.length);
        assert.equal(
          report.routes.some(({ isWhole }) => isWhole) || report.isTruncated,
          report.coverage !== 'none' || report.isTruncated,
        );
        assert.doesNotMatch(JSON.stringify(plan), /Bearer abcdefgh/);
        assert.match(reportPage(report), /<svg /);
        assert.ok(describeReport(report).length > 0);
      }),
      { numRuns: 500 },
    );
  });
});
