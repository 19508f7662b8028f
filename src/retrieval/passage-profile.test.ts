import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { samplePassage } from '../../test/fixtures/sample-passage.ts';
import { SHOP_PASSAGES } from '../../test/fixtures/shop-passages.ts';
import type { Passage } from '../contracts/passage.ts';
import type { Retriever, SearchOutcome } from '../contracts/retrieval.ts';
import { holdsAnswer } from './answer-kinds.ts';
import { buildIndex } from './build-index.ts';
import { parseIndex } from './index-format.ts';
import { createProfiles, type PassageProfiles, termsOf } from './passage-profile.ts';
import { ANSWER_KINDS } from './question-form.ts';
import { loadRetriever } from './retriever.ts';
import { openIndex } from './search-index.ts';

const QUESTIONS = [
  'How long do I have to return a jug?',
  'tap cartrige',
  '多久可以退货',
  'how much is postage',
];

/** Goes on some number of times. */
function times(count: number): () => boolean {
  let left = count;
  return () => left-- > 0;
}

function open(passages: readonly Passage[], mostBytes?: number): PassageProfiles {
  return createProfiles(openIndex(parseIndex(buildIndex(passages)), passages), passages, mostBytes);
}

/** What a search says, without the passages themselves. */
function told({ ranked, confidence, isAnswerable }: SearchOutcome): unknown {
  return [ranked.map(({ passage, score }) => [passage.id, score]), confidence, isAnswerable];
}

function ask(retriever: Retriever, questions: readonly string[] = QUESTIONS): unknown[] {
  return questions.map((question) => told(retriever.search(question, { limit: 50 })));
}

const words = fc.constantFrom(
  ...'jug tap cartridge return refund days free open Monday 14 the a before after changed wi-fi 退货 滤芯 多久 可以'.split(
    ' ',
  ),
);
const sentences = fc.array(words, { minLength: 1, maxLength: 12 }).map((some) => `${some.join(' ')}. `);
const texts = fc
  .array(
    fc.oneof(
      sentences,
      fc.constantFrom('\n\n', '\n- ', '\n1. ', '\n\n| a | b |\n|---|---|\n| 1 | jug |\n\n'),
    ),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((some) => some.join(''));
const shelves = fc
  .array(
    fc.record({
      title: sentences,
      text: texts,
      questions: fc.array(sentences, { maxLength: 2 }),
      isChinese: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((rows) =>
    rows.map(({ title, text, questions, isChinese }, at) =>
      samplePassage(`d${at >> 1}#${at}`, title, text, { questions, language: isChinese ? 'zh' : 'en' }),
    ),
  );

describe('a retriever that reads ahead', () => {
  it('answers as one that does not', () => {
    fc.assert(
      fc.property(shelves, fc.array(sentences, { minLength: 1, maxLength: 3 }), (passages, questions) => {
        const index = buildIndex(passages);
        const [prepared, plain] = [loadRetriever(index, passages), loadRetriever(index, passages)];
        prepared.prepare?.(() => true);
        expect(ask(prepared, questions)).to.deep.equal(ask(plain, questions));
      }),
      { numRuns: 60 },
    );
  });

  it('answers the same in the middle of it', () => {
    const index = buildIndex(SHOP_PASSAGES);
    const expected = ask(loadRetriever(index, SHOP_PASSAGES));
    const retriever = loadRetriever(index, SHOP_PASSAGES);
    for (let hasMore = true; hasMore;) {
      hasMore = retriever.prepare?.(times(1)).hasMore ?? false;
      expect(ask(retriever)).to.deep.equal(expected);
    }
  });

  it('stops when it is told to, and goes on from there', () => {
    const retriever = loadRetriever(buildIndex(SHOP_PASSAGES), SHOP_PASSAGES);
    const some = retriever.prepare?.(times(2));
    expect([some?.passages, some?.hasMore]).to.deep.equal([2, true]);
    expect(retriever.prepare?.(() => false)).to.deep.equal(some);
    const all = retriever.prepare?.(() => true);
    expect([all?.passages, all?.hasMore]).to.deep.equal([SHOP_PASSAGES.length, false]);
  });

  it('does not read again what a question has met', () => {
    const retriever = loadRetriever(buildIndex(SHOP_PASSAGES), SHOP_PASSAGES);
    ask(retriever);
    const met = retriever.prepare?.(() => false).passages ?? 0;
    let count = 0;
    retriever.prepare?.(() => ++count > 0);
    expect(met).to.be.greaterThan(0);
    expect(count).to.equal(SHOP_PASSAGES.length - met);
  });
});

describe('createProfiles', () => {
  const numbers = [...SHOP_PASSAGES.keys()];
  const all = open(SHOP_PASSAGES);
  const { bytes } = all.prepare(() => true);

  it('stops reading ahead before its room is full', () => {
    const small = open(SHOP_PASSAGES, bytes / 2);
    const state = small.prepare(() => true);
    expect(state.hasMore).to.equal(false);
    expect(state.passages).to.be.within(1, SHOP_PASSAGES.length - 1);
    expect(state.bytes).to.be.lessThan(bytes / 2);
  });

  it('keeps within its room, but for the latest passage, and gives the same when it makes one anew', () => {
    const small = open(SHOP_PASSAGES, bytes / 3);
    small.prepare(() => true);
    const largest = Math.max(...numbers.map((number) => all.of(number).byteLength)) + 1000;
    for (const number of [...numbers, ...numbers.toReversed()]) {
      expect(small.of(number)).to.deep.equal(all.of(number));
      expect(small.prepare(() => true).bytes).to.be.lessThan(bytes / 3 + largest);
    }
  });

  it('takes numbers of 16 bits where they suffice, and larger ones where a passage is too long for them', () => {
    const long = samplePassage('long#0', 'Long', 'jug tap '.repeat(40_000));
    const profiles = open([long, samplePassage('short#0', 'Short', 'A jug and a tap.')]);
    expect(profiles.of(0)).to.be.instanceOf(Uint32Array);
    expect(termsOf(profiles.of(0)).length).to.equal(80_001);
    expect(profiles.of(1)).to.be.instanceOf(Uint16Array);
  });

  it('knows of each sentence the spans that it holds', () => {
    const lines = [
      'You have 14 days.',
      'Open on Mondays.',
      'It costs £3, because it is large.',
      'Write to 5 Harbour Street.',
      'Nothing.',
      'Within 3 Wochen oder 3–5 个工作日。',
    ];
    for (const line of lines) {
      const profile = open([samplePassage('a#0', 'A', line)]).of(0);
      const [, parts = 0] = profile;
      const held = profile[3 + parts] ?? 0;
      for (const [at, kind] of ANSWER_KINDS.entries())
        if (kind !== 'verdict')
          expect((held & (1 << at)) !== 0, `${kind}: ${line}`).to.equal(holdsAnswer(kind, line));
    }
  });
});
