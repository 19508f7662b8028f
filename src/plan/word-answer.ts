import type { Engine, EngineMetrics } from '../contracts/engine.ts';
import type { Passage } from '../contracts/passage.ts';
import type { Exchange } from '../contracts/responder.ts';
import type { ExtractSpan, GroundingCheck } from '../contracts/retrieval.ts';
import { plainText } from '../text/plain-text.ts';
import { groundedPrompt, NO_ANSWER } from './prompt.ts';
import { generateInTurn } from './prompt/generate-in-turn.ts';
import type { Statement } from './statement-stream.ts';
import { StatementStream } from './statement-stream.ts';

/** A statement that its passage supports. */
export interface SupportedStatement {
  readonly text: string;
  /** The passages that support it; never empty. */
  readonly passages: readonly Passage[];
}

/** Options of {@link wordAnswer}. */
export interface WordAnswerOptions {
  readonly engine: Engine;
  readonly grounding: GroundingCheck;
  readonly question: string;
  readonly language: string;
  readonly history: readonly Exchange[];
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
 * caller shows the extract. Returns the engine's figures, null when it was stopped.
 * @throws UnderstudyError `engine/failed`, `engine/prompt-too-long`; the signal's reason when aborted.
 */
export async function* wordAnswer(
  spans: readonly ExtractSpan[],
  options: WordAnswerOptions,
): AsyncGenerator<SupportedStatement, EngineMetrics | null> {
  const { engine, grounding, question, language, history, signal } = options;
  const passages = excerpts(spans);
  const stream = new StatementStream();
  const said = new Set<string>();
  const request = {
    messages: groundedPrompt(question, passages, language, history),
    maxTokens: MAX_TOKENS,
    quotes: passages.map((passage) => plainText(passage.text)),
  };
  for await (const part of generateInTurn(engine, request, signal)) {
    const isEnd = part.type === 'end';
    // A statement cut by the token limit is incomplete: it is not shown.
    const statements = isEnd ? (part.reason === 'stop' ? stream.finish() : []) : stream.push(part.text);
    for (const statement of statements) {
      const supported = support(statement, passages, grounding);
      if (supported === null || said.has(supported.text) || said.size >= MAX_STATEMENTS) return null;
      said.add(supported.text);
      yield supported;
    }
    if (isEnd) return part.metrics;
  }
  return null;
}

/** The passages of the spans, in their order, each cut down to its spans. */
function excerpts(spans: readonly ExtractSpan[]): readonly Passage[] {
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

/**
 * Finds the one passage that supports a statement, the cited ones first: small models word better than they cite.
 * Two passages together support nothing, or what each says of another product could be joined.
 */
function support(
  statement: Statement,
  passages: readonly Passage[],
  grounding: GroundingCheck,
): SupportedStatement | null {
  if (statement.text.startsWith(NO_ANSWER)) return null;
  // The number of a step is not part of what it says.
  const claim = statement.text.replace(/^(?:\d{1,2}[.)]|[-*])\s+/, '');
  const cited = statement.cites.flatMap((number) => passages[number - 1] ?? []);
  const found = [...cited, ...passages].find((passage) => grounding.check(claim, [passage]).isSupported);
  return found === undefined ? null : { text: statement.text, passages: [found] };
}
