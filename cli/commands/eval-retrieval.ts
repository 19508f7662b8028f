import { basename } from 'node:path';
import { openBundleFolder } from '../ask/open-bundle-folder.ts';
import { writeFileWhole } from '../build/write-file.ts';
import type { FigureTable } from '../evaluation/evaluation-page.ts';
import { findGoldPlaces } from '../evaluation/gold-places.ts';
import type {
  IndexFigures,
  ReadAheadFigures,
  RetrievalTest,
  RetrievalVerdict,
} from '../evaluation/measure-retrieval.ts';
import { measureIndex, measureReadAhead, measureRetrieval } from '../evaluation/measure-retrieval.ts';
import type { PassageSet } from '../evaluation/passage-set.ts';
import { readPassageSet, readSpanSet } from '../evaluation/passage-set.ts';
import { readQuestionSet } from '../evaluation/question-set.ts';
import { describeRetrievalMiss, retrievalPage } from '../evaluation/retrieval-page.ts';
import { indexRows, retrievalRows, scoreRetrieval } from '../evaluation/score-retrieval.ts';
import { RANK_DEPTH } from '../evaluation/rank-figures.ts';
import { sliceBy } from '../evaluation/slices.ts';
import { createProgress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Command, CommandOptions } from './command.ts';
import { onePositional, parseOptions, usageError } from './command.ts';

/** Misses listed on the terminal. `--json` and `--html` have more. */
const MAX_LISTED = 50;
/** Deepest search there is: several passages of one document count as one place. */
const DEEP = 50;

/** `understudy eval retrieval`. */
export const evalRetrievalCommand: Command = {
  name: 'retrieval',
  summary: 'measure what the search finds: of a bundle, or of a data set without one',
  help: `Usage: understudy eval retrieval DIR --questions FILE.jsonl [options]
       understudy eval retrieval --passages FILE.jsonl --queries FILE.jsonl [options]
       understudy eval retrieval --spans FILE [options]

Of a bundle, the set is that of eval answers. Without one, an index is built of the data set and searched as a page searches it.

Options:
  --questions FILE  {"question", "lang", "answerable", "articles": [], "sections": [], "history": [], "kind", "split"} a line
  --passages FILE   {"id", "text", "title", "headings": [], "lang"} a line; "id" and "text" are required
  --queries FILE    {"query", "gold": [ids of passages], "lang"} a line; an empty "gold" is a question without answer
  --spans FILE      {"context", "question", "title", "lang"} a line, or the JSON of SQuAD and XQuAD; contexts become passages
  --language LANG   language of passages and questions that do not say theirs (default: guessed from the passages)
  --no-titles       leave titles and headings of a data set out
  --titles          search the titles of --spans too
  --read-ahead      read the passages before the first question, as a page does while nobody asks
  --html FILE       write a report that shows every miss
  --json            print one JSON object: scores, index, slices, misses
  -h, --help        show this text`,
  async run({ args, terminal, signal }) {
    const options = parseOptions(args, {
      questions: { type: 'string' },
      passages: { type: 'string' },
      queries: { type: 'string' },
      spans: { type: 'string' },
      language: { type: 'string' },
      titles: { type: 'boolean' },
      'no-titles': { type: 'boolean' },
      'read-ahead': { type: 'boolean' },
      html: { type: 'string' },
      json: { type: 'boolean' },
    });
    const isJson = options.flag('json');
    const { name, index, ahead, verdicts, warnings } = await measure(options, terminal, signal);
    const scores = scoreRetrieval(verdicts);
    const slices = sliceBy(verdicts, ({ test }) => test, scoreRetrieval);
    const misses = verdicts.flatMap((verdict) => {
      const miss = describeRetrievalMiss(verdict);
      const { id, question } = verdict.test;
      const found = verdict.found.map(({ passage }) => passage.id);
      return miss === null ? [] : [{ id, question, miss, found, expected: verdict.expected?.id ?? null }];
    });
    for (const warning of isJson ? [] : warnings) terminal.note(`warning: ${warning}`);
    const html = options.text('html');
    if (html !== null) {
      const tables: FigureTable[] = [
        { heading: 'Search', columns: [], rows: retrievalRows(scores) },
        { heading: 'Index', columns: [], rows: indexRows(index, ahead) },
        ...(slices.length === 0
          ? []
          : [
              {
                heading: 'Slices',
                columns: ['', ...retrievalRows(scores).map(([row]) => row)],
                rows: slices.map((slice) => [
                  slice.name,
                  ...retrievalRows(slice.scores).map(([, value]) => value),
                ]),
              },
            ]),
      ];
      writeFileWhole(html, retrievalPage(name, tables, verdicts));
    }
    if (isJson) {
      terminal.out(
        JSON.stringify({ set: name, ...scores, index, readAhead: ahead, slices, warnings, misses }),
      );
      return 0;
    }
    for (const [row, value] of [...retrievalRows(scores), ...indexRows(index, ahead)])
      terminal.out(`${row.padEnd(36)} ${value}`);
    for (const slice of slices) {
      const { recallAt1, meanReciprocalRank, questions } = slice.scores;
      const first = recallAt1.share === null ? '–' : `${(recallAt1.share * 100).toFixed(1)} %`;
      terminal.out(
        `  ${slice.name.padEnd(34)} R@1 ${first}, MRR@10 ${meanReciprocalRank?.toFixed(3) ?? '–'} of ${questions}`,
      );
    }
    if (misses.length > 0) terminal.out(`\n${misses.length} questions with a miss:`);
    for (const { id, question, miss } of misses.slice(0, MAX_LISTED))
      terminal.out(`  ${id}  ${question}\n      ${miss}`);
    if (misses.length > MAX_LISTED)
      terminal.out(`  … and ${misses.length - MAX_LISTED} more: --json and --html have them`);
    return 0;
  },
};

