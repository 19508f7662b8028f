import { UnderstudyError } from '../../contracts/errors.ts';
import type { GoldenCase, GoldenLogit } from './golden-cases.ts';
import type { TokenModel } from './token-model.ts';

const TESTED_TOKENS = 8;

/** How a run is set that always writes the likeliest token. */
export const GREEDY = {
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  seed: 0,
  constraint: null,
} as const;

/** Writes greedily after a prompt and gives back the tokens. */
async function writeGreedily(
  model: TokenModel,
  promptIds: readonly number[],
  maxTokens: number,
  beforeStep: () => Promise<void>,
  onLogits: (logits: Float32Array) => void = () => undefined,
): Promise<readonly number[]> {
  const tokens: number[] = [];
  const onToken = (token: number): boolean => {
    tokens.push(token);
    return true;
  };
  await model.run({ ...GREEDY, promptIds, maxTokens, beforeStep, onToken, onLogits });
  return tokens;
}

const isSame = (found: readonly number[], expected: readonly number[]): boolean =>
  found.length === expected.length && found.every((id, index) => id === expected[index]);

/** Tokens whose logits lie further from the recorded ones than `tolerance`; one that is no number does too. */
function strayLogits(
  logits: Float32Array,
  top: readonly GoldenLogit[],
  tolerance: number,
): readonly number[] {
  const isNear = ({ token, logit }: GoldenLogit): boolean =>
    Math.abs((logits[token] ?? NaN) - logit) <= tolerance;
  return top.filter((expected) => !isNear(expected)).map(({ token }) => token);
}

/**
 * Checks that tokens, logits and output on this device are the recorded ones; warms up the runtime on the way.
 * Greedy tokens stand when the best logit wins by far; the logits tell of a computation that is wrong by less.
 * @param cases - Recorded cases; the one with the shortest prompt is tried. With none, one token is written unchecked.
 * @throws UnderstudyError `engine/wrong-output`; what `beforeStep` throws.
 */
export async function selfTest(
  model: TokenModel,
  cases: readonly GoldenCase[],
  beforeStep: () => Promise<void>,
): Promise<void> {
  const [golden] = cases.toSorted((a, b) => a.promptIds.length - b.promptIds.length);
  if (golden === undefined) {
    // Formats of others look at the first message: there has to be one.
    await writeGreedily(model, model.encode([{ role: 'user', content: 'Hello' }]), 1, beforeStep);
    return;
  }
  if (golden.content !== null) {
    const found = model.encode([{ role: 'user', content: golden.content }]);
    if (!isSame(found, golden.promptIds)) {
      throw new UnderstudyError('engine/wrong-output', 'The tokenizer cuts the recorded prompt differently.');
    }
  }
  const expected = golden.outputIds.slice(0, TESTED_TOKENS);
  const { logitTolerance } = model;
  let stray: readonly number[] | null = null;
  const found = await writeGreedily(model, golden.promptIds, expected.length, beforeStep, (logits) => {
    if (logitTolerance !== null) stray = strayLogits(logits, golden.top, logitTolerance);
  });
  if (!isSame(found, expected)) {
    throw new UnderstudyError('engine/wrong-output', 'The model writes other tokens than recorded.', {
      facts: { expected, found },
    });
  }
  if (logitTolerance === null || golden.top.length === 0) return;
  checkLogits(stray, logitTolerance);
}

/** @param stray - What {@link strayLogits} found; null when the model gave no logits although it says it does. */
function checkLogits(stray: readonly number[] | null, tolerance: number): void {
  if (stray === null)
    throw new UnderstudyError('engine/wrong-output', 'The model gave no logits to compare.');
  if (stray.length === 0) return;
  throw new UnderstudyError('engine/wrong-output', 'The logits of the model are not the recorded ones.', {
    facts: { tokens: stray, tolerance },
  });
}
