import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { isRecord } from '../../src/contracts/json.ts';
import { readSpanSet } from '../../cli/evaluation/passage-set.ts';
import { rankFigures } from '../../cli/evaluation/rank-figures.ts';
import { percentile } from '../../cli/evaluation/share.ts';
import { runCommand } from './run-command.ts';
import { sampleFolders } from './sample-folder.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const jsonl = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const parse = (text: string): { readonly [name: string]: unknown } => {
  const value: unknown = JSON.parse(text);
  assert.ok(isRecord(value));
  return value;
};

const PASSAGES = [
  { id: 1, text: 'Kettles are taken back within 45 days when they are unused.', title: 'Returns' },
  { id: 'b', text: 'The shop in Lisbon opens at nine and closes at seven.', title: 'Hours' },
  { id: 'c', text: 'Parcels travel three days inside the country.', title: 'Delivery' },
];

describe('understudy eval retrieval', () => {
  it('measures a set of passages and queries without a bundle', async () => {
    const folder = samples.make({
      'passages.jsonl': jsonl(PASSAGES),
      'queries.jsonl': jsonl([
        { query: 'When are kettles taken back?', gold: [1] },
        { question: 'When does the shop in Lisbon open?', gold: ['b'] },
        { query: 'How long do parcels travel?', gold: ['b'], id: 'wrong' },
        { query: 'Who painted the Night Watch?', gold: [] },
      ]),
    });
    const args = [
      'eval',
      'retrieval',
      '--passages',
      join(folder, 'passages.jsonl'),
      '--queries',
      join(folder, 'queries.jsonl'),
    ];
    const html = join(folder, 'report.html');
    const scores = parse((await runCommand([...args, '--json', '--html', html])).out);
    assert.deepEqual(scores['recallAt1'], { count: 2, of: 3, share: 0.667 });
    assert.deepEqual(scores['unanswerableRefused'], { count: 1, of: 1, share: 1 });
    assert.equal(scores['gateArea'], 1);
    assert.ok(isRecord(scores['index']) && scores['index']['passages'] === 3);
    const page = readFileSync(html, 'utf8');
    assert.match(page, /How long do parcels travel\?/);
    assert.match(page, /Found first[\s\S]*Parcels travel three days[\s\S]*Right[\s\S]*The shop in Lisbon/);
    assert.doesNotMatch(page, /<script/);
    assert.equal(scores['readAhead'], null);
    const { out } = await runCommand([...args, '--read-ahead']);
    assert.match(out, /^R@1 +66\.7 % \(2 of 3\)$/m);
    assert.match(out, /^read ahead +3 passages, \d+ bytes, \d+ ms$/m);
    assert.match(out, /wrong {2}How long do parcels travel\?/);
  });

  it('names the line of a query whose passage does not exist', async () => {
    const folder = samples.make({
      'p.jsonl': jsonl(PASSAGES),
      'q.jsonl': jsonl([{ query: 'a', gold: ['z'] }]),
    });
    const { status, notes } = await runCommand([
      'eval',
      'retrieval',
      '--passages',
      join(folder, 'p.jsonl'),
      '--queries',
      join(folder, 'q.jsonl'),
    ]);
    assert.equal(status, 2);
    assert.match(notes, /q\.jsonl:1: "gold" names "z", which is no passage/);
  });

  for (const args of [
    [],
    ['--passages', 'a'],
    ['--spans', 'a', '--questions', 'b'],
    ['folder', '--spans', 'a'],
  ]) {
    it(`does not understand ${JSON.stringify(args)}`, async () => {
      assert.equal((await runCommand(['eval', 'retrieval', ...args])).status, 64);
    });
  }

  it('measures the headings that a set names in a bundle, and says which are not there', async () => {
    const folder = samples.make({
      'pages/kettles.md':
        '# Kettles\n\n## Return\n\nKettles come back within 45 days.\n\n## Clean\n\nBoil vinegar in it, then rinse.\n',
      'set.jsonl': jsonl([
        {
          question: 'How long may I return a kettle?',
          articles: ['kettles'],
          sections: ['return'],
          kind: 'fact',
        },
        {
          question: 'How do I clean it?',
          articles: ['kettles'],
          sections: ['Clean'],
          history: ['I bought a kettle'],
          kind: 'steps',
        },
        { question: 'Does it whistle?', articles: ['whistles'] },
      ]),
    });
    const bundle = join(folder, 'bundle');
    assert.equal(
      (await runCommand(['build', join(folder, 'pages'), '--out', bundle, '--generator', 'none'])).status,
      0,
    );
    const { out } = await runCommand([
      'eval',
      'retrieval',
      bundle,
      '--questions',
      join(folder, 'set.jsonl'),
      '--json',
    ]);
    const scores = parse(out);
    assert.deepEqual(scores['recallAt1'], { count: 2, of: 2, share: 1 });
    assert.deepEqual(scores['warnings'], ['3: the bundle has no "whistles"']);
    assert.match(out, /"name":"kind fact"/);
  });
});

