import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { isRecord } from '../../src/contracts/json.ts';
import { readQuestionSet } from '../../cli/evaluation/question-set.ts';
import { chineseHeadingQuestion, chineseSentenceQuestions } from '../../cli/suggest/chinese-questions.ts';
import { englishHeadingQuestion, englishSentenceQuestions } from '../../cli/suggest/english-questions.ts';
import { readOutbox } from '../../cli/suggest/read-outbox.ts';
import { reviewPages } from '../../cli/suggest/review-pages.ts';
import { writeDrafts } from '../../cli/suggest/write-drafts.ts';
import type { Passage } from '../../src/contracts/passage.ts';
import { runCommand } from './run-command.ts';
import { sampleFolders } from './sample-folder.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const WAYS =
  'Parcels travel by road. Every parcel has a number, and the driver rings twice before the parcel goes back to the depot by the river.';
const PAGES = {
  'pages/returns.md': `# Returns\n\n## Return a kettle\n\nYou can return a kettle within 45 days. The label is free, and the driver takes the parcel from your door on the day that you have chosen.\n\n## Overview\n\nThe Kettle costs £34 in every colour we make, with the filter and the lid that belong to it in the box.\n`,
  'pages/parcels.md': `# Parcels\n\n${WAYS}\n`,
  'pages/parcels-again.md': `# More on parcels\n\n${WAYS}\n`,
  'pages/faq.md': `# Questions\n\n## Sending things back\n\nPlease remember that you can return a kettle within 30 days. Write to us when anything about it is not clear, and we look up what holds for the order that you have placed with us, on the same day.\n`,
  'pages/thin.md': '# Colours\n\nGreen and blue.\n',
};
const OUTBOX = [
  {
    id: '1',
    text: 'Do you repair violins? Call me on +44 1632 960 140',
    contact: 'ann@mail.example',
    transcript: [],
  },
  {
    id: '2',
    text: 'ok',
    contact: '',
    transcript: [{ question: 'what does a violin repair cost', answer: 'Not in our pages.' }],
  },
  { id: '3', text: 'How do I return a kettle?', contact: '', transcript: [] },
];

describe('understudy suggest', () => {
  it('drafts questions and pages, and says what the pages lack', async () => {
    const folder = samples.make({
      ...PAGES,
      'outbox.jsonl': OUTBOX.map((row) => `${JSON.stringify(row)}\n`).join(''),
    });
    const path = (name: string): string => join(folder, name);
    const args = [
      'suggest',
      path('pages'),
      '--outbox',
      path('outbox.jsonl'),
      '--questions-out',
      path('set.jsonl'),
    ];
    const { out, status } = await runCommand([
      ...args,
      '--drafts',
      path('drafts'),
      '--html',
      path('report.html'),
      '--json',
    ]);
    assert.equal(status, 0);
    const found: unknown = JSON.parse(out);
    assert.ok(isRecord(found));
    const { gaps } = found;
    assert.ok(Array.isArray(gaps) && gaps.length === 1);
    assert.match(
      JSON.stringify(gaps),
      /"question":"Do you repair violins\?.*"question":"what does a violin repair cost"/,
    );
    // With the spaces of the number: a confidence may have its digits by chance.
    assert.doesNotMatch(out, /44 1632|1632 960|960 140|ann@|return a kettle\?","language":"en","origin"/);
    const contradictions = JSON.stringify(found['contradictions']);
    assert.match(contradictions, /"text":"[^"]*within 30 days\.","value":"30 days"/);
    assert.match(contradictions, /"documentId":"returns","heads":\["Returns","Return a kettle"\]/);
    assert.match(
      readFileSync(path('report.html'), 'utf8'),
      /45 days.*within 45 days.*within 30 days|30 days.*within 30 days.*within 45 days/,
    );
    const kinds = JSON.stringify(found['remarks']);
    assert.match(kinds, /"kind":"thin","documentId":"thin"/);
    assert.match(kinds, /"kind":"duplicate"[^}]*100 % the same as/);
    assert.match(kinds, /"kind":"empty-heading"[^}]*Overview/);
    const set = readQuestionSet(path('set.jsonl'));
    const draft = set.find(({ question }) => question === 'How much does the Kettle cost?');
    assert.deepEqual(draft?.facts, ['£34']);
    assert.deepEqual(draft.sections, ['Overview']);
    const [name = ''] = readdirSync(path('drafts'));
    const page = readFileSync(join(path('drafts'), name), 'utf8');
    assert.match(page, /^---\ntitle: "Do you repair violins\?/);
    assert.match(page, / {2}- "what does a violin repair cost"/);
    assert.match(readFileSync(path('report.html'), 'utf8'), /Pages that say the same/);
    const plain = (await runCommand(args)).out;
    assert.match(plain, /1 gaps in 4 questions that were asked:\n {2}repair: /);
  });

  it('writes a set that the bundle of the same pages is measured with', async () => {
    const folder = samples.make(PAGES);
    const [bundle, set] = [join(folder, 'bundle'), join(folder, 'set.jsonl')];
    assert.equal(
      (await runCommand(['build', join(folder, 'pages'), '--out', bundle, '--generator', 'none'])).status,
      0,
    );
    assert.equal((await runCommand(['suggest', bundle, '--questions-out', set])).status, 0);
    const { out, notes } = await runCommand(['eval', 'answers', bundle, '--questions', set]);
    assert.match(out, /^right passage cited +\d/m);
    assert.doesNotMatch(notes, /the bundle has no/);
  });

  it('wants something that was asked before it writes pages', async () => {
    const folder = samples.make(PAGES);
    const drafts = join(folder, 'drafts');
    assert.equal((await runCommand(['suggest', join(folder, 'pages'), '--drafts', drafts])).status, 64);
    assert.equal(existsSync(drafts), false);
  });
});