interface Measured {
  readonly name: string;
  readonly index: IndexFigures;
  /** Null where nothing was read ahead. */
  readonly ahead: ReadAheadFigures | null;
  readonly verdicts: readonly RetrievalVerdict[];
  readonly warnings: readonly string[];
}

async function measure(options: CommandOptions, terminal: Terminal, signal: AbortSignal): Promise<Measured> {
  const [questions, passages, queries, spans] = ['questions', 'passages', 'queries', 'spans'].map((name) =>
    options.text(name),
  );
  const ways = [questions, passages ?? queries, spans].filter((way) => way !== null && way !== undefined);
  if (ways.length !== 1)
    throw usageError(
      'Name a bundle and --questions, or --passages and --queries, or --spans: one of the three.',
    );
  if (typeof questions === 'string') return measureBundle(options, questions, terminal, signal);
  if (options.positionals.length > 0)
    throw usageError(`A data set needs no bundle: leave out "${options.positionals.join(' ')}".`);
  const settings = { language: options.text('language'), withTitles: !options.flag('no-titles') };
  const readsAhead = options.flag('read-ahead');
  if (typeof spans === 'string') {
    const set = readSpanSet(spans, { ...settings, withTitles: options.flag('titles') });
    return measureSet(basename(spans), set, { readsAhead, terminal, signal });
  }
  if (typeof passages !== 'string' || typeof queries !== 'string')
    throw usageError('--passages and --queries go together.');
  return measureSet(basename(passages), readPassageSet(passages, queries, settings), {
    readsAhead,
    terminal,
    signal,
  });
}

function measureSet(
  name: string,
  set: PassageSet,
  {
    readsAhead,
    terminal,
    signal,
  }: { readonly readsAhead: boolean; readonly terminal: Terminal; readonly signal: AbortSignal },
): Measured {
  const progress = createProgress(terminal);
  try {
    progress.update(`indexing ${set.passages.length} passages`);
    const { retriever, index } = measureIndex(set.passages);
    const ahead = readsAhead ? measureReadAhead(retriever) : null;
    const tests = set.questions.map(({ id, question, language, gold }): RetrievalTest => ({
      id,
      question,
      language,
      gold,
      history: [],
      isAnswerable: gold.size > 0,
      kind: '',
      split: '',
      placeOf: (passage) => passage.id,
    }));
    const verdicts = measureRetrieval(retriever, set.passages, tests, {
      limit: RANK_DEPTH,
      signal,
      onProgress: (done) => progress.update(`${done} of ${tests.length} questions`),
    });
    return { name, index, ahead, verdicts, warnings: [] };
  } finally {
    progress.done();
  }
}

async function measureBundle(
  options: CommandOptions,
  questions: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Measured> {
  const folder = onePositional(options, 'the folder of a bundle');
  const rows = readQuestionSet(questions);
  const { retriever, passages, manifest } = await openBundleFolder(folder, { withGenerator: false, signal });
  const progress = createProgress(terminal);
  try {
    const { index } = measureIndex(passages);
    const ahead = options.flag('read-ahead') ? measureReadAhead(retriever) : null;
    const warnings: string[] = [];
    const tests = rows.map((row): RetrievalTest => {
      const { id, question, language, history, isAnswerable, kind, split } = row;
      const { placeOf, passages: right, lacking } = findGoldPlaces(row, passages);
      warnings.push(...lacking.map((name) => `${id}: the bundle has no "${name}"`));
      return {
        id,
        question,
        language,
        history,
        isAnswerable,
        kind,
        split,
        gold: new Set(right.map(placeOf)),
        placeOf,
      };
    });
    const verdicts = measureRetrieval(retriever, passages, tests, {
      limit: DEEP,
      signal,
      onProgress: (done) => progress.update(`${done} of ${tests.length} questions`),
    });
    return {
      name: `${manifest.appId}: ${basename(questions)}`,
      index,
      ahead,
      verdicts,
      warnings,
    };
  } finally {
    progress.done();
  }
}
