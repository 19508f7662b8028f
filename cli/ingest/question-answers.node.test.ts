import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { readCsv, readJsonl } from './question-answers.ts';

/** Runs something that must fail and gives its facts. */
function factsOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    assert.ok(isUnderstudyError(error, 'cli/source-invalid'));
    return error.facts;
  }
  return assert.fail('it did not fail');
}

describe('readCsv', () => {
  it('reads columns by name, in any order, with commas, semicolons or tabs', () => {
    for (const mark of [',', ';', '\t']) {
      const [pair] = readCsv(
        `answer${mark}question${mark}tags\n"Two\nlines"${mark}How?${mark}"a, B"`,
        'faq.csv',
      );
      assert.equal(pair?.question, 'How?');
      assert.deepEqual(pair.tags, ['a', 'b']);
      assert.equal(pair.sections[0]?.blocks[0]?.markdown, 'Two lines');
    }
  });

  it('names the missing column', () => {
    assert.deepEqual(
      factsOf(() => readCsv('question,reply\na,b', 'faq.csv')),
      { file: 'faq.csv', line: 1, column: 1 },
    );
  });

  it('names the line of an empty answer behind a row of several lines', () => {
    assert.deepEqual(
      factsOf(() => readCsv('question,answer\n"a\nb",c\nd,\n', 'faq.csv')),
      { file: 'faq.csv', line: 4, column: null },
    );
  });

  it('names the line of an open quote', () => {
    const facts = factsOf(() => readCsv('question,answer\na,b\nc,"d\n', 'faq.csv'));
    assert.match(JSON.stringify(facts), /"line":[34]/);
  });

  it('keeps every question and every word of the answers', () => {
    const words = fc.array(fc.stringMatching(/^[a-z\u4e00-\u4e20]{1,8}$/), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(words, words), { minLength: 1, maxLength: 10 }),
        fc.constantFrom('\n', '\r\n'),
        (pairs, end) => {
          const quote = (list: readonly string[]): string => `"${list.join(' ')}"`;
          const csv = ['question,answer', ...pairs.map(([q, a]) => `${quote(q)},${quote(a)}`), ''].join(end);
          const read = readCsv(csv, 'faq.csv');
          assert.deepEqual(
            read.map((pair) => pair.question),
            pairs.map(([q]) => q.join(' ')),
          );
          const answers = read.map((pair) =>
            pair.sections.flatMap(({ blocks }) => blocks.map((block) => block.markdown)).join(' '),
          );
          assert.deepEqual(
            answers,
            pairs.map(([, a]) => a.join(' ')),
          );
        },
      ),
    );
  });
});

describe('readJsonl', () => {
  it('reads one object a line', () => {
    const pairs = readJsonl(
      '{"question":"Q","answer":"A","lang":"zh","tags":["X"]}\n\n{"question":"R","answer":"# B"}',
      'faq.jsonl',
    );
    assert.deepEqual(
      pairs.map(({ question, language, tags }) => ({ question, language, tags })),
      [
        { question: 'Q', language: 'zh', tags: ['x'] },
        { question: 'R', language: null, tags: [] },
      ],
    );
    assert.equal(pairs[1]?.sections[0]?.blocks[0]?.markdown, 'B');
  });

  it('names line and column of broken JSON', () => {
    assert.deepEqual(
      factsOf(() => readJsonl('{"question":"Q","answer":"A"}\n{"question" "Q"}', 'faq.jsonl')),
      {
        file: 'faq.jsonl',
        line: 2,
        column: 13,
      },
    );
  });
});
