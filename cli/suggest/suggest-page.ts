import type { Passage } from '../../src/contracts/passage.ts';
import { evaluationPage } from '../evaluation/evaluation-page.ts';
import { escapeHtml } from '../terminal/escape-html.ts';
import type { DraftedQuestion } from './drafted-question.ts';
import type { Contradicted } from './find-contradicted.ts';
import { describeDifference, describePlace } from './find-contradicted.ts';
import type { Gap } from './find-gaps.ts';
import type { HiddenAnswer } from './find-hidden.ts';
import type { PageRemark } from './review-pages.ts';

/** What was found about pages. */
export interface Suggestions {
  readonly name: string;
  readonly pages: number;
  readonly drafted: readonly DraftedQuestion[];
  readonly hidden: readonly HiddenAnswer[];
  /** Questions that were looked up; 0 when there were none. */
  readonly asked: number;
  readonly gaps: readonly Gap[];
  readonly contradictions: readonly Contradicted[];
  readonly remarks: readonly PageRemark[];
  /** Near misses of the bundle or configuration, page by page. */
  readonly missed: readonly PageMisses[];
}

/** Questions that come near to a page and that no page answers. */
export interface PageMisses {
  readonly documentId: string;
  readonly title: string;
  readonly questions: readonly string[];
}

/** The near misses that passages have. */
export function missesOf(passages: readonly Passage[]): readonly PageMisses[] {
  return passages.flatMap(({ documentId, title, nearMisses = [] }) =>
    nearMisses.length === 0 ? [] : [{ documentId, title, questions: nearMisses }],
  );
}

/** Words for the kinds of remarks, in the order they are told. */
export const REMARK_NAMES = {
  duplicate: 'pages that say the same',
  thin: 'pages that say little',
  'empty-heading': 'headings that say nothing',
} as const;

/** What is the matter with a question that does not find its page, in words. */
export function describeHidden({ place, instead, isRefused }: HiddenAnswer): string {
  const found = instead === null ? [] : [`${[instead.title, ...instead.headings].join(' › ')} comes first`];
  const own = place === null ? ['its page is not found'] : place > 1 ? [`its page comes at ${place}`] : [];
  return [...own, ...found, ...(isRefused ? ['it is turned away'] : [])].join('; ');
}

/** Makes a report of suggestions as one HTML page without scripts. */
export function suggestPage(found: Suggestions): string {
  const { name, pages, drafted, hidden, asked, gaps, contradictions, remarks, missed } = found;
  const unanswered = gaps.reduce((sum, { questions }) => sum + questions.length, 0);
  const rows = [
    ['pages', String(pages)],
    ['questions drafted', String(drafted.length)],
    ['of them, not finding their page', String(hidden.length)],
    ['questions asked, none answering', asked === 0 ? '–' : `${unanswered} of ${asked}`],
    [
      'near misses, answered by no page',
      String(missed.reduce((sum, { questions }) => sum + questions.length, 0)),
    ],
    ['places that contradict each other', String(contradictions.length)],
    ['remarks on pages', String(remarks.length)],
  ];
  const list = (items: readonly string[]): string =>
    items.length === 0
      ? '<p class="dim">none</p>'
      : `<ul>${items.map((item) => `<li>${item}</li>`).join('\n')}</ul>`;
  const body = [
    '<h2>Gaps</h2>',
    gaps.length === 0 ? '<p class="dim">none</p>' : gaps.map(gapHtml).join('\n'),
    '<h2>Near misses</h2>',
    '<p class="dim">Questions that visitors of a page may ask and that no page answers, as the file of near misses says.</p>',
    list(
      missed.map(
        ({ documentId, questions }) =>
          `<span class="dim">${escapeHtml(documentId)}</span> ${questions.map(escapeHtml).join(' / ')}`,
      ),
    ),
    '<h2>Questions that do not find their page</h2>',
    '<p class="dim">Write the words of the question into the page, or the question into its front matter under "questions".</p>',
    list(
      hidden.map(
        (one) =>
          `${escapeHtml(one.question)} <span class="dim">${escapeHtml(`${one.documentId} – ${describeHidden(one)}`)}</span>`,
      ),
    ),
    '<h2>Places that contradict each other</h2>',
    list(
      contradictions.map((one) =>
        [describeDifference(one), ...one.places.map(describePlace)]
          .map((line, at) =>
            at === 0 ? escapeHtml(line) : `<br><span class="dim">${escapeHtml(line)}</span>`,
          )
          .join(''),
      ),
    ),
    ...(['duplicate', 'thin', 'empty-heading'] as const).flatMap((kind) => [
      `<h2>${escapeHtml(capital(REMARK_NAMES[kind]))}</h2>`,
      list(
        remarks
          .filter((remark) => remark.kind === kind)
          .map(
            ({ documentId, what }) =>
              `${escapeHtml(documentId)} <span class="dim">${escapeHtml(what)}</span>`,
          ),
      ),
    ]),
    '<h2>Questions drafted from the pages</h2>',
    list(
      drafted.map(
        ({ question, documentId, heading, facts }) =>
          `${escapeHtml(question)} <span class="dim">${escapeHtml([documentId, heading, ...facts].filter((part) => part !== '').join(' · '))}</span>`,
      ),
    ),
  ];
  return evaluationPage(`${name}: suggestions`, [{ heading: 'Found', columns: [], rows }], body.join('\n'));
}

function gapHtml({ word, questions }: Gap): string {
  const items = questions.map(({ question, origin, closest, confidence }) => {
    const near =
      closest === null
        ? 'nothing is alike'
        : `closest: ${[closest.title, ...closest.headings].join(' › ')}, ${confidence.toFixed(2)}`;
    return `<li>${escapeHtml(question)} <span class="dim">${escapeHtml(`${origin} – ${near}`)}</span></li>`;
  });
  const head =
    word === '' ? '' : `<h3>${escapeHtml(word)} <span class="dim">${questions.length} questions</span></h3>`;
  return `<article>${head}<ul>${items.join('\n')}</ul></article>`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
