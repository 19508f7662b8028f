import type { Engine, EngineMetrics, GenerateRequest } from '../../contracts/engine.ts';
import type { Passage } from '../../contracts/passage.ts';
import type { GroundingCheck } from '../../contracts/retrieval.ts';
import type { Statement } from '../statement-stream.ts';
import { StatementStream } from '../statement-stream.ts';
import { generateInTurn } from './generate-in-turn.ts';
import { ReasoningFilter } from './reasoning.ts';

/** A statement of a model's that a passage supports. */
export interface CheckedStatement {
  /** As it was written, with the white space before it and without marks of citations. */
  readonly text: string;
  readonly passage: Passage;
}

/** How a checked text ended. */
export interface CheckedEnd {
  /** `unsupported`: at a statement that no passage supports, which was not given. */
  readonly reason: 'stop' | 'length' | 'unsupported';
  /** Null when the engine was stopped. */
  readonly metrics: EngineMetrics | null;
  /** All that was written, thoughts included. */
  readonly raw: string;
}

/** Options of {@link writeChecked}. */
export interface WriteCheckedOptions {
  readonly engine: Engine;
  readonly grounding: GroundingCheck;
  /** The passages the prompt holds, the best first. */
  readonly passages: readonly Passage[];
  readonly signal: AbortSignal;
}

/**
 * Has an engine write freely over passages, and gives its statements as each proves to be supported by one of them. The first that
 * is not ends the text and stops the engine; what claims nothing ("Sure!") is left out; what the token limit cut is left out too.
 * @throws UnderstudyError `engine/*`; the signal's reason when aborted.
 */
export async function* writeChecked(
  request: GenerateRequest,
  { engine, grounding, passages, signal }: WriteCheckedOptions,
): AsyncGenerator<CheckedStatement, CheckedEnd> {
  const stream = new StatementStream();
  const filter = new ReasoningFilter();
  let raw = '';
  for await (const part of generateInTurn(engine, request, signal)) {
    if (part.type === 'text-delta') raw += part.text;
    const said = part.type === 'end' ? filter.finish() : filter.push(part.text);
    const statements = stream.push(said);
    if (part.type === 'end' && part.reason === 'stop') statements.push(...stream.finish());
    for (const statement of statements) {
      const verdict = judge(statement, passages, grounding);
      if (verdict === 'unsupported') return { reason: 'unsupported', metrics: null, raw };
      if (verdict !== 'empty') yield { text: statement.gap + statement.text, passage: verdict };
    }
    if (part.type === 'end') return { reason: part.reason, metrics: part.metrics, raw };
  }
  return { reason: 'stop', metrics: null, raw };
}

function judge(
  statement: Statement,
  passages: readonly Passage[],
  grounding: GroundingCheck,
): Passage | 'empty' | 'unsupported' {
  // The mark of an item or heading is not part of what it says.
  const claim = statement.text.replace(/^(?:\d{1,2}[.)]|[-*+]|#{1,6})\s+/, '');
  const cited = statement.cites.flatMap((number) => passages[number - 1] ?? []);
  let isEmpty = false;
  for (const passage of [...cited, ...passages]) {
    const { isSupported, reasons } = grounding.check(claim, [passage]);
    if (isSupported) return passage;
    isEmpty = reasons.length > 0 && reasons.every(({ kind }) => kind === 'empty');
    if (isEmpty) break;
  }
  return isEmpty ? 'empty' : 'unsupported';
}
