import type { Engine, EngineMetrics } from '../contracts/engine.ts';
import type { Passage } from '../contracts/passage.ts';
import type { Exchange } from '../contracts/responder.ts';
import type { GroundingCheck } from '../contracts/retrieval.ts';
import { groundedPrompt, NO_ANSWER } from './prompt.ts';
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
 * Lets the engine word an answer and yields its statements as each proves to be supported.
 *
 * The first statement that is not supported ends the answer and stops the engine: what was yielded before stands, and
 * when nothing was yielded the caller shows the extract. Returns the engine's figures, null when it was stopped.
 * @throws UnderstudyError `engine/failed`, `engine/prompt-too-long`; the signal's reason when aborted.
 */
export async function* wordAnswer(
  passages: readonly Passage[],
  options: WordAnswerOptions,
): AsyncGenerator<SupportedStatement, EngineMetrics | null> {
  const { engine, grounding, question, language, history, signal } = options;
  const stream = new StatementStream();
  const said = new Set<string>();
  const request = { messages: groundedPrompt(question, passages, language, history), maxTokens: MAX_TOKENS };
  for await (const part of engine.generate(request, { signal })) {
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

/** Finds the passages that support a statement: those it cites, else the first single one that does. */
function support(
  statement: Statement,
  passages: readonly Passage[],
  grounding: GroundingCheck,
): SupportedStatement | null {
  if (statement.text.startsWith(NO_ANSWER)) return null;
  const cited = statement.cites.flatMap((number) => passages[number - 1] ?? []);
  if (cited.length < statement.cites.length) return null;
  const candidates = cited.length > 0 ? [cited] : passages.map((passage) => [passage]);
  const found = candidates.find((candidate) => grounding.check(statement.text, candidate).isSupported);
  return found === undefined ? null : { text: statement.text, passages: found };
}
