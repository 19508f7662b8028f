import type { Json } from '../../src/contracts/json.ts';
import { isJson, isRecord } from '../../src/contracts/json.ts';
import type { FormField } from '../../src/contracts/plan-configs.ts';
import { MAX_TURN_LENGTH } from '../../src/contracts/turn.ts';

/** What is wrong with what a visitor entered; names a text of the messages. */
export type FieldProblem =
  | { readonly kind: 'missing' | 'not-number' | 'not-option' | 'not-json' | 'not-uploaded' }
  | { readonly kind: 'too-long' | 'too-many'; readonly excess: number };

/** A value that can be sent, null where an optional field other than text is empty, or what is wrong. */
export type FieldReading = { readonly value: Json } | { readonly problem: FieldProblem };

/** Longest entry of a field in UTF-16 code units. */
export function longestEntry(field: FormField): number {
  return field.maxLength ?? MAX_TURN_LENGTH;
}

/**
 * Reads what a visitor entered into a field.
 *
 * @param entry - Text of the control; a boolean of a checkbox. Files are read by whoever uploads them.
 */
export function readField(field: FormField, entry: string | boolean): FieldReading {
  if (field.type === 'checkbox') return { value: entry === true };
  const text = String(entry);
  if (text.trim() === '') {
    if (field.isRequired) return { problem: { kind: 'missing' } };
    return { value: field.type === 'text' || field.type === 'paragraph' ? '' : null };
  }
  switch (field.type) {
    case 'select':
      return field.options.includes(text) ? { value: text } : { problem: { kind: 'not-option' } };
    case 'number':
      return readNumber(text);
    case 'json':
      return readJson(text);
    default: {
      const excess = text.length - longestEntry(field);
      return excess > 0 ? { problem: { kind: 'too-long', excess } } : { value: text };
    }
  }
}

/** What the control of a field shows for a value; the default where the value does not fit. */
export function entryOf(field: FormField, value: Json | undefined): string | boolean {
  const known = value !== undefined && fits(field, value) ? value : field.default;
  if (field.type === 'checkbox') return known === true || known === 'true';
  if (known === null) return '';
  return typeof known === 'string' ? known : JSON.stringify(known);
}

/** Reports whether a value from a page or a store can stand for a field; null fits where it is optional. */
export function fits(field: FormField, value: Json): boolean {
  if (value === null) return !field.isRequired;
  switch (field.type) {
    case 'checkbox':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number' || (typeof value === 'string' && 'value' in readNumber(value));
    case 'json':
      return typeof value === 'string' ? 'value' in readJson(value) : isRecord(value);
    case 'file':
    case 'file-list':
      return typeof value === 'object';
    default:
      if (typeof value !== 'string') return false;
      return value === '' ? !field.isRequired : 'value' in readField(field, value);
  }
}

/** Whole and decimal numbers; digits of other scripts and groups of thousands are refused rather than guessed. */
function readNumber(text: string): FieldReading {
  const plain = text.trim().replace(',', '.');
  const isNumber =
    /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(plain) && Number.isFinite(Number(plain));
  return isNumber ? { value: Number(plain) } : { problem: { kind: 'not-number' } };
}

/** Apps take objects alone: a number, a list or null would fail their first step. */
function readJson(text: string): FieldReading {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value) && isJson(value)) return { value };
  } catch {
    // SyntaxError: told as what it is.
  }
  return { problem: { kind: 'not-json' } };
}
