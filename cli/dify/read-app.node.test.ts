import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { sampleFolders } from '../../test/node/sample-folder.ts';
import type { DifyApp } from './dify-app.ts';
import { loadDifyApp, readDifyApp } from './read-app.ts';

const FIXTURES = join(import.meta.dirname, '../../test/fixtures/dify');
const samples = sampleFolders();
after(() => samples.removeAll());

/** Code and message of the error of what is refused. */
function refusal(read: () => DifyApp): string {
  try {
    read();
  } catch (error) {
    assert.ok(isUnderstudyError(error), String(error));
    return `${error.code} ${error.message}`;
  }
  return assert.fail('it was accepted');
}

/** The file, the code it is refused with, its place, and what is said. */
const REFUSED: readonly (readonly [file: string, code: string, place: string, says: RegExp])[] = [
  ['a-text', 'dify/invalid', '1:1', /no exported app/],
  ['alias-in-itself', 'dify/invalid', '2:9', /stands for something it lies in/],
  ['an-understudy-yml', 'dify/invalid', '1:6', /an understudy\.yml, not an exported app/],
  ['another-kind', 'dify/not-an-app', '1:7', /kind "snippet"/],
  ['begun-by-a-data-source', 'dify/not-an-app', '7:9', /fills a knowledge base/],
  ['begun-by-a-webhook', 'dify/not-an-app', '7:9', /begun by a trigger \("hook", trigger-webhook\)/],
  ['chat-without-settings', 'dify/invalid', '3:6', /no "model_config"/],
  ['circle', 'dify/invalid', '13:9', /in a circle: "b" → "a" → "b"/],
  ['container-in-itself', 'dify/invalid', '8:9', /"a" lies in itself/],
  ['dangling-edge', 'dify/invalid', '11:54', /leads to "gone", and there is no such node/],
  ['edge-from-nowhere', 'dify/invalid', '10:19', /comes from "gone"/],
  ['edge-out-of-a-container', 'dify/invalid', '12:9', /leads out of "a"/],
  ['edge-without-ends', 'dify/invalid', '9:13', /no "source" or no "target"/],
  ['key-twice', 'dify/invalid', '3:1', /the key "kind" comes twice/],
  ['lies-in-a-missing-node', 'dify/invalid', '8:9', /lies in "gone"/],
  ['lies-in-no-container', 'dify/invalid', '8:9', /no iteration or loop but of type "answer"/],
  ['newer-version', 'dify/version-unsupported', '2:10', /version 0\.7\.0, newer than 0\.6\.0/],
  ['no-start', 'dify/invalid', '7:7', /no start node/],
  ['no-version-number', 'dify/invalid', '2:10', /"version" is "latest"/],
  ['no-yaml', 'dify/invalid', '2:1', /no valid YAML/],
  ['node-to-itself', 'dify/invalid', '11:9', /leads to itself/],
  ['node-without-data', 'dify/invalid', '8:9', /no "data"/],
  ['node-without-id', 'dify/invalid', '8:9', /no "id"/],
  ['node-without-type', 'dify/invalid', '8:38', /no type/],
  ['nodes-outside-of-the-graph', 'dify/invalid', '4:11', /must lie in "workflow\.graph"/],
  ['rag-pipeline', 'dify/not-an-app', '1:7', /fills a knowledge base/],
  ['two-nodes-of-one-id', 'dify/invalid', '9:15', /two nodes with the id "say"; the first stands in line 8/],
  ['two-starts', 'dify/invalid', '8:9', /two start nodes, "begin" and "second"/],
  ['unknown-mode', 'dify/invalid', '3:23', /mode "channel"/],
  ['unknown-node-type', 'dify/invalid', '8:32', /type "if-els", .* did you mean "if-else"/],
  ['unknown-tag', 'dify/invalid', '1:7', /Unresolved tag/],
];

describe('an exported app that cannot be used', () => {
  it('is refused as what it is, at its place', () => {
    const files = readdirSync(join(FIXTURES, 'refused')).sort();
    assert.deepEqual(files, REFUSED.map(([file]) => `${file}.yml`).sort());
    for (const [file, code, place, says] of REFUSED) {
      const message = refusal(() => loadDifyApp(join(FIXTURES, 'refused', `${file}.yml`)));
      assert.ok(message.startsWith(`${code} ${file}.yml:${place}: `), `${file}: ${message}`);
      assert.match(message, says);
    }
  });

  it('tells all faults of its graph at once', () => {
    try {
      readDifyApp(
        'app: {mode: workflow}\nworkflow: {graph: {nodes: [{id: a, data: {type: start}}], edges: [{source: a, target: b}, {source: c, target: a}]}}',
        'x.yml',
      );
      assert.fail('it was accepted');
    } catch (error) {
      assert.ok(isUnderstudyError(error, 'dify/invalid'));
      assert.match(error.message, /1 more of this kind/);
      assert.equal(Array.isArray(error.facts['faults']) && error.facts['faults'].length, 2);
    }
  });
});

