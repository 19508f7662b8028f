import type { SlotName } from '../../contracts/slot.ts';
import { parseDay } from './calendar.ts';
import { findEmails, findLinks } from './find-addresses.ts';
import { findAmounts } from './find-amounts.ts';
import { findCodes } from './find-codes.ts';
import { findDates } from './find-dates.ts';
import { findNumbers } from './find-numbers.ts';
import { findPhones } from './find-phones.ts';
import { findTimes } from './find-times.ts';
import type { FoundPiece } from './found-piece.ts';
import { outside } from './found-piece.ts';
import { plainCharacters } from './plain-characters.ts';
import type { Slot } from './slot.ts';

/** Longest message that is looked at, in UTF-16 units. */
export const MAX_LOOKED_AT = 8000;
/** Which days words mean does not change where they stand. A leap year is beside it. */
const SOME_DAY = parseDay('2000-01-01') ?? 0;
/** Behind a number: what is counted, which is no unit of time or measure. */
const COUNTED =
  /^(?:\s(?!(?:days?|weeks?|months?|years?|hours?|minutes?|seconds?|am|pm|percent|degrees?|[km]?g|[ck]?m|m?l|lbs?|o)\b)\p{Script=Latin}|\s?[个個件台只把瓶盒箱人位份套本张張支根])/iu;
/** Larger numbers are mostly those of houses, years and measures. */
const MOST_COUNTED = 999;

/**
 * Finds what a message names: e-mail addresses, amounts of money, dates, numbers of orders, telephone numbers and quantities, in this
 * order; no two overlap.
 *
 * English, German, French, Spanish and Chinese forms; full-width digits and letters count as their plain ones.
 * @param language - BCP 47 tag of the message.
 * @returns The slots in the order of the message.
 */
export function findSlots(message: string, language: string): readonly Slot[] {
  const written = message.slice(0, MAX_LOOKED_AT);
  const text = plainCharacters(written);
  const primary = language.toLowerCase().split('-')[0] ?? 'en';
  const taken: FoundPiece<unknown>[] = [];
  const slots: Slot[] = [];
  const take = (name: SlotName | null, pieces: readonly FoundPiece<unknown>[]): void => {
    for (const piece of pieces) {
      if (outside([piece], taken).length === 0) continue;
      taken.push(piece);
      const { start, end } = piece;
      if (name !== null) slots.push({ name, text: written.slice(start, end), start, end });
    }
  };
  take('email', findEmails(text));
  take(null, findLinks(text));
  take('amount', findAmounts(text, primary));
  take('date', findDates(text, { today: SOME_DAY, isMonthFirst: primary === 'en', language: primary }));
  take(
    'order',
    findCodes(text).filter(({ isSure }) => isSure),
  );
  take(
    'phone',
    findPhones(text).filter(({ isSure }) => isSure),
  );
  take(null, findTimes(text));
  take(
    'quantity',
    findNumbers(text, taken, primary).filter(
      ({ value, end }) =>
        value > 0 &&
        value <= MOST_COUNTED &&
        Number.isInteger(value) &&
        COUNTED.test(text.slice(end, end + 12)),
    ),
  );
  return slots.sort((left, right) => left.start - right.start);
}
