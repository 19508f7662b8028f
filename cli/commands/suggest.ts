import { join } from 'node:path';
import { readQuestionSet } from '../evaluation/question-set.ts';
import { writeFileWhole } from '../build/write-file.ts';
import { draftQuestions } from '../suggest/draft-questions.ts';
import type { DraftedQuestion } from '../suggest/drafted-question.ts';
import type { AskedQuestion } from '../suggest/find-gaps.ts';
import { describeDifference, describePlace, findContradicted } from '../suggest/find-contradicted.ts';
import { findGaps } from '../suggest/find-gaps.ts';
import { findHidden } from '../suggest/find-hidden.ts';
import { openPages } from '../suggest/open-pages.ts';
import { readOutbox } from '../suggest/read-outbox.ts';
import { reviewPages } from '../suggest/review-pages.ts';
import type { Suggestions } from '../suggest/suggest-page.ts';
import { REMARK_NAMES, describeHidden, missesOf, suggestPage } from '../suggest/suggest-page.ts';
import { writeDrafts } from '../suggest/write-drafts.ts';
import { createProgress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Command } from './command.ts';
import { onePositional, parseOptions, usageError } from './command.ts';

/** Entries of one list on the terminal; --html and --json have all. */
const MAX_LISTED = 15;

/** `understudy suggest`. */
export const suggestCommand: Command = {
  name: 'suggest',
  summary: 'say what the pages lack: gaps, hidden answers, contradictions, copies; draft questions and pages',
  help: `Usage: understudy suggest <bundle | understudy.yml | folder | address> [options]

Drafts questions that the pages answer and says which of them do not find their page; looks up what visitors asked and gathers what
no page answers; finds places that contradict each other, pages that say the same or little, and headings that say nothing. Nothing is
changed.

Options:
  --outbox FILE         messages visitors left, as the outbox address got them: one JSON object a line, or a JSON list
  --questions FILE      questions to look up, as of "eval answers"
  --questions-out FILE  write the drafted questions as a set for "eval answers"; check it before you trust it
  --drafts DIR          write a page for every gap: its questions, and the passage that comes closest in a comment
  --html FILE           write all of it as a page
  --json                print one JSON object
  -h, --help            show this text`,
  async run({ args, terminal, signal }) {
    const options = parseOptions(args, {
      outbox: { type: 'string' },
      questions: { type: 'string' },
      'questions-out': { type: 'string' },
      drafts: { type: 'string' },
      html: { type: 'string' },
      json: { type: 'boolean' },
    });
    const target = onePositional(options, 'a bundle, an understudy.yml or a folder of pages');
    const [outbox, questions] = [options.text('outbox'), options.text('questions')];
    const [drafts, html, set] = [options.text('drafts'), options.text('html'), options.text('questions-out')];
    const given: AskedQuestion[] = [
      ...(outbox === null ? [] : readOutbox(outbox)),
      ...(questions === null
        ? []
        : readQuestionSet(questions)
            .filter(({ isAnswerable }) => isAnswerable)
            .map(({ question, language, history }) => ({ question, language, history, origin: 'set' }))),
    ];
    const pages = await openPages(target, signal);
    const asked = [...given, ...pages.asked];
    if (drafts !== null && asked.length === 0)
      throw usageError('--drafts writes pages for what was asked: name --outbox or --questions too.');
    const progress = createProgress(terminal);
    try {
      const drafted = draftQuestions(pages.passages);
      const onProgress = (done: number): void => progress.update(`${done} of ${drafted.length} questions`);
      const found: Suggestions = {
        name: pages.name,
        pages: new Set(pages.passages.map(({ documentId }) => documentId)).size,
        drafted,
        hidden: findHidden(pages.retriever, drafted, { signal, onProgress }),
        asked: asked.length,
        gaps: findGaps(pages, asked),
        contradictions: findContradicted(pages.passages),
        remarks: reviewPages(pages.passages),
        missed: missesOf(pages.passages),
      };
      if (set !== null) writeFileWhole(set, drafted.map(toRow).join(''));
      const written = drafts === null ? [] : writeDrafts(found.gaps);
      for (const { name, markdown } of written) writeFileWhole(join(drafts ?? '', name), markdown);
      if (html !== null) writeFileWhole(html, suggestPage(found));
      progress.done();
      if (options.flag('json'))
        terminal.out(JSON.stringify({ ...found, drafts: written.map(({ name }) => name) }));
      else tell(terminal, found);
    } finally {
      progress.done();
    }
    return 0;
  },
};

function tell(
  terminal: Terminal,
  { pages, drafted, hidden, asked, gaps, contradictions, remarks, missed }: Suggestions,
): void {
  terminal.out(`${pages} pages, ${drafted.length} questions drafted from them`);
  const list = (head: string, lines: readonly string[]): void => {
    terminal.out(`\n${lines.length} ${head}${lines.length === 0 ? '' : ':'}`);
    for (const line of lines.slice(0, MAX_LISTED)) terminal.out(`  ${line}`);
    if (lines.length > MAX_LISTED)
      terminal.out(`  … and ${lines.length - MAX_LISTED} more: --html and --json have them`);
  };
  if (asked > 0) {
    list(
      `gaps in ${asked} questions that were asked`,
      gaps.map(({ word, questions }) =>
        word === ''
          ? (questions[0]?.question ?? '')
          : `${word}: ${questions.map(({ question }) => question).join(' / ')}`,
      ),
    );
  }
  if (missed.length > 0) {
    list(
      'pages with questions near to them that no page answers',
      missed.map(({ documentId, questions }) => `${documentId}: ${questions.join(' / ')}`),
    );
  }
  list(
    'questions that do not find their page',
    hidden.map((one) => `${one.question}\n      ${one.documentId}: ${describeHidden(one)}`),
  );
  list(
    'places that contradict each other',
    contradictions.map(
      (one) =>
        `${describeDifference(one)}${one.places.map((place) => `\n      ${describePlace(place)}`).join('')}`,
    ),
  );
  for (const kind of ['duplicate', 'thin', 'empty-heading'] as const) {
    const lines = remarks.filter((remark) => remark.kind === kind);
    list(
      REMARK_NAMES[kind],
      lines.map(({ documentId, what }) => `${documentId}: ${what}`),
    );
  }
}

/** A row of a question set; its id holds as long as the passages do. */
function toRow(one: DraftedQuestion, at: number): string {
  const { question, language, documentId, heading, facts, kind } = one;
  const row = { id: `draft-${at + 1}`, question, lang: language, answerable: true, articles: [documentId] };
  return `${JSON.stringify({ ...row, sections: heading === '' ? [] : [heading], facts, kind })}\n`;
}
