import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Clock } from '../../src/contracts/clock.ts';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import type { Passage } from '../../src/contracts/passage.ts';
import { MAX_EXPECTED } from './accept-questions.ts';
import { attachExpected } from './attach-expected.ts';
import { digestPassage, readExpectedRows } from './expected-rows.ts';
import { parseReply } from './parse-reply.ts';
import type { ScriptedChat, ScriptedReply } from './scripted-chat.ts';
import { startScriptedChat } from './scripted-chat.ts';
import type { WrittenExpected } from './write-expected.ts';
import { writeExpected } from './write-expected.ts';

const KEY = 'key-0123456789';

function passage(documentId: string, text: string, headings: readonly string[] = []): Passage {
  const id = `${documentId}#${text.length}`;
  return {
    id,
    documentId,
    title: documentId,
    headings,
    url: null,
    language: 'en',
    text,
    questions: [],
    tags: [],
  };
}

const PAGES = [passage('kettles', 'Kettles whistle.'), passage('taps', 'Taps drip when the seal is old.')];

describe('questions that are expected of visitors', () => {
  let folder: string;
  let out: string;
  let chat: ScriptedChat;
  let waits: number[];
  let answer: (nth: number, passage: string) => ScriptedReply;

  const clock: Clock = {
    now: () => 0,
    monotonicMs: () => 0,
    sleep: (delayMs) => {
      waits.push(delayMs);
      return Promise.resolve();
    },
  };
  const write = (
    passages: readonly Passage[],
    most = 1000,
    signal?: AbortSignal,
    isAddingMore = false,
  ): Promise<WrittenExpected> =>
    writeExpected(passages, {
      isAddingMore,
      out,
      endpoint: { baseUrl: chat.url, model: 'writer', key: KEY },
      count: 3,
      parallel: 1,
      most,
      services: {
        fetch: globalThis.fetch,
        clock,
        signal: signal ?? new AbortController().signal,
        onProgress: () => undefined,
      },
    });
  const questionsAbout = (subject: string): ScriptedReply => ({
    kind: 'reply',
    text: JSON.stringify([`why does ${subject} make noise`, `is ${subject} broken?`]),
  });
  const codeOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
      return 'done';
    } catch (error) {
      return isUnderstudyError(error) ? error.code : String(error);
    }
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'expect-'));
    out = join(folder, 'expected.jsonl');
    waits = [];
    answer = (_, about) => questionsAbout(about.split('\n')[0] ?? '');
    chat = await startScriptedChat((request, nth) => answer(nth, request.passage));
  });

  afterEach(async () => {
    await chat.close();
    rmSync(folder, { recursive: true });
  });

  it('are asked of the model passage by passage, with the key, and stand in the order of the passages', async () => {
    const written = await write(PAGES);
    assert.deepEqual(written, { asked: 2, kept: 0, empty: 0, left: 0, questions: 4 });
    assert.deepEqual(
      readExpectedRows(out).map(({ document, questions }) => [document, questions[1]]),
      [
        ['kettles', 'is kettles broken?'],
        ['taps', 'is taps broken?'],
      ],
    );
    assert.deepEqual(
      chat.requests.map(({ path, authorization, model }) => [path, authorization, model]),
      PAGES.map(() => ['/v1/chat/completions', `Bearer ${KEY}`, 'writer']),
    );
    assert.ok(!readFileSync(out, 'utf8').includes(KEY));
  });

  it('are asked for new passages alone, and those of passages that are gone are taken out', async () => {
    await write(PAGES);
    const [kettles = PAGES[0]] = PAGES;
    assert.ok(kettles !== undefined);
    const written = await write([kettles, passage('mugs', 'Mugs chip.')]);
    assert.deepEqual([written.asked, written.kept], [1, 1]);
    assert.deepEqual(
      readExpectedRows(out).map(({ document }) => document),
      ['kettles', 'mugs'],
    );
  });

  it('are asked for again, with those that are there, where a passage should have more', async () => {
    await write(PAGES);
    answer = () => ({ kind: 'reply', text: '["Is Kettles broken?", "why the steam", "one too many"]' });
    assert.equal((await write(PAGES, 1, undefined, true)).questions, 4);
    assert.match(
      chat.requests.at(-1)?.passage ?? '',
      /already:\n- why does kettles make noise\n- is kettles broken\?$/,
    );
    answer = () => ({ kind: 'reply', text: '["why the steam", "one too many"]' });
    const written = await write(PAGES, 1, undefined, true);
    assert.deepEqual(written, { asked: 1, kept: 0, empty: 0, left: 1, questions: 5 });
    assert.deepEqual(
      readExpectedRows(out).map(({ questions }) => questions.length),
      [3, 2],
    );
    assert.deepEqual((await write(PAGES, 1000, undefined, true)).asked, 1);
  });

  it('that were there stay where the model has none more to say', async () => {
    await write(PAGES);
    const before = readFileSync(out, 'utf8');
    answer = () => ({ kind: 'reply', text: '[]' });
    const written = await write(PAGES, 1000, undefined, true);
    assert.deepEqual(written, { asked: 2, kept: 0, empty: 2, left: 0, questions: 4 });
    assert.equal(readFileSync(out, 'utf8'), before);
  });

  it('of a passage that is not asked about yet stay as they were', async () => {
    await write(PAGES);
    const changed = PAGES.map((one) => ({ ...one, text: `${one.text} Now and then.` }));
    const written = await write(changed, 1);
    assert.deepEqual([written.asked, written.left], [1, 1]);
    const { passages, changed: stale } = attachExpected(changed, readExpectedRows(out));
    assert.equal(stale, 2);
    assert.ok(passages.every(({ expected = [] }) => expected.length > 0));
  });

  it('that people wrote stay, whatever the model writes', async () => {
    appendFileSync(out, '{"document":"taps","questions":["water everywhere"]}\n');
    await write(PAGES);
    const { passages } = attachExpected(PAGES, readExpectedRows(out));
    assert.ok(passages[1]?.expected?.includes('water everywhere'));
  });

  it('survive an interruption: the next run asks only for the rest, even after a line that was cut off', async () => {
    answer = (nth, about) => (nth === 1 ? questionsAbout(about) : { kind: 'status', status: 401 });
    assert.equal(await codeOf(write(PAGES)), 'cli/endpoint-refused');
    appendFileSync(out, '{"document":"ta');
    answer = (_, about) => questionsAbout(about);
    const written = await write(PAGES);
    assert.deepEqual([written.kept, written.asked], [1, 1]);
  });

  it('wait for an endpoint that is busy as long as it asks, and for one that breaks', async () => {
    answer = (nth, about) => {
      if (nth === 1) return { kind: 'status', status: 429, headers: { 'retry-after': '7' } };
      return nth === 2
        ? { kind: 'cut' }
        : nth === 3
          ? { kind: 'body', body: '<html>' }
          : questionsAbout(about);
    };
    assert.equal((await write(PAGES)).questions, 4);
    assert.equal(waits[0], 7000);
    assert.equal(waits.length, 3);
  });

  for (const [name, reply, code] of [
    ['refuses the key', { kind: 'status', status: 401 }, 'cli/endpoint-refused'],
    [
      'leads elsewhere',
      { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      'cli/endpoint-refused',
    ],
    ['sends more than a megabyte', { kind: 'body', body: 'x'.repeat(1_100_000) }, 'cli/endpoint-refused'],
    ['never answers as it should', { kind: 'body', body: '[]' }, 'cli/endpoint-unreachable'],
    ['always breaks', { kind: 'cut' }, 'cli/endpoint-unreachable'],
  ] satisfies readonly (readonly [string, ScriptedReply, string])[]) {
    it(`are not had of an endpoint that ${name}, and the file of before stays`, async () => {
      await write(PAGES.slice(0, 1));
      const before = readFileSync(out, 'utf8');
      answer = () => reply;
      assert.equal(await codeOf(write(PAGES)), code);
      assert.equal(readFileSync(out, 'utf8'), before);
    });
  }

  it('are counted as missing where the model says nothing of use, and asked for again', async () => {
    answer = () => ({ kind: 'reply', text: 'I am sorry, I cannot do that.' });
    assert.deepEqual(await write(PAGES), { asked: 2, kept: 0, empty: 2, left: 0, questions: 0 });
    answer = (_, about) => questionsAbout(about);
    assert.equal((await write(PAGES)).asked, 2);
  });

  it('stop with the signal, and what was written stays', async () => {
    const stop = new AbortController();
    answer = (nth, about) => {
      if (nth === 2) stop.abort(new Error('stopped'));
      return questionsAbout(about);
    };
    assert.match(await codeOf(write(PAGES, 1000, stop.signal)), /stopped/);
    assert.equal(readExpectedRows(out).length, 1);
  });

  it('leave no file behind where the first of them cannot be had', async () => {
    answer = () => ({ kind: 'status', status: 401 });
    assert.equal(await codeOf(write(PAGES)), 'cli/endpoint-refused');
    assert.ok(!existsSync(out));
  });

  it('are not begun where there is nothing to ask', async () => {
    assert.equal((await write([])).questions, 0);
    assert.ok(!existsSync(out));
  });
});

