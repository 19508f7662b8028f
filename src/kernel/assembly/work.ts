import { attend } from './attention';
import { multiply, Tensor } from './matmul';
import { Model } from './model';

/*
 * What threads share: one piece of work at a time, cut into items that whoever is free takes. Helpers are never waited for unless they
 * hold an item: a helper that has lost its core delays nobody but by the item it was at.
 */

/** Items of a matrix product are groups of eight rows of up to three matrices with the same input. */
const MULTIPLY: i32 = 1;
/** Items are pairs of token and key head. */
const ATTEND: i32 = 2;

/** In shared memory; every field has 32 bits. What is not atomic is written only while no chunk is held or can be taken. */
@unmanaged
class Board {
  /**
   * What is to be had, in one word that changes as a whole: chunks that nobody has taken in the low 16 bits, and above them a count of the pieces
   * of work, by which a sleeper sees that there is a new one.
   */
  offer: i32;
  /** Chunks that are finished. */
  done: i32;
  /** Helpers asleep. */
  asleep: i32;
  /** Whether helpers shall return. */
  isClosed: i32;
  kind: i32;
  items: i32;
  /** Items of a chunk; the last one may have fewer. */
  chunk: i32;
  /** Chunks at the end that are no part of a share. */
  slack: i32;
  /** Chunks that a thread takes at once before those. */
  share: i32;
  a: Tensor;
  b: Tensor;
  c: Tensor;
  outA: usize;
  outB: usize;
  outC: usize;
  tokens: i32;
  x: usize;
  xStride: usize;
  model: Model;
  layer: i32;
  position: i32;
  isCausal: i32;
}

/** Bytes of the board. */
export const BOARD_BYTES: usize = 128;

/**
 * Times a thread looks before it sleeps, in compiled code a nanosecond each. Being woken costs fifty microseconds, as much as the work
 * between two sleeps; but who looks on while the other waits for this very core delays it. So a thread looks longer when looking
 * was worth it, and half as long when it had to sleep all the same.
 */
const MOST_LOOKS: i32 = 400000;
const LEAST_LOOKS: i32 = 2000;
let looks: i32 = MOST_LOOKS;

// @ts-ignore: decorator
@inline
function lookedInTime(): void {
  looks = min(MOST_LOOKS, looks + (looks >> 3));
}

// @ts-ignore: decorator
@inline
function lookedInVain(): void {
  looks = max(LEAST_LOOKS, looks >> 1);
}

let board = changetype<Board>(0);
let threads: i32 = 1;
let scratch: usize = 0;

/** Says where the board lies, how many threads work, and where this thread's scratch memory is. */
export function joinWork(at: usize, count: i32, own: usize): void {
  board = changetype<Board>(at);
  threads = count;
  scratch = own;
}

export function setThreads(count: i32): void {
  threads = count;
}

function doItems(first: i32, end: i32): void {
  if (board.kind == ATTEND) {
    const m = board.model;
    for (let item = first; item < end; item++) {
      const token = item / m.keyHeads;
      const group = item - token * m.keyHeads;
      const size = <usize>(m.heads * m.headWidth) << 2;
      const length = board.position + (board.isCausal ? token + 1 : board.tokens);
      attend(m, board.layer, group, length, board.x + size * token, board.outA + size * token, scratch);
    }
    return;
  }
  // Matrices with the same input lie behind one another in the order of items.
  let offset = 0;
  part(board.a, offset, first, end, board.outA);
  offset += board.a.rows >> 3;
  if (changetype<usize>(board.b) != 0) {
    part(board.b, offset, first, end, board.outB);
    offset += board.b.rows >> 3;
  }
  if (changetype<usize>(board.c) != 0) part(board.c, offset, first, end, board.outC);
}

/** Part of a matrix among items [first, end), whose own items are [offset, offset + groups). */
function part(t: Tensor, offset: i32, first: i32, end: i32, out: usize): void {
  const groups = t.rows >> 3;
  const from = max(first - offset, 0);
  const to = min(end - offset, groups);
  if (from >= to) return;
  const stride = <usize>t.rows << 2;
  multiply(t, from, to, board.tokens, board.x, board.xStride, out, stride, scratch);
}

/**
 * Sleeps while the word at `at` is `value`, until it is woken or `ns` are over (-1 = never). Called through a table, so that the compiler cannot
 * merge it into who calls it: engines of about 2023 (V8 11.3) forget in their quick compilation what a function holds in its locals while
 * it waits itself.
 */
const sleep: (at: usize, value: i32, ns: i64) => void = (at, value, ns) => {
  if (ASC_FEATURE_THREADS) atomic.wait<i32>(at, value, ns);
};

const CHUNKS: i32 = 0xffff;
const NEXT_WORK: i32 = 0x10000;
/** How long the first thread sleeps at most before it looks again, in ns. */
const LOOK_AGAIN: i64 = 1000000;

/**
 * Does chunks of the work on offer until none is left; gives whether there was one.
 *
 * A thread takes its whole share first, so that it reads one long stretch of the weights, and what is left single, so that nobody waits long
 * for the last chunk. Who comes late finds less. Of attention, where later tokens cost more, a thread takes its share of half of what is left.
 *
 * Who takes a chunk by exchanging the word holds the work open until it has said that the chunk is done. So it may read the other fields only
 * then: before, they may be those of the work before, or half written. How much it takes may come of them, as any number is right.
 */
