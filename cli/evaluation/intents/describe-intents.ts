import { escapeHtml } from '../../terminal/escape-html.ts';
import { formatSize } from '../../terminal/format-size.ts';
import type { IntentReport } from './measure-intents.ts';

const MOST_CONFUSIONS = 15;
const MOST_ADVISED = 15;

/** The figures of a test of intents as rows of name and value. */
export function intentRows(report: IntentReport): readonly (readonly [name: string, value: string])[] {
  const { scores, train } = report;
  const { bestMcc } = scores;
  return [
    ['trained on', `${train.messages} messages, ${train.intents} intents, ${train.outOfScope} out of scope`],
    ['tested on', `${scores.inScope} messages in scope, ${scores.outOfScope} out of scope`],
    ['accuracy in scope', percent(scores.accuracy)],
    [`accuracy in scope at threshold ${report.threshold.toFixed(2)}`, percent(scores.accuracyAtThreshold)],
    ['out of scope refused at threshold', percent(scores.outOfScopeRecall)],
    ['AUROC in scope / out of scope', decimal(scores.outOfScopeAuroc)],
    ['accuracy of all at threshold', percent(scores.accuracyOfAll)],
    ['MCC of all labels at threshold', decimal(scores.mcc)],
    [
      `MCC, best on this test (at ${bestMcc.threshold.toFixed(2)})`,
      `${bestMcc.mcc.toFixed(3)}; in scope ${percent(bestMcc.accuracy)}, refused ${percent(bestMcc.outOfScopeRecall)}`,
    ],
    ['coverage at 95 % precision', percent(scores.coverageAt95)],
    ['expected calibration error', decimal(scores.calibrationError)],
    ...(report.vectorsShare > 0 ? [['share of the vectors', percent(report.vectorsShare)] as const] : []),
    ['training', `${report.trainSeconds.toFixed(1)} s`],
    ['model / gzip', `${formatSize(report.modelBytes)} / ${formatSize(report.modelGzipBytes)}`],
    ['a message p50 / p95', `${report.p50Ms.toFixed(3)} / ${report.p95Ms.toFixed(3)} ms`],
  ];
}

/** Lines that say which intents are taken for which, and what would help. */
export function intentFindings({ confusions, advice }: IntentReport): string[] {
  const lines: string[] = [];
  if (confusions.length > 0) lines.push('', 'Taken for another (right → said):');
  for (const { label, said, count, examples } of confusions.slice(0, MOST_CONFUSIONS)) {
    lines.push(`  ${String(count).padStart(3)}  ${label} → ${said}`);
    for (const text of examples) lines.push(`         ${quote(text)}`);
  }
  if (advice.length > 0) lines.push('', 'What would help:');
  for (const { intent, examples, isThin, recall, add, review } of advice.slice(0, MOST_ADVISED)) {
    const thin = isThin ? ' – too few' : '';
    lines.push(`  ${intent}: ${percent(recall)} right, ${examples} examples${thin}`);
    for (const text of add) lines.push(`    add     ${quote(text)}`);
    for (const { text, looksLike } of review)
      lines.push(`    review  ${quote(text)} looks like ${looksLike}`);
  }
  return lines;
}

/** Makes a report of a test of intents as one HTML page without scripts. */
export function intentsPage(title: string, report: IntentReport): string {
  const rows = intentRows(report).map(
    ([name, value]) => `<tr><th>${escapeHtml(name)}<td>${escapeHtml(value)}`,
  );
  const cells = (list: readonly string[]): string =>
    `<tr>${list.map((cell) => `<td>${escapeHtml(cell)}`).join('')}`;
  const confusions = report.confusions.map(({ label, said, count, examples }) =>
    cells([label, said, String(count), examples.join('\n')]),
  );
  const advice = report.advice.map(({ intent, examples, recall, add, review }) =>
    cells([
      intent,
      percent(recall),
      String(examples),
      add.join('\n'),
      review.map(({ text, looksLike }) => `${text} (looks like ${looksLike})`).join('\n'),
    ]),
  );
  const misses = report.predictions
    .filter(({ said, label }) => said !== label)
    .map(({ text, label, said, best, scope }) => cells([text, label, said, best, scope.toFixed(2)]));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<style>
body { font: 0.9rem/1.4 system-ui, sans-serif; margin: 2rem }
table { border-collapse: collapse; margin: 1rem 0 }
td, th { border: 1px solid #ccc; padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; white-space: pre-wrap }
</style>
<h1>${escapeHtml(title)}</h1>
<table>
${rows.join('\n')}
</table>
<h2>Taken for another</h2>
<table>
<tr><th>right<th>said<th>messages<th>such as
${confusions.join('\n')}
</table>
<h2>What would help</h2>
<table>
<tr><th>intent<th>right<th>examples<th>add<th>look at again
${advice.join('\n')}
</table>
<h2>Misses</h2>
<table>
<tr><th>message<th>right<th>said<th>likeliest<th>how sure
${misses.join('\n')}
</table>
</html>
`;
}

function quote(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return `"${line.length > 100 ? `${line.slice(0, 99)}…` : line}"`;
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(2)} %`;
}

function decimal(value: number | null): string {
  return value === null ? '–' : value.toFixed(4);
}
