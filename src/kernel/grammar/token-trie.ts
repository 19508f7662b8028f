import type { GrammarAutomaton } from './grammar-automaton.ts';
import { COUNTED_BYTES, DEAD } from './grammar-automaton.ts';

/** The tokens of a model as bytes. */
export interface GrammarVocabulary {
  /** Tokens of the model. */
  readonly size: number;
  /** Bytes a token stands for, possibly a part of a character; empty for control tokens, which never may follow. */
  tokenBytes(token: number): Uint8Array;
  /** Tokens that end the output; their bytes are not looked at. */
  readonly ends: ReadonlySet<number>;
}

/** Tokens over this many bytes never may follow: depths are held in a byte. */
export const LONGEST_TOKEN = 254;
/** Tokens from this id on never may follow: ids share a double with four bytes while they are sorted. */
const MOST_TOKENS = 2_097_152;
const NONE = -1;

/**
 * The tokens as a tree of bytes in depth-first order, so that a walk is a loop over arrays that leaves out what is forbidden.
 * About 10 bytes a node; a vocabulary of 150,000 tokens has some 400,000 nodes.
 */
export class TokenTrie {
  /** Last byte of the path to each node. */
  readonly #bytes: Uint8Array;
  /** Bytes before the last one. */
  readonly #depths: Uint8Array;
  /** The next node that is not below this one. */
  readonly #skips: Int32Array;
  /** The first token that ends at the node, or NONE. */
  readonly #tokens: Int32Array;
  /** By token: the next one of the same bytes, or NONE. Shared by the tries of a vocabulary. */
  readonly #same: Int32Array;
  /** By depth: the situation before the byte. */
  readonly #path = new Int32Array(LONGEST_TOKEN + 2);

  constructor(
    bytes: Uint8Array,
    depths: Uint8Array,
    skips: Int32Array,
    tokens: Int32Array,
    same: Int32Array,
  ) {
    this.#bytes = bytes;
    this.#depths = depths;
    this.#skips = skips;
    this.#tokens = tokens;
    this.#same = same;
  }

  get nodeCount(): number {
    return this.#bytes.length;
  }

  /** Adds all tokens that may follow the situation to the mask, and the nodes where it is complete to `ends`. */
  walk(automaton: GrammarAutomaton, situation: number, mask: Uint32Array, ends: number[] | null): void {
    this.#walk(automaton, situation, 0, this.#bytes.length, mask, ends);
  }

  /** Adds the tokens that go on below a node. */
  walkBelow(automaton: GrammarAutomaton, situation: number, node: number, mask: Uint32Array): void {
    this.#walk(automaton, situation, node + 1, this.#skips[node] ?? 0, mask, null);
  }

  #walk(
    automaton: GrammarAutomaton,
    situation: number,
    from: number,
    to: number,
    mask: Uint32Array,
    ends: number[] | null,
  ): void {
    if (from >= to) return;
    const path = this.#path;
    const depths = this.#depths;
    const bytes = this.#bytes;
    const skips = this.#skips;
    const tokens = this.#tokens;
    const same = this.#same;
    const { classOf, classCount } = automaton;
    // The loop below runs half a million times for a large vocabulary: it reads the table of steps itself.
    let { steps, completes } = automaton;
    path[depths[from] ?? 0] = situation;
    let node = from;
    while (node < to) {
      const depth = depths[node] ?? 0;
      const before = path[depth] ?? DEAD;
      const byte = bytes[node] ?? 0;
      let reached = steps[before * classCount + (classOf[byte] ?? 0)] ?? NONE;
      if (reached === NONE) {
        reached = automaton.step(before, byte);
        ({ steps, completes } = automaton);
      }
      if (reached === DEAD) {
        node = skips[node] ?? to;
        continue;
      }
      path[depth + 1] = reached;
      for (let token = tokens[node] ?? NONE; token !== NONE; token = same[token] ?? NONE)
        mask[token >> 5] = (mask[token >> 5] ?? 0) | (1 << (token & 31));
      if (ends !== null && completes[reached] === 1) ends.push(node);
      node += 1;
    }
  }
}

