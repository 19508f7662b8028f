import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { OpenedBundle } from '../../cli/ask/open-bundle-folder.ts';
import { openBundleFolder } from '../../cli/ask/open-bundle-folder.ts';
import { judgedBy } from '../../cli/evaluation/judge-answer.ts';
import type { TestQuestion } from '../../cli/evaluation/question-set.ts';
import { citedStatements } from '../../cli/evaluation/wording/cited-statements.ts';
import { evaluateWording } from '../../cli/evaluation/wording/evaluate-wording.ts';
import { findInventions } from '../../cli/evaluation/wording/find-inventions.ts';
import type { WordingVerdict } from '../../cli/evaluation/wording/judge-wording.ts';
import { judgeWording } from '../../cli/evaluation/wording/judge-wording.ts';
import { orderForReading } from '../../cli/evaluation/wording/order-for-reading.ts';
import { scoreWording } from '../../cli/evaluation/wording/score-wording.ts';
import { overlapWithReference, tokenOverlap } from '../../cli/evaluation/wording/token-overlap.ts';
import { wordingPage } from '../../cli/evaluation/wording/wording-page.ts';
import { WatchedEngine } from '../../cli/evaluation/wording/watched-engine.ts';
import { isRecord } from '../../src/contracts/json.ts';
import { plainText } from '../../src/text/plain-text.ts';
import { scriptedWriter } from '../fixtures/scripted-writer.ts';
import { runCommand } from './run-command.ts';
import { sampleFolders } from './sample-folder.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const PAGES = {
  'pages/kettles.md':
    '# Kettles\n\n## Return a kettle\n\nKettles come back within 45 days. Write to us before you send one.\n',
  'pages/lamps.md': '# Lamps\n\n## Clean a lamp\n\n1. Unplug the lamp.\n2. Wipe it with a dry cloth.\n',
};

const ask = (row: Partial<TestQuestion> = {}): TestQuestion => ({
  id: 'q',
  question: 'How long can I return a kettle?',
  language: 'en',
  isAnswerable: true,
  articles: ['kettles'],
  sections: [],
  facts: ['45 days'],
  reference: '',
  kind: '',
  split: '',
  history: [],
  ...row,
});

describe('tokenOverlap', () => {
  it('is the F1 of the words in common, without marks and emphasis', () => {
    assert.equal(tokenOverlap('Within **45** days. [1]', 'within 45 days'), 1);
    assert.equal(tokenOverlap('45 days', 'within 45 days'), 0.8);
    assert.equal(tokenOverlap('no', 'yes'), 0);
    assert.equal(tokenOverlap('', ''), 0);
  });

  it('counts Chinese by the character', () => {
    assert.equal(tokenOverlap('三十天 [1]', '三十天之内'), 0.75);
  });

  it('compares with the reference, else with the facts in the way that the answer has', () => {
    assert.equal(overlapWithReference('five days', { reference: '', facts: ['5 days|five days'] }), 1);
    assert.equal(overlapWithReference('five days', { reference: 'five', facts: ['x'] }), 2 / 3);
    assert.equal(overlapWithReference('five days', { reference: '', facts: [] }), null);
  });
});

describe('citedStatements', () => {
  it('parts an answer at its marks; what stands behind the last has none', () => {
    assert.deepEqual(citedStatements('One. [1] Two. [1] [2]\n\n- three'), [
      { text: 'One.', marks: [1] },
      { text: 'Two.', marks: [1, 2] },
      { text: '- three', marks: [] },
    ]);
    assert.deepEqual(citedStatements('退货。[1]'), [{ text: '退货。', marks: [1] }]);
  });
});

describe('findInventions', () => {
  const page =
    'Returns\nYou can send a Jug back within 30 days. Do not open the T1 cartridge. The label costs £1,200. See https://shop.example/returns.';
  const kinds = (statement: string, source = page): readonly string[] =>
    findInventions(statement, source).map(({ kind, piece }) => `${kind} ${piece}`);

  it('finds nothing in what the page says', () => {
    assert.deepEqual(kinds('You can send a Jug back within thirty days. [1]'), []);
    assert.deepEqual(kinds('Do not open the T1 cartridge.'), []);
    assert.deepEqual(kinds('Returns cost £1200: https://shop.example/returns'), []);
    assert.deepEqual(kinds('可以在 30 天之内退货。', '滤水壶可以在 30 天之内退货。'), []);
  });

  for (const [statement, found] of [
    ['You can send a Jug back within 3 days.', 'number 3'],
    ['You can send a Jug back within sixty days.', 'number 60'],
    ['You can send a Kettle back within 30 days.', 'name Kettle'],
    ['Do not open the J1 cartridge.', 'name J1'],
    ['See https://evil.example/returns.', 'link evil.example/returns'],
    ['See evil.com.', 'link evil.com'],
    ['Write to me@evil.example.', 'link me@evil.example'],
    ['Open the T1 cartridge.', 'negation Open the T1 cartridge.'],
    ['You cannot send a Jug back within 30 days.', 'negation You cannot send a Jug back within 30 days.'],
    ['You can refund a Jug.', 'word refund'],
  ] as const) {
    it(`finds ${found}`, () => assert.ok(kinds(statement).includes(found), kinds(statement).join(', ')));
  }

  it('finds what a Chinese page does not say', () => {
    const source = '滤芯不能洗。滤水壶可以在 30 天之内退货。';
    assert.deepEqual(kinds('滤芯能洗。', source), ['word 芯能', 'negation 滤芯能洗。']);
    assert.deepEqual(kinds('滤水壶可以在 60 天之内退货。', source), ['number 60']);
    assert.deepEqual(kinds('联系 Evil 退货。', source), ['name Evil', 'word 联系']);
  });
});

