import { isRecord } from '../../contracts/json.ts';
import type { OpenAiFailure } from './openai-errors.ts';
import { parseOpenAiFailure } from './openai-errors.ts';

/** What one chunk of a chat completion stream says. */
export type OpenAiChunk =
  | { readonly kind: 'delta'; readonly text: string; readonly finishReason: string | null }
  | { readonly kind: 'done' }
  | { readonly kind: 'failure'; readonly failure: OpenAiFailure };

/** Reads the data of one server-sent event; null when it is no JSON object. */
export function parseOpenAiChunk(data: string): OpenAiChunk | null {
  if (data.trim() === '[DONE]') return { kind: 'done' };
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  if (isRecord(value['error'])) return { kind: 'failure', failure: parseOpenAiFailure(value) };
  // The last chunk may carry figures and no choices at all.
  const choices: readonly unknown[] = Array.isArray(value['choices']) ? value['choices'] : [];
  const choice = choices[0];
  if (!isRecord(choice)) return { kind: 'delta', text: '', finishReason: null };
  const delta = isRecord(choice['delta']) ? choice['delta'] : {};
  const { content } = delta;
  const finishReason = choice['finish_reason'];
  return {
    kind: 'delta',
    text: typeof content === 'string' ? content : '',
    finishReason: typeof finishReason === 'string' ? finishReason : null,
  };
}