describe('questions of headings and sentences', () => {
  for (const [heading, question] of [
    ['Cancel your order', 'How do I cancel my order?'],
    ['Changing your address', 'How do I change my address?'],
    ['Which part do I need?', 'Which part do I need?'],
    ['Remove it', null],
    ['Shipping times', null],
    ['Moving or selling', null],
  ] as const) {
    it(`makes ${question ?? 'nothing'} of "${heading}"`, () =>
      assert.equal(englishHeadingQuestion(heading), question));
  }

  for (const [sentence, questions] of [
    ['The Tap costs £229 in brushed steel.', ['How much does the Tap cost?']],
    ['Delivery takes 3 to 5 working days.', ['How long does Delivery take?']],
    ['You can return a Tap within 60 days.', ['How long do I have to return a Tap?']],
    ['You need not send the box back, we have many.', ['Do I need to send the box back?']],
    ['If the light blinks red, call us.', ['What should I do if the light blinks red?']],
    ['It costs £3.', []],
    ['During the sale delivery takes 9 days.', []],
  ] as const) {
    it(`makes ${questions.length} questions of "${sentence}"`, () =>
      assert.deepEqual(
        englishSentenceQuestions(sentence).map(({ question }) => question),
        questions,
      ));
  }

  for (const [heading, question] of [
    ['取消订阅', '怎么取消订阅？'],
    ['如何安装净水龙头', '如何安装净水龙头？'],
    ['配对不成功', '配对不成功怎么办？'],
    ['联系方式', null],
    ['退款政策', null],
  ] as const) {
    it(`makes ${question ?? 'nothing'} of "${heading}"`, () =>
      assert.equal(chineseHeadingQuestion(heading), question));
  }

  it('asks Chinese sentences for times, permissions and conditions', () => {
    const asked = (sentence: string): readonly string[] =>
      chineseSentenceQuestions(sentence).map(({ question }) => question);
    assert.deepEqual(asked('标准配送需要3天。'), ['标准配送需要多久？']);
    assert.deepEqual(asked('您可以在线修改地址。'), ['可以在线修改地址吗？']);
    assert.deepEqual(asked('如果指示灯不亮，请联系我们。'), ['指示灯不亮怎么办？']);
  });

  it('makes questions that stand alone, or none, of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (text) => {
        for (const { question } of [...englishSentenceQuestions(text), ...chineseSentenceQuestions(text)])
          assert.match(question, /[?？]$/);
      }),
    );
  });
});

describe('readOutbox', () => {
  it('takes a JSON list as it takes lines, and masks addresses and long numbers', () => {
    const folder = samples.make({
      'list.json': JSON.stringify(OUTBOX, null, 1),
      'lines.jsonl': OUTBOX.map((row) => JSON.stringify(row)).join('\n'),
    });
    const list = readOutbox(join(folder, 'list.json'));
    assert.deepEqual(list, readOutbox(join(folder, 'lines.jsonl')));
    assert.equal(list[0]?.question, 'Do you repair violins? Call me on …');
    assert.deepEqual(list[2]?.history, ['what does a violin repair cost']);
  });

  it('names the line that is no message', () => {
    const folder = samples.make({ 'out.jsonl': '{"text":"a"}\n{"body":"b"}\n' });
    assert.throws(() => readOutbox(join(folder, 'out.jsonl')), {
      message: /^out\.jsonl:2: "text" is missing/,
    });
  });
});

describe('writeDrafts', () => {
  it('keeps hostile text inside the comment, and names files apart', () => {
    const closest: Passage = {
      id: 'a#1',
      documentId: 'a',
      title: 'A',
      headings: [],
      url: null,
      language: 'en',
      text: '--> <b>now</b> --!>',
      questions: [],
      tags: [],
    };
    const one = {
      question: '../a "b"',
      language: 'en',
      origin: 'outbox',
      history: [],
      closest,
      confidence: 0.2,
    };
    const drafts = writeDrafts([
      { word: '', questions: [one] },
      { word: '', questions: [one] },
    ]);
    assert.deepEqual(
      drafts.map(({ name }) => name),
      ['a-b.md', 'a-b-2.md'],
    );
    assert.ok(drafts[0] !== undefined);
    assert.equal(drafts[0].markdown.match(/--!?>/g)?.length, 1);
    assert.match(drafts[0].markdown, /title: "\.\.\/a \\"b\\""/);
  });
});

describe('reviewPages', () => {
  it('does not call the pages of one template the same', () => {
    const pages = Array.from({ length: 20 }, (_, number): Passage => ({
      id: `p${number}#1`,
      documentId: `p${number}`,
      title: `P${number}`,
      headings: [],
      url: null,
      language: 'en',
      questions: [],
      tags: [],
      text: 'Words that every page of this site repeats at its end, whatever the page itself has said before them to the reader. '.repeat(
        3,
      ),
    }));
    assert.deepEqual(reviewPages(pages), []);
  });
});
