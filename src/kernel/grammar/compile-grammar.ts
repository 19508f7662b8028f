import { canBeEmpty, findEmptyRules } from './check-grammar.ts';
import { toByteSequences } from './code-point-ranges.ts';
import type { Grammar, GrammarNode } from './grammar.ts';
import { GRAMMAR_LIMITS, grammarError } from './grammar.ts';

/** What a state of a {@link GrammarProgram} does. */
export const OPERATIONS = {
  /** Takes one byte from `a` to `b` and goes on at `next`. */
  byte: 0,
  /** Goes on at each of the states `targets[a] … targets[b − 1]`. */
  split: 1,
  /** Runs the rule that begins at `a`, then goes on at `next`. */
  call: 2,
  /** Ends a rule or one turn of a repetition. */
  return: 3,
  /** Runs the body at `a` as often as `minimum` and `maximum` say, then goes on at `next`. The state behind it is its `again`. */
  repeat: 4,
  /** Where a turn of the repetition returns to. */
  again: 5,
} as const;

/** "As often as you like" in counters; small enough to be held without a box where pointers are compressed. */
export const FOREVER = 0x3fffffff;

/** A grammar as states over bytes of UTF-8; arrays are indexed by state. */
export interface GrammarProgram {
  readonly operation: Uint8Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly next: Int32Array;
  readonly targets: Int32Array;
  /** Counters of repetitions; FOREVER for no end. */
  readonly minimum: Int32Array;
  readonly maximum: Int32Array;
  readonly start: number;
  /** Bytes that no state tells apart have the same class. Shape [256]. */
  readonly classOf: Uint8Array;
  /** One byte of each class. */
  readonly representatives: Uint8Array;
}

/** Bodies of up to this many characters in all are copied: copies are followed faster than counters. */
const COPIED = 16;
/** Rules of up to this many characters that name no others and have no loops are copied to where they are named. */
const LEAF = 32;

/**
 * Compiles a grammar to states over bytes, so that tokens which cut characters need no special case.
 *
 * @throws UnderstudyError `engine/grammar-invalid` when it has more states than {@link GRAMMAR_LIMITS} allows.
 */
export function compileGrammar(grammar: Grammar): GrammarProgram {
  return new GrammarCompiler(grammar).compile();
}

interface State {
  operation: number;
  a: number;
  b: number;
  next: number;
  minimum: number;
  maximum: number;
}

class GrammarCompiler {
  readonly #grammar: Grammar;
  readonly #empties: readonly boolean[];
  /** Size of small rules that name no others; they are copied where they stand. 0 for all other rules. */
  readonly #leafWeights: readonly number[];
  readonly #states: State[] = [];
  readonly #targets: number[] = [];
  readonly #byteStates = new Map<string, number>();
  readonly #return: number;

