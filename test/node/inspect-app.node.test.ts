import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isRecord } from '../../src/contracts/json.ts';
import { runCommand } from './run-command.ts';
import { sampleFolders } from './sample-folder.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const APP = `
kind: app
version: 0.6.0
app: { name: '<Kettle> & Co', mode: advanced-chat }
workflow:
  environment_variables: [{ name: SHOP_KEY, value_type: secret, value: '' }]
  features: { opening_statement: Hello }
  graph:
    nodes:
      - { id: start, type: custom, position: { x: 0, y: 0 }, data: { type: start, title: Start, variables: [] } }
      - id: sort
        position: { x: 300, y: 0 }
        data:
          type: question-classifier
          title: 分类
          query_variable_selector: [sys, query]
          classes: [{ id: '1', name: Orders }, { id: '2', name: Anything else }]
      - { id: order, position: { x: 600, y: -100 }, data: { type: tool, title: Look up the order, provider_id: shop, tool_name: find_order } }
      - { id: find, position: { x: 600, y: 100 }, data: { type: knowledge-retrieval, title: Search, query_variable_selector: [sys, query], dataset_ids: [faq] } }
      - { id: say, position: { x: 900, y: -100 }, data: { type: answer, title: Say, answer: '{{#order.text#}}' } }
      - { id: tell, position: { x: 900, y: 100 }, data: { type: answer, title: Tell, answer: '{{#find.result#}}' } }
    edges:
      - { source: start, target: sort }
      - { source: sort, sourceHandle: '1', target: order }
      - { source: sort, sourceHandle: '2', target: find }
      - { source: order, target: say }
      - { source: find, target: tell }
`;

function parsed(line: string): Record<string, unknown> {
  const value: unknown = JSON.parse(line);
  assert.ok(isRecord(value));
  return value;
}

describe('understudy inspect of an app', () => {
  it('says where each node runs, which paths are whole, and what is missing', async () => {
    const app = join(samples.make({ 'app.yml': APP }), 'app.yml');
    const { out, status } = await runCommand(['inspect', app]);
    assert.equal(status, 0);
    assert.match(
      out,
      /^<Kettle> & Co \(advanced-chat, DSL 0\.6\.0\) runs partly on the device: 1 of 2 paths/,
    );
    assert.match(out, /nodes {2}4 edge, 1 edge-model, 1 lead, 0 refused/);
    assert.match(out, /lead +tool +Look up the order +calls the tool "shop \/ find_order"/);
    assert.match(out, /blocked {2}分类: Orders → needs the cloud for Look up the order/);
    assert.match(out, /whole {4}分类: Anything else → Tell/);
    assert.match(out, /knowledge faq: .*\n +understudy build \S*app\.yml --out DIR --dataset faq=FOLDER/);
    assert.match(out, /left out, .*\n {2}app\.yml:6:\d+: the environment variable "SHOP_KEY" \(a secret\)/);
  });

  it('prints one JSON object of a stable form', async () => {
    const app = join(samples.make({ 'app.yml': APP }), 'app.yml');
    const report = parsed((await runCommand(['inspect', app, '--json'])).out);
    assert.deepEqual(Object.keys(report), [
      ...['format', 'version', 'file', 'app', 'dslVersion', 'coverage', 'sites', 'nodes', 'edges', 'paths'],
      ...['isTruncated', 'missing', 'leftOut', 'remarks', 'features'],
    ]);
    assert.equal(report['format'], 'understudy/dify-report');
    assert.equal(report['coverage'], 'partial');
    const [first] = [report['nodes']].flat();
    assert.deepEqual(first, {
      id: 'start',
      type: 'start',
      title: 'Start',
      parent: null,
      site: 'edge',
      reason: 'takes the message and the form of the visitor',
      isChosen: false,
      runtime: null,
      isReachable: true,
      line: 10,
      column: 9,
      position: { x: 0, y: 0 },
    });
  });

  it('writes one page with the graph drawn, without scripts and with everything escaped', async () => {
    const folder = samples.make({ 'app.yml': APP });
    const page = join(folder, 'report.html');
    assert.equal((await runCommand(['inspect', join(folder, 'app.yml'), '--html', page])).status, 0);
    const html = readFileSync(page, 'utf8');
    assert.match(html, /<title>&lt;Kettle&gt; &amp; Co – what runs where<\/title>/);
    assert.equal(html.match(/<g class="node site-/g)?.length, 6);
    assert.equal(html.match(/class="edge" marker-end/g)?.length, 5);
    assert.match(html, /<text [^>]*class="handle">Orders<\/text>/);
    assert.doesNotMatch(html, /<script|<Kettle>|https?:\/\/|url\(h/);
    assert.match(html, /prefers-color-scheme: dark/);
    assert.match(html, /<th scope="row">Look up the order/);
  });

  it('takes the choices of an understudy.yml beside the app, of one that is named, and of one that names the app', async () => {
    const choices = 'nodes: { tell: lead }\n';
    const folder = samples.make({
      'app.yml': APP,
      'understudy.yml': choices,
      'other.yml': 'nodes: { find: lead }\n',
    });
    const app = join(folder, 'app.yml');
    assert.match(
      (await runCommand(['inspect', app])).out,
      /lead +answer +Tell +is left to the cloud, as understudy\.yml says/,
    );
    assert.match(
      (await runCommand(['inspect', app, '--config', join(folder, 'other.yml')])).out,
      /lead +knowledge-retrieval/,
    );
    const named = samples.make({ 'my.yml': APP, 'understudy.yml': `dify: my.yml\n${choices}` });
    assert.match((await runCommand(['inspect', join(named, 'understudy.yml')])).out, /lead +answer +Tell/);
  });

  it('ends with status 2 and the place for what cannot be used', async () => {
    const folder = samples.make({
      'app.yml': APP.replace('target: sort }', 'target: gone }'),
      'bad.yml': 'nodes: { nobody: edge }\n',
      'good.yml': APP,
    });
    const broken = await runCommand(['inspect', join(folder, 'app.yml')]);
    assert.equal(broken.status, 2);
    assert.match(broken.notes, /^error dify\/invalid: app\.yml:23:\d+: the edge leads to "gone"/);
    const json = await runCommand(['inspect', join(folder, 'app.yml'), '--json']);
    assert.match(json.out, /"code":"dify\/invalid".*"line":23/);
    const chosen = await runCommand([
      'inspect',
      join(folder, 'good.yml'),
      '--config',
      join(folder, 'bad.yml'),
    ]);
    assert.equal(chosen.status, 2);
    assert.match(chosen.notes, /^error cli\/config-invalid: bad\.yml:1:\d+: "nodes\.nobody" names no node/);
    assert.equal((await runCommand(['inspect', join(folder, 'none.yml')])).status, 2);
    assert.equal((await runCommand(['inspect', folder, '--html', 'x.html'])).status, 64);
  });
});
