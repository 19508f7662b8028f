import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import type { NodeSite } from './decide-sites.ts';
import { decideSites } from './decide-sites.ts';
import { NO_CHOICES, parseOwnerChoices } from './owner-choices.ts';
import { loadDifyApp, readDifyApp } from './read-app.ts';

const SHAPES = join(import.meta.dirname, '../../test/fixtures/dify/shapes');

/** The site of a node `x` with these settings, in an app that has nothing else. */
function siteOf(data: object, choices: string | null = null, environment: readonly object[] = []): NodeSite {
  const text = JSON.stringify({
    app: { mode: 'workflow' },
    workflow: {
      environment_variables: environment,
      graph: {
        nodes: [
          { id: 'start', data: { type: 'start' } },
          { id: 'x', data },
        ],
        edges: [{ source: 'start', target: 'x' }],
      },
    },
  });
  const chosen = choices === null ? NO_CHOICES : parseOwnerChoices(choices, 'understudy.yml');
  return decideSites(readDifyApp(text, 'x.yml'), chosen).get('x') ?? assert.fail('no site');
}

function refusal(decide: () => unknown): string {
  try {
    decide();
  } catch (error) {
    assert.ok(isUnderstudyError(error));
    return `${error.code} ${error.message}`;
  }
  return assert.fail('it was accepted');
}

const code = (source: string, language = 'python3'): object => ({
  type: 'code',
  code: source,
  code_language: language,
});
const request = (more: object): object => ({
  type: 'http-request',
  method: 'GET',
  url: 'https://api.example.com/a',
  ...more,
});

describe('where a node runs', () => {
  it('is the device for code that its interpreters run', () => {
    assert.deepEqual(siteOf(code('import json\ndef main():\n    return {}')), {
      site: 'edge',
      reason: 'is Python and runs in MicroPython',
      isChosen: false,
      runtime: 'micropython',
    });
    assert.equal(
      siteOf(code('import collections, statistics\ndef main():\n    return {}')).runtime,
      'pyodide',
    );
    assert.equal(siteOf(code('function main() { return {} }', 'javascript')).runtime, 'quickjs');
  });

  it('is the cloud for code that needs a network or a package', () => {
    assert.match(siteOf(code('import requests\ndef main(): pass')).reason, /network \(module requests\)/);
    assert.match(siteOf(code('import pandas\ndef main(): pass')).reason, /package pandas/);
    assert.match(siteOf(code('function main() { return fetch("/x") }', 'javascript')).reason, /"fetch"/);
  });

  it('is the cloud for tools, but the one that tells the time', () => {
    assert.match(
      siteOf({ type: 'tool', provider_id: 'google', tool_name: 'google_search' }).reason,
      /"google \/ google_search"/,
    );
    const time = { type: 'tool', provider_id: 'time', tool_name: 'current_time' };
    assert.equal(siteOf(time).site, 'edge');
    assert.equal(siteOf({ ...time, tool_configurations: { timezone: 'Moon/Base' } }).site, 'lead');
    assert.equal(
      siteOf({ ...time, tool_parameters: { format: { type: 'variable', value: ['a', 'b'] } } }).site,
      'lead',
    );
  });

  it('is the cloud for requests that a page cannot make, with the reason', () => {
    const allow = 'http: { allow: [https://api.example.com/] }';
    for (const [more, reason] of [
      [{}, null],
      [{ params: 'max_tokens: 100' }, null],
      [{ method: 'POST' }, /a POST request/],
      [{ url: '{{#start.url#}}' }, /host is not fixed/],
      [{ url: 'https://{{#start.host#}}.example.com/' }, /host is not fixed/],
      [{ url: 'https://api.example.com{{#start.rest#}}' }, /host is not fixed/],
      [{ url: 'http://api.example.com/' }, /without https/],
      [
        { url: 'https://other.example.com/' },
        /write "http: \{ allow: \[https:\/\/other\.example\.com\/\] \}"/,
      ],
      [{ body: { type: 'raw-text', data: 'x' } }, /a body with its GET/],
      [{ headers: 'Authorization: abc' }, /header "Authorization"/],
    ] as const) {
      const { site, reason: said } = siteOf(request(more), allow);
      assert.equal(site, reason === null ? 'edge' : 'lead', said);
      if (reason !== null) assert.match(said, reason);
    }
  });

  it('is the cloud for what needs a secret of the environment', () => {
    const secret = [{ name: 'KEY', value_type: 'secret', value: '' }];
    const prompt = { type: 'llm', prompt_template: [{ role: 'user', text: 'a {{#env.KEY#}}' }] };
    assert.match(siteOf(prompt, null, secret).reason, /the secret "KEY"/);
    const bound = {
      type: 'template-transform',
      template: '{{ k }}',
      variables: [{ variable: 'k', value_selector: ['env', 'KEY'] }],
    };
    assert.equal(siteOf(bound, null, secret).site, 'lead');
    assert.equal(siteOf(prompt).site, 'edge-model');
  });

  it('is nowhere for nodes that cannot run, in Dify either', () => {
    for (const [data, reason] of [
      [{ type: 'code', code: '' }, /no "code"/],
      [{ type: 'code', code: 'x', code_language: 'ruby' }, /"ruby" is no language/],
      [{ type: 'llm' }, /no "prompt_template"/],
      [{ type: 'agent', agent_parameters: [] }, /must be a map/],
      [{ type: 'if-else', cases: [] }, /no cases/],
      [
        {
          type: 'if-else',
          cases: [
            {
              case_id: 'a',
              conditions: [{ variable_selector: ['sys', 'query'], comparison_operator: 'like' }],
            },
          ],
        },
        /"like" is no operator/,
      ],
      [
        {
          type: 'question-classifier',
          classes: [{ id: '1' }, { id: '1' }],
          query_variable_selector: ['sys', 'query'],
        },
        /two classes/,
      ],
      [
        { type: 'knowledge-retrieval', retrieval_mode: 'multiple', multiple_retrieval_config: { top_k: 0 } },
        /"top_k" is 0/,
      ],
      [
        { type: 'iteration', iterator_selector: ['a', 'b'], output_selector: ['c', 'd'] },
        /where a round begins/,
      ],
      [{ type: 'loop', loop_count: 0 }, /"loop_count" is 0/],
      [
        { type: 'assigner', items: [{ variable_selector: ['conversation', 'a'], operation: 'guess' }] },
        /no known operation/,
      ],
      [
        { type: 'parameter-extractor', parameters: [{ name: 'a' }, { name: 'a' }], query: ['sys', 'query'] },
        /two parameters/,
      ],
      [{ type: 'list-operator' }, /what it reads/],
      [{ type: 'document-extractor' }, /what it reads/],
      [{ type: 'loop-end' }, /lies in none/],
      [{ type: 'trigger-schedule' }, /no visitor asked for/],
      [{ type: 'knowledge-index' }, /fills a knowledge base/],
    ] as const) {
      const { site, reason: said } = siteOf(data);
      assert.equal(site, 'refused', said);
      assert.match(said, reason);
    }
  });
});

