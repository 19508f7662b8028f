/** A piece of a message that names a value. */
interface SlotSpan {
  /** Where it begins in the message, in UTF-16 units. */
  readonly start: number;
  /** Where it ends, exclusive. */
  readonly end: number;
  /** The piece as it was written. */
  readonly text: string;
}

/** A day or a run of days, as ISO 8601 dates; `to` is the last day and equals `from` for one day. */
export interface DateValue {
  readonly from: string;
  readonly to: string;
}

/** An amount of money. */
export interface AmountValue {
  readonly amount: number;
  /** ISO 4217 code. */
  readonly currency: string;
}

/** A value a message names: where it stands, and what it means. */
export type Slot =
  | (SlotSpan & { readonly kind: 'date'; readonly value: DateValue })
  | (SlotSpan & { readonly kind: 'amount'; readonly value: AmountValue })
  /** `value`: upper case, without spaces. */
  | (SlotSpan & { readonly kind: 'order-number'; readonly value: string })
  /** `value`: lower case. */
  | (SlotSpan & { readonly kind: 'email'; readonly value: string })
  /** `value`: digits, with `+` before them where the message has it (or `00`). */
  | (SlotSpan & { readonly kind: 'phone'; readonly value: string });

/** What the finders are told. */
export interface SlotOptions {
  /** The day it is for the visitor, as an ISO 8601 date (`2026-11-03`). */
  readonly today: string;
  /** Language of the message by its primary subtag; decides what is ambiguous. Default `en`. */
  readonly language?: string;
}
