import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Passage } from '../../src/contracts/passage.ts';
import { samplePassage } from '../../test/fixtures/sample-passage.ts';
import { comparePassages } from './compare-passages.ts';
import { findContradictions } from './find-contradictions.ts';
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
      [['30 days', '14 days', 'sentence']],
    );
    assert.deepEqual(
      values(
        passage('收到商品后 30 天内可以退货。', { language: 'zh' }),
        passage('收到商品后14天内可以退货。', { language: 'zh' }),
      ),
      [['30 天', '14天', 'sentence']],
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
      [['£4.50', '£3.95', 'question']],
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

  it('finds a sentence that denies what another says', () => {
    assert.deepEqual(
      values(
        passage('Opened cartridges can be returned to our shop in Aldermere.'),
        passage('Opened cartridges cannot be returned to our shop in Aldermere.'),
      ),
      [['', '', 'negation']],
    );
  });

  it('finds cells of one row and column that differ', () => {
    const table = (cost: string): string =>
      `| Method | Cost |\n| --- | --- |\n| Express delivery | ${cost} |`;
    assert.deepEqual(
      values(
        passage(table('£6.95'), { title: 'Shipping costs' }),
        passage(table('£5.95'), { title: 'Costs of orders' }),
      ),
      [['£6.95', '£5.95', 'sentence']],
    );
  });

  it('takes ranges and limits that agree for the same', () => {
    const of = (days: string): Passage => passage(`Refunds of returned items reach your bank ${days}.`);
    assert.deepEqual(values(of('in 3–5 days'), of('in 4 days')), []);
    assert.deepEqual(values(of('in up to 14 days'), of('in 5 days')), []);
    assert.deepEqual(values(of('in 2 weeks'), of('in 14 days')), []);
    assert.deepEqual(values(of('after at least 2 and at most 5 days'), of('after 2–5 days')), []);
    assert.deepEqual(values(of('in up to 14 days'), of('in up to 10 days')).length, 1);
    assert.deepEqual(values(of('in up to 4 days'), of('in 3–5 days')).length, 1);
  });

  it('leaves products, versions, conditions, examples and pages of a date alone', () => {
    const of = (text: string, fields: Partial<Passage> = {}): Passage => passage(text, fields);
    const warranty = 'The warranty covers faults in material for';
    const pairs: readonly (readonly [Passage, Passage])[] = [
      [of(`The Jug ${warranty} 2 years.`), of(`The Tap ${warranty} 5 years.`)],
      [of(`${warranty} 2 years.`, { tags: ['jug'] }), of(`${warranty} 5 years.`, { tags: ['tap'] })],
      [
        of(`${warranty} 2 years.`, { title: 'Warranty of the Jug' }),
        of(`${warranty} 5 years.`, { title: 'Warranty of the Tap' }),
      ],
      [of(`In version 1.2 ${warranty} 2 years.`), of(`In version 1.3 ${warranty} 5 years.`)],
      [of(`${warranty} 2 years.`), of(`If you register, ${warranty.toLowerCase()} 5 years.`)],
      [of(`For example, ${warranty.toLowerCase()} 2 years.`), of(`${warranty} 5 years.`)],
      [of(`${warranty} 2 years.`, { title: 'News of 2024' }), of(`${warranty} 5 years.`)],
    ];
    for (const [first, second] of pairs) assert.deepEqual(values(first, second), [], first.text);
  });

  it('finds what was changed in a copy of a sentence, whatever it measures', () => {
    const subject = fc.constantFrom(
      'Refunds of gift cards',
      'Deliveries to remote islands',
      'Repairs at our workshop',
    );
    const unit = fc.constantFrom(
      'days',
      'hours',
      'months',
      'euros',
      'kg',
      'litres',
      '%',
      'GB',
      'working days',
    );
    const number = fc.integer({ min: 2, max: 900 });
    fc.assert(
      fc.property(subject, unit, number, number, (what, of, one, other) => {
        const first = passage(`${what} take ${String(one)} ${of} on average.`);
        const second = passage(`${what} take ${String(other)} ${of} on average, all in all.`);
        assert.equal(findContradictions([first, second]).length, one === other ? 0 : 1);
      }),
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

  it('finds a page that holds most of a shorter one, where that is asked for', () => {
    const more =
      'Write to us when the label is missing, and we send you another one on the same working day.';
    const [short, long] = [passage(text), passage(`${more} ${text} ${more.toUpperCase()}`)];
    assert.deepEqual(findDuplicates([short, long]), []);
    const [pair] = findDuplicates([short, long], { leastOfShorter: 0.5 });
    assert.deepEqual([pair?.first, pair?.second, pair?.ofShorter], [short.id, long.id, 1]);
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