describe('readSpanSet', () => {
  const options = { language: null, withTitles: false };

  it('makes one passage of contexts that are the same', () => {
    const folder = samples.make({
      'spans.jsonl': jsonl([
        { id: 'a', title: 'X', context: '今天天气很好。', question: '天气怎么样？', answers: [] },
        { id: 'b', title: 'X', context: '今天天气很好。', question: '今天好吗？', is_impossible: true },
      ]),
    });
    const { passages, questions } = readSpanSet(join(folder, 'spans.jsonl'), options);
    assert.deepEqual(
      passages.map(({ id, title, language }) => [id, title, language]),
      [['context-1', '', 'zh']],
    );
    assert.deepEqual(
      questions.map(({ gold }) => [...gold]),
      [['context-1'], []],
    );
  });

  it('reads the JSON of SQuAD on one line or many', () => {
    const squad = {
      version: '1.1',
      data: [
        {
          title: 'New_York',
          paragraphs: [{ context: 'A big city.', qas: [{ id: 'q', question: 'What is it?', answers: [] }] }],
        },
      ],
    };
    const folder = samples.make({
      'one.json': JSON.stringify(squad),
      'many.json': JSON.stringify(squad, null, 2),
    });
    const read = ['one.json', 'many.json'].map((file) =>
      readSpanSet(join(folder, file), { language: 'en', withTitles: true }),
    );
    assert.deepEqual(read[0], read[1]);
    assert.equal(read[0]?.passages[0]?.title, 'New York');
  });

  it('gives a set or an error with a place for any file', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((data) => `{"data":${data}}`),
        ),
        (text) => {
          const path = join(samples.make({ 'spans.json': text }), 'spans.json');
          try {
            readSpanSet(path, options);
          } catch (error) {
            assert.match(String(error), /UnderstudyError.*spans\.json(?::\d+)?: /s);
          }
        },
      ),
      { numRuns: 80 },
    );
  });
});

describe('rankFigures', () => {
  it('counts what is right among ten', () => {
    const figures = rankFigures([
      { ranks: [1, 3], rightCount: 2 },
      { ranks: [4], rightCount: 1 },
      { ranks: [], rightCount: 3 },
      { ranks: [2], rightCount: 1 },
    ]);
    assert.deepEqual([figures.recallAt1.count, figures.recallAt3.count, figures.recallAt5.count], [1, 2, 3]);
    assert.equal(figures.meanReciprocalRank, 0.4375);
    const gains = [(1 + 1 / 2) / (1 + 1 / Math.log2(3)), 1 / Math.log2(5), 0, 1 / Math.log2(3)];
    assert.equal(figures.discountedGain, Math.round((1e4 * gains.reduce((a, b) => a + b)) / 4) / 1e4);
  });

  it('is null of nothing', () => {
    assert.equal(rankFigures([]).meanReciprocalRank, null);
    assert.equal(rankFigures([]).recallAt1.share, null);
  });
});

describe('percentile', () => {
  it('takes the nearest rank, whatever the order', () => {
    assert.equal(percentile([5, 1, 4, 2, 3], 0.5), 3);
    assert.equal(percentile([10, 9], 0.95), 10);
    assert.equal(percentile([], 0.5), 0);
  });
});