describe('evaluateWording', () => {
  let bundle: OpenedBundle;
  before(async () => {
    const folder = samples.make(PAGES);
    const out = join(folder, 'bundle');
    const built = await runCommand(['build', join(folder, 'pages'), '--out', out, '--generator', 'none']);
    assert.equal(built.status, 0, built.notes);
    bundle = await openBundleFolder(out, { withGenerator: false, signal: new AbortController().signal });
  });

  const evaluate = async (
    said: string,
    tests: readonly TestQuestion[] = [ask()],
  ): Promise<readonly WordingVerdict[]> => {
    const engine = scriptedWriter(() => said);
    const { verdicts } = await evaluateWording({ ...bundle, engine }, tests, {
      signal: new AbortController().signal,
    });
    return verdicts;
  };
  const one = async (said: string, test: TestQuestion = ask()): Promise<WordingVerdict> => {
    const [verdict] = await evaluate(said, [test]);
    assert.ok(verdict !== undefined);
    return verdict;
  };

  it('lays a shorter answer beside the extract', async () => {
    const verdict = await one('Kettles come back within 45 days [1].');
    assert.equal(verdict.fate, 'worded');
    assert.match(verdict.extract.answered.answer, /Write to us/);
    assert.match(verdict.worded.answered.answer, /^Kettles come back within 45 days\.? \[1\]$/);
    assert.ok((verdict.worded.overlap ?? 0) > (verdict.extract.overlap ?? 1));
    assert.ok(verdict.worded.length < verdict.extract.length);
    assert.deepEqual(verdict.citationsExact, { count: 1, of: 1, share: 1 });
    assert.deepEqual(verdict.losses, []);
    assert.equal(verdict.tokensPerSecond, 7);
  });

  it('tells what is lost', async () => {
    const verdict = await one('Write to us before you send one [1].');
    assert.equal(verdict.fate, 'worded');
    assert.match(verdict.losses.join('; '), /^lost "45 days"; F1 /);
  });

  it('tells what was written and not supported, and that the extract was shown', async () => {
    const verdict = await one('Kettles come back within 90 days [1]. Kettles come back within 45 days [1].');
    assert.equal(verdict.fate, 'unsupported');
    assert.equal(verdict.worded.answered.answer, verdict.extract.answered.answer);
    // What it would have gone on to say is judged as well.
    assert.deepEqual(
      verdict.written.map(({ reasons }) => reasons.map(({ kind }) => kind)),
      [['number'], []],
    );
    assert.deepEqual(scoreWording([verdict]).unsupportedBefore, { count: 1, of: 2, share: 0.5 });
  });

  it('tells why nothing was worded', async () => {
    assert.equal((await one('NONE')).fate, 'declined');
    const extract = 'Kettles come back within 45 days. Write to us before you send one.';
    assert.equal((await one(extract)).fate, 'as-extract');
    assert.equal(
      (await one('', ask({ question: 'How do I clean a lamp?', articles: ['lamps'] }))).fate,
      'no-prose',
    );
    assert.equal((await one('', ask({ question: 'Who won the election in Peru?' }))).fate, 'not-from-pages');
  });

  it('keeps of what an engine writes what words passages, and pairs it with them', async () => {
    const { signal } = new AbortController();
    const engine = new WatchedEngine(
      scriptedWriter(({ quotes }) =>
        quotes === undefined ? 'A haiku.' : 'Kettles come back within 90 days.',
      ),
      signal,
    );
    const [page] = bundle.passages.filter(({ title }) => title === 'Kettles');
    const [lamp] = bundle.passages.filter(({ title }) => title === 'Lamps');
    assert.ok(page !== undefined && lamp !== undefined);
    for (const more of [{}, { quotes: [plainText(page.text)] }]) {
      let last = '';
      for await (const { type } of engine.generate({ messages: [], ...more })) last = type;
      assert.equal(last, 'end');
    }
    const written = await engine.take();
    assert.deepEqual(
      written.map(({ text }) => text),
      ['Kettles come back within 90 days.'],
    );
    const { extract, worded } = await one('Kettles come back within 45 days [1].');
    const wording = { shown: [], isNew: false };
    const verdict = judgeWording(
      ask(),
      {
        extract: extract.answered,
        worded: worded.answered,
        wordings: [
          { ...wording, passages: [lamp], stop: 'too-slow' },
          { ...wording, passages: [page], stop: 'unsupported' },
        ],
        written,
      },
      judgedBy(ask(), bundle.passages, bundle.retriever),
      bundle.services.grounding,
    );
    assert.equal(verdict.fate, 'unsupported');
    assert.deepEqual(
      verdict.written.map(({ text, reasons }) => [text, reasons.map(({ piece }) => piece)]),
      [['Kettles come back within 90 days.', ['90 days']]],
    );
  });

  it('takes an answer that a step wrote without an extract for worded', async () => {
    const { extract, worded } = await one('Kettles come back within 45 days [1].');
    const fateOf = (written: boolean): string =>
      judgeWording(
        ask(),
        {
          extract: extract.answered,
          worded: { ...worded.answered, worded: written },
          wordings: [],
          written: [],
        },
        judgedBy(ask(), bundle.passages, bundle.retriever),
        bundle.services.grounding,
      ).fate;
    assert.deepEqual([fateOf(true), fateOf(false)], ['worded', 'no-prose']);
  });

  it('judges the last question of a conversation alone', async () => {
    const verdict = await one(
      'Kettles come back within 45 days [1].',
      ask({ history: ['How do I return a kettle?'] }),
    );
    assert.equal(verdict.written.length, 1);
  });

  it('searches the pages that it is told to', async () => {
    const { verdicts } = await evaluateWording({ ...bundle, engine: null }, [ask()], {
      signal: new AbortController().signal,
      within: () => new Set(['lamps']),
    });
    assert.ok(
      verdicts.every(({ extract }) => extract.answered.citations.every(({ title }) => title === 'Lamps')),
    );
  });

  it('adds up and shows the worse answers first', async () => {
    const rows = await evaluate('Write to us before you send one [1].', [
      ask({ id: 'fine', facts: [] }),
      ask({ id: 'worse' }),
      ask({ id: 'none', question: 'Who won the election in <b>Peru</b>?', isAnswerable: false, facts: [] }),
    ]);
    const scores = scoreWording(rows);
    assert.deepEqual(scores.worded, { count: 2, of: 2, share: 1 });
    assert.deepEqual(scores.facts, {
      extract: { count: 1, of: 1, share: 1 },
      worded: { count: 0, of: 1, share: 0 },
    });
    assert.deepEqual(scores.refusalsRight.worded, { count: 1, of: 1, share: 1 });
    assert.deepEqual(scores.worse, { count: 1, of: 2, share: 0.5 });
    assert.deepEqual(scores.fates, { worded: 2, 'not-from-pages': 1 });
    assert.ok((scores.lengthRatio ?? 1) < 1);
    assert.deepEqual(
      orderForReading(rows).map(({ test }) => test.id),
      ['worse', 'fine', 'none'],
    );
    const page = wordingPage('Set', scores, [], rows, 2);
    assert.match(
      page,
      /2 of 3 questions; 1 where wording is worse[\s\S]*lost &quot;45 days&quot;[\s\S]*Extract[\s\S]*With the generator/,
    );
    assert.doesNotMatch(page, /Peru/);
    assert.match(wordingPage('Set', scores, [], rows, 3), /&lt;b&gt;Peru/);
  });
});

