import { findEmails, findLinks } from './find-addresses.ts';
import type { FoundPiece } from './found-piece.ts';
import { outside } from './found-piece.ts';

const CALLED =
  'orders?|bestellung|bestellnummer|auftrag|auftragsnummer|sendungsnummer|commande|pedido|tracking|shipment|parcel|package|invoice|rechnung|rechnungsnummer|facture|factura|booking|reservation|reference|ref|case|ticket|rma|订单号?码?|訂單|单号|運單|运单号?|快递单号|物流单号|工单号?|发票号?码?|编号';
const NUMBER_WORD = 'numbers?|no|nr|num|nummer|numero|id|code|is|ist|est|es|号码?|编号|是|为';
const MARKS = String.raw`[\s.:#：＃№]`;
/** What is called a number of an order. */
const NAMED = new RegExp(
  `(?:(?<![\\p{L}\\p{N}])|(?<=\\p{Script=Han}))(?:${CALLED})(${MARKS}{0,3}(?:(?:${NUMBER_WORD})${MARKS}{1,3}|号码?|编号|是|为)?(?:(?:is|ist|est|es)\\s)?#?)([a-z0-9](?:[a-z0-9]|[-_/](?=[a-z0-9])){1,31})(?![\\p{L}\\p{N}])`,
  'giu',
);
/** Letters with digits, digits behind a mark, six digits and more, or groups of digits. */
const BARE =
  /(?<![\p{Script=Latin}\p{N}@.])#?[A-Z]{1,8}-?\d[A-Z\d]{0,31}(?:-[A-Z\d]{1,31}){0,4}(?![\p{Script=Latin}\p{N}])|#\d{2,20}|(?<![\p{N}.,])\d{6,24}(?![\p{N}])|(?<![\p{N}.,])\d{3,8}(?:-\d{3,8}){1,3}(?![\p{N}-])/giu;
const DATE = /^\d{4}-\d{1,2}-\d{1,2}$/;
const SURE = /^(?:#.*\d.*\d.*\d|[a-z]{1,5}-?\d{4,16}(?:-\d{1,8})?$)/iu;

/** The number of an order, a ticket and the like, as it is written, without `#`. */
export interface FoundCode extends FoundPiece<string> {
  /** Whether it is called one, marked as one, or has the form of one. */
  readonly isSure: boolean;
  /** Whether words or a mark before it say so: its digits are no number then. */
  readonly isCalled: boolean;
}

/** Numbers of orders and the like, none within addresses; those that are called so come first. */
export function findCodes(message: string): readonly FoundCode[] {
  const addresses = [...findEmails(message), ...findLinks(message)];
  const named = outside(findNamed(message), addresses);
  return [...named, ...outside(findBare(message), [...addresses, ...named])];
}

function findNamed(message: string): readonly FoundCode[] {
  return [...message.matchAll(NAMED)].flatMap((match) => {
    const [text, between = '', value = ''] = match;
    const digits = value.replaceAll(/\D/g, '').length;
    // "order 12 jugs" asks for jugs, "order number 12" names an order.
    const isMarked = /[^\s.]/u.test(between);
    if (digits === 0 || (!isMarked && digits < 3) || DATE.test(value)) return [];
    const end = match.index + text.length;
    return [
      { value, start: end - value.length, end, isSure: digits >= 3 && value.length >= 4, isCalled: true },
    ];
  });
}

function findBare(message: string): readonly FoundCode[] {
  return [...message.matchAll(BARE)].flatMap(({ 0: text, index }) => {
    if (DATE.test(text)) return [];
    const value = text.replace(/^#/, '');
    const end = index + text.length;
    return [
      { value, start: end - value.length, end, isSure: SURE.test(text), isCalled: text.startsWith('#') },
    ];
  });
}
