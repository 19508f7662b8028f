import { UnderstudyError } from '../../contracts/errors.ts';

/** A part of a rule. Literals are sequences of one-character sets. */
export type GrammarNode =
  /** One character: pairs of first and last code point, rising, apart from each other, without surrogates. */
  | { readonly kind: 'characters'; readonly ranges: readonly number[] }
  | { readonly kind: 'sequence'; readonly items: readonly GrammarNode[] }
  | { readonly kind: 'choice'; readonly options: readonly GrammarNode[] }
  /** `maximum` is Infinity when there is none. */
  | {
      readonly kind: 'repeat';
      readonly body: GrammarNode;
      readonly minimum: number;
      readonly maximum: number;
    }
  /** `rule` is the place in {@link Grammar.rules}. */
  | { readonly kind: 'rule'; readonly rule: number };

/** A named rule and where its text begins. */
export interface GrammarRule {
  readonly name: string;
  readonly node: GrammarNode;
  readonly line: number;
  readonly column: number;
}

/** A grammar that was checked: every rule exists, comes to an end, and none begins with itself. */
export interface Grammar {
  readonly rules: readonly GrammarRule[];
  /** The rule that the whole output must match. */
  readonly root: number;
}

/** What a grammar may ask for, so that a hostile one costs no more than its own size. */
export const GRAMMAR_LIMITS = {
  /** UTF-16 units of the text. */
  text: 1_048_576,
  rules: 10_000,
  /** Characters, groups and repetitions of all rules. */
  nodes: 100_000,
  /** Groups within groups. */
  depth: 64,
  /** The greatest number in `{m,n}`; repetitions are counted, not copied, so it costs nothing. */
  repetitions: 100_000,
  /** The same for a body that may be empty: there each turn has to be looked at at once. */
  emptyRepetitions: 1000,
  /** States of the compiled grammar. */
  states: 200_000,
  /** Ways in which one output can be read at the same time. */
  readings: 2048,
} as const;

/** Builds the error of a grammar with its place; lines and columns count from 1. */
export function grammarError(happened: string, line: number, column: number): UnderstudyError {
  return new UnderstudyError('engine/grammar-invalid', `Grammar ${line}:${column}: ${happened}`, {
    facts: { line, column },
  });
}
