import type { TokenConstraint } from '../../contracts/engine.ts';
import { UnderstudyError } from '../../contracts/errors.ts';
import { compileGrammar } from './compile-grammar.ts';
import { DEAD, GrammarAutomaton } from './grammar-automaton.ts';
import type { Grammar } from './grammar.ts';
import type { GrammarVocabulary, TokenTries } from './token-trie.ts';
import { LONGEST_TOKEN, triesOf } from './token-trie.ts';

/** Masks that are kept, of either kind; of 19 kB each for 150,000 tokens. */
const KEPT_MASKS = 128;
/** With fewer ways out of a rule than this, following them takes less than a tenth of a millisecond: not kept. */
const FEW_ENDS = 1024;

/** What one situation of a rule allows, whoever called the rule. */
interface RuleMask {
  readonly mask: Uint32Array;
  /** Nodes of the trie at which the rule may be through. */
  readonly ends: readonly number[];
}

/**
 * Holds the output to a grammar.
 *
 * A mask is put together from what the rule allows that the output is in – computed once by walking the trie of tokens and
 * the grammar together, then kept – and from the few tokens that lead out of the rule, which are followed into what comes
 * behind it. Tokens over {@link COUNTED_BYTES} bytes, which are few, are walked each time.
 */
export class GrammarConstraint implements TokenConstraint {
  readonly #vocabulary: GrammarVocabulary;
  readonly #tries: TokenTries;
  readonly #automaton: GrammarAutomaton;
  /** By situation of the rule. */
  readonly #masks = new Map<number, RuleMask>();
  /** By situation of the rule and of what is behind it. */
  readonly #outwardMasks = new Map<string, Uint32Array>();
  #situation: number;
  #isEnded = false;

  /**
   * @param grammar - From `parseGbnf`.
   * @param vocabulary - The model's tokens; their trie is built at the first use and kept as long as this object.
   * @throws UnderstudyError `engine/grammar-invalid` when the grammar is too big.
   */
  constructor(grammar: Grammar, vocabulary: GrammarVocabulary) {
    this.#vocabulary = vocabulary;
    this.#automaton = new GrammarAutomaton(compileGrammar(grammar));
    this.#tries = triesOf(vocabulary);
    this.#situation = this.#automaton.start();
  }

  /** Goes back to the beginning of an output; what was learned about the grammar stays. */
  restart(): void {
    this.#isEnded = false;
    this.#situation = this.#automaton.start();
  }

  get isComplete(): boolean {
    return this.#isEnded || this.#automaton.isComplete(this.#situation);
  }

  /**
   * After an end token only end tokens may follow. The mask is empty only when no token of the vocabulary spells what the
   * grammar wants, or at the end of a vocabulary without end tokens.
   *
   * @throws UnderstudyError `engine/grammar-invalid` when the output can be read in too many ways.
   */
  allow(mask: Uint32Array): void {
    mask.fill(0);
    if (this.isComplete)
      for (const end of this.#vocabulary.ends) mask[end >> 5] = (mask[end >> 5] ?? 0) | (1 << (end & 31));
    if (this.#isEnded) return;
    const { short, long } = this.#tries;
    for (const { local, rest } of this.#automaton.localize(this.#situation)) {
      const known = this.#maskOf(local, mask.length);
      addMask(mask, known.mask);
      if (rest === DEAD) continue;
      if (known.ends.length >= FEW_ENDS) addMask(mask, this.#outwardMaskOf(local, rest, known));
      else for (const end of known.ends) short.walkBelow(this.#automaton, rest, end, mask);
    }
    long.walk(this.#automaton, this.#situation, mask, null);
  }

  accept(token: number): void {
    if (this.#vocabulary.ends.has(token) && this.isComplete) {
      this.#isEnded = true;
      return;
    }
    const situation = this.#isEnded ? DEAD : this.#follow(token);
    if (situation === DEAD)
      throw new UnderstudyError('engine/failed', `Token ${token} does not fit the grammar.`, {
        facts: { token },
      });
    const renewed = this.#automaton.renew(situation);
    if (renewed.isNew) {
      this.#masks.clear();
      this.#outwardMasks.clear();
    }
    this.#situation = renewed.situation;
  }

  #follow(token: number): number {
    const { size, ends } = this.#vocabulary;
    const isText = Number.isInteger(token) && token >= 0 && token < size && !ends.has(token);
    const bytes = isText ? this.#vocabulary.tokenBytes(token) : [];
    if (bytes.length === 0 || bytes.length > LONGEST_TOKEN) return DEAD;
    let situation = this.#situation;
    for (const byte of bytes) situation = this.#automaton.step(situation, byte);
    return situation;
  }

  #maskOf(local: number, words: number): RuleMask {
    let known = this.#masks.get(local);
    if (known === undefined) {
      const ends: number[] = [];
      known = { mask: new Uint32Array(Math.min(words, (this.#vocabulary.size + 31) >> 5)), ends };
      this.#tries.short.walk(this.#automaton, local, known.mask, ends);
      keep(this.#masks, local, known);
    }
    return known;
  }

  /** The tokens that lead out of a rule into one rest, where there are many ways out: after each letter of a word. */
  #outwardMaskOf(local: number, rest: number, { mask, ends }: RuleMask): Uint32Array {
    const key = `${local},${rest}`;
    let known = this.#outwardMasks.get(key);
    if (known === undefined) {
      known = new Uint32Array(mask.length);
      for (const end of ends) this.#tries.short.walkBelow(this.#automaton, rest, end, known);
      keep(this.#outwardMasks, key, known);
    }
    return known;
  }
}

function addMask(into: Uint32Array, mask: Uint32Array): void {
  for (let word = 0; word < mask.length; word += 1) into[word] = (into[word] ?? 0) | (mask[word] ?? 0);
}

/** Sets an entry; the oldest one goes when there are too many. */
function keep<K, V>(entries: Map<K, V>, key: K, value: V): void {
  const [oldest] = entries.keys();
  if (entries.size >= KEPT_MASKS && oldest !== undefined) entries.delete(oldest);
  entries.set(key, value);
}