describe('a reply of a model', () => {
  it('is read as a list in JSON, in a fence, in an object, of objects, or as lines with question marks', () => {
    const [plain, ...others] = [
      '["where is it", "how much?"]',
      '```json\n["where is it", "how much?"]\n```',
      'Here you are: {"questions": ["where is it", "how much?"]} Anything else?',
      '[{"question": "where is it"}, {"question": "how much?"}]',
    ].map((reply) => parseReply(reply, 5));
    assert.deepEqual(plain, ['where is it', 'how much?']);
    for (const other of others) assert.deepEqual(other, plain);
    assert.deepEqual(parseReply('1. Where is it?\n- "How much?"\n2) 多少钱？\nthat is all', 5), [
      'Where is it?',
      'How much?',
      '多少钱？',
    ]);
  });

  it('that was cut off gives the questions that are whole', () => {
    for (const reply of [
      'Sure: ["where is it", "how much, all in?", "when do',
      '["where is it",\n"how much, all in?",\n"when',
    ])
      assert.deepEqual(parseReply(reply, 5), ['where is it', 'how much, all in?']);
    for (const reply of ['["where', '[', 'a list", [1, "x']) assert.deepEqual(parseReply(reply, 5), []);
  });

  it('gives no addresses, no whole pages, no hidden characters, and nothing twice', () => {
    const reply = JSON.stringify([
      'see https://evil.example/ now?',
      'x'.repeat(500),
      'hid\u200bden\u202e text',
      'Hidden text',
      '???',
      '',
    ]);
    assert.deepEqual(parseReply(reply, 5), ['hidden text']);
  });

  it('of any shape gives at most as many lines as were asked for, each of them short', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.integer({ min: 1, max: 12 }), (reply, most) => {
        const questions = parseReply(reply, most);
        assert.ok(questions.length <= most && questions.length <= MAX_EXPECTED);
        for (const question of questions) assert.ok(question.length <= 200 && !question.includes('\n'));
      }),
    );
  });
});

