import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { SlotName } from '../../contracts/slot.ts';
import { addMonths, dayOf, parseDay, weekdayOf, writeDay } from './calendar.ts';
import { findAmounts } from './find-amounts.ts';
import { findDates } from './find-dates.ts';
import { findNumbers } from './find-numbers.ts';
import { findPhones } from './find-phones.ts';
import { findSlots } from './find-slots.ts';
import { findTimes } from './find-times.ts';
import { readChineseNumber, readDecimal } from './read-numbers.ts';

/** A Thursday. */
const TODAY = parseDay('2026-11-26') ?? 0;

/** The dates of a message: one day as it is, a run of days as from/to. */
function dates(message: string, language = 'en'): string[] {
  return findDates(message, { today: TODAY, isMonthFirst: language === 'en', language }).map(
    ({ value: { from, to } }) => (from === to ? from : `${from}/${to}`),
  );
}

function amounts(message: string, language = 'en'): string[] {
  return findAmounts(message, language).map(({ value }) => `${value.amount} ${value.currency}`);
}

/** What a message gives for a slot. */
function texts(name: SlotName, message: string, language = 'en'): string[] {
  return findSlots(message, language).flatMap((slot) => (slot.name === name ? [slot.text] : []));
}

/** Writes a number from 0 to 99,999 as a Chinese numeral. */
function writeChinese(value: number): string {
  const digit = (place: number): string => '零一二三四五六七八九'.charAt(place);
  if (value === 0) return digit(0);
  let text = '';
  let isZeroOwed = false;
  for (const [size, unit] of [
    [10000, '万'],
    [1000, '千'],
    [100, '百'],
    [10, '十'],
    [1, ''],
  ] as const) {
    const place = Math.floor(value / size) % 10;
    if (place === 0) {
      isZeroOwed = text !== '' && value % size > 0;
      continue;
    }
    text += (isZeroOwed ? digit(0) : '') + digit(place) + unit;
    isZeroOwed = false;
  }
  return text;
}

describe('findDates', () => {
  it('reads dates of English, German, French and Spanish', () => {
    for (const [message, language, expected] of [
      ['I ordered on 2026-11-03.', 'en', '2026-11-03'],
      ['on 11/3/2026 please', 'en', '2026-11-03'],
      ['on 25/12/2026 please', 'en', '2026-12-25'],
      ['November 3rd, 2026', 'en', '2026-11-03'],
      ['it came on 3 November', 'en', '2026-11-03'],
      ['it came on the 2nd of January', 'en', '2027-01-02'],
      ['three days ago', 'en', '2026-11-23'],
      ['in two weeks', 'en', '2026-12-10'],
      ['the day before yesterday', 'en', '2026-11-24'],
      ['next Monday', 'en', '2026-11-30'],
      ['last friday', 'en', '2026-11-20'],
      ['last week', 'en', '2026-11-16/2026-11-22'],
      ['next month', 'en', '2026-12-01/2026-12-31'],
      ['am 3.11.2026 bestellt', 'de', '2026-11-03'],
      ['am 3. März 2026', 'de', '2026-03-03'],
      ['vor drei Tagen', 'de', '2026-11-23'],
      ['übermorgen', 'de', '2026-11-28'],
      ['nächsten Montag', 'de', '2026-11-30'],
      ['il y a deux semaines', 'fr', '2026-11-12'],
      ['le 5 février 2027', 'fr', '2027-02-05'],
      ['lundi prochain', 'fr', '2026-11-30'],
      ["aujourd'hui", 'fr', '2026-11-26'],
      ['commandé hier', 'fr', '2026-11-25'],
      ['hace tres días', 'es', '2026-11-23'],
      ['el 3 de noviembre de 2026', 'es', '2026-11-03'],
      ['la semana pasada', 'es', '2026-11-16/2026-11-22'],
    ] as const)
      expect(dates(message, language), message).to.deep.equal([expected]);
  });

  it('reads Chinese dates', () => {
    for (const [message, expected] of [
      ['我2026年11月3日下的单', '2026-11-03'],
      ['二〇二六年十一月三日', '2026-11-03'],
      ['十二月二十五号能到吗', '2026-12-25'],
      ['三天前买的', '2026-11-23'],
      ['两周后', '2026-12-10'],
      ['下周一送货', '2026-11-30'],
      ['上周五', '2026-11-20'],
      ['这周日', '2026-11-29'],
      ['星期五', '2026-11-27'],
      ['上个月', '2026-10-01/2026-10-31'],
      ['下周', '2026-11-30/2026-12-06'],
      ['昨天', '2026-11-25'],
      ['大后天', '2026-11-29'],
      ['大前天', '2026-11-23'],
      ['３天前', '2026-11-23'],
    ] as const)
      expect(dates(message, 'zh'), message).to.deep.equal([expected]);
  });

  it('takes the name of the day it is for the next such day', () => {
    expect(dates('on Thursday')).to.deep.equal(['2026-12-03']);
    expect(dates('last Thursday')).to.deep.equal(['2026-11-19']);
    expect(dates('Thursday or Friday')).to.deep.equal(['2026-12-03', '2026-11-27']);
  });

  it('leaves out a date that could be either of two where the order is not known', () => {
    const read = (message: string): number =>
      findDates(message, { today: TODAY, isMonthFirst: null, language: 'en' }).length;
    expect(read('3/4/2026')).to.equal(0);
    expect(read('13/4/2026')).to.equal(1);
    expect(read('4/4/2026')).to.equal(1);
  });

  it('takes no greeting, price or impossible day for a date', () => {
    for (const [message, language] of [
      ['Guten Morgen', 'de'],
      ['my order 2026-13-45', 'en'],
      ['30 February 2026', 'en'],
      ['may I return it', 'en'],
      ['Wie ist das Wetter hier?', 'de'],
      ['on my last day, with next day delivery', 'en'],
      ['12.50', 'de'],
    ] as const)
      expect(dates(message, language), message).to.deep.equal([]);
  });
});

