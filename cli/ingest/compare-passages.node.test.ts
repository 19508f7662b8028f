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

  it('takes the same number written in words or digits for the same, and another one for another', () => {
    const numerals: readonly (readonly [words: string, digits: string, language: string])[] = [
      ['thirty days', '30 days', 'en'],
      ['forty-eight hours', '48 hours', 'en'],
      ['eleven days', '11 days', 'en'],
      ['eighteen months', '18 months', 'en'],
      ['two hundred and five days', '205 days', 'en'],
      ['two-three days', '2–3 days', 'en'],
      ['十五天', '15天', 'zh'],
      ['三千克', '3000克', 'zh'],
      ['两点五公斤', '2.5公斤', 'zh'],
    ];
    for (const [words, digits, language] of numerals) {
      const say = (value: string): Passage =>
        language === 'zh'
          ? passage(`未使用过的商品退货的期限或者重量是${value}，从收到商品算起。`, { language })
          : passage(`You can return any unused item within ${value} of delivery.`);
      assert.deepEqual(values(say(words), say(digits)), [], words);
      const other = `7${digits}`;
      assert.deepEqual(values(say(words), say(other)), [[words, other, 'sentence']], words);
    }
  });

  it('reads "no less than" as a minimum and "no more than" as a maximum, neither as a denial', () => {
    const say = (limit: string): Passage => passage(`Parcels sent to the islands weigh ${limit} 5 kg.`);
    const most = ['no more than', 'not more than', 'no greater than', 'at most', 'up to', 'less than'];
    const least = ['no less than', 'not less than', 'no fewer than', 'at least', 'more than'];
    const than = (limit: string, kilos: number): Passage => {
      const { text } = say(limit);
      return passage(text.replace('5 kg', `${kilos} kg`));
    };
    for (const limit of most) {
      assert.deepEqual(values(say(limit), than('exactly', 4)), [], limit);
      assert.equal(values(say(limit), than('exactly', 6)).length, 1, limit);
      assert.equal(values(say(limit), than('at most', 6)).length, 1, limit);
    }
    for (const limit of least) {
      assert.deepEqual(values(say(limit), than('exactly', 6)), [], limit);
      assert.equal(values(say(limit), than('exactly', 4)).length, 1, limit);
      assert.equal(values(say(limit), than('at least', 4)).length, 1, limit);
    }
    const zh = (limit: string, kilos: number): Passage =>
      passage(`寄往海岛地区的包裹重量${limit}${kilos}公斤。`, { language: 'zh' });
    for (const limit of ['不超过', '不得超过', '少于', '最多'])
      assert.deepEqual(values(zh(limit, 5), zh('', 4)), [], limit);
    for (const limit of ['不少于', '不得少于', '不低于', '超过', '至少'])
      assert.deepEqual(values(zh(limit, 5), zh('', 6)), [], limit);
    assert.equal(values(zh('不得超过', 5), zh('最多', 3)).length, 1);
  });

  it('converts no bytes: a gigabyte may have 1000 megabytes or 1024', () => {
    const say = (size: string): Passage => passage(`Files sent to our support may have ${size} in all.`);
    for (const size of ['1000 MB', '1024 MB']) assert.deepEqual(values(say('1 GB'), say(size)), []);
    assert.equal(values(say('1 GB'), say('2 GB')).length, 1);
  });

  it('reads cells in full-width letters', () => {
    const table = (cost: string): Passage =>
      passage(`| 方式 | 费用 |\n| --- | --- |\n| 标准快递配送 | ${cost} |`, {
        title: '配送费用',
        language: 'zh',
      });
    assert.deepEqual(values(table('１２元'), table('12元')), []);
    assert.deepEqual(values(table('１２元'), table('15元')), [['12元', '15元', 'sentence']]);
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

  it('pairs every copy with the first, however many there are, and what nearly says the same too', () => {
    const copies = Array.from({ length: 60 }, () => passage(text));
    const [first, ...others] = copies.map(({ id }) => id);
    const near = passage(`${text} Thanks.`);
    assert.deepEqual(
      findDuplicates([...copies, near]).map((pair) => [pair.first, pair.second]),
      [...others, near.id].map((id) => [first, id]),
    );
    const german = copies.map((copy) => ({ ...copy, language: 'de' }));
    assert.equal(findDuplicates([passage(text), ...german.slice(0, 1)]).length, 0);
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
