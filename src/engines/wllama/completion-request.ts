import type { GenerateRequest, PromptMessage } from '../../contracts/engine.ts';
import { UnderstudyError } from '../../contracts/errors.ts';

const DEFAULT_MAX_TOKENS = 160;
const LARGEST_MAX_TOKENS = 4096;

/** `<|x|>`, `</s>`, `<start_of_turn>`: how chat formats write the tokens that change the speaker. */
const MARKED = /<(?=\|)|<(?=\/?[a-z_｜][^<>\s]{0,40}>)/giu;
/** `[INST]`, `[/INST]`. */
const BRACKETED = /\[(?=\/?[A-Z_]{3,24}\])/gu;

/** llama.cpp reads the names of special tokens out of messages: they are split, so that nobody poses as another role. */
export function disarm({ role, content }: PromptMessage): PromptMessage {
  return { role, content: content.replace(MARKED, '< ').replace(BRACKETED, '[ ') };
}

/**
 * Writes a request in the words of llama.cpp's server.
 * @throws UnderstudyError `engine/unsupported` for a grammar and a schema at once.
 */
export function toCompletionRequest(request: GenerateRequest): Readonly<Record<string, unknown>> {
  const { grammar, schema } = request;
  if (grammar !== undefined && schema !== undefined) {
    throw new UnderstudyError('engine/unsupported', 'The output can have one form only.', {
      facts: { forms: ['grammar', 'schema'] },
    });
  }
  const wanted = Math.trunc(request.maxTokens ?? DEFAULT_MAX_TOKENS);
  return {
    // Chat formats expect something to answer.
    messages: request.messages.length === 0 ? [{ role: 'user', content: '' }] : request.messages.map(disarm),
    max_tokens: Math.max(1, Math.min(Number.isNaN(wanted) ? DEFAULT_MAX_TOKENS : wanted, LARGEST_MAX_TOKENS)),
    temperature: Math.max(0, request.temperature ?? 0),
    top_k: request.topK ?? 40,
    top_p: request.topP ?? 1,
    min_p: request.minP ?? 0,
    repeat_penalty: request.repetitionPenalty ?? 1,
    // -1, "all", ends the WebAssembly build with an exception.
    repeat_last_n: LARGEST_MAX_TOKENS,
    seed: request.seed ?? 0,
    stop: (request.stop ?? []).filter((text) => text !== ''),
    cache_prompt: true,
    ...(grammar === undefined ? {} : { grammar }),
    ...(schema === undefined
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { name: 'output', schema } } }),
  };
}