/** The tries of a vocabulary. */
export interface TokenTries {
  /** Tokens of up to {@link COUNTED_BYTES} bytes: nearly all. */
  readonly short: TokenTrie;
  readonly long: TokenTrie;
}

const known = new WeakMap<GrammarVocabulary, TokenTries>();

/** Gives the tries of a vocabulary, built when it is first asked for. */
export function triesOf(vocabulary: GrammarVocabulary): TokenTries {
  let tries = known.get(vocabulary);
  if (tries === undefined) {
    tries = buildTries(vocabulary);
    known.set(vocabulary, tries);
  }
  return tries;
}

function buildTries(vocabulary: GrammarVocabulary): TokenTries {
  const size = Math.min(vocabulary.size, MOST_TOKENS);
  const pieces: Uint8Array[] = [];
  const short: number[] = [];
  const long: number[] = [];
  for (let token = 0; token < size; token += 1) {
    const piece = vocabulary.tokenBytes(token);
    pieces.push(piece);
    if (piece.length === 0 || piece.length > LONGEST_TOKEN || vocabulary.ends.has(token)) continue;
    (piece.length <= COUNTED_BYTES ? short : long).push(token);
  }
  const same = new Int32Array(size).fill(NONE);
  return { short: buildTrie(short, pieces, same), long: buildTrie(long, pieces, same) };
}

function buildTrie(unsorted: readonly number[], pieces: readonly Uint8Array[], same: Int32Array): TokenTrie {
  const tokens = sortTokens(unsorted, pieces);
  let count = 0;
  let previous: Uint8Array = new Uint8Array(0);
  for (const token of tokens) {
    const piece = pieces[token] ?? previous;
    count += piece.length - sharedLength(previous, piece);
    previous = piece;
  }
  const bytes = new Uint8Array(count);
  const depths = new Uint8Array(count);
  const skips = new Int32Array(count);
  const firsts = new Int32Array(count).fill(NONE);
  const path: number[] = [];
  let node = 0;
  let last = NONE;
  previous = new Uint8Array(0);
  for (const token of tokens) {
    const piece = pieces[token] ?? previous;
    const shared = sharedLength(previous, piece);
    if (shared === piece.length && previous.length === piece.length) {
      same[last] = token;
    } else {
      while (path.length > shared) skips[path.pop() ?? 0] = node;
      for (let depth = shared; depth < piece.length; depth += 1, node += 1) {
        bytes[node] = piece[depth] ?? 0;
        depths[node] = depth;
        path.push(node);
      }
      firsts[node - 1] = token;
    }
    last = token;
    previous = piece;
  }
  for (const open of path) skips[open] = node;
  return new TokenTrie(bytes, depths, skips, firsts, same);
}

/** Sorts by bytes: natively by the first four, then each group of equal ones by the rest. */
function sortTokens(tokens: readonly number[], pieces: readonly Uint8Array[]): Int32Array {
  const keys = new Float64Array(tokens.length);
  // A token is under 2²¹ and four bytes are under 2³²: both fit a double.
  for (const [at, token] of tokens.entries()) {
    const piece = pieces[token];
    const head =
      (piece?.[0] ?? 0) * 16_777_216 +
      (piece?.[1] ?? 0) * 65_536 +
      (piece?.[2] ?? 0) * 256 +
      (piece?.[3] ?? 0);
    keys[at] = head * MOST_TOKENS + token;
  }
  keys.sort();
  const sorted = Int32Array.from(keys, (key) => key % MOST_TOKENS);
  const headAt = (at: number): number => Math.floor((keys[at] ?? -1) / MOST_TOKENS);
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    const head = headAt(from);
    for (to = from + 1; to < sorted.length && headAt(to) === head; to += 1);
    if (to - from > 1) sorted.subarray(from, to).sort((x, y) => compare(pieces[x], pieces[y]) || x - y);
  }
  return sorted;
}

function compare(a: Uint8Array | undefined, b: Uint8Array | undefined): number {
  if (a === undefined || b === undefined) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function sharedLength(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a[at] === b[at]) at += 1;
  return at;
}