function takeChunks(): bool {
  const at = changetype<usize>(board);
  let hasWorked = false;
  let offer = atomic.load<i32>(at + offsetof<Board>('offer'));
  while (offer & CHUNKS) {
    const left = offer & CHUNKS;
    const ahead = left - board.slack;
    const taken = ahead > 0 ? max(1, min(board.share, ahead)) : max(1, left / (threads << 1));
    const found = atomic.cmpxchg<i32>(at + offsetof<Board>('offer'), offer, offer - taken);
    if (found == offer) {
      hasWorked = true;
      const first = (left - taken) * board.chunk;
      doItems(first, min(first + taken * board.chunk, board.items));
      atomic.add<i32>(at + offsetof<Board>('done'), taken);
    }
    offer = atomic.load<i32>(at + offsetof<Board>('offer'));
  }
  return hasWorked;
}

/** Does the work on the board, with help where there is any, and returns when all of it is done. */
function run(items: i32, size: i32): void {
  if (!ASC_FEATURE_THREADS || threads == 1) {
    doItems(0, items);
    return;
  }
  const at = changetype<usize>(board);
  const chunk = max(size, (items + CHUNKS - 1) / CHUNKS);
  const chunks = (items + chunk - 1) / chunk;
  board.items = items;
  board.chunk = chunk;
  board.slack = board.kind == ATTEND ? chunks : chunks >> 3;
  board.share = (chunks - board.slack) / threads;
  atomic.store<i32>(at + offsetof<Board>('done'), 0);
  const before = atomic.load<i32>(at + offsetof<Board>('offer'));
  atomic.store<i32>(at + offsetof<Board>('offer'), ((before + NEXT_WORK) & ~CHUNKS) | chunks);
  if (atomic.load<i32>(at + offsetof<Board>('asleep')) > 0) atomic.notify(at + offsetof<Board>('offer'), -1);
  takeChunks();
  let looked = 0;
  for (;;) {
    const done = atomic.load<i32>(at + offsetof<Board>('done'));
    if (done == chunks) break;
    if (++looked <= looks) continue;
    lookedInVain();
    looked = 0;
    sleep(at + offsetof<Board>('done'), done, LOOK_AGAIN);
  }
  lookedInTime();
}

/** A helper thread: works until `closeWork`. Never returns before. */
export function help(): void {
  if (!ASC_FEATURE_THREADS) return;
  const at = changetype<usize>(board);
  let looked = 0;
  for (;;) {
    if (takeChunks()) {
      // The first thread may have gone to sleep over the last chunk.
      atomic.notify(at + offsetof<Board>('done'), 1);
      if (looked > 0) lookedInTime();
      looked = 0;
      continue;
    }
    if (atomic.load<i32>(at + offsetof<Board>('isClosed'))) return;
    if (++looked < looks) continue;
    lookedInVain();
    looked = 0;
    const offer = atomic.load<i32>(at + offsetof<Board>('offer'));
    if (offer & CHUNKS) continue;
    atomic.add<i32>(at + offsetof<Board>('asleep'), 1);
    // Does not sleep when the word has changed since: no work is slept through.
    sleep(at + offsetof<Board>('offer'), offer, -1);
    atomic.sub<i32>(at + offsetof<Board>('asleep'), 1);
  }
}

/** Lets helpers return. */
export function closeWork(): void {
  if (!ASC_FEATURE_THREADS) return;
  const at = changetype<usize>(board);
  atomic.store<i32>(at + offsetof<Board>('isClosed'), 1);
  // Work without chunks: it wakes the sleepers, who then see that all is over.
  atomic.add<i32>(at + offsetof<Board>('offer'), NEXT_WORK);
  atomic.notify(at + offsetof<Board>('offer'), -1);
}

/**
 * Multiplies up to three matrices (0 = none) with one batch of activations.
 *
 * @param x - The singles that were quantized; `xStride` bytes a token.
 */
export function multiplyAll(
  tokens: i32,
  x: usize,
  xStride: usize,
  a: Tensor,
  outA: usize,
  b: Tensor = changetype<Tensor>(0),
  outB: usize = 0,
  c: Tensor = changetype<Tensor>(0),
  outC: usize = 0,
): void {
  board.kind = MULTIPLY;
  board.tokens = tokens == 1 ? 1 : (tokens + 3) & ~3;
  board.x = x;
  board.xStride = xStride;
  board.a = a;
  board.outA = outA;
  board.b = b;
  board.outB = outB;
  board.c = c;
  board.outC = outC;
  let groups = a.rows >> 3;
  if (changetype<usize>(b) != 0) groups += b.rows >> 3;
  if (changetype<usize>(c) != 0) groups += c.rows >> 3;
  // Small enough that the last item is short, large enough that two streams run long.
  run(groups, max(2, groups / (threads << 3)));
}

/** Attends for a batch whose first token stands at `position`; bidirectional over the whole batch when not causal. */
export function attendAll(m: Model, layer: i32, position: i32, tokens: i32, isCausal: bool, queries: usize, out: usize): void {
  board.kind = ATTEND;
  board.model = m;
  board.layer = layer;
  board.position = position;
  board.tokens = tokens;
  board.isCausal = isCausal ? 1 : 0;
  board.x = queries;
  board.outA = out;
  run(tokens * m.keyHeads, 1);
}
