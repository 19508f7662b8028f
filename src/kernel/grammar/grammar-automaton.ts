import type { GrammarProgram } from './compile-grammar.ts';
import { FOREVER, OPERATIONS } from './compile-grammar.ts';
import { GRAMMAR_LIMITS, grammarError } from './grammar.ts';

/** The situation nothing can follow. */
export const DEAD = 0;
/** The frame under all others; on top of a stack it says that the grammar is through. */
const BOTTOM = 0;

/**
 * Counters over this many turns left are taken for endless when a mask is computed: a token of at most as many bytes cannot
 * tell the difference, and all the situations of a long string become one.
 */
export const COUNTED_BYTES = 16;

/** Beyond this many, what was learned is dropped between two tokens. */
const KEPT_SITUATIONS = 8192;
const KEPT_FRAMES = 200_000;
/** Beyond this many within one token, the grammar is given up. */
const MOST_SITUATIONS = 131_072;
const MOST_STEPS = 65_536;
const UNKNOWN = -1;

/** A situation as seen from the rule it is in: what the rule itself decides, and where it goes on afterwards. */
export interface LocalSituation {
  /** Situation of the rule alone; complete where the rule ends. */
  readonly local: number;
  /** Situation behind the rule, or DEAD when nothing is behind it. */
  readonly rest: number;
}

/**
 * Follows a grammar byte by byte. A situation is a set of stacks of the pushdown automaton; situations get numbers, and each
 * step is computed once and then looked up, as in a lazily built deterministic automaton.
 *
 * Stacks share their lower frames, and equal stacks are held once. A frame is a state to return to with the turns left of
 * the repetition it belongs to; numbers of frames rise from the bottom to the top.
 */
export class GrammarAutomaton {
  /** Bytes that the grammar does not tell apart have the same class. Shape [256]. */
  readonly classOf: Uint8Array;
  readonly classCount: number;
  readonly #program: GrammarProgram;

  // Frames, by number.
  #frameIds = new Map<string, number>();
  #states: number[] = [];
  #minimums: number[] = [];
  #maximums: number[] = [];
  #parents: number[] = [];
  /** The frame with long counters made endless, or UNKNOWN. */
  #rounded: number[] = [];

  // Situations, by number.
  #situationIds = new Map<string, number>();
  #stacks: (readonly number[])[] = [];
  #completes = new Uint8Array(0);
  #locals = new Map<number, readonly LocalSituation[]>();
  #steps = new Int32Array(0);

  constructor(program: GrammarProgram) {
    this.#program = program;
    this.classOf = program.classOf;
    this.classCount = program.representatives.length;
    this.#clear();
  }

  /** Next situation by situation × class of byte, −1 where {@link step} was not asked yet; another array once it has grown. */
  get steps(): Int32Array {
    return this.#steps;
  }

  /** 1 by situation where {@link isComplete} holds; another array once it has grown. */
  get completes(): Uint8Array {
    return this.#completes;
  }

  /** The situation before the first byte. */
  start(): number {
    return this.#situationOf([[this.#program.start, BOTTOM]]);
  }

  /** The situation after a byte, or {@link DEAD}. */
  step(situation: number, byte: number): number {
    const kind = this.#program.classOf[byte] ?? 0;
    const known = this.#steps[situation * this.classCount + kind] ?? UNKNOWN;
    return known === UNKNOWN ? this.#computeStep(situation, kind) : known;
  }

  /** Whether the bytes so far are a whole output. */
  isComplete(situation: number): boolean {
    return this.#completes[situation] === 1;
  }

  /**
   * Cuts the stacks of a situation below the rule that each is in. Tokens of up to {@link COUNTED_BYTES} bytes may follow
   * exactly if they may follow one of the locals, or pass its end and go on in its rest. The same rule called from anywhere
   * gives the same local.
   */
  localize(situation: number): readonly LocalSituation[] {
    let found = this.#locals.get(situation);
    if (found === undefined) {
      found = this.#computeLocals(situation);
      this.#locals.set(situation, found);
    }
    return found;
  }