  constructor(grammar: Grammar) {
    this.#grammar = grammar;
    this.#empties = findEmptyRules(grammar);
    this.#leafWeights = grammar.rules.map(({ node }, index) => {
      const weight = weigh(node, []);
      return index !== grammar.root && weight <= LEAF && !hasLoop(node) ? weight : 0;
    });
    this.#return = this.#add({ operation: OPERATIONS.return });
  }

  compile(): GrammarProgram {
    const entries = this.#grammar.rules.map(({ node }, index) =>
      (this.#leafWeights[index] ?? 0) > 0 ? this.#return : this.#emit(node, this.#return),
    );
    const states = this.#states;
    for (const state of states)
      if (state.operation === OPERATIONS.call) state.a = entries[state.a] ?? this.#return;
    const { classOf, representatives } = classifyBytes(states);
    return {
      operation: Uint8Array.from(states, (state) => state.operation),
      a: Int32Array.from(states, (state) => state.a),
      b: Int32Array.from(states, (state) => state.b),
      next: Int32Array.from(states, (state) => state.next),
      minimum: Int32Array.from(states, (state) => state.minimum),
      maximum: Int32Array.from(states, (state) => state.maximum),
      targets: Int32Array.from(this.#targets),
      start: entries[this.#grammar.root] ?? this.#return,
      classOf,
      representatives,
    };
  }

  /** Adds the states of a part that is followed by the state `next`; gives back the first of them. */
  #emit(node: GrammarNode, next: number): number {
    switch (node.kind) {
      case 'characters':
        return this.#split(
          toByteSequences(node.ranges).map((bytes) => {
            let first = next;
            for (let at = bytes.length - 2; at >= 0; at -= 2)
              first = this.#byte(bytes[at] ?? 0, bytes[at + 1] ?? 0, first);
            return first;
          }),
        );
      case 'sequence':
        return node.items.reduceRight((following, item) => this.#emit(item, following), next);
      case 'choice':
        return this.#split(node.options.map((option) => this.#emit(option, next)));
      case 'repeat':
        return this.#repeat(node.body, node.minimum, node.maximum, next);
      case 'rule': {
        const rule = this.#grammar.rules[node.rule];
        if (rule !== undefined && (this.#leafWeights[node.rule] ?? 0) > 0) return this.#emit(rule.node, next);
        return this.#add({ operation: OPERATIONS.call, a: node.rule, next });
      }
    }
  }

  #repeat(body: GrammarNode, minimum: number, maximum: number, next: number): number {
    if (maximum === 0) return next;
    // What may be empty is there as often as asked for by being empty.
    const least = canBeEmpty(body, this.#empties) ? 0 : minimum;
    if (least <= 1 && maximum === Infinity) {
      const loop = this.#add({ operation: OPERATIONS.split });
      const first = this.#emit(body, loop);
      this.#setTargets(loop, [first, next]);
      return least === 0 ? loop : first;
    }
    if (maximum === 1) {
      const first = this.#emit(body, next);
      return least === 1 ? first : this.#split([first, next]);
    }
    const weight = weigh(body, this.#leafWeights);
    if (weight * maximum <= COPIED) {
      let first = next;
      for (let turn = maximum; turn > 0; turn -= 1) {
        const turned = this.#emit(body, first);
        first = turn > least ? this.#split([turned, next]) : turned;
      }
      return first;
    }
    const counters = { minimum: least, maximum: maximum === Infinity ? FOREVER : maximum };
    const first = this.#emit(body, this.#return);
    const enter = this.#add({ operation: OPERATIONS.repeat, a: first, next, ...counters });
    this.#add({ operation: OPERATIONS.again, a: first, next, ...counters });
    return enter;
  }

  /** A state that takes one byte; equal ones are shared, so that the tails of UTF-8 sequences exist once. */
  #byte(low: number, high: number, next: number): number {
    const key = `${low},${high},${next}`;
    const known = this.#byteStates.get(key);
    if (known !== undefined) return known;
    const state = this.#add({ operation: OPERATIONS.byte, a: low, b: high, next });
    this.#byteStates.set(key, state);
    return state;
  }

  #split(targets: readonly number[]): number {
    const [only] = targets;
    if (targets.length === 1 && only !== undefined) return only;
    const state = this.#add({ operation: OPERATIONS.split });
    this.#setTargets(state, targets);
    return state;
  }

  #setTargets(index: number, targets: readonly number[]): void {
    const state = this.#states[index];
    if (state === undefined) return;
    state.a = this.#targets.length;
    for (const target of targets) this.#targets.push(target);
    state.b = this.#targets.length;
  }

  #add(state: Partial<State> & { readonly operation: number }): number {
    if (this.#states.length >= GRAMMAR_LIMITS.states)
      throw grammarError(`The grammar has more than ${GRAMMAR_LIMITS.states} states.`, 1, 1);
    this.#states.push({ a: 0, b: 0, next: 0, minimum: 0, maximum: 0, ...state });
    return this.#states.length - 1;
  }
}

/** How many characters a part is when all of it is written out; Infinity where it names a rule that is no leaf. */
function weigh(node: GrammarNode, leafWeights: readonly number[]): number {
  switch (node.kind) {
    case 'characters':
      return 1;
    case 'sequence':
      return node.items.reduce((sum, item) => sum + weigh(item, leafWeights), 1);
    case 'choice':
      return node.options.reduce((sum, option) => sum + weigh(option, leafWeights), 1);
    case 'repeat': {
      const turns = Number.isFinite(node.maximum) ? Math.max(1, node.maximum) : Math.max(1, node.minimum);
      return weigh(node.body, leafWeights) * turns;
    }
    case 'rule': {
      const weight = leafWeights[node.rule] ?? 0;
      return weight > 0 ? weight : Infinity;
    }
  }
}

/** Whether a part has no longest text. Rules with loops stay rules: what is known about their loops serves all who call. */
function hasLoop(node: GrammarNode): boolean {
  switch (node.kind) {
    case 'characters':
    case 'rule':
      return false;
    case 'sequence':
      return node.items.some(hasLoop);
    case 'choice':
      return node.options.some(hasLoop);
    case 'repeat':
      return node.maximum === Infinity || hasLoop(node.body);
  }
}

function classifyBytes(states: readonly State[]): Pick<GrammarProgram, 'classOf' | 'representatives'> {
  const isBoundary = new Uint8Array(257);
  for (const { operation, a, b } of states)
    if (operation === OPERATIONS.byte) {
      isBoundary[a] = 1;
      isBoundary[b + 1] = 1;
    }
  const classOf = new Uint8Array(256);
  const representatives = [0];
  for (let byte = 1; byte < 256; byte += 1) {
    if (isBoundary[byte] === 1) representatives.push(byte);
    classOf[byte] = representatives.length - 1;
  }
  return { classOf, representatives: Uint8Array.from(representatives) };
}
