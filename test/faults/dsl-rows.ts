import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../../src/contracts/json.ts';
import { filesBelow } from './bundle-files.ts';
import type { CommandRow, RowStage } from './command-row.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/dify');

const START = '{ id: begin, data: { type: start, title: Begin, variables: [] } }';
const HEAD = `app: { name: Shop, mode: advanced-chat }
kind: app
version: 0.6.0
workflow:
  environment_variables: [{ name: shop, value_type: string, value: Fenbrook }]
  graph:
    nodes:
      - ${START}
`;
/** An app that says one text. */
const saying = (answer: string): string =>
  `${HEAD}      - { id: say, data: { type: answer, title: Say, answer: ${JSON.stringify(answer)} } }
    edges: [{ source: begin, target: say }]
`;

const times = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

/** Files that are refused, with the line and column that must be named. */
const HOSTILE: { readonly [name: string]: readonly [text: () => string, says: RegExp] } = {
  'not-yaml.yml': [() => 'app: [1\n foo: }\n', /dify\/invalid: not-yaml\.yml:1:7: this is no valid YAML/],
  'laughs.yml': [
    () =>
      `a: &a [x, x]\n${times(25, (index) => `${letter(index + 1)}: &${letter(index + 1)} [*${letter(index)}, *${letter(index)}]\n`)}`,
    /dify\/invalid: laughs\.yml:16:\d+: .*billion laughs/,
  ],
  'fifty-mb.yml': [
    () => 'x'.repeat(50 * 1024 * 1024),
    /dify\/too-large: fifty-mb\.yml:1:1: it is 50\.0 MB long/,
  ],
  'deep.yml': [() => `a: ${'['.repeat(1_000_000)}`, /dify\/invalid: deep\.yml:1:64: .*nested too deeply/],
  'deep-lines.yml': [
    () => times(3000, (depth) => `${' '.repeat(depth)}a:\n`),
    /dify\/invalid: deep-lines\.yml:\d+:\d+: .*nested too deeply/,
  ],
  'errors.yml': [
    () => `a: [${'"a" '.repeat(29_000)}`,
    /dify\/invalid: errors\.yml:1:9: this is no valid YAML/,
  ],
  'stray-brackets.yml': [
    () => `a: ${'] '.repeat(39_000)}`,
    /dify\/invalid: stray-brackets\.yml:1:4: this is no valid YAML/,
  ],
  'lines.yml': [
    () => `a: |\n${'  a\n'.repeat(2_000_000)}`,
    /dify\/too-large: lines\.yml:200001:1: .*more than 200000 lines/,
  ],
};
const letter = (index: number): string => String.fromCharCode(97 + index);

const QUOTED = times(4, (index) => `q${String(index)}: "${'x'.repeat(480_000)}"\n`);
/** Files just under the limits of the reader, of what costs it most: they are read. */
const NEAR_LIMITS: { readonly [name: string]: () => string } = {
  'quotes-and-words.yml': () => `${saying('Hi')}${QUOTED}y: [${'[],'.repeat(29_000)}]\n`,
  'plain.yml': () => `${saying('Hi')}${times(20, (index) => `q${String(index)}: ${'x'.repeat(490_000)}\n`)}`,
  'nested.yml': () => `${saying('Hi')}${QUOTED}y: [${`${'['.repeat(54)}${']'.repeat(54)},`.repeat(1050)}]\n`,
  'folded.yml': () =>
    `${saying('Hi')}${QUOTED}${times(3, (index) => `q-${String(index)}: >\n${'  a b\n'.repeat(65_000)}`)}y: [${'[],'.repeat(29_000)}]\n`,
  'single-quotes.yml': () =>
    `${saying('Hi')}${times(4, (index) => `q${String(index)}: '${"''".repeat(240_000)}'\n`)}y: [${'[],'.repeat(29_000)}]\n`,
  'tokens-of-secrets.yml': () => saying('eyJa.'.repeat(95_000)),
  'keys.yml': () => saying('sk-'.repeat(160_000)),
  'addresses.yml': () => saying('a.'.repeat(240_000)),
};

const fixture = (name: string): string => readFileSync(join(FIXTURES, name), 'utf8');

/** Refuses the file with status 2, and the first line names code, place and remedy. */
async function refused(stage: RowStage, path: string, says: RegExp): Promise<string> {
  const { status, notes } = await stage.run('inspect', path);
  const [line = ''] = notes.split('\n');
  assert.equal(status, 2, `${path}: ${line}`);
  assert.match(line, /^error [a-z]+\/[a-z-]+: \S+:\d+:\d+: /);
  assert.match(line, says);
  return /^error ([a-z/-]+):/.exec(line)?.[1] ?? '';
}

