import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { AnsweredQuestion } from '../../cli/ask/answer-question.ts';
import { answerInConversation } from '../../cli/ask/answer-question.ts';
import { answerGoals } from '../../cli/evaluation/answer-goals.ts';
import { answersPage } from '../../cli/evaluation/answers-page.ts';
import { containsFact } from '../../cli/evaluation/contains-fact.ts';
import { findGoldPlaces } from '../../cli/evaluation/gold-places.ts';
import { hasCaveat, withoutCaveat } from '../../cli/evaluation/caveat.ts';
import type { Verdict } from '../../cli/evaluation/judge-answer.ts';
import { judgeAnswer } from '../../cli/evaluation/judge-answer.ts';
import type { TestQuestion } from '../../cli/evaluation/question-set.ts';
import { scoreVerdicts } from '../../cli/evaluation/score-verdicts.ts';
import type { Passage } from '../../src/contracts/passage.ts';
import type { Exchange, Responder } from '../../src/contracts/responder.ts';
import { UNSURE_TEXT } from '../../src/plan/built-in-texts.ts';
import { toBundleQuestion } from '../convert/helpcenter-questions.ts';
import { runCommand } from './run-command.ts';
import { sampleFolders } from './sample-folder.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const passage = (id: string, headings: readonly string[], text = 'Text.'): Passage => {
  const documentId = id.replace(/#\d+$/, '');
  return {
    id,
    documentId,
    title: 'Kettles',
    headings,
    url: null,
    language: 'en',
    text,
    questions: [],
    tags: [],
  };
};

const PASSAGES = [
  passage('help/kettles#1', []),
  passage('help/kettles#2', ['Return']),
  passage('help/kettles#3', ['Return', 'Refunds']),
  passage('help/kettles#4', ['Clean']),
  passage('help/post#1', ['Prices']),
];

const question = (row: Partial<TestQuestion> = {}): TestQuestion => ({
  id: 'q',
  question: 'How long?',
  language: 'en',
  isAnswerable: true,
  articles: ['kettles'],
  sections: ['Return'],
  facts: ['45 days', '5 days|five days'],
  reference: '',
  kind: '',
  split: '',
  history: [],
  ...row,
});

const answer = (
  text: string,
  cited: readonly string[],
  rest: Partial<AnsweredQuestion> = {},
): AnsweredQuestion => ({
  question: 'How long?',
  answer: text,
  worded: false,
  refused: false,
  citations: cited.map((passageId, at) => ({
    index: at + 1,
    passageId,
    title: '',
    headings: [],
    url: null,
    snippet: '',
  })),
  suggestions: [],
  handoff: null,
  intent: 'none',
  confidence: 0.9,
  route: 'understudy',
  code: null,
  message: null,
  milliseconds: 2,
  ...rest,
});

const judge = (test: TestQuestion, answered: AnsweredQuestion): Verdict =>
  judgeAnswer(test, answered, {
    gold: findGoldPlaces(test, PASSAGES),
    ranked: PASSAGES.map((one) => ({ passage: one, score: 1 })),
    passage: (id) => PASSAGES.find((one) => one.id === id) ?? null,
    foundFor: (topic) => PASSAGES.find(({ headings }) => headings.includes(topic)) ?? null,
  });

describe('findGoldPlaces', () => {
  const ids = (row: Partial<TestQuestion>): readonly string[] =>
    findGoldPlaces(question(row), PASSAGES).passages.map(({ id }) => id);

  it('takes every place under a named heading', () => {
    assert.deepEqual(ids({}), ['help/kettles#2', 'help/kettles#3']);
    assert.deepEqual(ids({ sections: [' **return** '] }), ['help/kettles#2', 'help/kettles#3']);
    assert.deepEqual(ids({ sections: [''] }), ['help/kettles#1']);
  });

  it('takes a whole article that has none of the named headings', () => {
    assert.deepEqual(ids({ articles: ['kettles', 'post.md'] }), [
      'help/kettles#2',
      'help/kettles#3',
      'help/post#1',
    ]);
  });

  it('says what the bundle lacks', () => {
    const { lacking } = findGoldPlaces(
      question({ articles: ['kettles', 'tea'], sections: ['Return', 'Steam'] }),
      PASSAGES,
    );
    assert.deepEqual(lacking, ['tea', 'Steam']);
  });

  it('takes nothing for a question that no page answers', () => {
    assert.deepEqual(ids({ isAnswerable: false, sections: [] }), []);
  });
});

