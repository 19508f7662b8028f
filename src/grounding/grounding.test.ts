import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { Passage } from '../contracts/passage.ts';
import { createGroundingCheck } from './check.ts';
import { takeMarkers } from './markers.ts';
import { findNumbers } from './numbers.ts';
import { parseChineseNumber, parseEnglishNumber } from './numerals.ts';

function passage(title: string, text: string, language = 'en'): Passage {
  return {
    id: `${title}#0`,
    documentId: title,
    title,
    headings: [],
    url: '/help/page.html',
    language,
    text,
    questions: [],
    tags: [],
  };
}

const jug = passage(
  'Return a Jug',
  'You have 30 days from the day of delivery to send back a Fenbrook Jug. Cartridges can go back only unopened. ' +
    'For the Tap, which has 60 days, read [Return a Tap](/help/tap.html). ' +
    'The label costs £2.95 and is free when the Jug is faulty. We do not pay for lost parcels.\n\n' +
    '| Item | Period | Condition |\n| --- | --- | --- |\n| Gift cards | 14 days | not used |\n| Spare parts | 30 days | unused |\n\n' +
    'Write to help@fenbrook.example.',
);
const limits = passage(
  'Temperature',
  '| | Jug | Tap |\n| --- | --- | --- |\n| Warmest water | 30 °C | 38 °C |',
);
const chinese = passage('退货', '滤水壶可以在 30 天之内退货，净水龙头是 60 天。滤芯打开之后不能退货。', 'zh');
const grounding = createGroundingCheck();
const kinds = (statement: string, ...passages: readonly Passage[]): readonly string[] =>
  grounding.check(statement, passages).reasons.map((reason) => reason.kind);

describe('createGroundingCheck', () => {
  const supported: readonly (readonly [statement: string, source: Passage])[] = [
    ['You have 30 days from the day of delivery to send back a Jug. [1]', jug],
    ['The label costs £2.95.', jug],
    ['We do not pay for lost parcels.', jug],
    ['Gift cards: 14 days, not used.', jug],
    ['Write to help@fenbrook.example.', jug],
    ['You have thirty days from delivery to send back a Jug.', jug],
    ['Warmest water: 38 °C for the Tap.', limits],
    ['滤水壶可以在 30 天之内退货。', chinese],
    ['滤水壶可以在三十天之内退货。', chinese],
    ['滤芯打开之后不能退货。', chinese],
  ];
  for (const [statement, source] of supported) {
    it(`accepts "${statement}"`, () => {
      expect(grounding.check(statement, [source])).to.deep.equal({ isSupported: true, reasons: [] });
    });
  }

  const refused: readonly (readonly [what: string, statement: string, source: Passage])[] = [
    ['a changed number', 'You have 90 days from the day of delivery to send back a Jug.', jug],
    ['a number of another sentence', 'You have 60 days from the day of delivery to send back a Jug.', jug],
    ['a number of another row', 'Gift cards: 30 days, not used.', jug],
    ['a changed unit', 'You have 30 weeks from the day of delivery to send back a Jug.', jug],
    ['an exchanged product', 'You have 30 days from the day of delivery to send back a Fenbrook Tap.', jug],
    ['a column of another product', 'Warmest water: 30 °C for the Tap.', limits],
    ['a dropped negation', 'We pay for lost parcels.', jug],
    ['an added negation', 'The label costs not £2.95.', jug],
    ['a dropped limit', 'Cartridges can go back.', jug],
    ['another limit', 'Cartridges must go back unopened.', jug],
    ['a foreign name', 'Send a Fenbrook Jug back by Hermes within 30 days.', jug],
    ['a foreign address', 'Write to help@fenbrook.evil.', jug],
    ['a foreign link', 'Read [Return a Tap](https://evil.example/tap) for the Tap.', jug],
    ['foreign words', 'Our friendly robots polish everything overnight.', jug],
    ['an exchanged Chinese product', '净水龙头可以在 30 天之内退货。', chinese],
    ['a changed Chinese numeral', '滤水壶可以在九十天之内退货。', chinese],
    ['a dropped Chinese negation', '滤芯打开之后能退货。', chinese],
  ];
  for (const [what, statement, source] of refused) {
    it(`refuses ${what}`, () => {
      expect(grounding.check(statement, [source]).isSupported).to.equal(false);
    });
  }

  it('names the piece and the kind', () => {
    expect(kinds('You have 90 days from the day of delivery to send back a Jug.', jug)).to.include('number');
    expect(kinds('Write to help@fenbrook.evil.', jug)).to.include('link');
    expect(kinds('Send a Fenbrook Jug back by Hermes within 30 days.', jug)).to.include('name');
  });

  it('calls a statement without content empty', () => {
    expect(kinds('', jug)).to.deep.equal(['empty']);
    expect(kinds('Yes, you can.', jug)).to.deep.equal(['empty']);
    expect(kinds('x '.repeat(2000), jug)).to.deep.equal(['empty']);
  });

  it('refuses everything without passages', () => {
    expect(grounding.check('The label costs £2.95.', []).isSupported).to.equal(false);
  });

  it('looks at all passages that are cited', () => {
    expect(grounding.check('The label costs £2.95.', [limits, jug]).isSupported).to.equal(true);
  });

  it('never throws, whatever the statement', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (statement) => {
        const verdict = grounding.check(statement, [jug, chinese]);
        return verdict.isSupported === (verdict.reasons.length === 0);
      }),
    );
  });
});

