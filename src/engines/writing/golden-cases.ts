import { isInteger, isRecord } from '../../contracts/json.ts';

/** A prompt with the tokens that the model writes after it, greedily. */
export interface GoldenCase {
  /** Content of the one message of the visitor; null when only tokens are recorded. */
  readonly content: string | null;
  readonly promptIds: readonly number[];
  readonly outputIds: readonly number[];
}

function parseIds(value: unknown): readonly number[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  return value.every((id): id is number => isInteger(id)) ? value : null;
}

/** Accepts the recorded cases of a model, `{cases: [{content?, prompt_ids, output_ids}]}`; unusable ones are left out. */
export function parseGoldenCases(value: unknown): readonly GoldenCase[] {
  if (!isRecord(value) || !Array.isArray(value['cases'])) return [];
  return value['cases'].flatMap((item: unknown) => {
    if (!isRecord(item)) return [];
    const promptIds = parseIds(item['prompt_ids']);
    const outputIds = parseIds(item['output_ids']);
    if (promptIds === null || outputIds === null) return [];
    const content = item['content'];
    return [{ content: typeof content === 'string' ? content : null, promptIds, outputIds }];
  });
}
