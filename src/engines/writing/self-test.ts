import { UnderstudyError } from '../../contracts/errors.ts';
import type { GoldenCase } from './golden-cases.ts';
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
): Promise<readonly number[]> {
  const tokens: number[] = [];
  const onToken = (token: number): boolean => {
    tokens.push(token);
    return true;
  };
  await model.run({ ...GREEDY, promptIds, maxTokens, beforeStep, onToken });
  return tokens;
}

const isSame = (found: readonly number[], expected: readonly number[]): boolean =>
  found.length === expected.length && found.every((id, index) => id === expected[index]);

/**
 * Checks that tokens and output on this device are the recorded ones; warms up the runtime on the way.
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
    await writeGreedily(model, model.encode([]), 1, beforeStep);
    return;
  }
  if (golden.content !== null) {
    const found = model.encode([{ role: 'user', content: golden.content }]);
    if (!isSame(found, golden.promptIds)) {
      throw new UnderstudyError('engine/wrong-output', 'The tokenizer cuts the recorded prompt differently.');
    }
  }
  const expected = golden.outputIds.slice(0, TESTED_TOKENS);
  const found = await writeGreedily(model, golden.promptIds, expected.length, beforeStep);
  if (!isSame(found, expected)) {
    throw new UnderstudyError('engine/wrong-output', 'The model writes other tokens than recorded.', {
      facts: { expected, found },
    });
  }
}
