import { UnderstudyError } from '../../src/contracts/errors.ts';
import { isRecord } from '../../src/contracts/json.ts';
import { brokenAnswer, isPassing } from '../fetch/broken-answer.ts';
import { BrokenDownload } from '../fetch/broken-download.ts';
import type { FetchServices } from '../fetch/fetch-services.ts';
import { readBody } from '../fetch/read-body.ts';
import { withTries } from '../fetch/with-tries.ts';
import type { ChatMessage } from './question-prompt.ts';

/** Longest answer that is read, in bytes. */
const MAX_ANSWER_BYTES: number = 1024 * 1024;
/** A model on a small machine may take minutes for a passage. */
const TIMEOUT_MS = 180_000;

/** Tokens of a reply at most: of each question in it, and of what a model says around them. */
const QUESTION_TOKENS = 60;
const TALK_TOKENS = 400;

/** Tokens that a reply with some number of questions may have. */
export function tokensFor(questions: number): number {
  return TALK_TOKENS + questions * QUESTION_TOKENS;
}

/** Where a chat model is asked. */
export interface ChatEndpoint {
  /** Base of an API of the chat completions protocol, as in `https://api.example.com/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** From the environment; null where the endpoint wants none. It is sent there and stands in no message and no file. */
  readonly key: string | null;
}

/**
 * Asks a chat model once more and more patiently: broken connections, 408, 429 and 5xx are tried four times, after what `Retry-After` says.
 * A redirect is no answer, as the key would follow it.
 *
 * @param mostTokens - Length of the reply in tokens, at most.
 * @returns The text of its reply; '' when it said nothing.
 * @throws UnderstudyError `cli/endpoint-unreachable`, `cli/endpoint-refused`; the signal's reason when aborted.
 */
export async function askChat(
  endpoint: ChatEndpoint,
  messages: readonly ChatMessage[],
  mostTokens: number,
  services: FetchServices,
): Promise<string> {
  try {
    return await withTries(
      () => askOnce(endpoint, messages, mostTokens, services),
      () => 0,
      services,
    );
  } catch (error) {
    if (!(error instanceof BrokenDownload)) throw error;
    throw failed('cli/endpoint-unreachable', endpoint, error.message, error.status);
  }
}

async function askOnce(
  endpoint: ChatEndpoint,
  messages: readonly ChatMessage[],
  mostTokens: number,
  { fetch, signal, clock }: FetchServices,
): Promise<string> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(`${endpoint.baseUrl.replace(/\/+$/, '')}/chat/completions`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        ...(endpoint.key === null ? {} : { Authorization: `Bearer ${endpoint.key}` }),
      },
      body: JSON.stringify({ model: endpoint.model, messages, max_tokens: mostTokens, stream: false }),
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    });
  } catch (error) {
    signal.throwIfAborted();
    const { cause } = error instanceof Error ? error : {};
    const code = cause instanceof Error && 'code' in cause ? `, ${String(cause.code)}` : '';
    throw new BrokenDownload(timeout.aborted ? 'no answer in time' : `no connection${code}`);
  }
  const { status } = response;
  if (!response.ok) {
    await response.body?.cancel();
    if (isPassing(status)) throw brokenAnswer(response, clock.now());
    throw failed('cli/endpoint-refused', endpoint, describeStatus(status), status);
  }
  const bytes = await readBody(response, MAX_ANSWER_BYTES, signal);
  if (bytes === null)
    throw failed('cli/endpoint-refused', endpoint, 'its answer is longer than 1 MB', status);
  const reply = replyOf(bytes.toString('utf8'));
  // A proxy that cuts answers, or its page of words.
  if (reply === null)
    throw new BrokenDownload('the answer is none of the protocol', { status, waitMs: null });
  return reply;
}

function replyOf(text: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const choices: unknown = isRecord(value) ? value['choices'] : null;
  const choice: unknown = Array.isArray(choices) ? choices[0] : null;
  const message: unknown = isRecord(choice) ? choice['message'] : null;
  if (!isRecord(message)) return null;
  return typeof message['content'] === 'string' ? message['content'] : '';
}

function describeStatus(status: number): string {
  if (status === 401 || status === 403) return `it refuses the key (status ${status})`;
  if (status === 404) return 'there is no such path or model (status 404)';
  if (status >= 300 && status < 400) return `it leads to another address (status ${status})`;
  return `status ${status}`;
}

function failed(
  code: 'cli/endpoint-unreachable' | 'cli/endpoint-refused',
  { baseUrl }: ChatEndpoint,
  what: string,
  status: number | null,
): UnderstudyError {
  return new UnderstudyError(code, `${baseUrl}: ${what}.`, { facts: { baseUrl, status } });
}
