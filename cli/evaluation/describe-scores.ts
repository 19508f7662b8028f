import { escapeHtml } from '../terminal/escape-html.ts';
import type { Verdict } from './judge-answer.ts';
import type { Scores, Share } from './score-verdicts.ts';

/** The figures of an evaluation as rows of name and value. */
export function scoreRows(scores: Scores): readonly (readonly [name: string, value: string])[] {
  return [
    ['questions', String(scores.questions)],
    ['right document first (R@1)', writeShare(scores.recallAt1)],
    ['right document among three (R@3)', writeShare(scores.recallAt3)],
    ['mean reciprocal rank', scores.meanReciprocalRank?.toFixed(3) ?? '–'],
    ['answer contains the facts', writeShare(scores.factsContained)],
    ['unanswerable refused (right)', writeShare(scores.refusalsRight)],
    ['answerable refused (false)', writeShare(scores.refusalsFalse)],
    ['citation of a right document', writeShare(scores.citationsRight)],
    ['worded by the generator', writeShare(scores.worded)],
    ['errors', String(scores.errors)],
    ['latency p50 / p95', `${scores.p50Ms.toFixed(1)} / ${scores.p95Ms.toFixed(1)} ms`],
  ];
}

/** What is wrong with an answer, in words; null when nothing is. */
export function describeMiss({
  test,
  answered,
  rank,
  missingFacts,
  isDecisionRight,
}: Verdict): string | null {
  const faults: string[] = [];
  if (answered.code !== null) faults.push(`error ${answered.code}`);
  else if (!isDecisionRight)
    faults.push(test.isAnswerable ? 'refused, but the pages answer' : 'answered, but the pages do not');
  if (rank === 0) faults.push('right document not found');
  else if (rank !== null && rank > 1) faults.push(`right document at place ${rank}`);
  if (missingFacts !== null && missingFacts.length > 0)
    faults.push(`lacks ${missingFacts.map((fact) => `"${fact}"`).join(', ')}`);
  return faults.length === 0 ? null : faults.join('; ');
}

/** Makes a report of an evaluation as one HTML page without scripts. */
export function scoresPage(title: string, scores: Scores, verdicts: readonly Verdict[]): string {
  const rows = scoreRows(scores).map(
    ([name, value]) => `<tr><th>${escapeHtml(name)}<td>${escapeHtml(value)}`,
  );
  const answers = verdicts.map((verdict) => {
    const { test, answered } = verdict;
    const miss = describeMiss(verdict);
    const cells = [
      test.id,
      test.question,
      answered.answer,
      answered.citations.map((citation) => citation.title).join(', '),
      `${answered.intent} ${answered.confidence.toFixed(2)}`,
      miss ?? 'right',
    ];
    return `<tr class="${miss === null ? 'right' : 'miss'}">${cells.map((cell) => `<td>${escapeHtml(cell)}`).join('')}`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<style>
body { font: 0.9rem/1.4 system-ui, sans-serif; margin: 2rem }
table { border-collapse: collapse; margin: 1rem 0 }
td, th { border: 1px solid #ccc; padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; white-space: pre-wrap }
.miss td:last-child { background: #fde2e0 }
.right td:last-child { background: #e2f4e4 }
</style>
<h1>${escapeHtml(title)}</h1>
<table>
${rows.join('\n')}
</table>
<table>
<tr><th>id<th>question<th>answer<th>sources<th>intent, confidence<th>verdict
${answers.join('\n')}
</table>
</html>
`;
}

function writeShare({ count, of, share }: Share): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} % (${count} of ${of})`;
}