describe('findAmounts', () => {
  it('reads amounts with their currency', () => {
    for (const [message, language, expected] of [
      ['I paid $1,234.50', 'en', '1234.5 USD'],
      ['it cost 20 euros', 'en', '20 EUR'],
      ['US$ 15', 'en', '15 USD'],
      ['£3.99 shipping', 'en', '3.99 GBP'],
      ['1.234,50 € bezahlt', 'de', '1234.5 EUR'],
      ['1.200 €', 'de', '1200 EUR'],
      ['12,5 euros', 'fr', '12.5 EUR'],
      ['一百二十元', 'zh', '120 CNY'],
      ['¥99', 'zh', '99 CNY'],
      ['¥99', 'ja', '99 JPY'],
      ['3.5万元', 'zh', '35000 CNY'],
      ['五十块钱', 'zh', '50 CNY'],
      ['100美元', 'zh', '100 USD'],
      ['￥99', 'zh', '99 CNY'],
      ['价格¥99，贵了', 'zh', '99 CNY'],
      ['不贵，40元', 'zh', '40 CNY'],
      ['a budget of £5k', 'en', '5000 GBP'],
      ['2 million dollars', 'en', '2000000 USD'],
      ['20 dólares', 'es', '20 USD'],
    ] as const)
      expect(amounts(message, language), message).to.deep.equal([expected]);
  });
});

describe('findNumbers', () => {
  const numbers = (message: string, language = 'en'): number[] =>
    findNumbers(message, [], language).map(({ value }) => value);

  it('reads numbers in digits, words and Chinese numerals', () => {
    expect(numbers('1,250.50 and -3, twelve, half a dozen, 5k')).to.deep.equal([1250.5, -3, 12, 6, 5000]);
    expect(numbers('1.250,50 und zwölf, Film 2.0, 3.500', 'de')).to.deep.equal([1250.5, 12, 2, 3500]);
    expect(numbers('三个人，两百块，2万')).to.deep.equal([3, 200, 20_000]);
    expect(numbers('65kg')).to.deep.equal([65]);
  });

  it('takes no word for a number that mostly is something else', () => {
    expect(numbers('once a new lid came, an elf was late')).to.deep.equal([]);
  });
});

