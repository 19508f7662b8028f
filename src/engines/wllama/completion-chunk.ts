import { isInteger, isRecord } from '../../contracts/json.ts';

/** What one chunk of a streamed completion says. */
export interface CompletionChunk {
  readonly text: string;
  /** The tokens of the text, where their probabilities were asked for. */
  readonly tokens: readonly number[];
  readonly finish: 'stop' | 'length' | null;
  /** Figures of the whole completion, in the last chunk. */
  readonly timings: CompletionTimings | null;
}

/** Figures of llama.cpp. */
export interface CompletionTimings {
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly tokensPerSecond: number;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function parseTimings(value: unknown): CompletionTimings | null {
  if (!isRecord(value)) return null;
  return {
    // Tokens that the cache still held are part of the prompt too.
    promptTokens: numberOf(value['prompt_n']) + numberOf(value['cache_n']),
    outputTokens: numberOf(value['predicted_n']),
    tokensPerSecond: numberOf(value['predicted_per_second']),
  };
}

function parseTokens(value: unknown): readonly number[] {
  const content: unknown = isRecord(value) ? value['content'] : null;
  if (!Array.isArray(content)) return [];
  return content.flatMap((item: unknown) => (isRecord(item) && isInteger(item['id']) ? [item['id']] : []));
}

/** Accepts a chunk in OpenAI's shape, of a chat (`delta.content`) or of plain text (`text`). */
export function parseCompletionChunk(value: unknown): CompletionChunk {
  const nothing: CompletionChunk = { text: '', tokens: [], finish: null, timings: null };
  if (!isRecord(value)) return nothing;
  const timings = parseTimings(value['timings']);
  const choices: readonly unknown[] = Array.isArray(value['choices']) ? value['choices'] : [];
  const [choice] = choices;
  if (!isRecord(choice)) return { ...nothing, timings };
  const { delta, finish_reason: finish } = choice;
  const text = isRecord(delta) ? delta['content'] : choice['text'];
  return {
    text: typeof text === 'string' ? text : '',
    tokens: parseTokens(choice['logprobs']),
    finish: finish === 'stop' || finish === 'length' ? finish : null,
    timings,
  };
}
