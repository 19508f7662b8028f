import { normalizeText } from './normalize-text.ts';

/** Wordings that mean the same: synonyms, abbreviations and what they stand for. */
export interface SynonymRule {
  /** True: only the first wording, in a question, stands for the others, not they for it. */
  readonly isOneWay: boolean;
  /** 2 to {@link MAX_WORDINGS} different wordings, normalized, each of one or more words. */
  readonly wordings: readonly string[];
}

/** What a line of synonyms says. */
export type SynonymLine =
  | { readonly kind: 'rule'; readonly rule: SynonymRule }
  /** Nothing, or a comment. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'wrong'; readonly what: string };

/** Most wordings of one rule. */
export const MAX_WORDINGS = 20;
/** Most rules of a bundle. */
export const MAX_SYNONYM_RULES = 5000;
const MAX_WORDING_LENGTH = 80;
const HOLDS_WORD = /[\p{L}\p{N}]/u;

function wrong(what: string): SynonymLine {
  return { kind: 'wrong', what };
}

/**
 * Reads one line of synonyms, whatever it holds: `a = b = c`, or `a => b = c` where only a question that says a means b
 * or c too. Signs may be full-width; a line that begins with `#` is a comment.
 */
export function parseSynonymLine(line: string): SynonymLine {
  const text = normalizeText(line).replace(/\s+/gu, ' ').trim();
  if (text === '' || text.startsWith('#')) return { kind: 'empty' };
  const sides = text.split('=>');
  if (sides.length > 2) return wrong('has "=>" more than once');
  const isOneWay = sides.length === 2;
  const wordings = sides.flatMap((side) => side.split('=')).map((wording) => wording.trim());
  if (isOneWay && sides[0]?.includes('=') === true) return wrong('has more than one wording before "=>"');
  const bare = wordings.find((wording) => !HOLDS_WORD.test(wording));
  if (bare !== undefined)
    return wrong(bare === '' ? 'has an empty wording' : `has "${bare}", which is no word`);
  const long = wordings.find((wording) => wording.length > MAX_WORDING_LENGTH);
  if (long !== undefined) return wrong(`has a wording longer than ${MAX_WORDING_LENGTH} characters`);
  const different = [...new Set(wordings)];
  if (different.length < 2) return wrong('needs two wordings, as in "vat = value added tax"');
  if (different.length > MAX_WORDINGS) return wrong(`has more than ${MAX_WORDINGS} wordings`);
  return { kind: 'rule', rule: { isOneWay, wordings: different } };
}

/** Writes a rule as the line that {@link parseSynonymLine} reads back. */
export function writeSynonymRule({ isOneWay, wordings }: SynonymRule): string {
  const [first = '', ...others] = wordings;
  return `${first} ${isOneWay ? '=>' : '='} ${others.join(' = ')}`;
}
