import { isInteger } from '../../contracts/json.ts';
import { GRAMMAR_LIMITS } from './grammar.ts';
import { patternToGbnf } from './pattern-to-gbnf.ts';
import { below, schemaError } from './schema-error.ts';
import type { Schema } from './schema-keywords.ts';

/** One character of a JSON string, or its escape; halves of surrogate pairs are left out, for they count as half. */
export const CHARACTER_RULE =
  '[^"\\\\\\x00-\\x1F\\x7F] | "\\\\" (["\\\\/bfnrt] | "u" ([0-9A-CEFa-cef] [0-9A-Fa-f]{3} | [Dd] [0-7] [0-9A-Fa-f]{2}))';

const TIME =
  '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{1,9})? ("Z" | [+-] ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9])';
/** The 29th of February is left out: whether it exists depends on the year. */
const DATE =
  '[0-9]{4} "-" (("0" [13578] | "1" [02]) "-" ("0" [1-9] | [12] [0-9] | "3" [01]) | ("0" [469] | "11") "-" ("0" [1-9] | [12] [0-9] | "30") | "02-" ("0" [1-9] | "1" [0-9] | "2" [0-8]))';
const ATOM = '[0-9A-Za-z_+-]{1,32}';
const LABEL = '[0-9A-Za-z] ([0-9A-Za-z-]{0,30} [0-9A-Za-z])?';

/** The inside of the string by format (RFC 3339, 9562 and a plain subset of 5321): all that is allowed is valid. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['date', DATE],
  ['time', TIME],
  ['date-time', `${DATE} "T" ${TIME}`],
  ['uuid', '[0-9a-f]{8} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{12}'],
  ['email', `${ATOM} ("." ${ATOM}){0,3} "@" ${LABEL} ("." ${LABEL}){1,3}`],
]);

/**
 * Turns the keywords of strings into a GBNF expression of the whole string with its quotes; `character` names the rule of
 * one character.
 *
 * @throws UnderstudyError `engine/grammar-invalid` for formats that are not read and keywords that do not go together.
 */
export function stringToGbnf(schema: Schema, pointer: string, character: string): string {
  const { pattern, format } = schema;
  const minimum = readLength(schema['minLength'], 0, below(pointer, 'minLength'));
  const maximum = readLength(schema['maxLength'], Infinity, below(pointer, 'maxLength'));
  if (maximum < minimum) throw schemaError('No string is as long as asked for.', below(pointer, 'maxLength'));
  const isBounded = minimum > 0 || maximum < Infinity;
  if ((pattern !== undefined && (isBounded || format !== undefined)) || (format !== undefined && isBounded))
    throw schemaError('Only one of pattern, format and lengths can be followed at a time.', pointer);
  if (pattern !== undefined) {
    if (typeof pattern !== 'string') throw schemaError('The pattern is no text.', below(pointer, 'pattern'));
    return `"\\"" ${patternToGbnf(pattern, below(pointer, 'pattern'))} "\\""`;
  }
  if (format !== undefined) {
    const inside = typeof format === 'string' ? FORMATS.get(format) : undefined;
    if (inside === undefined)
      throw schemaError(
        `This format is not read; these are: ${[...FORMATS.keys()].join(', ')}.`,
        below(pointer, 'format'),
      );
    return `"\\"" ${inside} "\\""`;
  }
  const times = minimum === 0 && maximum === Infinity ? '*' : repetition(minimum, maximum);
  return `"\\"" ${character}${times} "\\""`;
}

/** `{m,n}` or `{m,}`. */
export function repetition(minimum: number, maximum: number): string {
  return `{${minimum},${maximum === Infinity ? '' : maximum}}`;
}

/** Reads a length or a count of items; the fallback when it is not given. */
export function readLength(value: unknown, fallback: number, pointer: string): number {
  if (value === undefined) return fallback;
  if (!isInteger(value) || value > GRAMMAR_LIMITS.repetitions)
    throw schemaError(`This is no integer from 0 to ${GRAMMAR_LIMITS.repetitions}.`, pointer);
  return value;
}
