import { escapeHtml } from '../terminal/escape-html.ts';
import { goalRows } from './answer-goals.ts';
import { describeMiss, scoreRows } from './describe-scores.ts';
import type { FigureTable } from './evaluation-page.ts';
import { evaluationPage, passageHtml } from './evaluation-page.ts';
import type { Verdict } from './judge-answer.ts';
import type { Scores } from './score-verdicts.ts';
import type { Slice } from './slices.ts';

/** Makes a report of answers: figures, slices, every miss with the passages cited and expected, and all other answers. */
export function answersPage(
  title: string,
  scores: Scores,
  slices: readonly Slice<Scores>[],
  verdicts: readonly Verdict[],
): string {
  const tables: FigureTable[] = [
    { heading: 'Aims', columns: [], rows: goalRows(scores) },
    { heading: 'Figures', columns: [], rows: scoreRows(scores) },
    ...(slices.length === 0 ? [] : [sliceTable(slices)]),
  ];
  const judged = verdicts.map((verdict) => ({ verdict, miss: describeMiss(verdict) }));
  const misses = judged.flatMap(({ verdict, miss }) => (miss === null ? [] : [missHtml(verdict, miss)]));
  const right = judged.flatMap(({ verdict, miss }) => (miss === null ? [rightHtml(verdict)] : []));
  return evaluationPage(
    title,
    tables,
    `<h2>${misses.length} questions with a miss</h2>
${misses.join('\n')}
<h2>${right.length} without</h2>
<details><summary>all of them</summary><div class="scroll"><table>
<thead><tr><th scope="col">id</th><th scope="col">question</th><th scope="col">answer</th><th scope="col">sources</th></tr></thead>
<tbody>
${right.join('\n')}
</tbody></table></div></details>`,
  );
}

/** Slices with the figures that have an aim. */
export function sliceTable(slices: readonly Slice<Scores>[]): FigureTable {
  return {
    heading: 'Slices',
    columns: [
      '',
      'questions',
      'R@1',
      ...(slices[0] === undefined ? [] : goalRows(slices[0].scores).map(([name]) => name)),
    ],
    rows: slices.map(({ name, scores }) => [
      name,
      String(scores.questions),
      percent(scores.recallAt1.share),
      ...goalRows(scores).map(([, value]) => value),
    ]),
  };
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}

function missHtml({ test, answered, expected, cited }: Verdict, miss: string): string {
  const { id, question, language, kind, history, facts } = test;
  const facets = [
    id,
    kind,
    language,
    `intent ${answered.intent}`,
    `confidence ${answered.confidence.toFixed(2)}`,
  ];
  const sides = [
    ...cited.map((passage, at) => passageHtml(`Cited [${at + 1}]`, passage, question, language)),
    ...(expected === null || cited.includes(expected)
      ? []
      : [passageHtml('Expected', expected, question, language)]),
  ];
  return `<article><h3>${escapeHtml(question)}</h3>
<p><span class="wrong">${escapeHtml(miss)}</span> <span class="dim">${escapeHtml(facets.filter((facet) => facet !== '').join(' · '))}</span></p>
${history.length === 0 ? '' : `<p class="dim">after: ${escapeHtml(history.join(' / '))}</p>`}
<div class="text">${escapeHtml(answered.answer === '' ? (answered.message ?? '–') : answered.answer)}</div>
${facts.length === 0 ? '' : `<p>must contain: ${escapeHtml(facts.join(' + '))}</p>`}
<div class="sides">${sides.join('')}</div></article>`;
}

function rightHtml({ test, answered, cited }: Verdict): string {
  const cells = [
    test.id,
    test.question,
    answered.answer,
    cited.map(({ title, headings }) => [title, ...headings].join(' › ')).join(', '),
  ];
  return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
}
