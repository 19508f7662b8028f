import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Passage } from '../../src/contracts/passage.ts';
import { samplePassage } from '../../test/fixtures/sample-passage.ts';
import { comparePassages } from './compare-passages.ts';
import { findContradictions } from './contradictions.ts';
import { findDuplicates } from './find-duplicates.ts';

let count = 0;
function passage(text: string, fields: Partial<Passage> = {}): Passage {
  count += 1;
  const id = `p${count}`;
  return samplePassage(id, id, text, fields);
}

function values(...passages: readonly Passage[]): (readonly [string, string, string])[] {
  return findContradictions(passages).map(({ firstValue, secondValue, reason }) => [
    firstValue,
    secondValue,
    reason,
  ]);
}

describe('findContradictions', () => {
  it('finds sentences that say the same but for the number', () => {
    assert.deepEqual(
      values(
        passage('You can return any unused item within 30 days of delivery.'),
        passage('Remember that you can return any unused item within 14 days of delivery.'),
      ),
      [['30 day', '14 day', 'sentence']],
    );
    assert.deepEqual(
      values(
        passage('收到商品后 30 天内可以退货。', { language: 'zh' }),
        passage('收到商品后14天内可以退货。', { language: 'zh' }),
      ),
      [['30 日', '14 日', 'sentence']],
    );
  });

  it('finds answers to one question that count differently', () => {
    const title = 'How much is delivery?';
    assert.deepEqual(
      values(
        passage('Standard delivery costs £4.50 for every order.', { title, questions: [title] }),
        passage('We charge £3.95 for standard delivery to your door.', {
          title: 'Prices',
          questions: [title],
        }),
      ),
      [['4.50 gbp', '3.95 gbp', 'question']],
    );
  });

  it('takes the same number written in words or digits for the same', () => {
    assert.deepEqual(
      values(
        passage('You can return any unused item within thirty days of delivery.'),
        passage('You can return any unused item within 30 days of delivery.'),
      ),
      [],
    );
  });

  it('compares neither different things, nor units, nor languages', () => {
    const first = passage('The small jug holds 2 litres of water when full.');
    assert.deepEqual(values(first, passage('Delivery to the islands takes 5 days on average.')), []);
    assert.deepEqual(values(first, passage('The small jug holds 70 ounces of water when full.')), []);
    assert.deepEqual(
      values(first, passage('The small jug holds 3 litres of water when full.', { language: 'de' })),
      [],
    );
  });
});

describe('findDuplicates', () => {
  const text =
    'Returns are free within thirty days if the item is unused and in the box that it came in from us.';

  it('pairs copies and near copies with the first', () => {
    const [first, copy, near, other] = [
      passage(text),
      passage(`**${text}**`),
      passage(`${text} Thanks.`),
      passage('The jug holds two litres of water and the filter lasts for about four weeks in a usual home.'),
    ];
    assert.deepEqual(
      findDuplicates([first, copy, near, other]).map((pair) => [
        pair.first,
        pair.second,
        pair.similarity === 1,
      ]),
      [
        [first.id, copy.id, true],
        [first.id, near.id, false],
      ],
    );
  });

  it('finds Chinese copies, and leaves short passages alone', () => {
    const chinese = '三十天内可以免费退货，商品必须未使用并且保留原包装。';
    const options = { language: 'zh' };
    assert.equal(findDuplicates([passage(chinese, options), passage(chinese, options)]).length, 1);
    assert.equal(findDuplicates([passage('See above.'), passage('See above.')]).length, 0);
  });
});

describe('comparePassages', () => {
  it('compares any texts without an error, and names passages that it was given', () => {
    const words = fc.constantFrom(
      'return',
      '30',
      'days',
      '£5',
      '14',
      '天',
      '退货',
      'within',
      '.',
      '\n',
      '%',
      '|',
    );
    const texts = fc.array(
      fc.array(words, { maxLength: 30 }).map((list) => list.join(' ')),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(texts, (list) => {
        const passages = list.map((text) => passage(text));
        const ids = new Set(passages.map(({ id }) => id));
        for (const { file } of comparePassages(passages)) assert.ok(ids.has(file));
      }),
      { numRuns: 200 },
    );
  });
});
