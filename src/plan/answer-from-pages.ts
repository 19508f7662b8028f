import type { EngineMetrics } from '../contracts/engine.ts';
import { isUnderstudyError } from '../contracts/errors.ts';
import type { Citation } from '../contracts/passage.ts';
import type { ExtractSpan } from '../contracts/retrieval.ts';
import { normalizeText } from '../text/normalize-text.ts';
import type { CitationList } from './citation-list.ts';
import type { StepRun, Wording } from './step-handler.ts';
import { unmarked } from './unmarked.ts';
import type { SupportedStatement } from './support-statement.ts';
import { excerptsOf, wordAnswer } from './word-answer.ts';

/** A worded first sentence that takes longer is not waited for: the extract is shown. */
const WORDING_BUDGET_MS = 4000;

/** Languages that models which only quote were trained on; sentences of others are shown as the extract has them. */
const QUOTED_LANGUAGES = /^(?:en|zh)\b/i;

/** A piece of an answer out of the pages. */
export type PageAnswerPart =
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'citation'; readonly citation: Citation };

/** What an answer out of the pages amounts to. */
export interface PageAnswer {
  readonly isWorded: boolean;
  readonly tokensPerSecond: number;
  readonly memoryBytes: number;
}

/**
 * Answers with the spans of an extract, at least one.
 *
 * Prose of which a sentence may stand for the rest is worded by the generator when one is ready, sentence by sentence as each is found
 * supported; lists, steps, tables and what answers as a whole are shown as they stand, and so is the whole extract whenever wording fails.
 * @param citations - The citations of this answer so far; null = none are shown.
 */
export async function* answerFromPages(
  run: StepRun,
  question: string,
  spans: readonly ExtractSpan[],
  citations: CitationList | null,
): AsyncGenerator<PageAnswerPart, PageAnswer> {
  const firstProse = spans.findIndex((span) => !isWhole(span));
  const lead = firstProse < 0 ? spans : spans.slice(0, firstProse);
  const rest = spans.slice(lead.length);
  yield* showExtract(lead, citations, false);
  const isContinued = lead.length > 0;
  const prose = rest.filter((span) => !isWhole(span));
  const worded = prose.length === 0 ? null : yield* word(run, question, prose, citations, isContinued);
  yield* showExtract(
    worded === null ? rest : rest.filter(isWhole),
    citations,
    isContinued || worded !== null,
  );
  return {
    isWorded: worded?.isNew ?? false,
    tokensPerSecond: worded?.metrics?.tokensPerSecond ?? 0,
    memoryBytes: worded?.metrics?.memoryBytes ?? 0,
  };
}

/** Lists, steps, tables and code are answers in themselves, as are some paragraphs; rewording can only lose a step. */
function isWhole({ markdown, answering }: ExtractSpan): boolean {
  return answering?.length === 0 || /^\s*([-*+]|\d+[.)])\s|^\s*\||^\s*```/m.test(markdown);
}

/** What became of the wording. */
interface Worded {
  readonly metrics: EngineMetrics | null;
  /** False when the generator repeated the extract word for word. */
  readonly isNew: boolean;
}

async function* word(
  run: StepRun,
  question: string,
  spans: readonly ExtractSpan[],
  citations: CitationList | null,
  isContinued: boolean,
): AsyncGenerator<PageAnswerPart, Worded | null> {
  const engine = run.services.engine();
  if (engine === null) return null;
  // Nothing is asked of a model that it is not known to do.
  if (engine.ability !== 'general' && !QUOTED_LANGUAGES.test(spans[0]?.passage.language ?? '')) return null;
  const { clock, grounding } = run.services;
  const budget = new AbortController();
  const signal = AbortSignal.any([run.signal, budget.signal]);
  const stopWaiting = new AbortController();
  clock.sleep(WORDING_BUDGET_MS, { signal: stopWaiting.signal }).then(
    () => budget.abort(new DOMException('Wording took too long.', 'TimeoutError')),
    () => undefined, // the first sentence came in time
  );
  const said: string[] = [];
  const passages = excerptsOf(spans);
  const outcome = (stop: Wording['stop'], metrics: EngineMetrics | null): Worded | null => {
    const isNew = lettersOf(said) !== lettersOf(spans.map(({ text }) => text));
    run.services.onWording?.({ passages, stop, shown: said, isNew: isNew && said.length > 0 });
    return said.length === 0 ? null : { metrics, isNew };
  };
  const { language, history } = run;
  const openings = spans[0]?.answering ?? [];
  const options = { engine, grounding, question, language, history, openings, signal };
  const statements = wordAnswer(passages, options);
  try {
    for (;;) {
      const next = await statements.next();
      stopWaiting.abort();
      if (next.done === true) return outcome(next.value.stop, next.value.metrics);
      const gap = said.length > 0 ? sentenceGap(next.value.text) : isContinued ? '\n\n' : '';
      yield* showStatement(next.value, gap, citations);
      said.push(next.value.text);
    }
  } catch (error) {
    run.signal.throwIfAborted();
    // Only the generator failed; the extract, or the sentences shown so far, are still right.
    if (!budget.signal.aborted && !isUnderstudyError(error)) throw error;
    return outcome(budget.signal.aborted ? 'too-slow' : 'failed', null);
  } finally {
    stopWaiting.abort();
  }
}

function* showStatement(
  statement: SupportedStatement,
  gap: string,
  citations: CitationList | null,
): Generator<PageAnswerPart> {
  const marks: string[] = [];
  for (const passage of statement.passages) {
    if (citations === null) break;
    const { citation, isNew } = citations.cite(passage, statement.text);
    if (isNew) yield { type: 'citation', citation };
    marks.push(`[${citation.index}]`);
  }
  const mark = marks.length === 0 ? '' : ` ${marks.join('')}`;
  yield { type: 'text-delta', text: `${gap}${statement.text}${mark}` };
}

/** What stands between sentences: nothing in scripts without spaces. */
function sentenceGap(next: string): string {
  return /[\p{Script=Han}。！？]$/u.test(next) ? '' : ' ';
}

/** Shows spans as they stand, under a heading where they need one, each with its citation. @param isContinued - Whether text of the same answer stands before. */
export function* showExtract(
  spans: readonly ExtractSpan[],
  citations: CitationList | null,
  isContinued: boolean,
): Generator<PageAnswerPart> {
  for (const [position, span] of spans.entries()) {
    const cited = citations?.cite(span.passage, span.text) ?? null;
    if (cited?.isNew === true) yield { type: 'citation', citation: cited.citation };
    // A mark may not stand inside a table or code: it gets a line of its own there.
    const isBlock = /(^|\n)\s*(\||```)/.test(span.markdown);
    const gap = position === 0 && !isContinued ? '' : '\n\n';
    const mark = cited === null ? '' : `${isBlock ? '\n\n' : ' '}[${cited.citation.index}]`;
    const name = unmarked(span.heading ?? '');
    // Not twice above two pieces of one section.
    const isNamed = name === '' || (position > 0 && spans[position - 1]?.passage === span.passage);
    const heading = isNamed ? '' : `**${name}**\n\n`;
    yield { type: 'text-delta', text: `${gap}${heading}${span.markdown.trimEnd()}${mark}` };
  }
}

/** The letters and digits of texts, to compare them whatever their marks and spaces. */
function lettersOf(texts: readonly string[]): string {
  return normalizeText(texts.join('')).replaceAll(/[^\p{L}\p{N}]/gu, '');
}