/** Refuses files of the fixtures, each for its reason. */
async function refusedFixtures(stage: RowStage, files: { readonly [name: string]: RegExp }): Promise<string> {
  const codes = new Set<string>();
  for (const [name, says] of Object.entries(files))
    codes.add(await refused(stage, join(FIXTURES, 'refused', `${name}.yml`), says));
  return [...codes].join(', ');
}

async function report(stage: RowStage, path: string): Promise<Readonly<Record<string, unknown>>> {
  const { status, out, notes } = await stage.run('inspect', path, '--json');
  assert.equal(status, 0, notes);
  const value: unknown = JSON.parse(out);
  assert.ok(isRecord(value));
  return value;
}

/** Builds an app without a generator and gives the folder of its bundle. */
async function built(stage: RowStage, app: string, folder: string): Promise<string> {
  const bundle = join(folder, 'bundle');
  const { status, notes } = await stage.run('build', app, '--out', bundle, '--generator', 'none');
  assert.equal(status, 0, `${app}: ${notes}`);
  return bundle;
}

/** The hash of a bundle's plan. */
function planHash(bundle: string): unknown {
  const manifest: unknown = JSON.parse(readFileSync(join(bundle, 'manifest.json'), 'utf8'));
  assert.ok(isRecord(manifest) && isRecord(manifest['artifacts']));
  const plan = manifest['artifacts']['plan.json'];
  assert.ok(isRecord(plan));
  return plan['sha256'];
}

const SITES = `${HEAD}      - { id: js, data: { type: code, title: J, code_language: javascript, code: "function main() { return { seen: [typeof process, typeof fetch, typeof require, typeof document].join() } }", variables: [], outputs: { seen: { type: string } } } }
      - { id: told, data: { type: answer, title: Told, answer: '{{#js.seen#}}' } }
      - { id: net, data: { type: code, title: N, code_language: python3, code: "import requests\\ndef main():\\n  return {}", variables: [], outputs: {} } }
      - { id: http, data: { type: http-request, title: H, method: get, url: 'https://api.example.com/', headers: '', params: '', body: { type: none, data: [] }, authorization: { type: no-auth } } }
      - { id: tool, data: { type: tool, title: P, provider_id: shop/orders, provider_type: builtin, tool_name: find } }
      - { id: rest, data: { type: answer, title: Rest, answer: '{{#http.body#}}' } }
    edges: [{ source: begin, target: js }, { source: js, target: told }, { source: told, target: net }, { source: net, target: http }, { source: http, target: tool }, { source: tool, target: rest }]
`;
const NO_ANSWER = `${HEAD}      - { id: make, data: { type: template-transform, title: T, template: hi, variables: [] } }
    edges: [{ source: begin, target: make }]
`;
const WORLDLY = `app: { name: '掌柜 🫖 متجر', mode: advanced-chat }
kind: app
version: 0.6.0
workflow:
  graph:
    nodes:
      - ${START}
      - { id: 🫖, data: { type: template-transform, title: 'قالب', template: "{{ سؤال }}\\n茶", variables: [{ variable: سؤال, value_selector: [sys, query] }] } }
      - id: قل
        data:
          type: answer
          title: 回答
          answer: |
            שלום, 您好 👋🏽
            é and é: {{#sys.query#}}
    edges: [{ source: begin, target: 🫖 }, { source: 🫖, target: قل }]
`;

