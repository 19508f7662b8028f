import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { sampleFolders } from '../../test/node/sample-folder.ts';
import type { BuildConfig } from './build-config.ts';
import { loadConfig } from './load-config.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

function load(config: string, files: { readonly [path: string]: string } = {}): BuildConfig {
  return loadConfig(join(samples.make({ 'understudy.yml': config, ...files }), 'understudy.yml'));
}

/** The message and place of the error of a configuration that is refused. */
function refusal(config: string, files: { readonly [path: string]: string } = {}): string {
  try {
    load(config, files);
  } catch (error) {
    assert.ok(isUnderstudyError(error));
    return `${error.code} ${error.message}`;
  }
  return assert.fail('it was accepted');
}

describe('loadConfig', () => {
  it('reads a whole configuration', () => {
    const config = load(
      [
        'app: shop',
        'name: Shop help',
        'languages: [en, zh]',
        'sources:',
        '  - help',
        '  - { path: ./docs/, language: en, url: "/docs/{slug}", tags: [Docs] }',
        'intents: my-intents.yml',
        'branding:',
        '  title: { en: Help, zh: 帮助 }',
        '  greeting: Hello',
        '  accent: "#ABCDEF"',
        '  suggestions: [Where?, When?]',
        '  contactUrl: /contact',
        'generator: none',
        'lead: { kind: dify, baseUrl: https://agent.test, appCode: abc }',
      ].join('\n'),
      { 'my-intents.yml': '- { id: hi, action: answer, examples: [hi, hello], answer: Hello }' },
    );
    assert.equal(config.appId, 'shop');
    assert.deepEqual(
      config.sources.map(({ name, language, url, tags }) => ({ name, language, url, tags })),
      [
        { name: 'help', language: null, url: null, tags: [] },
        { name: 'docs', language: 'en', url: '/docs/{slug}', tags: ['docs'] },
      ],
    );
    assert.deepEqual(config.branding, {
      title: { en: 'Help', zh: '帮助' },
      greeting: { '*': 'Hello' },
      accent: '#abcdef',
      suggestions: { en: ['Where?', 'When?'], zh: ['Where?', 'When?'] },
      contactUrl: '/contact',
    });
    assert.deepEqual(config.intents.definitions, [
      { id: 'hi', name: 'hi', action: 'answer', answer: { '*': 'Hello' }, suggestions: {} },
    ]);
    assert.deepEqual(config.generator, { kind: 'none' });
    assert.deepEqual(config.remarks, []);
  });

  it('takes a folder without configuration, with starter intents', () => {
    const folder = samples.make({ 'a.md': 'Text' });
    const config = loadConfig(folder);
    assert.match(config.appId, /^understudy-test-/);
    assert.deepEqual(
      config.sources.map((source) => source.path),
      [folder],
    );
    assert.ok(config.intents.definitions.some(({ action }) => action === 'handoff'));
  });

  it('remarks unknown keys with their place and the key that was meant', () => {
    const { remarks } = load('app: shop\nlanguage: [en]\nbranding:\n  titel: x\n  zzz: 1');
    assert.deepEqual(remarks, [
      'understudy.yml:2:1: unknown key "language" is ignored; did you mean "languages"?',
      'understudy.yml:4:3: unknown key "titel" is ignored; did you mean "title"?',
      'understudy.yml:5:3: unknown key "zzz" is ignored; known are title, greeting, accent, suggestions, contactUrl',
    ]);
  });

  it('refuses wrong values at their place', () => {
    assert.match(refusal('app: Shop Help'), /^cli\/config-invalid understudy\.yml:1:6: "app" is "Shop Help"/);
    assert.match(
      refusal('app: shop\nbranding:\n  accent: red'),
      /understudy\.yml:3:11: "branding\.accent" is "red"/,
    );
    assert.match(refusal('sources:\n  - path: a\n    language: English'), /understudy\.yml:3:15: /);
    assert.match(refusal('sources:\n  - language: en'), /understudy\.yml:2:5: "sources\[1\]" has no path/);
    assert.match(
      refusal('lead: { kind: other, baseUrl: https://a.test }'),
      /"lead\.kind" must be dify or openai/,
    );
    assert.match(refusal('- a\n- b'), /the file is no map of keys/);
    assert.match(refusal('app: [unclosed'), /understudy\.yml:1:\d+: no valid YAML/);
    assert.match(refusal('app: a\napp: b'), /understudy\.yml:2:1: no valid YAML: Map keys must be unique/);
  });

  it('reads the slots of intents and the places of answers, and refuses at its place what is neither', () => {
    const files = (rest: string): { readonly [path: string]: string } => ({
      'intents.yml': `intents:\n  - id: late\n    action: answer\n    examples: [late]\n${rest}`,
    });
    const read = (rest: string) => load('intents: intents.yml', files(rest)).intents.definitions[0];
    const fail = (rest: string): string => refusal('intents: intents.yml', files(rest));
    const late = read('    slots: [order, email]\n    answer: { en: "Wait for {order|it}. {a} {b|c" }');
    assert.deepEqual(late?.slots, ['order', 'email']);
    assert.deepEqual(read('    answer: "{a|b}"')?.slots, undefined);
    assert.match(
      fail('    slots: [order, mail]\n    answer: x'),
      /^cli\/config-invalid intents\.yml:5:20: "intents\[1\]\.slots\[2\]" is "mail", which is no slot; did you mean "email"\?/,
    );
    assert.match(fail('    slots: [order, order]\n    answer: x'), /:5:20: .* stands there twice/);
    assert.match(fail('    slots: { a: b }\n    answer: x'), /:5:12: .* is no text/);
    assert.match(
      fail('    slots: [order]\n    answer: { en: x, zh: "查{order}" }'),
      /:6:26: "intents\[1\]\.answer\.zh" shows \{order\}; say what stands there .*\{order\|your order\}/,
    );
    assert.match(
      fail('    answer: "for {order|it}"'),
      /:5:13: .*shows \{order\|it\}, .*write slots: \[order\]/,
    );
    assert.match(
      fail('    slots: [order]\n    answer: "for {ordr|it}"'),
      /:6:13: .*shows \{ordr\|it\}, .*did you mean "order"\?/,
    );
  });

  it('reads synonyms as a map, as lines and from a file', () => {
    const rules = [
      { isOneWay: false, wordings: ['vat', 'value added tax', '增值税'] },
      { isOneWay: true, wordings: ['kiln', 'oven'] },
    ];
    const file = '\ufeff# ours\nVAT = value added tax = 增值税\n\nkiln => oven\n';
    assert.deepEqual(load('synonyms: words.txt', { 'words.txt': file }).synonyms, rules);
    const lines = 'synonyms:\n  - VAT = value added tax = 增值税\n  - kiln => oven';
    assert.deepEqual(load(lines).synonyms, rules);
    const map = 'synonyms:\n  VAT: [value added tax, 增值税]\n  kiln: oven';
    assert.deepEqual(load(map).synonyms, [rules[0], { isOneWay: false, wordings: ['kiln', 'oven'] }]);
    assert.deepEqual(load('app: shop').synonyms, []);
  });

  it('refuses wrong synonyms at their place', () => {
    assert.match(refusal('synonyms:\n  - vat = tax\n  - vat'), /understudy\.yml:3:5: .*needs two wordings/);
    assert.match(refusal('synonyms:\n  vat: ["?"]'), /understudy\.yml:2:8: .*no word/);
    const files = { 'words.txt': 'a = b\na => b => c' };
    assert.match(refusal('synonyms: words.txt', files), /words\.txt:2: .*more than once/);
    assert.match(refusal('synonyms: missing.txt'), /^cli\/not-found/);
  });

  it('refuses wrong intents at their place', () => {
    const files = (text: string): { readonly [path: string]: string } => ({ 'intents.yml': text });
    const of = (text: string): string => refusal('intents: intents.yml', files(text));
    assert.match(
      of('intents:\n  - id: a\n    action: say\n    examples: [x]'),
      /intents\.yml:3:13: .* answer, handoff or retrieve/,
    );
    assert.match(
      of('intents:\n  - id: a\n    action: answer\n    examples: [x]'),
      /intents\.yml:2:5: .* no answer/,
    );
    assert.match(
      of('intents:\n  - { id: a, examples: [x] }\n  - { id: a, examples: [y] }'),
      /intents\.yml:3:11: .*comes twice/,
    );
    assert.match(of('intents:\n  - id: none\n    examples: [x]'), /"none" is reserved/);
    assert.match(refusal('intents: missing.yml'), /^cli\/not-found/);
  });

  it('refuses keys and tokens anywhere in the configuration', () => {
    assert.match(
      refusal('app: shop\n# old key: app-1a2b3c4d5e6f7g8h9i0j'),
      /understudy\.yml:2:12: this looks like a Dify API key/,
    );
    assert.match(refusal('name: Bearer abcdefgh12345678ijkl'), /an access token/);
    assert.match(refusal('name: "-----BEGIN RSA PRIVATE KEY-----"'), /a private key/);
    assert.equal(load('app: app-developmentguidelines').appId, 'app-developmentguidelines');
  });

  it('refuses hostile YAML quickly', () => {
    const bomb = [
      'a: &a [x, x]',
      ...'bcdefghijklmnopqrstuvwxyz'.split('').map((name, index) => {
        const before = 'abcdefghijklmnopqrstuvwxyz'[index] ?? 'a';
        return `${name}: &${name} [*${before}, *${before}]`;
      }),
    ].join('\n');
    assert.match(refusal(bomb), /cli\/config-invalid/);
    assert.match(refusal(`name: ${'x'.repeat(5 * 1024 * 1024)}`), /more than 5 MB/);
    assert.match(refusal(`name: ${'['.repeat(200)}${']'.repeat(200)}`), /nested too deeply/);
    assert.match(refusal('name: !!js/function "x"'), /understudy\.yml:1:7: no valid YAML/);
  });
});