describe('findTimes', () => {
  it('reads times of day', () => {
    const times = findTimes('9:05, 12 am, 7pm, 晚上八点半, 25:00, 十点20分').map(({ value }) => value);
    expect(times).to.deep.equal(['09:05', '00:00', '19:00', '20:30', '10:20']);
  });
});

describe('findPhones', () => {
  it('tells telephone numbers from what may be one', () => {
    const sure = (message: string): (readonly [string, boolean])[] =>
      findPhones(message).map(({ value, isSure }) => [value, isSure]);
    expect(sure('call +49 (30) 1234567')).to.deep.equal([['+49 (30) 1234567', true]]);
    expect(sure('my number is 55512340')).to.deep.equal([['55512340', false]]);
    expect(sure('2026-11-26, a1234567890@b.co')).to.deep.equal([]);
  });
});

describe('findSlots', () => {
  it('finds order numbers', () => {
    for (const [message, expected] of [
      ['where is order 12345?', '12345'],
      ['my order number is ab-20931', 'ab-20931'],
      ['Order #F-1042 is late', 'F-1042'],
      ['delivery status of FB-123456', 'FB-123456'],
      ['订单号：202611030001 还没到', '202611030001'],
      ['单号SF1234567890', 'SF1234567890'],
      ['ＦＢ－１２３４５６到哪了', 'ＦＢ－１２３４５６'],
      ['Bestellnummer 4711-22', '4711-22'],
    ] as const)
      expect(texts('order', message), message).to.deep.equal([expected]);
    for (const message of ['i want to order shoes', 'order 12 jugs', 'the T1 or J1', 'in 2026', '2026-11-26'])
      expect(texts('order', message), message).to.deep.equal([]);
  });

  it('finds e-mail addresses and telephone numbers', () => {
    expect(texts('email', 'write to Ann.Lee+shop@Example.co.uk.')).to.deep.equal([
      'Ann.Lee+shop@Example.co.uk',
    ]);
    expect(texts('email', '我的邮箱是li@example.cn，谢谢')).to.deep.equal(['li@example.cn']);
    for (const [message, expected] of [
      ['call +49 (30) 1234567', '+49 (30) 1234567'],
      ['我的手机是13812345678', '13812345678'],
      ['212-555-0187', '212-555-0187'],
    ] as const)
      expect(texts('phone', message), message).to.deep.equal([expected]);
    expect(texts('phone', 'item 55512340')).to.deep.equal([]);
  });

  it('finds dates, amounts and quantities as they were written', () => {
    expect(texts('date', 'bestellt am 3. März', 'de')).to.deep.equal(['3. März']);
    expect(texts('date', '二月二十九日', 'zh')).to.deep.equal(['二月二十九日']);
    expect(texts('date', 'It came on 3 Nov.')).to.deep.equal(['3 Nov']);
    expect(texts('date', '请问下周边有什么', 'zh')).to.deep.equal([]);
    expect(texts('amount', 'I paid $1,234.50 twice')).to.deep.equal(['$1,234.50']);
    expect(texts('quantity', 'send 3 jugs and two taps in 5 days at 9:30')).to.deep.equal(['3', 'two']);
    expect(texts('quantity', '12 kg, 18 percent, 1999 Mill Road, in 2 hours')).to.deep.equal([]);
    expect(texts('quantity', '要两个滤芯，三天之内', 'zh')).to.deep.equal(['两']);
  });

  it('finds nothing in addresses', () => {
    expect(findSlots('https://shop.example/FB-123456?on=2026-11-26', 'en')).to.deep.equal([]);
  });

  it('gives pieces of the message in order, none over another, whatever the message', () => {
    const word = fc.constantFrom(
      'order',
      '#12345',
      '2026-11-03',
      '3',
      'days ago',
      '三天前',
      '一百元',
      '$20',
      'a@b.co',
      '+49 30 123456',
      'İ',
      '👍',
      '１２',
      'next monday',
    );
    const message = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(word).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(message, fc.constantFrom('en', 'zh', 'de', 'fr', 'es'), (text, language) => {
        let last = 0;
        for (const slot of findSlots(text, language)) {
          expect(slot.start).to.be.at.least(last);
          expect(slot.end).to.be.greaterThan(slot.start);
          expect(text.slice(slot.start, slot.end)).to.equal(slot.text);
          last = slot.end;
        }
      }),
    );
  });

  it('gives no more than a line to show, and no control characters, brackets or line breaks', () => {
    for (const message of [
      'order [FB-123456](https://evil.example)',
      'order FB-123456\n# Heading',
      'order <b>FB-123456</b>',
      `order ${'7'.repeat(100_000)}`,
      `3\n\n\nMarch ${'a'.repeat(200)}@${'b.'.repeat(200)}co`,
    ])
      for (const { text, name } of findSlots(message, 'en')) {
        expect(text.length, name).to.be.at.most(320);
        if (name !== 'date') expect(text, name).to.match(/^[\p{L}\p{N}@._%+/ ()-]+$/u);
      }
  });

  // What is quadratic or worse ends in the runner's limit here.
  it('reads long messages that almost match without going over them again and again', () => {
    for (const piece of [
      '7',
      '7 ',
      '111 ',
      '1,',
      '(1)',
      'a@',
      'a.',
      'a-',
      'A1-',
      'order ',
      'order\t\t\t\t',
      '3 ',
      '3 of ',
      'in 3',
      '零',
      '三个',
      '上周',
      '$',
      '$1 ',
      '+1',
      'http://',
      'x@a.',
    ])
      for (const language of ['en', 'de', 'zh']) {
        const text = piece.repeat(100_000);
        const startedAt = performance.now();
        findSlots(text, language);
        findSlots(`order${' '.repeat(100_000)}`, language);
        expect(performance.now() - startedAt, piece).to.be.below(1000);
      }
  });
});

