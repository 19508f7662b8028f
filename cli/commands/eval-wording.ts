import { basename } from 'node:path';
import { openBundleFolder } from '../ask/open-bundle-folder.ts';
import { writeFileWhole } from '../build/write-file.ts';
import { readQuestionSet } from '../evaluation/question-set.ts';
import { sliceBy } from '../evaluation/slices.ts';
import { fateRows, wordingRows } from '../evaluation/wording/describe-wording.ts';
import { evaluateWording } from '../evaluation/wording/evaluate-wording.ts';
import type { WordingVerdict } from '../evaluation/wording/judge-wording.ts';
import { orderForReading } from '../evaluation/wording/order-for-reading.ts';
import { scoreWording } from '../evaluation/wording/score-wording.ts';
import { wordingPage } from '../evaluation/wording/wording-page.ts';
import { createProgress } from '../terminal/progress.ts';
import type { Command } from './command.ts';
import { integerOption, onePositional, parseOptions, usageError } from './command.ts';

const DEFAULT_LIMIT = 200;
const MOST_SHOWN = 10_000;

/** `understudy eval wording`. */
export const evalWordingCommand: Command = {
  name: 'wording',
  summary: 'compare the answers that the generator words with the extracts they are made of',
  help: `Usage: understudy eval wording DIR --questions FILE.jsonl [options]

Every question is asked twice: without the generator, which gives the extract, and with it. The set is that of eval answers; F1 is
counted against "reference", a good answer in words, or where a row has none against its "facts".

Options:
  --questions FILE  the set
  --html FILE       write a report with both answers side by side, those first where wording is worse
  --limit N         how many questions the report and --json show (default: ${DEFAULT_LIMIT}); all are measured
  --json            print one JSON object: scores, slices, rows
  -h, --help        show this text`,
  async run({ args, terminal, signal }) {
    const options = parseOptions(args, {
      questions: { type: 'string' },
      html: { type: 'string' },
      limit: { type: 'string' },
      json: { type: 'boolean' },
    });
    const folder = onePositional(options, 'the folder of a bundle');
    const path = options.text('questions');
    if (path === null) throw usageError('Name the set of questions with --questions.');
    const limit = integerOption(options, 'limit', 1, MOST_SHOWN) ?? DEFAULT_LIMIT;
    const tests = readQuestionSet(path);
    const isJson = options.flag('json');
    const progress = createProgress(terminal);
    progress.update('opening the bundle');
    const bundle = await openBundleFolder(folder, { withGenerator: true, signal });
    if (bundle.engine === null) {
      progress.done();
      throw bundle.engineFault ?? usageError('The bundle has no generator: there is nothing to compare.');
    }
    const { verdicts, warnings } = await evaluateWording(bundle, tests, {
      signal,
      onProgress: (done) => progress.update(`${done} of ${tests.length} questions`),
    }).finally(async () => {
      progress.done();
      await bundle.engine?.dispose();
    });
    const scores = scoreWording(verdicts);
    const slices = sliceBy(verdicts, ({ test }) => test, scoreWording);
    const html = options.text('html');
    const { appId, release } = bundle.manifest;
    if (html !== null)
      writeFileWhole(html, wordingPage(`${appId}: ${basename(path)}`, scores, slices, verdicts, limit));
    if (isJson) {
      const rows = orderForReading(verdicts).slice(0, limit).map(toRow);
      terminal.out(JSON.stringify({ app: appId, release, ...scores, slices, warnings, rows }));
      return 0;
    }
    for (const warning of warnings) terminal.note(`warning: ${warning}`);
    for (const [name, value, worded] of wordingRows(scores))
      terminal.out(`${name.padEnd(34)} ${value}${worded === '' ? '' : ` → ${worded}`}`);
    terminal.out('\nwhat became of the answers:');
    for (const [fate, count] of fateRows(scores)) terminal.out(`  ${fate.padEnd(52)} ${count}`);
    const worse = orderForReading(verdicts).filter(({ losses }) => losses.length > 0);
    if (worse.length > 0) terminal.out(`\n${worse.length} answers that are worse than the extract:`);
    for (const { test, losses } of worse)
      terminal.out(`  ${test.id}  ${test.question}\n      ${losses.join('; ')}`);
    return 0;
  },
};

function toRow({ test, fate, losses, extract, worded, written }: WordingVerdict) {
  const side = ({ answered, overlap, length }: WordingVerdict['extract']) => ({
    answer: answered.answer,
    citations: answered.citations.map(({ passageId }) => passageId),
    overlap,
    tokens: length,
    firstTextMs: answered.firstTextMs,
  });
  const { id, question } = test;
  return { id, question, fate, losses, extract: side(extract), worded: side(worded), written };
}