  /**
   * Drops what was learned when it is much. All numbers of situations are void then; the one given comes back with its new
   * number, and `isNew` is true.
   */
  renew(situation: number): { readonly situation: number; readonly isNew: boolean } {
    if (this.#stacks.length < KEPT_SITUATIONS && this.#states.length < KEPT_FRAMES)
      return { situation, isNew: false };
    const stacks = (this.#stacks[situation] ?? []).map((top) => this.#unwind(top));
    this.#clear();
    const tops = stacks.map((frames) => {
      let parent = BOTTOM;
      for (const { state, minimum, maximum } of frames) parent = this.#frame(state, minimum, maximum, parent);
      return parent;
    });
    return { situation: this.#situation(tops), isNew: true };
  }

  #clear(): void {
    this.#frameIds = new Map();
    this.#states = [UNKNOWN];
    this.#minimums = [0];
    this.#maximums = [0];
    this.#parents = [BOTTOM];
    this.#rounded = [BOTTOM];
    this.#situationIds = new Map();
    this.#stacks = [];
    this.#completes = new Uint8Array(64);
    this.#locals = new Map();
    this.#steps = new Int32Array(64 * this.classCount).fill(UNKNOWN);
    this.#situation([]);
    this.#steps.fill(DEAD, 0, this.classCount);
  }

  /** The frames of a stack, lowest first, without the bottom. */
  #unwind(top: number): { state: number; minimum: number; maximum: number }[] {
    const frames = [];
    for (let frame = top; frame !== BOTTOM; frame = this.#parents[frame] ?? BOTTOM)
      frames.push({
        state: this.#states[frame] ?? 0,
        minimum: this.#minimums[frame] ?? 0,
        maximum: this.#maximums[frame] ?? 0,
      });
    return frames.reverse();
  }

  #computeStep(situation: number, kind: number): number {
    const { a, b, next, representatives } = this.#program;
    const byte = representatives[kind] ?? 0;
    const entries: [number, number][] = [];
    for (const top of this.#stacks[situation] ?? []) {
      if (top === BOTTOM) continue;
      const state = this.#states[top] ?? 0;
      if (byte >= (a[state] ?? 0) && byte <= (b[state] ?? 0))
        entries.push([next[state] ?? 0, this.#parents[top] ?? BOTTOM]);
    }
    const reached = this.#situationOf(entries);
    this.#steps[situation * this.classCount + kind] = reached;
    return reached;
  }

  #computeLocals(situation: number): readonly LocalSituation[] {
    const groups = new Map<number, number[]>();
    for (const top of this.#stacks[situation] ?? []) {
      if (top === BOTTOM) continue;
      const rounded = this.#round(top);
      // Turns of repetitions belong to the rule they are in; the first other frame is the place it was called from.
      const own = [rounded];
      let below = this.#parents[rounded] ?? BOTTOM;
      while (below !== BOTTOM && this.#isTurn(below)) {
        own.push(below);
        below = this.#parents[below] ?? BOTTOM;
      }
      let local = BOTTOM;
      for (const frame of own.reverse())
        local = this.#frame(
          this.#states[frame] ?? 0,
          this.#minimums[frame] ?? 0,
          this.#maximums[frame] ?? 0,
          local,
        );
      const group = groups.get(below);
      if (group === undefined) groups.set(below, [local]);
      else group.push(local);
    }
    return [...groups].map(([below, tops]) => ({
      local: this.#situation(tops),
      rest:
        below === BOTTOM
          ? DEAD
          : this.#situationOf([[this.#states[below] ?? 0, this.#parents[below] ?? BOTTOM]]),
    }));
  }

  #isTurn(frame: number): boolean {
    return this.#program.operation[this.#states[frame] ?? 0] === OPERATIONS.again;
  }

