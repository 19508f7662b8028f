import { parseDay } from './calendar.ts';
import { findDates } from './date-slots.ts';
import { CHINESE_NUMERAL, readChineseNumber, readDecimal } from './read-numbers.ts';
import type { Slot, SlotOptions } from './slot.ts';

/** Longest message that is looked at, in UTF-16 units. */
const MAX_MESSAGE_LENGTH = 2000;
/** Most digits of a telephone number, by ITU-T E.164, and fewest that are dialed with an area. */
const PHONE_DIGITS = { least: 7, most: 15 } as const;

const CURRENCIES: readonly (readonly [code: string, words: string])[] = [
  ['HKD', 'hk\\$|hkd|港币|港元'],
  ['CAD', 'ca\\$|c\\$|cad'],
  ['AUD', 'au\\$|a\\$|aud'],
  ['USD', 'us\\$|\\$|usd|us dollars?|dollars?|dollar|dolares|美元|美金'],
  ['EUR', '€|eur|euros?|欧元|歐元'],
  ['GBP', '£|gbp|pounds?|pfund|英镑'],
  ['CHF', 'chf|franken|francs suisses'],
  ['JPY', 'jpy|yen|日元|円'],
  ['CNY', '¥|￥|cny|rmb|yuan|人民币|块钱|元|块|塊'],
];
const CURRENCY = CURRENCIES.map(([, words]) => words).join('|');
const NUMBER = "\\d{1,3}(?:[ \\u00a0\\u202f,.']\\d{3})+(?:[.,]\\d{1,2})?|\\d{1,12}(?:[.,]\\d{1,3})?";
const AMOUNT = new RegExp(
  `(?<![\\p{L}\\p{N}.,])(${CURRENCY})\\s?(${NUMBER})(?![\\d])([万萬亿億])?` +
    `|(?<![\\p{N}.,])(${NUMBER})\\s?([万萬亿億])?\\s?(${CURRENCY})(?![a-z])` +
    `|([${CHINESE_NUMERAL}]{1,12})(?:个)?(${CURRENCY})`,
  'giu',
);
const EMAIL =
  /(?<![\w.+-])[\w.+%-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?![a-z0-9])/giu;