describe('calendar', () => {
  const day = fc.integer({ min: -100_000, max: 100_000 });

  it('writes days that it reads back', () => {
    fc.assert(fc.property(day, (number) => parseDay(writeDay(number)) === number));
  });

  it('agrees with the platform on weekdays', () => {
    fc.assert(
      fc.property(day, (number) => weekdayOf(number) % 7 === new Date(number * 86_400_000).getUTCDay()),
    );
  });

  it('keeps to the last day of a shorter month', () => {
    expect(writeDay(addMonths(parseDay('2026-01-31') ?? 0, 1))).to.equal('2026-02-28');
    expect(dayOf(2026, 2, 29)).to.equal(null);
  });
});

describe('numbers', () => {
  it('reads every Chinese numeral to 99,999', () => {
    fc.assert(
      fc.property(fc.nat(99_999), (value) => {
        expect(readChineseNumber(writeChinese(value))).to.equal(value);
      }),
    );
  });

  it('reads Chinese short forms', () => {
    expect(readChineseNumber('一百二')).to.equal(120);
    expect(readChineseNumber('三万五')).to.equal(35_000);
    expect(readChineseNumber('一百零五')).to.equal(105);
    expect(readChineseNumber('二〇二六')).to.equal(2026);
    expect(readChineseNumber('猫')).to.equal(null);
  });

  it('reads decimals of either writing', () => {
    const cents = fc.integer({ min: 0, max: 99_999_999 });
    fc.assert(
      fc.property(cents, (value) => {
        const [whole, rest] = [Math.floor(value / 100), String(value % 100).padStart(2, '0')];
        const grouped = (mark: string): string => String(whole).replace(/\B(?=(\d{3})+$)/g, mark);
        expect(readDecimal(`${grouped(',')}.${rest}`, false)).to.equal(value / 100);
        expect(readDecimal(`${grouped('.')},${rest}`, true)).to.equal(value / 100);
      }),
    );
  });
});