  /** The same stack with long counters made endless. */
  #round(top: number): number {
    const waiting: number[] = [];
    let frame = top;
    while (this.#rounded[frame] === UNKNOWN) {
      waiting.push(frame);
      frame = this.#parents[frame] ?? BOTTOM;
    }
    for (let above = waiting.pop(); above !== undefined; above = waiting.pop()) {
      const parent = this.#rounded[this.#parents[above] ?? BOTTOM] ?? BOTTOM;
      const minimum = roundCounter(this.#minimums[above] ?? 0);
      const maximum = roundCounter(this.#maximums[above] ?? 0);
      this.#rounded[above] = this.#frame(this.#states[above] ?? 0, minimum, maximum, parent);
    }
    return this.#rounded[top] ?? BOTTOM;
  }

  /** The situation in which the automaton stands at each of these states with these frames below. */
  #situationOf(entries: [state: number, parent: number][]): number {
    const { operation, a, b, next, targets, minimum, maximum } = this.#program;
    const tops: number[] = [];
    const seen = new Set<number>();
    for (let entry = entries.pop(); entry !== undefined; entry = entries.pop()) {
      const [state, parent] = entry;
      const key = state * FOREVER + parent;
      if (seen.has(key)) continue;
      seen.add(key);
      if (seen.size > MOST_STEPS) throw tooAmbiguous();
      switch (operation[state]) {
        case OPERATIONS.byte:
          tops.push(this.#frame(state, 0, 0, parent));
          break;
        case OPERATIONS.split:
          for (let at = a[state] ?? 0; at < (b[state] ?? 0); at += 1)
            entries.push([targets[at] ?? 0, parent]);
          break;
        case OPERATIONS.call: {
          const after = next[state] ?? 0;
          // What returns at once needs no frame: lists that end in themselves do not pile up.
          const below = operation[after] === OPERATIONS.return ? parent : this.#frame(after, 0, 0, parent);
          entries.push([a[state] ?? 0, below]);
          break;
        }
        case OPERATIONS.repeat:
          this.#turn(state + 1, minimum[state] ?? 0, maximum[state] ?? 0, parent, entries);
          break;
        default:
          if (parent === BOTTOM) tops.push(BOTTOM);
          else if (this.#isTurn(parent))
            this.#turn(
              this.#states[parent] ?? 0,
              this.#minimums[parent] ?? 0,
              this.#maximums[parent] ?? 0,
              this.#parents[parent] ?? BOTTOM,
              entries,
            );
          else entries.push([this.#states[parent] ?? 0, this.#parents[parent] ?? BOTTOM]);
      }
    }
    return this.#situation(tops);
  }

  /** Between two turns of a repetition: goes on behind it, or takes one more, with the counters that are left. */
  #turn(
    state: number,
    minimum: number,
    maximum: number,
    parent: number,
    entries: [state: number, parent: number][],
  ): void {
    if (minimum === 0) entries.push([this.#program.next[state] ?? 0, parent]);
    if (maximum === 0) return;
    const left = this.#frame(state, countDown(minimum), countDown(maximum), parent);
    entries.push([this.#program.a[state] ?? 0, left]);
  }

  #frame(state: number, minimum: number, maximum: number, parent: number): number {
    const key = `${state},${minimum},${maximum},${parent}`;
    const known = this.#frameIds.get(key);
    if (known !== undefined) return known;
    const frame = this.#states.length;
    this.#frameIds.set(key, frame);
    this.#states.push(state);
    this.#minimums.push(minimum);
    this.#maximums.push(maximum);
    this.#parents.push(parent);
    this.#rounded.push(UNKNOWN);
    return frame;
  }

  #situation(tops: number[]): number {
    if (tops.length > GRAMMAR_LIMITS.readings) throw tooAmbiguous();
    const stacks = [...new Set(tops)].sort((x, y) => x - y);
    const key = stacks.join();
    const known = this.#situationIds.get(key);
    if (known !== undefined) return known;
    const situation = this.#stacks.length;
    if (situation >= MOST_SITUATIONS) throw tooAmbiguous();
    this.#situationIds.set(key, situation);
    this.#stacks.push(stacks);
    if (situation >= this.#completes.length) {
      const grown = new Uint8Array(2 * this.#completes.length);
      grown.set(this.#completes);
      this.#completes = grown;
    }
    this.#completes[situation] = stacks[0] === BOTTOM ? 1 : 0;
    if ((situation + 1) * this.classCount > this.#steps.length) {
      const grown = new Int32Array(2 * this.#steps.length).fill(UNKNOWN, this.#steps.length);
      grown.set(this.#steps);
      this.#steps = grown;
    }
    return situation;
  }
}

function roundCounter(left: number): number {
  return left > COUNTED_BYTES ? FOREVER : left;
}

function countDown(left: number): number {
  return left === FOREVER || left === 0 ? left : left - 1;
}

function tooAmbiguous(): Error {
  return grammarError('The output can be read in too many ways at the same time.', 1, 1);
}