describe('understudy eval wording', () => {
  it('says that a bundle without a generator has nothing to compare', async () => {
    const folder = samples.make({ ...PAGES, 'set.jsonl': '{"question": "How long?"}\n' });
    const out = join(folder, 'bundle');
    await runCommand(['build', join(folder, 'pages'), '--out', out, '--generator', 'none']);
    const { status, notes } = await runCommand([
      'eval',
      'wording',
      out,
      '--questions',
      join(folder, 'set.jsonl'),
    ]);
    assert.equal(status, 64);
    assert.match(notes, /no generator/);
  });

  it('compares the answers of the shipped generator on the demo', async () => {
    const folder = samples.make({
      'set.jsonl': [
        {
          question: 'typed my old adress, can i still fix that',
          articles: ['change-your-order'],
          reference: 'Yes.',
        },
        { question: 'can I pay by paypal' },
      ]
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    });
    const demo = join(import.meta.dirname, '../../.cache/demo-bundle');
    const { status, out } = await runCommand([
      ...['eval', 'wording', demo, '--questions', join(folder, 'set.jsonl')],
      ...['--json', '--limit', '1', '--html', join(folder, 'page.html')],
    ]);
    assert.equal(status, 0);
    const report: unknown = JSON.parse(out);
    assert.ok(isRecord(report) && Array.isArray(report['rows']));
    assert.equal(report['questions'], 2);
    assert.equal(report['rows'].length, 1);
  });
});