describe('judgeAnswer', () => {
  it('finds nothing wrong with an answer that cites the section and holds the facts', () => {
    const verdict = judge(question(), answer('45\u00a0days, then **five days** [1]', ['help/kettles#3']));
    assert.deepEqual(verdict.missingFacts, []);
    assert.equal(verdict.isPassageRight, true);
    assert.equal(verdict.isWrong, false);
    assert.deepEqual(verdict.found, { ranks: [2, 3], rightCount: 2 });
  });

  it('tells the right document from the right passage', () => {
    const verdict = judge(question(), answer('Boil vinegar [1]', ['help/kettles#4']));
    assert.equal(verdict.isSourceRight, true);
    assert.equal(verdict.isPassageRight, false);
    assert.equal(verdict.isWrong, true);
  });

  it('does not call an answer wrong that holds a fact, or says that it is not sure', () => {
    assert.equal(judge(question(), answer('45 days [1]', ['help/post#1'])).isWrong, false);
    assert.equal(judge(question(), answer('I’m not sure, but: boil it [1]', ['help/post#1'])).isWrong, false);
  });

  it('calls pages wrong that are cited for what they do not answer, but no canned reply', () => {
    const unanswerable = question({ isAnswerable: false, articles: [], sections: [], facts: [] });
    assert.equal(judge(unanswerable, answer('Text [1]', ['help/post#1'])).isWrong, true);
    assert.equal(judge(unanswerable, answer('Hello!', [])).isWrong, false);
    assert.equal(judge(unanswerable, answer('Hello!', [])).isDecisionRight, true);
  });

  it('does not count a refusal as citing or containing anything', () => {
    const verdict = judge(question(), answer('Not in our pages.', [], { refused: true }));
    assert.deepEqual(
      [verdict.isPassageRight, verdict.missingFacts, verdict.isWrong, verdict.words],
      [null, null, false, 0],
    );
    const scores = scoreVerdicts([
      verdict,
      judge(question(), answer('45 days, 5 days [1]', ['help/kettles#2'])),
    ]);
    assert.deepEqual(scores.passageCited, { count: 1, of: 1, share: 1 });
    assert.deepEqual(scores.passageCitedOfAll, { count: 1, of: 2, share: 0.5 });
    assert.deepEqual(scores.factsContained, { count: 1, of: 2, share: 0.5 });
    assert.deepEqual(
      answerGoals(scores).map(({ isMet }) => isMet),
      [true, false, true, null, false],
    );
  });

  it('counts the refused questions for which a topic of the right document is offered', () => {
    const refused = (...suggestions: string[]): Verdict =>
      judge(question(), answer('Not in our pages.', [], { refused: true, suggestions }));
    const verdicts = [
      refused('Prices', 'Clean'),
      refused('Prices'),
      refused(),
      judge(question(), answer('45 days [1]', ['help/kettles#2'], { suggestions: ['Clean'] })),
      judge(question({ isAnswerable: false }), answer('No.', [], { refused: true, suggestions: ['Clean'] })),
    ];
    assert.deepEqual(
      verdicts.map(({ isRightOffered }) => isRightOffered),
      [true, false, false, null, null],
    );
    assert.deepEqual(scoreVerdicts(verdicts).rightOffered, { count: 1, of: 3, share: 0.333 });
  });

  it('shows a miss with the passage that was cited and the one that was expected', () => {
    const verdicts = [judge(question(), answer('<b>Boil</b> it [1]', ['help/kettles#4']))];
    const page = answersPage('Set', scoreVerdicts(verdicts), [], verdicts);
    assert.match(page, /Cited \[1\][\s\S]*Kettles › Clean[\s\S]*Expected[\s\S]*Kettles › Return/);
    assert.match(page, /&lt;b&gt;Boil/);
  });
});