describe('the engines of a configuration', () => {
  it('are the usual ones unless they are named', () => {
    const { engines, runtime } = load('app: shop');
    assert.deepEqual([engines, runtime], [null, null]);
  });

  it('are read in their order, and say for which runtime the model is written', () => {
    const { engines, runtime, remarks } = load(
      [
        'engines:',
        '  - wllama: { module: /w/index.js, wasm: https://cdn.test/w.wasm }',
        '  - kernel',
        '  - webllm: { module: /m.js, model: /model/, library: /model.wasm }',
        '  - transformers',
      ].join('\n'),
    );
    assert.deepEqual(engines, [
      { engine: 'wllama', module: '/w/index.js', wasm: 'https://cdn.test/w.wasm' },
      { engine: 'kernel' },
      { engine: 'webllm', module: '/m.js', model: '/model/', library: '/model.wasm' },
      { engine: 'transformers' },
    ]);
    assert.equal(runtime, 'both');
    assert.deepEqual(remarks, []);
    assert.equal(load('engines: [transformers]').runtime, 'transformers');
    const graphics = load('engines: [{ transformers-webgpu: { runtime: /ort/ } }, kernel]');
    assert.deepEqual(graphics.engines, [
      { engine: 'transformers-webgpu', runtime: '/ort/' },
      { engine: 'kernel' },
    ]);
    assert.equal(graphics.runtime, 'both');
    assert.equal(load('engines: [{ wllama: { module: /a.js, wasm: /a.wasm } }]').runtime, 'none');
  });

  it('are refused where they could not run, with the reason', () => {
    for (const [config, reason] of [
      ['engines: [prompt-api]', /exists only in windows/],
      ['engines: [cloud]', /must be one of kernel, transformers, transformers-webgpu, wllama, webllm/],
      ['engines: [{ kernel: {}, wllama: {} }]', /must be one of/],
      ['engines: [kernel, kernel]', /a second time/],
      ['engines: [transformers-webgpu]', /needs runtime of transformers-webgpu/],
      ['runtime: kernel\nengines: [{ transformers-webgpu: { runtime: /ort/ } }]', /written for transformers/],
      ['engines: [wllama]', /needs module, wasm of wllama/],
      ['engines: [{ wllama: { module: "http://cdn.test/a.js", wasm: /a.wasm } }]', /https:\/\//],
      ['engines: [{ wllama: { module: "//cdn.test/a.js", wasm: /a.wasm } }]', /https:\/\//],
      ['runtime: kernel\nengines: [kernel, transformers]', /needs the model written for both/],
      ['runtime: transformers\nengines: [kernel]', /needs the model written for kernel/],
    ] as const) {
      const message = refusal(config);
      assert.match(message, reason);
      assert.match(message, /^cli\/config-invalid/);
    }
  });
});
