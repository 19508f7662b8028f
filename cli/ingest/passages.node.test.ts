import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { countWords } from './count-words.ts';
import { readMarkdown } from './markdown.ts';
import { makePassages } from './passages.ts';

const SENTENCE = 'The quick brown fox jumps over the lazy dog near the old mill. ';

function passagesOf(markdown: string) {
  const { title, sections } = readMarkdown(markdown);
  const document = {
    id: 'help/page',
    title: title ?? 'Page',
    language: 'en',
    url: null,
    tags: [],
    questions: [],
    sections,
  };
  return makePassages([document]);
}

describe('makePassages', () => {
  it('gives ids that count up within the document', () => {
    assert.deepEqual(
      passagesOf('# T\n\nOne.\n\n## A\n\nTwo.').map(({ id, headings }) => [id, headings]),
      [
        ['help/page#1', []],
        ['help/page#2', ['A']],
      ],
    );
  });

  it('merges short paragraphs and leaves long ones apart', () => {
    const passages = passagesOf([SENTENCE, SENTENCE, SENTENCE.repeat(6), SENTENCE.repeat(6)].join('\n\n'));
    assert.deepEqual(
      passages.map(({ text }) => countWords(text)),
      [104, 78],
    );
  });

  it('keeps a list whole with the paragraph that introduces it', () => {
    const list = Array.from({ length: 15 }, (_, index) => `${index + 1}. ${SENTENCE.trim()}`).join('\n');
    const passages = passagesOf(`${SENTENCE.repeat(10)}\n\nDo this:\n\n${list}`);
    assert.equal(passages.length, 2);
    assert.ok(passages[1]?.text.startsWith('Do this:\n\n1. The quick'));
    assert.ok(passages[1]?.text.includes('15. The quick'));
  });

  it('cuts a very long table between rows and repeats head and introduction', () => {
    const rows = Array.from({ length: 60 }, (_, index) => `| ${index} | ${SENTENCE.trim()} |`).join('\n');
    const passages = passagesOf(`All prices:\n\n| No | Text |\n|---|---|\n${rows}`);
    assert.ok(passages.length > 2);
    for (const { text } of passages)
      assert.ok(text.startsWith('All prices:\n\n| No | Text |\n| --- | --- |\n| '));
  });

  it('cuts a very long paragraph at sentence ends, in Chinese too', () => {
    const english = passagesOf(SENTENCE.repeat(40));
    assert.ok(english.length >= 3 && english.every(({ text }) => text.endsWith('.')));
    const chinese = passagesOf('我们的客服每天早上九点上班。'.repeat(60));
    assert.ok(chinese.length >= 2 && chinese.every(({ text }) => text.endsWith('。')));
  });

  it('loses no word and keeps the limits, whatever the page', () => {
    const word = fc.stringMatching(/^[a-z]{1,9}$/);
    const line = fc.array(word, { minLength: 1, maxLength: 90 }).map((words) => words.join(' '));
    const paragraph = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => `${lines.join('. ')}.`);
    const list = fc
      .array(line, { minLength: 1, maxLength: 8 })
      .map((items) => items.map((item) => `- ${item}`).join('\n'));
    const table = fc
      .array(fc.tuple(word, line), { minLength: 2, maxLength: 8 })
      .map((rows) => ['| a | b |', '|---|---|', ...rows.map(([a, b]) => `| ${a} | ${b} |`)].join('\n'));
    const heading = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => `## ${words.join(' ')}`);
    const page = fc.array(fc.oneof(paragraph, list, table, heading), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(page, (blocks) => {
        const passages = passagesOf(blocks.join('\n\n'));
        const kept = new Set(passages.flatMap(({ text }) => text.match(/[a-z]+/g) ?? []));
        for (const block of blocks) {
          if (block.startsWith('## ')) continue;
          for (const needed of block.match(/[a-z]+/g) ?? []) assert.ok(kept.has(needed), `${needed} is lost`);
        }
        for (const { text } of passages) assert.ok(countWords(text) <= 260 + 60, 'a passage is too long');
      }),
      { numRuns: 60 },
    );
  });
});