describe('hostile YAML', () => {
  const attacks: { readonly [name: string]: readonly [text: string, says: RegExp] } = {
    'fifty megabytes': ['x'.repeat(50 * 1024 * 1024), /^dify\/too-large .*:1:1: it is 50\.0 MB long/],
    'a billion laughs': [
      [
        'a: &a [x, x]',
        ...'bcdefghijklmnopqrstuvwxyz'.split('').map((name, index) => {
          const before = 'abcdefghijklmnopqrstuvwxyz'[index] ?? 'a';
          return `${name}: &${name} [*${before}, *${before}]`;
        }),
      ].join('\n'),
      /^dify\/invalid .*:\d+:\d+: .*billion laughs/,
    ],
    'aliases without end': [`a: &x b\nc: [${'*x, '.repeat(2000)}]`, /more than 1000 aliases/],
    'deep brackets': [`a: ${'['.repeat(1_000_000)}`, /:1:\d+: the YAML is nested too deeply/],
    'deep braces': ['{a: '.repeat(100_000), /nested too deeply/],
    'deep dashes': ['- '.repeat(1_000_000), /nested too deeply/],
    'deep indentation': [
      Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      /nested too deeply/,
    ],
    'deep keys': ['? '.repeat(50_000), /nested too deeply/],
    'two million lines': [
      '- a\n'.repeat(2_000_000),
      /^dify\/too-large .*:200001:1: the file has more than 200000 lines/,
    ],
    'too many words': [`a: [${'a,'.repeat(60_000)}]`, /^dify\/too-large .*words of YAML/],
    'thousands of errors in one line': [`a: [${'"a" '.repeat(29_000)}`, /:1:9: this is no valid YAML/],
    'nothing but lines': ['\n'.repeat(9_000_000), /^dify\/too-large/],
    'one endless text': [
      `a: |\n${'  hello and hello again\n'.repeat(60_000)}`,
      /^dify\/too-large .*a text is/,
    ],
    'an unclosed quote': [`a: "${'x'.repeat(400_000)}`, /no valid YAML/],
    'much text in single quotes': [
      Array.from({ length: 5 }, (_, index) => `k${index}: '${"''".repeat(220_000)}'`).join('\n'),
      /of quoted text/,
    ],
    'much quoted text': [
      Array.from({ length: 9 }, (_, index) => `k${index}: "${'x'.repeat(400_000)}"`).join('\n'),
      /of quoted text/,
    ],
    'a key that comes twice among thousands': [
      `${Array.from({ length: 10_000 }, (_, index) => `k${index}: 1`).join('\n')}\nk7: 2`,
      /:10001:1: the key "k7" comes twice/,
    ],
    'a tag that runs code': ['app: !!js/function "x"', /Unresolved tag/],
    'control characters': ['app: "\u0000\u0001"', /^dify\/invalid/],
    nothing: ['', /^dify\/invalid x\.yml:1:1/],
  };
  for (const [name, [text, says]] of Object.entries(attacks)) {
    it(`is refused in bounded time: ${name}`, () => {
      const started = performance.now();
      assert.match(
        refusal(() => readDifyApp(text, 'x.yml')),
        says,
      );
      // Far above what it takes, far below a hang.
      assert.ok(performance.now() - started < 10_000);
    });
  }

  it('is refused by its size before it is read', () => {
    const folder = samples.make({ 'big.yml': 'x'.repeat(11 * 1024 * 1024) });
    assert.match(
      refusal(() => loadDifyApp(join(folder, 'big.yml'))),
      /^dify\/too-large big\.yml:1:1/,
    );
  });

  it('is refused when it is no text', () => {
    const folder = samples.make({ 'a.yml': new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe]) });
    assert.match(
      refusal(() => loadDifyApp(join(folder, 'a.yml'))),
      /^cli\/source-invalid a\.yml:1:1/,
    );
    assert.match(
      refusal(() => loadDifyApp(folder)),
      /^cli\/not-found/,
    );
  });

  it('gives an app or an error with a code, whatever stands there', () => {
    const piece = fc.constantFrom(
      'app:',
      ' app',
      '\n',
      '  ',
      'mode: ',
      'workflow',
      ':',
      '{',
      '}',
      '[',
      ']',
      '- ',
      'graph:',
      'nodes:',
      'edges:',
      'id: a',
      'type: start',
      'data:',
      '&a ',
      '*a',
      '"',
      "'",
      '|',
      '>',
      '#',
      '!!str ',
      '? ',
      ',',
      'source: a',
      'target: a',
      '\t',
      '\u0000',
      '中',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        try {
          readDifyApp(pieces.join(''), 'x.yml');
        } catch (error) {
          assert.ok(isUnderstudyError(error), String(error));
          assert.match(error.message, /^x\.yml:\d+:\d+: /);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a version of the export format', () => {
  const withVersion = (version: string): DifyApp =>
    readDifyApp(`${version}app: {mode: chat}\nmodel_config: {pre_prompt: Hi}\n`, 'x.yml');

  it('is read from none to 0.6.0', () => {
    for (const version of ['0.1.0', '0.1.5', '0.2.0', '0.3.1', '0.4.0', '0.5.0', '0.6.0'])
      assert.equal(withVersion(`version: ${version}\n`).version, version);
    assert.equal(withVersion('').version, '0.1.0');
    assert.equal(withVersion('version: null\n').version, '0.1.0');
  });

  it('is read as a number, with a remark', () => {
    const app = withVersion('version: 0.3\n');
    assert.equal(app.version, '0.3.0');
    assert.match(app.remarks[0]?.what ?? '', /write it in quotes/);
  });

  it('is refused when it is newer', () => {
    for (const version of ['0.6.1', '0.7.0', '1.0.0', '99.0.0'])
      assert.match(
        refusal(() => withVersion(`version: ${version}\n`)),
        /^dify\/version-unsupported x\.yml:1:10/,
      );
  });
});
