import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parsePlan } from '../../src/contracts/parse-plan.ts';
import type { Plan, Step } from '../../src/contracts/plan.ts';
import type { CompileOptions } from './compile-app.ts';
import { compileApp } from './compile-app.ts';
import { parseOwnerChoices } from './owner-choices.ts';
import { loadDifyApp, readDifyApp } from './read-app.ts';

const SHAPES = join(import.meta.dirname, '../../test/fixtures/dify/shapes');

function compile(shape: string, options: CompileOptions = {}): Plan {
  return compileApp(loadDifyApp(join(SHAPES, `${shape}.yml`)), options).plan;
}

function step(plan: Plan, id: string): Step {
  return plan.steps.find((one) => one.id === id) ?? assert.fail(`there is no step "${id}"`);
}

describe('every shape of an export', () => {
  for (const file of readdirSync(SHAPES)) {
    it(`compiles to a plan that is accepted: ${file}`, () => {
      const { plan } = compileApp(loadDifyApp(join(SHAPES, file)));
      assert.deepEqual(parsePlan(JSON.parse(JSON.stringify(plan))), plan);
    });
  }
});

describe('compileApp', () => {
  it('takes an app without version and kind', () => {
    const plan = compile('no-version-or-kind');
    assert.equal(plan.mode, 'chat');
    assert.equal(plan.start, 'begin');
    assert.deepEqual(step(plan, 'begin').edges, [{ when: 'default', to: 'say' }]);
    assert.deepEqual(step(plan, 'say').config, { template: ['Hello ', { from: ['sys', 'query'] }] });
  });

  it('makes one case of an if-else node from before there were several', () => {
    const plan = compile('if-else-without-cases');
    const choose = step(plan, 'choose');
    assert.deepEqual(choose.config, {
      cases: [
        {
          id: 'true',
          mode: 'any',
          conditions: [
            { from: ['sys', 'query'], operator: 'contains', value: ['refund'], files: null },
            { from: ['sys', 'query'], operator: '≥', value: [{ from: ['env', 'least'] }], files: null },
          ],
        },
      ],
    });
    assert.deepEqual(choose.edges, [
      { when: 'true', to: 'say' },
      { when: 'false', to: 'else' },
    ]);
    assert.deepEqual(plan.environment, [{ name: 'least', type: 'number', value: 3 }]);
  });

  it('reads the assigner of version 1, and the aggregator that had its name', () => {
    const assign = compile('assigner-version-1');
    assert.deepEqual(step(assign, 'keep').config, {
      items: [{ to: ['conversation', 'last'], operation: 'over-write', value: { from: ['sys', 'query'] } }],
    });
    assert.deepEqual(assign.conversation, [{ name: 'last', type: 'string', value: '' }]);
    const aggregate = step(compile('aggregator-named-variable-assigner'), 'first');
    assert.equal(aggregate.kind, 'aggregate');
    assert.deepEqual(aggregate.config, {
      isGrouped: false,
      groups: [
        {
          name: 'output',
          type: 'string',
          from: [
            ['sys', 'query'],
            ['sys', 'user_id'],
          ],
        },
      ],
    });
  });

  it('reads structured output by both of its switches, empty settings, and numbers written as text', () => {
    const { config } = step(compile('structured-output-enabled'), 'write');
    assert.deepEqual(config['schema'], {
      type: 'object',
      properties: { mood: { type: 'string' } },
      required: ['mood'],
    });
    assert.deepEqual([config['maxTokens'], config['temperature'], config['stop']], [200, 0.2, ['END']]);
    assert.deepEqual(config['vision'], ['sys', 'files']);
    assert.equal(config['memory'], null, 'a workflow has no conversation');
    assert.deepEqual(step(compile('structured-output-switch-on'), 'write').config['schema'], {
      type: 'object',
    });
  });

  it('leaves a request to the cloud until its address is allowed', () => {
    assert.deepEqual(step(compile('http-body-as-text'), 'ask').config, {
      what: 'request to https://api.example.com',
    });
    const choices = parseOwnerChoices('http: { allow: [https://api.example.com/items] }', 'understudy.yml');
    const ask = step(compile('http-body-as-text', { choices }), 'ask');
    assert.deepEqual([ask.kind, ask.site], ['http', 'edge']);
    assert.deepEqual(ask.config, {
      url: ['https://api.example.com/items/', { from: ['sys', 'query'] }, '?page=1'],
      headers: [{ name: 'Accept', value: ['application/json'] }],
      params: [{ name: 'size', value: ['10'] }],
      timeoutMs: 20_000,
    });
  });

  it('reads classes named topics, and the system variable of the start node', () => {
    const sort = step(compile('classifier-topics-and-instructions'), 'sort');
    assert.deepEqual(sort.config, {
      query: ['sys', 'query'],
      classes: [
        { id: '1', name: 'Orders', label: '' },
        { id: '2', name: 'Returns', label: '' },
      ],
      instruction: ['Be careful with ', { from: ['sys', 'query'] }],
    });
    assert.deepEqual(sort.edges, [
      { when: '1', to: 'say' },
      { when: '2', to: 'other' },
    ]);
    const find = step(compile('system-variable-of-start'), 'find');
    assert.deepEqual(find.config, {
      query: ['sys', 'query'],
      collections: ['5a0d6c1e-0c7e-4a44-9d43-6c1b7b8f3a10'],
      limit: 3,
      threshold: null,
      filter: null,
    });
  });

  it('puts context, memory and the names of old nodes into a prompt', () => {
    const { config } = step(compile('system-variable-of-start'), 'write');
    assert.deepEqual(config['messages'], [
      {
        role: 'system',
        text: ['Use ', { from: ['context', 'text'] }, ' for ', { from: ['sys', 'query'] }],
      },
    ]);
    assert.deepEqual(config['context'], ['find', 'result']);
    assert.deepEqual(config['memory'], {
      window: null,
      query: ['Q: ', { from: ['sys', 'query'] }],
      roles: null,
    });
  });

  it('reads types of parameters by their old names', () => {
    assert.deepEqual(step(compile('parameter-types-bool-and-select'), 'find').config['parameters'], [
      { name: 'urgent', type: 'boolean', description: 'Is it urgent?', options: [], isRequired: true },
      { name: 'kind', type: 'select', description: '', options: ['order', 'return'], isRequired: false },
    ]);
  });

  it('finds where a round begins when no start is named', () => {
    const plan = compile('iteration-without-start-node-id');
    assert.deepEqual(step(plan, 'each').config, {
      items: ['begin', 'list'],
      output: ['line', 'output'],
      start: 'line',
      parallel: 1,
      onError: 'fail',
      isFlattened: true,
    });
    assert.equal(step(plan, 'line').parent, 'each');
    assert.deepEqual(step(plan, 'line').inputs, { item: { from: ['each', 'item'] } });
  });

  it('puts variables that stand beside the text of an answer into it', () => {
    assert.deepEqual(step(compile('answer-with-variables'), 'say').config, {
      template: ['You said ', { from: ['sys', 'query'] }, ' and {{other}}'],
    });
  });

  it('reads constants that are written as text by the declared type', () => {
    const plan = compile('loop-with-text-constants');
    assert.deepEqual(step(plan, 'again').config, {
      rounds: 5,
      variables: [
        { name: 'count', type: 'number', value: { value: 1 } },
        { name: 'found', type: 'array[string]', value: { value: [] } },
        { name: 'said', type: 'string', value: { from: ['sys', 'query'] } },
      ],
      until: {
        mode: 'all',
        conditions: [{ from: ['again', 'count'], operator: '≥', value: ['3'], files: null }],
      },
      start: 'againstart',
    });
    assert.deepEqual(step(plan, 'add').config, {
      items: [
        { to: ['again', 'count'], operation: '+=', value: { value: 1 } },
        { to: ['again', 'found'], operation: 'append', value: { from: ['sys', 'query'] } },
        { to: ['again', 'said'], operation: 'clear', value: null },
      ],
    });
    assert.deepEqual([step(plan, 'againstart').kind, step(plan, 'out').kind], ['round-start', 'loop-end']);
  });

  it('keeps what the flow says of failures, within bounds', () => {
    const plan = compile('failures');
    const compute = step(plan, 'compute');
    assert.deepEqual(compute.onError, { kind: 'branch' });
    assert.deepEqual(compute.retry, { times: 10, intervalMs: 10_000 });
    assert.deepEqual(compute.edges, [
      { when: 'default', to: 'done' },
      { when: 'fail-branch', to: 'look' },
    ]);
    assert.deepEqual(compute.inputs, { text: { from: ['sys', 'query'] }, gone: { value: null } });
    const look = step(plan, 'look');
    assert.equal(look.kind, 'lead');
    assert.deepEqual(look.onError, { kind: 'defaults', values: { text: 'nothing', json: [{ a: 1 }] } });
  });

  it('makes a form of a human-input node', () => {
    const ask = step(compile('human-input'), 'ask');
    assert.deepEqual(ask.config, {
      content: ['Please check ', { from: ['sys', 'query'] }, ': {{#$output.comment#}}'],
      fields: [
        {
          name: 'comment',
          label: 'comment',
          type: 'paragraph',
          isRequired: false,
          maxLength: null,
          options: [],
          default: 'none',
        },
      ],
      actions: [
        { id: 'approve', label: 'Approve', style: 'primary' },
        { id: 'reject', label: 'Reject', style: 'default' },
      ],
      timeoutMs: 7_200_000,
    });
    assert.deepEqual(
      ask.edges.map((edge) => edge.when),
      ['approve', 'reject', '__timeout'],
    );
  });

  it('tells the time itself', () => {
    const now = step(compile('time-tool'), 'now');
    assert.deepEqual([now.kind, now.config], ['time', { format: '%H:%M', timeZone: 'Europe/Berlin' }]);
  });

  it('compiles conditions on files and lists of files', () => {
    const plan = compile('files-and-lists');
    assert.deepEqual(step(plan, 'images').config, {
      from: ['sys', 'files'],
      filter: {
        mode: 'all',
        conditions: [{ from: ['file', 'type'], operator: 'in', value: { value: ['image'] }, files: null }],
      },
      order: { key: 'name', isDescending: true },
      take: ['1'],
      limit: 2,
    });
    const [first] = [step(plan, 'check').config['cases']].flat();
    assert.deepEqual(first, {
      id: 'a',
      mode: 'all',
      conditions: [
        {
          from: ['sys', 'files'],
          operator: 'contains',
          value: null,
          files: {
            mode: 'any',
            conditions: [
              { from: ['file', 'extension'], operator: 'in', value: { value: ['.pdf'] }, files: null },
            ],
          },
        },
        { from: ['read', 'text'], operator: 'not empty', value: null, files: null },
      ],
    });
  });

  it('drops notes, renames nodes whose ids are reserved, and leaves other marks as text', () => {
    const plan = compile('notes-and-reserved-ids');
    assert.deepEqual(
      plan.steps.map((one) => one.id),
      ['begin', 'node-context', 'say'],
    );
    assert.deepEqual(step(plan, 'say').config, {
      template: [{ from: ['node-context', 'output'] }, ' {{#a-b.c#}} {{#lonely#}}'],
    });
  });
});

