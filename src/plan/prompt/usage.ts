import type { EngineMetrics } from '../../contracts/engine.ts';
import type { JsonObject } from '../../contracts/json.ts';

/** Figures of a call in the names that flows written for Dify read; nothing on the device has a price. */
export function usageOf({
  promptTokens,
  outputTokens,
  firstTokenMs,
  tokensPerSecond,
}: EngineMetrics): JsonObject {
  const writingMs = tokensPerSecond > 0 ? (1000 * outputTokens) / tokensPerSecond : 0;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: outputTokens,
    total_tokens: promptTokens + outputTokens,
    total_price: '0',
    currency: 'USD',
    latency: Math.round(firstTokenMs + writingMs) / 1000,
    time_to_first_token: Math.round(firstTokenMs) / 1000,
  };
}
