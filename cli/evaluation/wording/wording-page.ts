import { escapeHtml } from '../../terminal/escape-html.ts';
import type { FigureTable } from '../evaluation-page.ts';
import { evaluationPage } from '../evaluation-page.ts';
import type { Slice } from '../slices.ts';
import { describeFate, fateRows, wordingRows } from './describe-wording.ts';
import type { JudgedSide, WordingVerdict } from './judge-wording.ts';
import { orderForReading } from './order-for-reading.ts';
import type { WordingScores } from './score-wording.ts';

/** Makes a report of worded answers: figures, slices, and extract and worded answer side by side, the worse ones first. */
export function wordingPage(
  title: string,
  scores: WordingScores,
  slices: readonly Slice<WordingScores>[],
  verdicts: readonly WordingVerdict[],
  limit: number,
): string {
  const columns = ['', 'extract', 'with the generator'];
  const reasons = Object.entries(scores.unsupportedFor).map(([kind, count]) => [kind, String(count)]);
  const tables: FigureTable[] = [
    { heading: 'Figures', columns, rows: wordingRows(scores) },
    { heading: 'What became of the answers', columns: [], rows: fateRows(scores) },
    ...(reasons.length === 0
      ? []
      : [{ heading: 'Why written statements are not supported', columns: [], rows: reasons }]),
    ...(slices.length === 0 ? [] : [sliceTable(slices)]),
  ];
  const shown = orderForReading(verdicts).slice(0, limit);
  const worse = shown.filter(({ losses }) => losses.length > 0).length;
  return evaluationPage(
    title,
    tables,
    `<h2>${shown.length} of ${verdicts.length} questions; ${worse} where wording is worse come first</h2>
${shown.map(rowHtml).join('\n')}`,
  );
}

function sliceTable(slices: readonly Slice<WordingScores>[]): FigureTable {
  const names = slices[0] === undefined ? [] : wordingRows(slices[0].scores).map(([name]) => name);
  return {
    heading: 'Slices',
    columns: ['', ...names],
    rows: slices.map(({ name, scores }) => [
      name,
      ...wordingRows(scores).map(([, value, worded]) => (worded === '' ? value : `${value} → ${worded}`)),
    ]),
  };
}

function rowHtml({ test, extract, worded, fate, written, losses }: WordingVerdict): string {
  const { id, question, kind, language, history, facts, reference } = test;
  const facets = [id, kind, language, describeFate(fate)].filter((facet) => facet !== '').join(' · ');
  const refused = written.flatMap(({ text, reasons }) =>
    reasons.length === 0
      ? []
      : [`${text} (${reasons.map(({ kind: why, piece }) => `${why}: ${piece}`).join('; ')})`],
  );
  const wanted = reference === '' ? facts.join(' + ') : reference;
  return `<article><h3>${escapeHtml(question)}</h3>
<p>${losses.length === 0 ? '' : `<span class="wrong">${escapeHtml(losses.join('; '))}</span> `}<span class="dim">${escapeHtml(facets)}</span></p>
${history.length === 0 ? '' : `<p class="dim">after: ${escapeHtml(history.join(' / '))}</p>`}
${wanted === '' ? '' : `<p>wanted: ${escapeHtml(wanted)}</p>`}
<div class="sides">${sideHtml('Extract', extract)}${sideHtml('With the generator', worded)}</div>
${refused.length === 0 ? '' : `<p class="dim">written and not supported: ${escapeHtml(refused.join(' | '))}</p>`}</article>`;
}

function sideHtml(label: string, { answered, overlap, length }: JudgedSide): string {
  const { answer, message, citations, firstTextMs } = answered;
  const facts = [
    `${length} tokens`,
    ...(overlap === null ? [] : [`F1 ${overlap.toFixed(2)}`]),
    ...(firstTextMs === null ? [] : [`first text ${firstTextMs.toFixed(0)} ms`]),
  ];
  const sources = citations.map(
    ({ index, title, headings }) => `[${index}] ${[title, ...headings].join(' › ')}`,
  );
  return `<div><h4>${label}</h4>
<div class="text">${escapeHtml(answer === '' ? (message ?? '–') : answer)}</div>
<p class="dim">${escapeHtml([...facts, ...sources].join(' · '))}</p></div>`;
}
