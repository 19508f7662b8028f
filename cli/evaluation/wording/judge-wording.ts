import type { Passage } from '../../../src/contracts/passage.ts';
import type { GroundingCheck, GroundingReason } from '../../../src/contracts/retrieval.ts';
import { NO_ANSWER } from '../../../src/plan/prompt.ts';
import { StatementStream } from '../../../src/plan/statement-stream.ts';
import type { Wording } from '../../../src/plan/step-handler.ts';
import { supportStatement } from '../../../src/plan/support-statement.ts';
import { plainText } from '../../../src/text/plain-text.ts';
import type { Share } from '../share.ts';
import { shareOf } from '../share.ts';
import type { TestQuestion } from '../question-set.ts';
import type { JudgedBy, Verdict } from '../judge-answer.ts';
import { judgeAnswer } from '../judge-answer.ts';
import type { AnsweredTwice, TimedAnswer } from './ask-twice.ts';
import type { CitedStatement } from './cited-statements.ts';
import { citedStatements } from './cited-statements.ts';
import { findInventions } from './find-inventions.ts';
import { withoutCaveat } from '../caveat.ts';
import { answerTokens, overlapWithReference } from './token-overlap.ts';
import type { WrittenText } from './watched-engine.ts';

/** What became of an answer: what the generator made of the extract, or why there was nothing to word. */
export type WordingFate = 'worded' | 'as-extract' | Wording['stop'] | 'no-prose' | 'not-from-pages';

/** One of the two answers to a question. */
export interface JudgedSide {
  readonly answered: TimedAnswer;
  readonly verdict: Verdict;
  /** F1 against reference or facts, 0 to 1; null when there are none, or it was not answered. */
  readonly overlap: number | null;
  /** Tokens as it is read. */
  readonly length: number;
}

/** A statement as the generator wrote it. */
export interface WrittenStatement {
  readonly text: string;
  /** Why no passage supports it; empty when one does. */
  readonly reasons: readonly GroundingReason[];
}

/** The extract and the worded answer of one question, compared. */
export interface WordingVerdict {
  readonly test: TestQuestion;
  readonly extract: JudgedSide;
  readonly worded: JudgedSide;
  readonly fate: WordingFate;
  /** What the generator wrote, before any of it was held against the passages. */
  readonly written: readonly WrittenStatement[];
  /** Statements of the worded answer whose `[n]` stand for a passage that has what they say; null when it is not worded. */
  readonly citationsExact: Share | null;
  /** Ways in which the worded answer is worse than the extract; empty when it is not. */
  readonly losses: readonly string[];
  readonly tokensPerSecond: number;
}

/** Compares the two answers of a bundle to a question. */
export function judgeWording(
  test: TestQuestion,
  { extract, worded, wordings, written }: AnsweredTwice,
  by: JudgedBy,
  grounding: GroundingCheck,
): WordingVerdict {
  const sides = { extract: judgeSide(test, extract, by), worded: judgeSide(test, worded, by) };
  const fate = fateOf(worded, wordings);
  const statements = fate === 'worded' ? citedStatements(withoutCaveat(worded.answer)) : [];
  const inexact = statements.filter((statement) => !isBacked(statement, worded, by));
  return {
    test,
    ...sides,
    fate,
    written: wordings.flatMap(({ passages }) => readWritten(textFor(passages, written), passages, grounding)),
    citationsExact: fate === 'worded' ? shareOf(statements.length - inexact.length, statements.length) : null,
    losses: fate === 'worded' ? lossesOf(sides.extract, sides.worded, inexact) : [],
    tokensPerSecond: written[0]?.metrics?.tokensPerSecond ?? 0,
  };
}

function judgeSide(test: TestQuestion, answered: TimedAnswer, by: JudgedBy): JudgedSide {
  const verdict = judgeAnswer(test, answered, by);
  const isCompared = test.isAnswerable && verdict.isAnswered;
  const told = withoutCaveat(answered.answer);
  return {
    answered,
    verdict,
    overlap: isCompared ? overlapWithReference(told, test) : null,
    length: answerTokens(told).length,
  };
}

function fateOf(answered: TimedAnswer, wordings: readonly Wording[]): WordingFate {
  if (answered.citations.length === 0) return 'not-from-pages';
  const last = wordings.at(-1);
  // A step of the plan may have written the answer without an extract.
  if (last === undefined) return answered.worded ? 'worded' : 'no-prose';
  if (wordings.some(({ isNew }) => isNew)) return 'worded';
  return last.shown.length > 0 ? 'as-extract' : last.stop;
}

/** Passages hold what a statement says where each of the marks behind it stands for one that does. */
function isBacked(
  { text, marks }: CitedStatement,
  { citations }: TimedAnswer,
  { passage }: JudgedBy,
): boolean {
  return (
    marks.length > 0 &&
    marks.every((mark) => {
      const id = citations.find(({ index }) => index === mark)?.passageId ?? null;
      const source = id === null ? null : passage(id);
      return source !== null && findInventions(text, wholeText(source)).every(({ kind }) => kind === 'word');
    })
  );
}

/** Everything of a passage that a statement may be taken from. */
export function wholeText({ title, headings, questions, text, url }: Passage): string {
  return [title, ...headings, ...questions, text, url ?? ''].join('\n');
}

/** What was written of these passages; a request that waited too long for its turn was never made. */
function textFor(passages: readonly Passage[], written: readonly WrittenText[]): WrittenText | undefined {
  const asked = passages.map(({ text }) => plainText(text));
  return written.find(
    ({ quotes }) => quotes.length === asked.length && quotes.every((quote, at) => quote === asked[at]),
  );
}

function readWritten(
  written: WrittenText | undefined,
  passages: readonly Passage[],
  grounding: GroundingCheck,
): readonly WrittenStatement[] {
  if (written === undefined) return [];
  const stream = new StatementStream();
  const statements = [...stream.push(written.text), ...(written.isWhole ? stream.finish() : [])];
  return statements
    .filter(({ text }) => !text.startsWith(NO_ANSWER))
    .map((statement) => ({
      text: statement.text,
      reasons:
        supportStatement(statement, passages, grounding) === null
          ? grounding.check(statement.text, passages).reasons
          : [],
    }));
}

function lossesOf(
  extract: JudgedSide,
  worded: JudgedSide,
  inexact: readonly CitedStatement[],
): readonly string[] {
  const had = extract.verdict.missingFacts ?? [];
  const lost = (worded.verdict.missingFacts ?? []).filter((fact) => !had.includes(fact));
  const losses = lost.map((fact) => `lost "${fact}"`);
  if (extract.verdict.isPassageRight === true && worded.verdict.isPassageRight === false)
    losses.push('no longer cites a right passage');
  losses.push(...inexact.map(({ text }) => `not backed by what it cites: "${text}"`));
  const [before, after] = [extract.overlap, worded.overlap];
  if (before !== null && after !== null && after < before)
    losses.push(`F1 ${before.toFixed(2)} → ${after.toFixed(2)}`);
  return losses;
}
