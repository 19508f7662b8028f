import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { answerInConversation } from '../../cli/ask/answer-question.ts';
import { openBundleFolder } from '../../cli/ask/open-bundle-folder.ts';
import { isRecord, isStringArray } from '../../src/contracts/json.ts';
import { parseComparison } from '../../src/retrieval/comparison/parse-comparison.ts';

/** Questions about two things, on the demo's pages as the bundle of the demo answers them. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const bundle = join(root, '.cache/demo-bundle');
/** Of the questions of the demo that compare two things and have an answer, so many show the facts of both. */
const LEAST_SHARE = 0.9;

interface Question {
  readonly question: string;
  readonly facts: readonly string[];
}

/** The questions of the demo that compare two things. */
function comparisons(): readonly Question[] {
  const lines = readFileSync(join(root, 'test/fixtures/demo-questions.jsonl'), 'utf8').trim().split('\n');
  return lines.flatMap((line): Question[] => {
    const row: unknown = JSON.parse(line);
    if (!isRecord(row) || row['answerable'] !== true) return [];
    const { question, facts } = row;
    if (typeof question !== 'string' || !isStringArray(facts)) return [];
    return parseComparison(question) === null ? [] : [{ question, facts }];
  });
}

interface Answer {
  readonly answer: string;
  readonly citations: number;
}

async function ask(questions: readonly string[], before: readonly string[] = []): Promise<readonly Answer[]> {
  const { signal } = new AbortController();
  const { responder } = await openBundleFolder(bundle, { withGenerator: false, signal });
  const answers: Answer[] = [];
  for (const question of questions) {
    const { answer, citations } = await answerInConversation(responder, before, question, {
      language: 'en',
      signal,
    });
    answers.push({ answer, citations: citations.length });
  }
  return answers;
}

describe('a comparison of two things', () => {
  it('is answered with the facts of both sides', async (context) => {
    const questions = comparisons();
    assert.ok(questions.length >= 14, String(questions.length));
    const answers = await ask(questions.map(({ question }) => question));
    const told = questions.filter(({ facts }, at) =>
      facts.every((fact) => fact.split('|').some((way) => answers[at]?.answer.includes(way))),
    );
    context.diagnostic(`${String(told.length)} of ${String(questions.length)}`);
    assert.ok(told.length >= questions.length * LEAST_SHARE);
  });

  it('shows the rows of both alone, with the header and one citation', async () => {
    const [found] = await ask(['What is the difference between standard and express delivery?']);
    assert.deepEqual(found, {
      answer:
        '| Method | How long it takes | Cost |\n| --- | --- | --- |\n' +
        '| Standard | 3–5 working days | £3.95, free from £40 |\n' +
        '| Express | next working day if ordered before 14:00 | £6.95 |\n\n[1]',
      citations: 1,
    });
  });

  it('says on which side nothing was found', async () => {
    const [english, chinese] = await ask([
      "What's the difference between the Jug and the Kettle?",
      '滤水壶和电水壶有什么区别',
    ]);
    assert.match(english?.answer ?? '', /^I could not find anything about this for “Kettle”/);
    assert.match(chinese?.answer ?? '', /^没有在帮助页面中找到关于“电水壶”/);
  });

  it('hands over where the pages say of neither what is asked', async () => {
    const [found] = await ask(['which is heavier, the jug or the tap?']);
    assert.match(found?.answer ?? '', /^I could not find this in our help pages/);
    assert.equal(found?.citations, 0);
  });

  it('goes on with the two things of the question before', async () => {
    const [found] = await ask(['and which one is cheaper?'], ['Standard vs Express delivery']);
    assert.match(found?.answer ?? '', /£3\.95[^]*£6\.95/);
  });
});