describe('the end of a loop', () => {
  it('leads nowhere, also where an edge for its failure was drawn', () => {
    const nodes = [
      { id: 'start', data: { type: 'start' } },
      { id: 'end', data: { type: 'loop-end', error_strategy: 'fail-branch' } },
      { id: 'say', data: { type: 'answer', answer: 'x' } },
    ];
    const edges = [
      { source: 'start', target: 'end' },
      { source: 'end', sourceHandle: 'fail-branch', target: 'say' },
    ];
    const app = { app: { mode: 'workflow' }, workflow: { graph: { nodes, edges } } };
    const { plan } = compileApp(readDifyApp(JSON.stringify(app), 'x.yml'));
    assert.deepEqual(step(plan, 'end').edges, []);
    assert.deepEqual(
      plan.steps.map((one) => one.id),
      ['start', 'end'],
    );
  });
});

describe('apps of simple modes', () => {
  it('are given the graph of a chat with knowledge', () => {
    const { plan, report } = compileApp(loadDifyApp(join(SHAPES, 'chat.yml')));
    assert.deepEqual(
      plan.steps.map((one) => [one.id, one.kind]),
      [
        ['start', 'start'],
        ['knowledge', 'knowledge'],
        ['llm', 'llm'],
        ['answer', 'answer'],
      ],
    );
    const { config } = step(plan, 'llm');
    const [message] = [config['messages']].flat();
    const text = JSON.stringify(message);
    assert.match(text, /"from":\["context","text"\]/);
    assert.match(text, /"from":\["start","company"\]/);
    assert.match(text, /\{\{unknown\}\} stays\./);
    assert.deepEqual(config['memory'], { window: null, query: null, roles: null });
    assert.equal(step(plan, 'knowledge').config['limit'], 6);
    assert.deepEqual(plan.moderation, {
      keywords: ['bomb', 'weapon'],
      onInput: 'I cannot talk about that.',
      onOutput: null,
    });
    assert.equal(plan.showsCitations, false);
    assert.deepEqual(report.features.suggestedQuestions, ['Where is my order?']);
    assert.deepEqual(
      report.missing.map(({ kind, id }) => [kind, id]),
      [
        ['knowledge', '5a0d6c1e-0c7e-4a44-9d43-6c1b7b8f3a10'],
        ['annotations', ''],
      ],
    );
  });

  it('are given one text where the model takes a text', () => {
    const { config } = step(compile('chat-with-text-model'), 'llm');
    assert.equal(config['isCompletion'], true);
    assert.match(JSON.stringify(config['messages']), /Be brief\..*#histories#.*"from":\["sys","query"\]/);
  });

  it('keep an advanced prompt, and datasets where they stood in 2023', () => {
    const plan = compile('chat-with-advanced-prompt');
    assert.deepEqual(step(plan, 'llm').config['messages'], [
      { role: 'system', text: ['Use ', { from: ['context', 'text'] }] },
      { role: 'user', text: ['Q ', { from: ['sys', 'query'] }] },
    ]);
    assert.equal(step(plan, 'knowledge').config['limit'], 4);
  });

  it('have no memory in completion mode', () => {
    const plan = compile('completion');
    const { config } = step(plan, 'llm');
    assert.equal(config['memory'], null);
    assert.match(
      JSON.stringify(config['messages']),
      /"role":"user".*"start","text".*"start","language".*"sys","query"/,
    );
    assert.deepEqual(step(plan, 'knowledge').config['query'], ['start', 'text']);
    assert.deepEqual(step(plan, 'start').outputs, ['text', 'language']);
  });

  it('leave agents with tools to the cloud, and run those without', () => {
    assert.equal(step(compile('agent-chat'), 'agent').kind, 'lead');
    assert.equal(step(compile('agent-chat-without-tools'), 'llm').kind, 'llm');
    const choices = parseOwnerChoices('nodes: { agent: edge }', 'understudy.yml');
    const agent = step(compile('agent-chat', { choices }), 'agent');
    assert.equal(agent.kind, 'llm');
    assert.match(JSON.stringify(agent.config['messages']), /Find it\./);
  });
});

describe('options of compileApp', () => {
  it('name the app, its collections, annotations and the text for a missing connection', () => {
    const plan = compile('chat', {
      appId: 'shop',
      annotations: [{ question: 'Hi', answer: 'Hello' }],
      collectionsOf: () => ['faq', 'faq', 'manual'],
      needsLeadText: 'Later.',
    });
    assert.equal(plan.appId, 'shop');
    assert.deepEqual(plan.annotations, [{ question: 'Hi', answer: 'Hello' }]);
    assert.deepEqual(step(plan, 'knowledge').config['collections'], ['faq', 'manual']);
    assert.equal(plan.needsLeadText, 'Later.');
  });
});
