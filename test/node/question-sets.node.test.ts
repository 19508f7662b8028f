import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { readQuestionSet } from '../../cli/evaluation/question-set.ts';
import { readHelpcenterTests } from '../convert/helpcenter-questions.ts';
import { splitOf } from '../convert/question-split.ts';
import { sharedContentWords } from '../convert/shared-words.ts';
import { sampleFolders } from './sample-folder.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const readRows = (...rows: readonly string[]): ReturnType<typeof readQuestionSet> =>
  readQuestionSet(`${samples.make({ 'set.jsonl': rows.join('\n') })}/set.jsonl`);

describe('readQuestionSet', () => {
  it('needs nothing but the question', () => {
    assert.deepEqual(readRows('{"question":"Where are you?"}'), [
      {
        id: '1',
        question: 'Where are you?',
        language: 'en',
        isAnswerable: true,
        articles: [],
        sections: [],
        facts: [],
        reference: '',
        kind: '',
        split: '',
        history: [],
      },
    ]);
  });

  for (const [row, what] of [
    ['{"id":"b"}', '"question" is missing'],
    ['{"question":" "}', '"question" is missing'],
    ['[1]', 'the line is no object'],
    ['{"question":', 'the line is no JSON'],
    ['{"question":"a","answerable":"no"}', '"answerable" is neither true nor false'],
    ['{"question":"a","articles":"b"}', '"articles" is no list of texts'],
    ['{"question":"a","history":[1]}', '"history" is no list of texts'],
    ['{"question":"a","lang":5}', '"lang" is no text'],
    ['{"question":"a","answerable":false,"facts":["b"]}', 'it is not answerable, yet names facts'],
    ['{"question":"a","sections":["b"]}', '"sections" are named, but no "articles"'],
    ['{"id":"x","question":"a"}', 'the id "x" stands in line 1 already'],
  ] as const) {
    it(`names file and line of ${row}`, () => {
      assert.throws(() => readRows('{"id":"x","question":"a"}', '', row), {
        code: 'cli/source-invalid',
        message: new RegExp(`^set\\.jsonl:3: ${what}`),
      });
    });
  }

  it('gives questions or an error with a place for any line', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string().filter((text) => text.trim() !== ''),
        ),
        (line) => {
          try {
            readRows(line.replaceAll('\n', ' '));
          } catch (error) {
            assert.match(String(error), /set\.jsonl(?::1)?: /);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('readHelpcenterTests', () => {
  it('reads sections by number and parts questions by their page', () => {
    const row = (id: string, article: string): string =>
      JSON.stringify({ id, set: 'shop', question: 'Why?', articles: [article], sections: [0, 2] });
    const folder = samples.make({
      'b.jsonl': row('2', 'x.md'),
      'a.jsonl': row('1', 'x.md'),
      'notes.txt': 'no',
    });
    const tests = readHelpcenterTests(folder);
    assert.deepEqual(
      tests.map(({ test, set, sections }) => [test.id, set, sections, test.sections]),
      [
        ['1', 'shop', [0, 2], []],
        ['2', 'shop', [0, 2], []],
      ],
    );
    assert.equal(tests[0]?.test.split, tests[1]?.test.split);
  });

  it('refuses sections that are no numbers', () => {
    const folder = samples.make({ 'a.jsonl': '{"set":"s","question":"a","articles":["b"],"sections":[-1]}' });
    assert.throws(() => readHelpcenterTests(folder), { message: /^a\.jsonl:1: "sections"/ });
  });
});

describe('splitOf', () => {
  it('gives about half of the pages to each half', () => {
    const ids = Array.from({ length: 2000 }, (_, number) => `page-${number}`);
    const tune = ids.filter((id) => splitOf({ id, articles: [] }) === 'tune').length;
    assert.ok(tune > 900 && tune < 1100, String(tune));
  });

  it('looks at the page alone where there is one', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (page, left, right) => {
        assert.equal(
          splitOf({ id: left, articles: [page] }),
          splitOf({ id: right, articles: [page, right] }),
        );
      }),
    );
  });
});

describe('sharedContentWords', () => {
  it('compares stems and leaves stop words out', () => {
    const { share, shared } = sharedContentWords(
      'how do I return the kettles?',
      'A kettle is sent back.',
      'en',
    );
    assert.deepEqual(shared, ['kettl']);
    assert.equal(share, 0.5);
  });

  it('compares Chinese by pairs of characters', () => {
    const { shared } = sharedContentWords('怎么退货', '退货需要三天', 'zh');
    assert.ok(shared.includes('退货'));
    assert.equal(sharedContentWords('配送', '退货需要三天', 'zh').share, 0);
  });
});
