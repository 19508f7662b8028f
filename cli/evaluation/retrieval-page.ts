import { escapeHtml } from '../terminal/escape-html.ts';
import type { FigureTable } from './evaluation-page.ts';
import { evaluationPage, passageHtml } from './evaluation-page.ts';
import type { RetrievalVerdict } from './measure-retrieval.ts';

/** Misses that are shown in full; a report of more would be too long to open. */
const MAX_SHOWN = 400;

/** What is wrong with what was found, in words; null when nothing is. */
export function describeRetrievalMiss({
  test,
  ranks,
  rightCount,
  isRefused,
  confidence,
}: RetrievalVerdict): string | null {
  const faults: string[] = [];
  const [first] = ranks;
  if (!test.isAnswerable) {
    if (!isRefused) faults.push(`not refused, confidence ${confidence.toFixed(2)}`);
  } else {
    if (rightCount > 0 && first === undefined) faults.push('right place not found');
    else if (first !== undefined && first > 1) faults.push(`right place at ${first}`);
    if (isRefused) faults.push(`refused, confidence ${confidence.toFixed(2)}`);
  }
  return faults.length === 0 ? null : faults.join('; ');
}

/** Makes a report with every miss: the question, what was found, what is right, and the words in common. */
export function retrievalPage(
  title: string,
  tables: readonly FigureTable[],
  verdicts: readonly RetrievalVerdict[],
): string {
  const misses = verdicts.flatMap((verdict) => {
    const miss = describeRetrievalMiss(verdict);
    return miss === null ? [] : [missHtml(verdict, miss)];
  });
  const left =
    misses.length > MAX_SHOWN ? `<p class="dim">${misses.length - MAX_SHOWN} more are not shown.</p>` : '';
  return evaluationPage(
    title,
    tables,
    `<h2>${misses.length} questions with a miss</h2>\n${misses.slice(0, MAX_SHOWN).join('\n')}\n${left}`,
  );
}

function missHtml({ test, found, ranks, expected }: RetrievalVerdict, miss: string): string {
  const { id, question, language, history } = test;
  const [best] = found;
  const sides = [
    best === undefined
      ? ''
      : passageHtml(ranks[0] === 1 ? 'Found, and right' : 'Found first', best.passage, question, language),
    expected === null || ranks[0] === 1 ? '' : passageHtml('Right', expected, question, language),
  ];
  const others = found.slice(1).map(({ passage, score }) => {
    return `<li>${escapeHtml([passage.title, ...passage.headings, passage.id].filter((part) => part !== '').join(' › '))} <span class="dim">${score.toFixed(3)}</span></li>`;
  });
  return `<article><h3>${escapeHtml(question)}</h3>
<p><span class="wrong">${escapeHtml(miss)}</span> <span class="dim">${escapeHtml([id, test.kind, language].filter((part) => part !== '').join(' · '))}</span></p>
${history.length === 0 ? '' : `<p class="dim">after: ${escapeHtml(history.join(' / '))}</p>`}
<div class="sides">${sides.join('')}</div>
<details><summary>found behind it</summary><ol start="2">${others.join('')}</ol></details></article>`;
}