describe('a choice of the owner', () => {
  it('wins where it can be done', () => {
    const answer = { type: 'answer', answer: 'x' };
    assert.deepEqual(siteOf(answer, 'nodes: { x: lead }'), {
      site: 'lead',
      reason: 'is left to the cloud, as understudy.yml says',
      isChosen: true,
      runtime: null,
    });
    assert.equal(siteOf(answer, 'nodes: { x: edge }').isChosen, true);
    const agent = { type: 'agent', agent_parameters: { tools: { value: [{ tool_name: 'search' }] } } };
    assert.equal(siteOf(agent).site, 'lead');
    assert.equal(siteOf(agent, 'nodes: { x: edge }').site, 'edge-model');
    const mail = { type: 'human-input', delivery_methods: [{ type: 'email' }], user_actions: [{ id: 'ok' }] };
    assert.equal(siteOf(mail).site, 'lead');
    assert.equal(siteOf(mail, 'nodes: { x: edge }').site, 'edge');
  });

  it('is refused at its place when it cannot be done, with the reason', () => {
    const tool = { type: 'tool', provider_id: 'google', tool_name: 'search' };
    assert.match(
      refusal(() => siteOf(tool, 'nodes:\n  x: edge')),
      /^cli\/config-invalid understudy\.yml:2:6: "nodes\.x" cannot be edge: it calls the tool/,
    );
    assert.match(
      refusal(() => siteOf(tool, 'nodes:\n  y: edge')),
      /understudy\.yml:2:6: "nodes\.y" names no node/,
    );
    assert.match(
      refusal(() => siteOf({ type: 'answer' }, 'nodes:\n  star: lead')),
      /did you mean "start"\?/,
    );
    assert.match(
      refusal(() => siteOf(tool, 'nodes:\n  start: lead')),
      /cannot be lead: it only marks/,
    );
    assert.match(
      refusal(() => siteOf({ type: 'llm' }, 'nodes: { x: lead }')),
      /cannot be lead: it cannot run/,
    );
    assert.match(
      refusal(() => siteOf(tool, 'nodes: { x: cloud }')),
      /must be edge or lead/,
    );
    assert.match(
      refusal(() => siteOf(tool, 'nodes: [x]')),
      /is no map/,
    );
    for (const address of ['ftp://a.test', 'nonsense', 'https://me:pw@a.test'])
      assert.match(
        refusal(() => siteOf(tool, `http: { allow: ["${address}"] }`)),
        /^cli\/config-invalid understudy\.yml:1:\d+/,
      );
  });

  it('is read from a file, or not found', () => {
    const app = loadDifyApp(join(SHAPES, 'failures.yml'));
    const sites = decideSites(app, parseOwnerChoices('app: x\nnodes: { compute: lead }\n', 'understudy.yml'));
    assert.equal(sites.get('compute')?.site, 'lead');
  });
});