describe('findNumbers', () => {
  const found = (text: string): readonly string[] =>
    findNumbers(text).map(({ value, unit, limit }) => `${value}${unit}${limit}`);

  it('reads digits, words and Chinese numerals in the base of their units', () => {
    expect(found('30 days, thirty days, 三十天, 10.5cm, £2.95, 20%, 百分之二十')).to.deep.equal([
      '2592000s',
      '2592000s',
      '2592000s',
      '105mm',
      '2.95£',
      '20%',
      '20%',
    ]);
  });

  it('converts what is exact and nothing else', () => {
    expect(found('1 week; 7 days; 1 month; 1 year; 1 working day; 1 kg')).to.deep.equal([
      '604800s',
      '604800s',
      '1month',
      '12month',
      '1workday',
      '1000g',
    ]);
  });

  it('gives both ends of a range its unit', () => {
    expect(found('3–5 working days')).to.deep.equal(['3workday..', '5workday..']);
  });

  it('keeps codes whole and signs of numbers', () => {
    expect(found('CR2032 below -10 °C')).to.deep.equal(['cr2032', '-10°c<']);
  });

  it('reads dates and times of day however they are written', () => {
    const dates = [
      '2 August 2027',
      'August 2nd, 2027',
      '2027-08-02',
      '2027 年 8 月 2 日',
      '2. August',
      'le 2 août 2027',
    ];
    for (const date of dates) expect(found(date), date).to.deep.equal(['08-02date']);
    for (const time of ['3 pm', '15:00', '3:00 p.m.', '下午 3 点', '下午三点'])
      expect(found(time), time).to.deep.equal(['900time']);
  });

  it('hears the limits that numbers stand under', () => {
    const limits: readonly (readonly [text: string, limit: string])[] = [
      ['at least 5', '>='],
      ['no more than 5', '<='],
      ['up to 5', '<='],
      ['more than 5', '>'],
      ['under 5', '<'],
      ['after 5 days', 'after'],
      ['最多 5 次', '<='],
      ['5 天以内', '<='],
      ['不得超过 5 升', '<='],
      ['5 岁以下', '<'],
      ['exactly 5', '='],
    ];
    for (const [text, limit] of limits) expect(findNumbers(text)[0]?.limit, text).to.equal(limit);
  });
});

describe('parseChineseNumber', () => {
  it('reads tens, hundreds and ten thousands', () => {
    expect(['十', '十五', '两百', '三千零五', '一万二千'].map(parseChineseNumber)).to.deep.equal([
      10, 15, 200, 3005, 12_000,
    ]);
  });
});

describe('parseEnglishNumber', () => {
  it('reads tens, hundreds and thousands', () => {
    expect(
      ['eighteen', 'twenty-eight', 'two hundred and five', 'three thousand'].map(parseEnglishNumber),
    ).to.deep.equal([18, 28, 205, 3000]);
  });
});

describe('takeMarkers', () => {
  const negations = (text: string): number => takeMarkers(text).negations;

  it('hears words that negate and not those that only hold the sign', () => {
    expect(negations("it doesn't work and never did")).to.equal(2);
    expect(negations('不锈钢的不能退')).to.equal(1);
    expect(negations('no. 5 is not only nice')).to.equal(0);
  });

  it('hears conditions, exceptions and quantities, and leaves the other words', () => {
    const { markers, rest } = takeMarkers('only if most cups are clean, unless 所有 are');
    expect([...markers].sort()).to.deep.equal(['all', 'if', 'most', 'only', 'unless']);
    expect(rest.replaceAll(/\s+/g, ' ').trim()).to.equal('cups are clean, are');
  });
});
