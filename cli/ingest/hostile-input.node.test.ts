import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { splitFrontMatter } from './front-matter.ts';
import { readHtml } from './html.ts';
import { readMarkdown } from './markdown.ts';
import { makePassages } from './passages.ts';
import { readCsv, readJsonl } from './question-answers.ts';
import type { Section } from './source-document.ts';
import { readText } from './text.ts';

/** Pieces that mean something to one of the readers. */
const piece = fc.oneof(
  fc.constantFrom(
    '---\n',
    '```',
    '|',
    '\n\n',
    '# ',
    '- ',
    '1. ',
    '> ',
    '**',
    '[a](',
    ')',
    '<div>',
    '</p>',
    '<li>',
    '<table>',
    '<tr><td>',
  ),
  fc.constantFrom(
    '"',
    '""',
    ',',
    ';',
    '\t',
    '{',
    '}',
    '[',
    ']',
    ':',
    '&a',
    '*a',
    '!',
    '\\',
    '\r\n',
    '\0',
    '\u202e',
    '\ud800',
    '&lt;',
    '<!--',
    '<pre>',
  ),
  fc.string({ maxLength: 8 }),
  fc.constantFrom('你好。', 'word ', 'two words. '),
);
const hostile = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

/** Runs a reader that may refuse its input, but only with an error that names the place. */
function tolerates(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    assert.ok(isUnderstudyError(error, 'cli/source-invalid'), String(error));
    assert.equal(error.facts['file'], 'f');
  }
}

function toPassages(sections: readonly Section[]): readonly string[] {
  const document = { id: 'd', title: 't', language: 'en', url: null, tags: [], questions: [], sections };
  return makePassages([document]).map(({ text }) => text);
}

describe('the readers of sources', () => {
  it('read any page or refuse it with its place', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        tolerates(() => splitFrontMatter(text, 'f'));
        tolerates(() => readCsv(text, 'f'));
        tolerates(() => readCsv(`question,answer\n${text}`, 'f'));
        tolerates(() => readJsonl(text, 'f'));
        for (const { sections } of [readMarkdown(text), readHtml(text), readText(text)]) {
          for (const passage of toPassages(sections)) assert.ok(passage.trim() !== '');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('lose no word of an HTML page, however its elements are nested', () => {
    const word = fc.stringMatching(/^[a-z]{2,9}$/);
    const tag = fc.constantFrom(
      'p',
      'div',
      'b',
      'section',
      'ul',
      'li',
      'ol',
      'table',
      'td',
      'tr',
      'span',
      'a',
      'blockquote',
      'pre',
      'code',
      'dl',
      'dt',
      'dd',
    );
    const { html } = fc.letrec<{ html: string }>((tie) => ({
      html: fc.oneof(
        { maxDepth: 5 },
        word,
        fc
          .tuple(tag, fc.array(tie('html'), { minLength: 1, maxLength: 4 }))
          .map(([name, inner]) => `<${name}>${inner.join(' ')}</${name}>`),
      ),
    }));
    fc.assert(
      fc.property(html, (page) => {
        const kept = new Set(
          toPassages(readHtml(page).sections)
            .join(' ')
            .match(/[a-z]+/g) ?? [],
        );
        for (const needed of page.replace(/<[^>]*>/g, ' ').match(/[a-z]+/g) ?? [])
          assert.ok(kept.has(needed), `${needed} is lost`);
      }),
      { numRuns: 300 },
    );
  });

  it('take a page of deep nesting without overflowing', () => {
    const { sections } = readHtml(`${'<div>'.repeat(20_000)}deep`);
    assert.ok(sections.length <= 1);
    assert.doesNotThrow(() => readMarkdown(`${'> '.repeat(500)}deep`));
  });
});
