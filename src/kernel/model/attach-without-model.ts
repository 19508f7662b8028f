import type { Arena } from '../runtime/arena.ts';
import type { KernelExports } from '../runtime/kernel-instance.ts';

const WORD = 4;
/** Words of the kernel's `Model`, of which products need sizes and scratch memory alone; see assembly/model.ts. */
const MODEL_WORDS = 26;
const SCRATCH_WORD = 25;
/** Of a model that is none: one head of queries and of keys, its width, vocabulary and positions. */
const HEADS = 1;
const HEAD_WIDTH = 64;
const VOCABULARY = 64;
const CAPACITY = 64;

/**
 * Attaches a kernel to no model, in one thread: it multiplies single matrices.
 * @param columns - Most columns of a matrix.
 * @param batch - Most vectors that are multiplied at once.
 * @throws UnderstudyError `engine/out-of-memory`.
 */
export function attachWithoutModel(
  arena: Arena,
  kernel: KernelExports,
  columns: number,
  batch: number,
): void {
  const model = arena.take(MODEL_WORDS * WORD);
  const layers = 0;
  const sizes = [columns, layers, HEADS, HEADS, HEAD_WIDTH, columns, VOCABULARY, CAPACITY, batch];
  arena.writeWords(model, sizes);
  const scratch = arena.take(kernel.scratchBytes(model, 1));
  arena.writeWords(model + SCRATCH_WORD * WORD, [scratch]);
  kernel.attach(model, 1, 0);
}