/** The rows of the catalogue about exported apps, 91 to 97. */
export const dslRows: readonly CommandRow[] = [
  {
    id: 91,
    name: 'an export is no YAML, a billion laughs, or 50 MB',
    async play(stage) {
      const codes = new Set<string>();
      for (const [name, [text, says]] of Object.entries(HOSTILE)) {
        const folder = stage.make({ [name]: text() });
        codes.add(await refused(stage, join(folder, name), says));
      }
      for (const [name, text] of Object.entries(NEAR_LIMITS)) {
        const { status, notes } = await stage.run('inspect', join(stage.make({ [name]: text() }), name));
        assert.equal(status, 0, `${name}: ${notes}`);
      }
      return [...codes].join(', ');
    },
  },
  {
    id: 92,
    name: 'a node is of an unknown type, or the export of a newer version: refused, there is no partial way',
    play: (stage) =>
      refusedFixtures(stage, {
        'unknown-node-type': /unknown-node-type\.yml:8:32: .*type "if-els".*did you mean "if-else"/,
        'newer-version': /newer-version\.yml:2:10: .*newer than 0\.6\.0/,
      }),
  },
  {
    id: 93,
    name: 'a graph has a circle, an edge to nothing, an id twice, or no end',
    async play(stage) {
      const code = await refusedFixtures(stage, {
        circle: /circle\.yml:13:9: .*in a circle: "b" → "a" → "b"/,
        'node-to-itself': /node-to-itself\.yml:11:9: /,
        'dangling-edge': /dangling-edge\.yml:11:54: .*leads to "gone"/,
        'edge-from-nowhere': /edge-from-nowhere\.yml:10:19: .*comes from "gone"/,
        'two-nodes-of-one-id': /two-nodes-of-one-id\.yml:9:15: .*the first stands in line 8/,
      });
      // Without an answer an app can be compiled, as in Dify; it is said where it is inspected, and when it is run.
      const app = join(stage.make({ 'app.yml': NO_ANSWER }), 'app.yml');
      assert.match((await stage.run('inspect', app)).out, /no path completes.*ends without an answer/s);
      const ran = await stage.run('run', app, '--query', 'Hello?');
      assert.equal(ran.status, 1);
      assert.match(ran.out, /plan\/no-answer/);
      return `${code}, plan/no-answer`;
    },
  },
  {
    id: 94,
    name: 'secrets stand in variables, requests, tools, prompts and code',
    async play(stage) {
      for (const name of readdirSync(join(FIXTURES, 'secrets'))) {
        const folder = stage.make({ 'app.yml': fixture(`secrets/${name}`) });
        const app = join(folder, 'app.yml');
        const said = await report(stage, app);
        const { leftOut, remarks } = said;
        assert.ok(Array.isArray(leftOut) && Array.isArray(remarks));
        assert.doesNotMatch(JSON.stringify(said), /PLANTED/, name);
        assert.ok(leftOut.length + remarks.length > 0, `${name}: nothing is said of it`);
        const bundle = await built(stage, app, folder);
        for (const bytes of filesBelow(bundle)) assert.ok(!bytes.includes('PLANTED'), name);
      }
      return '';
    },
  },
  {
    id: 95,
    name: 'code, requests and tools: code runs in a sandbox, the rest is left to the cloud',
    async play(stage) {
      const app = join(stage.make({ 'app.yml': SITES }), 'app.yml');
      const { nodes } = await report(stage, app);
      assert.ok(Array.isArray(nodes));
      const sites = nodes.map((node: unknown) =>
        isRecord(node) ? `${String(node['id'])} ${String(node['site'])}` : '',
      );
      for (const site of ['js edge', 'net lead', 'http lead', 'tool lead'])
        assert.ok(sites.includes(site), site);
      const ran = await stage.run('run', app, '--query', 'Hello?');
      assert.equal(ran.status, 1);
      // The sandbox sees nothing of what is around it.
      assert.match(ran.out, /^undefined,undefined,undefined,undefined$/m);
      assert.match(ran.out, /needs the cloud/);
      return 'plan/needs-lead';
    },
  },
  {
    id: 96,
    name: 'a variable is never set, and the message holds marks of a template',
    async play(stage) {
      const asked = '{{#env.shop#}} {{#ghost.text#}}';
      const app = join(
        stage.make({ 'app.yml': saying('{{#env.shop#}} was asked {{#sys.query#}} {{#ghost.text#}}') }),
        'app.yml',
      );
      assert.match(
        (await stage.run('inspect', app)).out,
        /app\.yml:\d+:\d+: Say: it reads "ghost\.text", which nothing sets/,
      );
      const ran = await stage.run('run', app, '--query', asked);
      assert.equal(ran.status, 0, ran.notes);
      // What was not set is named as in Dify; what the visitor wrote stays text.
      assert.ok(ran.out.startsWith(`Fenbrook was asked ${asked} ghost.text\n`), ran.out);
      return '';
    },
  },
  {
    id: 97,
    name: 'an export has emoji, scripts from right to left, CRLF and a byte order mark',
    async play(stage) {
      const forms = {
        plain: WORLDLY,
        crlf: WORLDLY.replaceAll('\n', '\r\n'),
        bom: `\ufeff${WORLDLY}`,
        both: `\ufeff${WORLDLY.replaceAll('\n', '\r\n')}`,
      };
      const hashes = new Set<unknown>();
      for (const text of Object.values(forms)) {
        const folder = stage.make({ 'app.yml': text });
        const app = join(folder, 'app.yml');
        hashes.add(planHash(await built(stage, app, folder)));
        const ran = await stage.run('run', app, '--query', 'مرحبا 🫖');
        assert.equal(ran.status, 0, ran.notes);
        assert.ok(ran.out.startsWith('שלום, 您好 👋🏽\né and é: مرحبا 🫖'), ran.out);
      }
      assert.equal(hashes.size, 1);
      return '';
    },
  },
];