describe('a file of expected questions', () => {
  it('gives questions to the passage they were written for, wherever it stands on its page', () => {
    const rows = PAGES.map((one) => ({
      document: one.documentId,
      headings: ['elsewhere'],
      passage: digestPassage(one),
      questions: [`about ${one.documentId}`],
    }));
    const { passages, lacking, changed, gone } = attachExpected(PAGES, rows);
    assert.deepEqual(
      passages.map(({ expected }) => expected),
      [['about kettles'], ['about taps']],
    );
    assert.deepEqual([lacking, changed, gone], [0, 0, 0]);
  });

  it('of a page that changed gives them to the place where they belonged, and says so', () => {
    const [row] = PAGES.map((one) => ({
      document: one.documentId,
      headings: one.headings,
      passage: '0123456789abcdef',
      questions: ['old one'],
    }));
    assert.ok(row !== undefined);
    const { passages, changed, gone, lacking } = attachExpected(PAGES, [row, { ...row, document: 'sold' }]);
    assert.deepEqual(passages[0]?.expected, ['old one']);
    assert.deepEqual([changed, gone, lacking], [1, 1, 1]);
  });

  it('does not repeat what the owner of the page asked already', () => {
    const [first] = PAGES;
    assert.ok(first !== undefined);
    const own = { ...first, questions: ['Does it whistle?'] };
    const row = {
      document: own.documentId,
      headings: [],
      passage: '',
      questions: ['does it whistle?', 'why the noise'],
    };
    assert.deepEqual(attachExpected([own], [row]).passages[0]?.expected, ['why the noise']);
  });
});
