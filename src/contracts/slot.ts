import { isRecord } from './json.ts';

/** What an intent may ask of a message, by the name the owner writes. */
export const SLOT_NAMES = ['order', 'email', 'phone', 'date', 'amount', 'quantity'] as const;

/** Name of a slot: the number of an order or the like, an e-mail address, a telephone number, a date, an amount of money, a number of things. */
export type SlotName = (typeof SLOT_NAMES)[number];

/** A value that the visitor wrote, word for word. */
export interface SlotValue {
  readonly name: SlotName;
  readonly value: string;
}

/**
 * A place of an answer where a slot stands: `{order|your order}` is the visitor's order number, or "your order" where the message names
 * none. Groups: the name, and the words in its stead.
 */
export const SLOT_PLACE: RegExp = /\{([a-z]+)(?:\|([^{}|]*))?\}/g;

/** Whether a value is the name of a slot. */
export function isSlotName(value: unknown): value is SlotName {
  return SLOT_NAMES.some((name) => name === value);
}

/** Accepts a list of {@link SlotValue}; what is none of them is left out. */
export function parseSlotValues(value: unknown): readonly SlotValue[] {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  return entries.flatMap((entry) => {
    if (!isRecord(entry)) return [];
    const { name, value: text } = entry;
    return isSlotName(name) && typeof text === 'string' && text.length <= 1000 ? [{ name, value: text }] : [];
  });
}
