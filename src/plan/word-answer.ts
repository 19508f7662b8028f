import type { Engine, EngineMetrics } from '../contracts/engine.ts';
import type { Passage } from '../contracts/passage.ts';
import type { Exchange } from '../contracts/responder.ts';
import type { ExtractSpan, GroundingCheck } from '../contracts/retrieval.ts';
import { plainText } from '../text/plain-text.ts';
import { groundedPrompt, NO_ANSWER } from './prompt.ts';
import { generateInTurn } from './prompt/generate-in-turn.ts';
import { StatementStream } from './statement-stream.ts';
import type { SupportedStatement } from './support-statement.ts';
import { supportStatement } from './support-statement.ts';

/** Why a generator wrote no further: it had ended, said that the passages do not answer, was not supported, repeated itself, or was cut. */
export type WordingStop = 'ended' | 'declined' | 'unsupported' | 'repeated' | 'cut';

/** How the wording of an answer ended. */
export interface WordingEnd {
  readonly stop: WordingStop;
  /** The engine's figures, null when it was stopped. */
  readonly metrics: EngineMetrics | null;
}

/** Options of {@link wordAnswer}. */
export interface WordAnswerOptions {
  readonly engine: Engine;
  readonly grounding: GroundingCheck;
  readonly question: string;
  readonly language: string;
  readonly history: readonly Exchange[];
  /** Sentences of the first passage that answer best, which are said before others. Default: any. */
  readonly openings?: readonly string[];
  readonly signal: AbortSignal;
}

/** Most tokens of a worded answer; three sentences need about 90. */
const MAX_TOKENS = 120;
const MAX_STATEMENTS = 4;

/**
 * Lets the engine word an answer from the spans of an extract and yields its statements as each proves to be supported.
 *
 * Retrieval has found which sentences answer; the engine's task is to say them shortly. The first statement that is not
 * supported ends the answer and stops the engine: what was yielded before stands, and when nothing was yielded the
 * caller shows the extract.
 * @param passages - What {@link excerptsOf} makes of the extract.
 * @throws UnderstudyError `engine/failed`, `engine/prompt-too-long`; the signal's reason when aborted.
 */
export async function* wordAnswer(
  passages: readonly Passage[],
  options: WordAnswerOptions,
): AsyncGenerator<SupportedStatement, WordingEnd> {
  const { engine, grounding, question, language, history, openings = [], signal } = options;
  const stream = new StatementStream();
  const said = new Set<string>();
  const request = {
    messages: groundedPrompt(question, passages, language, history),
    maxTokens: MAX_TOKENS,
    quotes: passages.map((passage) => plainText(passage.text)),
    openings,
  };
  for await (const part of generateInTurn(engine, request, signal)) {
    const isEnd = part.type === 'end';
    // A statement cut by the token limit is incomplete: it is not shown.
    const statements = isEnd ? (part.reason === 'stop' ? stream.finish() : []) : stream.push(part.text);
    for (const statement of statements) {
      if (statement.text.startsWith(NO_ANSWER)) return { stop: 'declined', metrics: null };
      const supported = supportStatement(statement, passages, grounding);
      if (supported === null) return { stop: 'unsupported', metrics: null };
      if (said.has(supported.text) || said.size >= MAX_STATEMENTS) return { stop: 'repeated', metrics: null };
      said.add(supported.text);
      yield supported;
    }
    if (isEnd) return { stop: part.reason === 'stop' ? 'ended' : 'cut', metrics: part.metrics };
  }
  return { stop: 'cut', metrics: null };
}

/** The passages of the spans, in their order, each cut down to its spans. */
export function excerptsOf(spans: readonly ExtractSpan[]): readonly Passage[] {
  const byId = new Map<string, Passage>();
  for (const { passage, markdown } of spans) {
    const known = byId.get(passage.id);
    byId.set(passage.id, {
      ...passage,
      text: known === undefined ? markdown : `${known.text}\n\n${markdown}`,
    });
  }
  return [...byId.values()];
}
