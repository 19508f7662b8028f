import { isInteger, isRecord } from '../../contracts/json.ts';

/** Most recorded logits of one case that are read. */
const MAX_TOP = 64;

/** A prompt with the tokens that the model writes after it, greedily. */
export interface GoldenCase {
  /** Content of the one message of the visitor; null when only tokens are recorded. */
  readonly content: string | null;
  readonly promptIds: readonly number[];
  readonly outputIds: readonly number[];
  /** Tokens with their logits before the first output token, the best first; empty when none were recorded. */
  readonly top: readonly GoldenLogit[];
}

/** What a model gives one token before anything is done to it. */
export interface GoldenLogit {
  readonly token: number;
  readonly logit: number;
}

function parseIds(value: unknown): readonly number[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  return value.every((id): id is number => isInteger(id)) ? value : null;
}

/** Files of before they were recorded have none; a list with one bad entry counts as none. */
function parseTop(value: unknown): readonly GoldenLogit[] {
  if (!Array.isArray(value) || value.length > MAX_TOP) return [];
  const top = value.flatMap((entry: unknown): GoldenLogit[] => {
    if (!Array.isArray(entry) || entry.length !== 2) return [];
    const fields: readonly unknown[] = entry;
    const [token, logit] = fields;
    return isInteger(token) && typeof logit === 'number' && Number.isFinite(logit) ? [{ token, logit }] : [];
  });
  return top.length === value.length ? top : [];
}

/**
 * Accepts the recorded cases of a model, `{cases: [{content?, prompt_ids, output_ids, top?: [[token, logit], …]}]}`;
 * unusable ones are left out.
 */
export function parseGoldenCases(value: unknown): readonly GoldenCase[] {
  if (!isRecord(value) || !Array.isArray(value['cases'])) return [];
  return value['cases'].flatMap((item: unknown) => {
    if (!isRecord(item)) return [];
    const promptIds = parseIds(item['prompt_ids']);
    const outputIds = parseIds(item['output_ids']);
    if (promptIds === null || outputIds === null) return [];
    const content = item['content'];
    return [
      {
        content: typeof content === 'string' ? content : null,
        promptIds,
        outputIds,
        top: parseTop(item['top']),
      },
    ];
  });
}
