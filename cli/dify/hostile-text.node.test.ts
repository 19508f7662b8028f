import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileApp } from './compile-app.ts';
import { findCredentials, holdsCredential, withoutCredentials } from './find-credentials.ts';
import { readDifyApp } from './read-app.ts';

/** Near the most characters that one text of an export may have. */
const LENGTH = 300_000;
/** Far above what it takes, far below a search that goes over the text again for each of its words. */
const LIMIT_MS = 5_000;
/** What patterns of credentials begin or go on with, again and again, and never end. */
const WORDS = [
  ...[
    'eyJa.',
    'eyJ-',
    'eyJaaaaaaaaaaa-',
    'eyJaaaaaaaa.',
    'sk-',
    'sk-a-',
    'app-',
    'dataset-app-',
    'Bearer ',
    'Bearer your-key1234567890\n',
  ],
  ...[
    'Basic ',
    'Basic AAAAAAAAAAAAA-',
    'a://',
    'a.',
    'a-',
    'https://a:',
    '?',
    '?a',
    '&key',
    'password',
    'password="',
    "password='a",
  ],
  ...[
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----',
    '-----END ',
    'A ',
    'authorization:',
    'authorization',
    'xoxb-',
    'AIza',
    'hf_',
  ],
  ...[
    '{{',
    '{{ ',
    '{{#',
    '{{#a.b',
    '{%',
    '{% if ',
    'import ',
    'from a ',
    'import(',
    'fetch ',
    '`${',
    '"',
    '\\',
    '#',
    "'''",
    'def ',
  ],
];

const texts = (word: string): readonly string[] => [
  word.repeat(Math.floor(LENGTH / word.length)),
  `${word}${' '.repeat(LENGTH)}`,
  `${word}${'a'.repeat(LENGTH)}`,
  `${word}${'\n'.repeat(LENGTH)}`,
];

const node = (data: object): string => JSON.stringify({ id: 'x', data: { title: 'X', ...data } });

function compile(data: object): void {
  const begin = JSON.stringify({ id: 'begin', data: { type: 'start', title: 'B', variables: [] } });
  const graph = `{"nodes":[${begin},${node(data)}],"edges":[{"source":"begin","target":"x"}]}`;
  const app = readDifyApp(
    `{"app":{"mode":"advanced-chat"},"version":"0.6.0","workflow":{"graph":${graph}}}`,
    'x.yml',
  );
  compileApp(app, { path: 'x.yml' });
}

/** The longest of some works, in ms. */
function slowest(works: readonly (() => void)[]): number {
  return Math.max(
    ...works.map((work) => {
      const startMs = performance.now();
      work();
      return performance.now() - startMs;
    }),
  );
}

describe('a text that is made to be slow', () => {
  it('is searched for credentials in linear time', () => {
    for (const word of WORDS)
      for (const text of texts(word)) {
        const tookMs = slowest([() => void holdsCredential(text), () => void withoutCredentials(text)]);
        assert.ok(tookMs < LIMIT_MS, `${JSON.stringify(word)} takes ${String(tookMs)} ms`);
      }
  });

  it('is compiled in linear time, wherever it stands', () => {
    for (const word of WORDS) {
      const text = word.repeat(Math.floor(60_000 / word.length));
      const tookMs = slowest([
        () => compile({ type: 'answer', answer: text }),
        () => compile({ type: 'code', code_language: 'python3', code: text, outputs: {}, variables: [] }),
        () => compile({ type: 'code', code_language: 'javascript', code: text, outputs: {}, variables: [] }),
        () => compile({ type: 'template-transform', template: text, variables: [] }),
        () =>
          compile({
            type: 'http-request',
            method: 'get',
            url: text,
            headers: text,
            params: text,
            authorization: { type: 'no-auth' },
          }),
      ]);
      assert.ok(tookMs < LIMIT_MS, `${JSON.stringify(word)} takes ${String(tookMs)} ms`);
    }
  });
});

describe('a credential', () => {
  const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJl';
  it('is found with a word before it, whole', () => {
    assert.equal(withoutCredentials(`JWT-${TOKEN} and x.${TOKEN}`), 'JWT-[left out] and x.[left out]');
    assert.equal(withoutCredentials('my-sk-proj-aaaaaaaaaaaaaaaaaaaa1'), 'my-[left out]');
    assert.equal(findCredentials('sk-learn-models-and-their-selection').length, 0);
    assert.equal(
      withoutCredentials('postgresql+psycopg2://shop:pa55word@db/x'),
      'postgresql+psycopg2://[left out]@db/x',
    );
    assert.equal(withoutCredentials('authorization:   abcdefgh12345678'), 'authorization:   [left out]');
  });
});