const PHONE = /(?<![\p{L}\p{N}])(?:\+|00)?(?:\(\d{1,5}\)|\d)(?:[ ()./-]{0,2}\d){5,17}(?![\p{L}\p{N}])/gu;
/** A mobile number of China, a number with an area code in brackets or after a zero, an American one, or an international one. */
const PHONE_FORM = /^(?:\+|00|0\d|\(\d|1[3-9]\d{9}$|\d{3}[-. ]\d{3}[-. ]\d{4}$)/;
const ORDER_WORD =
  'order|orders|bestellung|bestellnummer|auftrag|auftragsnummer|commande|pedido|tracking|shipment|parcel|package|invoice|rechnung|rechnungsnummer|facture|factura|booking|reservation|reference|ref|case|ticket|rma|订单号?码?|訂單|单号|運單|运单号?|快递单号|发票号?码?|编号';
const ORDER_NUMBER_WORD = 'number|numbers|no|nr|num|nummer|numero|id|code|is|ist|est|es|号码?|编号|是|为';
const ORDER = new RegExp(
  `(?:(?<![\\p{L}\\p{N}])|(?<=\\p{Script=Han}))(?:${ORDER_WORD})[\\s.:#：＃№-]{0,3}(?:(?:${ORDER_NUMBER_WORD})[\\s.:#：＃№]{1,3}|(?:号码?|编号|是|为))?(?:(?:is|ist|est|es)\\s)?#?([a-z0-9](?:[a-z0-9]|[-_/](?=[a-z0-9])){3,31})(?![\\p{L}\\p{N}])` +
    '|(?<![\\p{L}\\p{N}])#\\s?([a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,31})(?![a-z0-9])' +
    '|(?<![\\p{L}\\p{N}-])([a-z]{1,5}-?\\d{4,16}(?:-\\d{1,8})?)(?![\\p{L}\\p{N}-])',
  'giu',
);

/**
 * Finds what a message names: e-mail addresses, amounts of money, dates, telephone and order numbers, in this order; no two overlap.
 *
 * English, German, French, Spanish and Chinese forms; full-width digits and letters count as their plain ones.
 * @returns The slots in the order of the message; none when `today` is no date.
 */
export function findSlots(message: string, { today, language = 'en' }: SlotOptions): Slot[] {
  const day = parseDay(today);
  if (day === null) return [];
  const text = message.slice(0, MAX_MESSAGE_LENGTH);
  const plain = narrow(text);
  const slots: Slot[] = [];
  const isFree = (start: number, end: number): boolean =>
    slots.every((slot) => end <= slot.start || slot.end <= start);
  const span = (start: number, end: number): Pick<Slot, 'start' | 'end' | 'text'> => ({
    start,
    end,
    text: text.slice(start, end),
  });
  for (const { index, 0: piece } of plain.matchAll(EMAIL))
    slots.push({ kind: 'email', ...span(index, index + piece.length), value: piece.toLowerCase() });
  const primary = language.toLowerCase().split('-')[0] ?? 'en';
  const hasDecimalComma = primary === 'de' || primary === 'fr' || primary === 'es';
  for (const match of plain.matchAll(AMOUNT)) {
    const value = readAmount([...match], hasDecimalComma, primary);
    const end = match.index + match[0].length;
    if (value !== null && isFree(match.index, end))
      slots.push({ kind: 'amount', ...span(match.index, end), value });
  }
  for (const { start, end, value } of findDates(plain, { today: day, isMonthFirst: primary === 'en' }))
    if (isFree(start, end)) slots.push({ kind: 'date', ...span(start, end), value });
  for (const match of plain.matchAll(ORDER)) {
    const code = match[1] ?? match[2] ?? match[3] ?? '';
    const start = match.index + match[0].lastIndexOf(code);
    const end = start + code.length;
    if (code.replace(/\D/g, '').length < 3 || !isFree(start, end)) continue;
    slots.push({ kind: 'order-number', ...span(start, end), value: code.toUpperCase() });
  }
  for (const { index, 0: piece } of plain.matchAll(PHONE)) {
    const digits = piece.replace(/\D/g, '');
    const end = index + piece.length;
    if (digits.length < PHONE_DIGITS.least || digits.length > PHONE_DIGITS.most) continue;
    if (!PHONE_FORM.test(piece) || !isFree(index, end)) continue;
    const value = piece.startsWith('+')
      ? `+${digits}`
      : piece.startsWith('00')
        ? `+${digits.slice(2)}`
        : digits;
    slots.push({ kind: 'phone', ...span(index, end), value });
  }
  return slots.sort((left, right) => left.start - right.start);
}

/** Writes full-width letters, digits and signs as their plain ones, each in its place. */
function narrow(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0));
}

function readAmount(
  groups: readonly (string | undefined)[],
  hasDecimalComma: boolean,
  language: string,
): { readonly amount: number; readonly currency: string } | null {
  const [, before, behind, behindMyriad, ahead, aheadMyriad, after, chinese, chineseUnit] = groups;
  const word = (before ?? after ?? chineseUnit ?? '').toLowerCase();
  const written = behind ?? ahead;
  const number =
    written === undefined ? readChineseNumber(chinese ?? '') : readDecimal(written, hasDecimalComma);
  if (number === null) return null;
  const myriad = behindMyriad ?? aheadMyriad ?? '';
  const factor = myriad === '' ? 1 : /[万萬]/.test(myriad) ? 1e4 : 1e8;
  const found = CURRENCIES.find(([, words]) => new RegExp(`^(?:${words})$`, 'iu').test(word));
  if (found === undefined) return null;
  // The yen and the yuan share a sign.
  const currency = language === 'ja' && /[¥￥]/.test(word) ? 'JPY' : found[0];
  return { amount: Math.round(number * factor * 100) / 100, currency };
}