describe('hasCaveat', () => {
  for (const text of [
    'I am not sure. 45 days.',
    "I'm not entirely certain, but …",
    '我不太确定，可能是45天。',
    '没有找到完全对应的内容。',
    ...Object.values(UNSURE_TEXT),
  ]) {
    it(`hears it in ${text}`, () => assert.equal(hasCaveat(text), true));
  }
  for (const text of ['45 days. If you are not sure, ask us.', '如果不确定，请联系我们。', '']) {
    it(`does not hear it in "${text}"`, () => assert.equal(hasCaveat(text), false));
  }
});

describe('withoutCaveat', () => {
  it('leaves what stands behind a caveat of a paragraph, and any other answer as it is', () => {
    for (const caveat of Object.values(UNSURE_TEXT))
      assert.equal(withoutCaveat(`${caveat}\n\n45 days. [1]`), '45 days. [1]');
    for (const answer of ['I am not sure. 45 days.', 'Steps:\n\n1. Open it.'])
      assert.equal(withoutCaveat(answer), answer);
  });
});

describe('containsFact', () => {
  it('ignores case, blanks, emphasis and digit grouping', () => {
    assert.equal(containsFact('It costs **€1,200** a Year', '€ 1200 a year'), true);
    assert.equal(containsFact('six', 'five|six'), true);
    assert.equal(containsFact('anything', '|'), false);
  });
});

describe('answerInConversation', () => {
  it('asks each question with what was answered before it', async () => {
    const seen: (readonly Exchange[])[] = [];
    const responder: Responder = {
      contract: 1,
      id: 'echo',
      kind: 'understudy',
      async *respond(turn, { history = [] } = {}) {
        seen.push([...history]);
        yield { type: 'text-delta', text: `${turn.text}!` };
      },
    };
    const { signal } = new AbortController();
    const { answer: last } = await answerInConversation(responder, ['a', 'b'], 'c', {
      language: 'en',
      signal,
    });
    assert.equal(last, 'c!');
    const exchange = (text: string): Exchange => ({
      question: text,
      answer: `${text}!`,
      responder: 'understudy',
    });
    assert.deepEqual(seen, [[], [exchange('a')], [exchange('a'), exchange('b')]]);
  });
});

describe('understudy eval answers', () => {
  it('answers a follow-up by the questions before it', async () => {
    const folder = samples.make({
      'pages/kettles.md': '# Kettles\n\n## Return a kettle\n\nKettles come back within 45 days.\n',
      'pages/lamps.md': '# Lamps\n\n## Return a lamp\n\nLamps come back within 12 days.\n',
      'set.jsonl': [
        { id: 'alone', question: 'and for lamps?', articles: ['lamps'], facts: ['12 days'], kind: 'alone' },
        {
          id: 'after',
          question: 'and for lamps?',
          articles: ['lamps'],
          sections: ['Return a lamp'],
          facts: ['12 days'],
          history: ['How long can I return a kettle?'],
          kind: 'after',
        },
      ]
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    });
    const bundle = join(folder, 'bundle');
    assert.equal(
      (await runCommand(['build', join(folder, 'pages'), '--out', bundle, '--generator', 'none'])).status,
      0,
    );
    const { out } = await runCommand(['eval', bundle, '--questions', join(folder, 'set.jsonl')]);
    assert.match(out, /^right passage cited +100\.0 % \(\d of \d\) +aim ≥ 92 %: met$/m);
    assert.match(out, /kind after +100\.0 \/ 100\.0/);
  });
});

describe('toBundleQuestion', () => {
  const article = {
    id: 'a.md',
    title: 'A',
    lang: 'en',
    sections: ['', 'First', '', 'Second'].map((heading) => ({ heading, text: 'Text.' })),
  };
  const one = (sections: readonly number[]) =>
    toBundleQuestion(
      {
        place: { file: 'f', line: 3 },
        set: 's',
        test: question({ articles: ['a.md'], sections: [] }),
        sections,
      },
      new Map([['a.md', article]]),
      new Map([['a.md', 'articles/a']]),
    );

  it('writes headings for numbers, a section without one under that before it', () => {
    assert.deepEqual(one([0, 2, 3]).sections, ['', 'First', 'Second']);
    assert.deepEqual(one([1, 2]).sections, ['First']);
    assert.deepEqual(one([]).articles, ['articles/a']);
  });

  it('names the row of a section that does not exist', () => {
    assert.throws(() => one([4]), { message: /^f:3: the article has no section 4/ });
  });
});
