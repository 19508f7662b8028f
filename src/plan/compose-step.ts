import type { EngineMetrics } from '../contracts/engine.ts';
import { isUnderstudyError } from '../contracts/errors.ts';
import type { Passage } from '../contracts/passage.ts';
import type { ExtractSpan, RankedPassage } from '../contracts/retrieval.ts';
import { CitationList } from './citation-list.ts';
import { asNumber, asText, isRankedList } from './plan-value.ts';
import type { StepHandler, StepPart, StepRun } from './step-handler.ts';
import type { SupportedStatement } from './word-answer.ts';
import { wordAnswer } from './word-answer.ts';

/** Passages a prompt holds. */
const PROMPT_PASSAGES = 2;
/** A worded first sentence that takes longer is not waited for: the extract is shown. */
const WORDING_BUDGET_MS = 4000;

/**
 * `compose`: question, passages, confidence → an answer with citations.
 *
 * Prose is worded by the generator when one is ready, sentence by sentence as each is found supported; lists, steps
 * and tables are shown as they stand, and so is the extract whenever wording fails. Outcome `default`, or `none` when
 * no span of the passages answers.
 */
export const composeStep: StepHandler = async function* (run) {
  const question = asText(run.input('question'));
  const ranked = run.input('passages');
  const confidence = asNumber(run.input('confidence'));
  const spans = isRankedList(ranked) ? run.services.retriever.extract(question, ranked) : [];
  if (!isRankedList(ranked) || spans.length === 0) return { when: 'none', outputs: {} };
  const citations = new CitationList();
  const worded = isProse(spans) ? yield* word(run, question, promptPassages(spans, ranked), citations) : null;
  if (worded === null) yield* showExtract(spans, citations);
  return {
    when: 'default',
    outputs: {},
    outcome: {
      isWorded: worded !== null,
      isRefusal: false,
      confidence,
      tokensPerSecond: worded?.metrics?.tokensPerSecond ?? 0,
      memoryBytes: worded?.metrics?.memoryBytes ?? 0,
    },
  };
};

/** Lists, steps, tables and code are answers in themselves; rewording can only lose a step. */
function isProse(spans: readonly ExtractSpan[]): boolean {
  return spans.every((span) => !/^\s*([-*+]|\d+[.)])\s|^\s*\||^\s*```/m.test(span.markdown));
}

/** The passages of the extract first, then the best others. */
function promptPassages(spans: readonly ExtractSpan[], ranked: readonly RankedPassage[]): readonly Passage[] {
  const byId = new Map<string, Passage>();
  for (const { passage } of spans) byId.set(passage.id, passage);
  for (const { passage } of ranked) byId.set(passage.id, passage);
  return [...byId.values()].slice(0, PROMPT_PASSAGES);
}

async function* word(
  run: StepRun,
  question: string,
  passages: readonly Passage[],
  citations: CitationList,
): AsyncGenerator<StepPart, { metrics: EngineMetrics | null } | null> {
  const engine = run.services.engine();
  if (engine === null) return null;
  const { clock, grounding } = run.services;
  const budget = new AbortController();
  const signal = AbortSignal.any([run.signal, budget.signal]);
  const stopWaiting = new AbortController();
  clock.sleep(WORDING_BUDGET_MS, { signal: stopWaiting.signal }).then(
    () => budget.abort(new DOMException('Wording took too long.', 'TimeoutError')),
    () => undefined, // the first sentence came in time
  );
  let count = 0;
  const { language, history } = run;
  const statements = wordAnswer(passages, { engine, grounding, question, language, history, signal });
  try {
    for (;;) {
      const next = await statements.next();
      stopWaiting.abort();
      if (next.done === true) return count === 0 ? null : { metrics: next.value };
      yield* showStatement(next.value, count, citations);
      count += 1;
    }
  } catch (error) {
    run.signal.throwIfAborted();
    // Only the generator failed; the extract, or the sentences shown so far, are still right.
    if (!budget.signal.aborted && !isUnderstudyError(error)) throw error;
    return count === 0 ? null : { metrics: null };
  } finally {
    stopWaiting.abort();
  }
}

function* showStatement(
  statement: SupportedStatement,
  position: number,
  citations: CitationList,
): Generator<StepPart> {
  const marks: string[] = [];
  for (const passage of statement.passages) {
    const { citation, isNew } = citations.cite(passage, statement.text);
    if (isNew) yield { type: 'citation', citation };
    marks.push(`[${citation.index}]`);
  }
  const isWide = /[\p{Script=Han}。！？]$/u.test(statement.text);
  const gap = position === 0 ? '' : isWide ? '' : ' ';
  yield { type: 'text-delta', text: `${gap}${statement.text} ${marks.join('')}` };
}

function* showExtract(spans: readonly ExtractSpan[], citations: CitationList): Generator<StepPart> {
  for (const [position, span] of spans.entries()) {
    const { citation, isNew } = citations.cite(span.passage, span.text);
    if (isNew) yield { type: 'citation', citation };
    // A mark may not stand inside a table or code: it gets a line of its own there.
    const isBlock = /(^|\n)\s*(\||```)/.test(span.markdown);
    const gap = position === 0 ? '' : '\n\n';
    yield {
      type: 'text-delta',
      text: `${gap}${span.markdown.trimEnd()}${isBlock ? '\n\n' : ' '}[${citation.index}]`,
    };
  }
}
