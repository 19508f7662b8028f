import type { FoundPiece } from './found-piece.ts';
import { findAll, outside } from './found-piece.ts';

const EMAIL =
  /[\p{Script=Latin}\p{N}._%+-]{1,64}@[\p{Script=Latin}\p{N}-]{1,63}(?:\.[\p{Script=Latin}\p{N}-]{1,63}){1,4}/gu;
const URL_TEXT = /https?:\/\/[^\s<>"'，。；、）)\]]{1,2000}/giu;
const PHONE = /(?<![\p{Script=Latin}\p{N}#-])(?:\+|00)?\d[\d\s().-]{5,18}\d(?![\p{Script=Latin}\p{N}])/gu;
/** Letters with digits, digits behind a mark, or six digits and more. */
const CODE =
  /(?<![\p{Script=Latin}\p{N}@.])#?(?=[A-Z\d-]*\d)[A-Z]{1,8}-?\d[A-Z\d]*(?:-[A-Z\d]+)*(?![\p{Script=Latin}\p{N}])|#\d{2,20}|(?<![\p{N}.,])\d{6,24}(?![\p{N}])|(?<![\p{N}.,])\d{3,8}(?:-\d{3,8}){1,3}(?![\p{N}-])/giu;
/** Digits that are called a number of an order. */
const NAMED_CODE =
  /(?:order|ticket|invoice|reference|ref|tracking|case|booking)\s*(?:number|no\.?|id|code|#)?\s*(?:is|:|=)?\s*#?([A-Z]{0,8}-?\d[A-Z\d-]{1,24})|(?:订单|单|编|工单|发票|快递)号(?:码)?\s*(?:是|为|：|:)?\s*#?([A-Z]{0,8}-?\d[A-Z\d-]{1,24})/giu;

/** E-mail addresses. */
export function findEmails(message: string): readonly FoundPiece<string>[] {
  return findAll(message, EMAIL, ([text]) => text.replace(/[.-]+$/, ''));
}

/** Addresses of pages. */
export function findUrls(message: string): readonly FoundPiece<string>[] {
  return findAll(message, URL_TEXT, ([text]) => text.replace(/[.,;:!?]+$/, ''));
}

/** Telephone numbers, as they are written; 7 to 15 digits. */
export function findPhones(message: string): readonly FoundPiece<string>[] {
  const found = findAll(message, PHONE, ([text]) => {
    const digits = text.replaceAll(/\D/g, '');
    const isDate = /^\d{4}[-./]\d{1,2}[-./]\d{1,2}$/.test(text.trim());
    return digits.length >= 7 && digits.length <= 15 && !isDate ? text.trim() : null;
  });
  return outside(found, [...findEmails(message), ...findUrls(message)]);
}

/** Numbers of orders, tickets and the like, without `#`; what is called one comes first. */
export function findCodes(message: string): readonly FoundPiece<string>[] {
  const others = [...findEmails(message), ...findUrls(message)];
  const named = outside(
    findAll(message, NAMED_CODE, ([, english, chinese]) => english ?? chinese ?? null),
    others,
  );
  const bare = outside(
    findAll(message, CODE, ([text]) =>
      /^\d{4}-\d{1,2}-\d{1,2}$/.test(text) ? null : text.replace(/^#/, ''),
    ),
    [...others, ...named],
  );
  return [...named, ...bare];
}
