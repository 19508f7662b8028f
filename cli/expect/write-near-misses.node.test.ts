import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { samplePassage } from '../../test/fixtures/sample-passage.ts';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import type { Passage } from '../../src/contracts/passage.ts';
import { buildIndex } from '../../src/retrieval/build-index.ts';
import { loadRetriever } from '../../src/retrieval/retriever.ts';
import { systemClock } from '../../src/session/system-clock.ts';
import { runCommand } from '../../test/node/run-command.ts';
import { sampleFolders } from '../../test/node/sample-folder.ts';
import { attachNearMisses } from './attach-near-misses.ts';
import { digestPage, readNearMissRows } from './near-miss-rows.ts';
import { parseNumbers } from './parse-reply.ts';
import type { ScriptedChat, ScriptedReply } from './scripted-chat.ts';
import { startScriptedChat } from './scripted-chat.ts';
import type { WrittenExpected } from './write-expected.ts';
import { writeNearMisses } from './write-near-misses.ts';

const PAGES = [
  samplePassage('kettles#1', 'Kettles', 'Kettles whistle.'),
  samplePassage('kettles#2', 'Kettles', 'A kettle holds two litres.'),
  samplePassage('taps#1', 'Taps', 'Taps drip when the seal is old.'),
];
const list = (...questions: readonly string[]): ScriptedReply => ({
  kind: 'reply',
  text: JSON.stringify(questions),
});
const none: ScriptedReply = { kind: 'reply', text: 'None of them: []' };
const isRefused = (error: unknown): boolean =>
  isUnderstudyError(error) && error.code === 'cli/endpoint-refused';
/** The second request about a page lists its questions by number. */
const isCheck = (request: string): boolean => /\n1\. /.test(request);

