import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { addMonths, dayOf, parseDay, weekdayOf, writeDay } from './calendar.ts';
import { findSlots } from './find-slots.ts';
import { readChineseNumber, readDecimal } from './read-numbers.ts';
import type { Slot } from './slot.ts';

/** A Thursday. */
const TODAY = '2026-11-26';

function find(message: string, language = 'en', today = TODAY): Slot[] {
  return findSlots(message, { today, language });
}

/** The dates of a message: one day as it is, a run of days as from/to. */
function dates(message: string, language = 'en'): string[] {
  return find(message, language).flatMap((slot) => {
    if (slot.kind !== 'date') return [];
    const { from, to } = slot.value;
    return [from === to ? from : `${from}/${to}`];
  });
}

function amounts(message: string, language = 'en'): string[] {
  return find(message, language).flatMap((slot) =>
    slot.kind === 'amount' ? [`${slot.value.amount} ${slot.value.currency}`] : [],
  );
}

function values(kind: 'order-number' | 'email' | 'phone', message: string): string[] {
  return find(message).flatMap((slot) => (slot.kind === kind ? [slot.value] : []));
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

describe('findSlots', () => {
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
      ['大后天', ''],
      ['３天前', '2026-11-23'],
    ] as const)
      expect(dates(message, 'zh'), message).to.deep.equal(expected === '' ? [] : [expected]);
  });

  it('takes no greeting, price or impossible day for a date', () => {
    for (const [message, language] of [
      ['Guten Morgen', 'de'],
      ['my order 2026-13-45', 'en'],
      ['30 February 2026', 'en'],
      ['may I return it', 'en'],
      ['12.50', 'de'],
    ] as const)
      expect(dates(message, language), message).to.deep.equal([]);
  });

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
    ] as const)
      expect(amounts(message, language), message).to.deep.equal([expected]);
  });

  it('reads order numbers, e-mail addresses and telephone numbers', () => {
    expect(values('order-number', 'where is order 12345?')).to.deep.equal(['12345']);
    expect(values('order-number', 'my order number is ab-20931')).to.deep.equal(['AB-20931']);
    expect(values('order-number', 'Order #F-1042 is late')).to.deep.equal(['F-1042']);
    expect(values('order-number', '订单号：202611030001 还没到')).to.deep.equal(['202611030001']);
    expect(values('order-number', 'SF1234567890')).to.deep.equal(['SF1234567890']);
    expect(values('order-number', 'i want to order shoes')).to.deep.equal([]);
    expect(values('email', 'write to Ann.Lee+shop@Example.co.uk.')).to.deep.equal([
      'ann.lee+shop@example.co.uk',
    ]);
    expect(values('phone', 'call +49 (30) 1234567')).to.deep.equal(['+49301234567']);
    expect(values('phone', '我的手机是13812345678')).to.deep.equal([]);
    expect(values('phone', '手机 13812345678')).to.deep.equal(['13812345678']);
    expect(values('phone', '212-555-0187')).to.deep.equal(['2125550187']);
    expect(values('phone', 'item 55512340')).to.deep.equal([]);
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
        for (const slot of find(text, language)) {
          expect(slot.start).to.be.at.least(last);
          expect(slot.end).to.be.greaterThan(slot.start);
          expect(text.slice(slot.start, slot.end)).to.equal(slot.text);
          last = slot.end;
        }
      }),
    );
  });

  it('finds nothing when it is not told what day it is', () => {
    expect(findSlots('three days ago', { today: 'soon' })).to.deep.equal([]);
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
