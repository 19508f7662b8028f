import { findEmails, findLinks } from './find-addresses.ts';
import type { FoundPiece } from './found-piece.ts';
import { findAll, outside } from './found-piece.ts';

/** Fewest digits that are dialed with an area, and most, by ITU-T E.164. */
const DIGITS = { least: 7, most: 15 } as const;
const PHONE =
  /(?<![\p{Script=Latin}\p{N}#-])(?:\+|00)?(?:\(\d{1,5}\)|\d)(?:[ ()./-]{0,2}\d){5,17}(?![\p{Script=Latin}\p{N}])/gu;
/** A number with an area code in brackets or after a zero, a mobile number of China, an American one, or an international one. */
const FORM = /^(?:\+|00|0\d|\(\d|1[3-9]\d{9}$|\d{3}[-. ]\d{3}[-. ]\d{4}$)/;
const DATE = /^\d{4}[-./]\d{1,2}[-./]\d{1,2}$/;

/** A telephone number, as it is written. */
export interface FoundPhone extends FoundPiece<string> {
  /** Whether only telephone numbers are written so. */
  readonly isSure: boolean;
}

/** Telephone numbers, and what may be one; none within addresses. */
export function findPhones(message: string): readonly FoundPhone[] {
  const found = findAll(message, PHONE, ([text]) => {
    const digits = text.replaceAll(/\D/g, '').length;
    return digits >= DIGITS.least && digits <= DIGITS.most && !DATE.test(text) ? text : null;
  });
  return outside(found, [...findEmails(message), ...findLinks(message)]).map((piece) => ({
    ...piece,
    isSure: FORM.test(piece.value),
  }));
}