describe('near misses', () => {
  let folder: string;
  let out: string;
  let chat: ScriptedChat;
  let draft: (request: string) => ScriptedReply;
  let check: (request: string) => ScriptedReply;

  const write = (
    passages: readonly Passage[],
    options: { readonly most?: number; readonly isAddingMore?: boolean } = {},
  ): Promise<WrittenExpected> =>
    writeNearMisses(passages, loadRetriever(buildIndex(passages), passages), {
      out,
      endpoint: { baseUrl: chat.url, model: 'writer', key: null },
      count: 3,
      parallel: 1,
      most: options.most ?? 1000,
      isAddingMore: options.isAddingMore ?? false,
      services: {
        fetch: globalThis.fetch,
        clock: systemClock,
        signal: new AbortController().signal,
        onProgress: () => undefined,
      },
    });
  const written = (): (readonly [string, readonly string[]])[] =>
    readNearMissRows(out).map(({ document, questions }) => [document, questions]);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'misses-'));
    out = join(folder, 'near-misses.jsonl');
    draft = (request) =>
      request.startsWith('<page>\nKettles') ? list('is it red', 'how much does it hold') : list('is it gold');
    check = () => none;
    chat = await startScriptedChat(({ passage }) => (isCheck(passage) ? check(passage) : draft(passage)));
  });

  afterEach(async () => {
    await chat.close();
    rmSync(folder, { recursive: true });
  });

  it('are asked for page by page, and what a passage answers by the word of the model is dropped', async () => {
    check = (request) =>
      request.includes('how much does it hold')
        ? { kind: 'reply', text: 'The second:\n```json\n[2]\n```' }
        : none;
    assert.deepEqual(await write(PAGES), { asked: 2, kept: 0, empty: 0, left: 0, questions: 2 });
    assert.deepEqual(written(), [
      ['kettles', ['is it red']],
      ['taps', ['is it gold']],
    ]);
    const [first = '', second = ''] = chat.requests.map(({ passage }) => passage);
    assert.match(first, /Kettles whistle[^]*two litres[^]*The other pages:\n- Taps$/);
    assert.match(second, /<passage>\nKettles\nA kettle holds two litres[^]*2\. how much does it hold$/);
  });

  it('are dropped where the model does not say whether they are answered, and asked for again', async () => {
    check = () => ({ kind: 'reply', text: 'Hard to say.' });
    assert.deepEqual(await write(PAGES), { asked: 2, kept: 0, empty: 2, left: 0, questions: 0 });
    assert.ok(!existsSync(out));
    check = () => none;
    assert.equal((await write(PAGES)).asked, 2);
  });

  it('are asked for anew where a page has changed, and never for one that has not', async () => {
    await write(PAGES);
    assert.deepEqual((await write(PAGES)).kept, 2);
    const changed = PAGES.map((one) =>
      one.documentId === 'taps' ? { ...one, text: 'Taps are gold.' } : one,
    );
    draft = () => list('is it silver');
    assert.deepEqual(await write(changed), { asked: 1, kept: 1, empty: 0, left: 0, questions: 3 });
    assert.deepEqual(written().at(-1), ['taps', ['is it silver']]);
  });

  it('are asked for where a page should have more, with those that are there', async () => {
    await write(PAGES);
    draft = () => list('is it loud', 'one too many');
    assert.equal((await write(PAGES, { most: 1, isAddingMore: true })).questions, 4);
    assert.match(chat.requests.at(-2)?.passage ?? '', /already:\n- is it red\n- how much does it hold$/);
  });

  it('are more for a page of many passages, asked for some at a time', async () => {
    const long = Array.from({ length: 72 }, (_, at) =>
      samplePassage(`long#${at}`, 'Long', `Part ${at} is old.`),
    );
    let nth = 0;
    draft = () => list(`is it red ${(nth += 1)}`);
    assert.deepEqual(await write(long), { asked: 1, kept: 0, empty: 0, left: 0, questions: 2 });
    const asked = chat.requests.filter(({ passage }) => !isCheck(passage)).map(({ passage }) => passage);
    assert.equal(asked.length, 2);
    assert.match(asked[1] ?? '', /already:\n- is it red 1$/);
  });

  it('that people wrote stay, and an interrupted run goes on where it was', async () => {
    let replies = 0;
    check = () => ((replies += 1) === 1 ? none : { kind: 'status', status: 401 });
    await assert.rejects(write(PAGES), isRefused);
    appendFileSync(out, '{"document":"taps","questions":["is it yours"]}\n{"docu');
    check = () => none;
    assert.deepEqual([(await write(PAGES)).kept, chat.requests.length], [1, 6]);
    assert.deepEqual(
      written().map(([document]) => document),
      ['kettles', 'taps', 'taps'],
    );
  });

  it('go to the first passage of their page as long as it says the same, and never where it expects them', () => {
    const [first = PAGES[0], second, third] = PAGES;
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const passages = [first, { ...second, expected: ['how big is it'] }, third];
    const { passages: attached, ...told } = attachNearMisses(passages, [
      {
        document: 'kettles',
        page: digestPage(passages.slice(0, 2)),
        questions: ['is it red', 'how big is it'],
      },
      { document: 'taps', page: '0123456789abcdef', questions: ['is it gold'] },
      { document: 'taps', page: '', questions: ['is it yours'] },
      { document: 'mugs', page: '', questions: ['is it blue'] },
    ]);
    assert.deepEqual(
      attached.map(({ nearMisses }) => nearMisses),
      [['is it red'], undefined, ['is it yours']],
    );
    assert.deepEqual(told, { questions: 2, changed: 1, gone: 1 });
  });

  it('of a file that holds something else are refused with its line', async () => {
    for (const line of [
      '{}',
      '{"document":"a","questions":"x"}',
      '{"document":"a","page":1,"questions":[]}',
      '[',
    ]) {
      appendFileSync(out, `${line}\n`);
      assert.throws(() => readNearMissRows(out), /line 1|:1/);
      rmSync(out);
    }
  });

  it('keep a bundle from answering what its pages do not hold, from the command line on', async () => {
    const samples = sampleFolders();
    try {
      const pages = samples.make({
        'jug.md': '# Cleaning the jug\n\nWash the jug by hand. A dishwasher makes the jug dull.\n',
        'understudy.yml': 'name: Jugs and taps\n',
        'tap.md': '# The tap\n\nThe tap fits holes of 35 mm. A plumber mounts it within an hour.\n',
      });
      const [expected, misses] = [join(folder, 'expected.jsonl'), out];
      draft = (request) =>
        request.includes('<page>')
          ? list('who may wash the jug by hand', 'is the jug safe for oil')
          : list('can the jug go into the dishwasher', 'how do i wash the jug', 'may i put the jug there');
      const config = join(pages, 'understudy.yml');
      const ask = ['expect', config, '--endpoint', chat.url, '--model', 'writer'];
      const first = await runCommand([...ask, '--out', expected]);
      assert.equal(first.status, 0, first.notes);
      const second = await runCommand([...ask, '--near-misses', '--out', misses, '--json']);
      assert.equal(second.status, 0, second.notes);
      assert.match(second.out, /"asked":2,"kept":0,"empty":0,"left":0,"questions":4/);
      const told = await runCommand(['suggest', config, '--json']);
      assert.equal(told.status, 0, told.notes);
      const refused = async (...options: readonly string[]): Promise<unknown> => {
        const bundle = join(samples.make(), 'bundle');
        const how = ['--model', 'none', '--expected', expected, ...options];
        const built = await runCommand(['build', pages, '--out', bundle, ...how]);
        assert.equal(built.status, 0, built.notes);
        const question = 'who can wash the jug by hand';
        const answer: unknown = JSON.parse((await runCommand(['ask', bundle, question, '--json'])).out);
        return (answer as { readonly refused: boolean }).refused;
      };
      assert.equal(await refused(), false);
      assert.equal(await refused('--near-misses', misses), true);
    } finally {
      samples.removeAll();
    }
  });
});

describe('the numbers of a reply', () => {
  it('are those of its first list, and none where there is no list', () => {
    assert.deepEqual(parseNumbers('[1, 3]'), [1, 3]);
    assert.deepEqual(parseNumbers('Sure:\n```json\n[2]\n``` and [4]'), [2]);
    assert.deepEqual(parseNumbers('[]'), []);
    for (const reply of ['', 'none', '["1"]', '[1, ', '{"answered": 1}'])
      assert.equal(parseNumbers(reply), null);
  });

  it('are whole numbers from 0, whatever is read', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (reply) => {
        for (const number of parseNumbers(reply) ?? []) assert.ok(Number.isInteger(number) && number >= 0);
      }),
    );
  });
});
