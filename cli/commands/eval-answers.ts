import { basename } from 'node:path';
import { openBundleFolder } from '../ask/open-bundle-folder.ts';
import { writeFileWhole } from '../build/write-file.ts';
import { answerGoals, goalRows } from '../evaluation/answer-goals.ts';
import { answersPage } from '../evaluation/answers-page.ts';
import { describeMiss, scoreRows } from '../evaluation/describe-scores.ts';
import { evaluateAnswers } from '../evaluation/evaluate-answers.ts';
import { readQuestionSet } from '../evaluation/question-set.ts';
import { scoreVerdicts } from '../evaluation/score-verdicts.ts';
import { sliceBy } from '../evaluation/slices.ts';
import { createProgress } from '../terminal/progress.ts';
import type { Command } from './command.ts';
import { onePositional, parseOptions, usageError } from './command.ts';

/** `understudy eval answers`. */
export const evalAnswersCommand: Command = {
  name: 'answers',
  summary: 'measure the answers of a bundle against a set of questions',
  help: `Usage: understudy eval answers DIR --questions FILE.jsonl [options]

Each line of the set is {"id", "question", "lang", "answerable", "articles": [], "sections": [], "facts": [], "kind", "split",
"history": []}; only "question" is required. "articles" names documents that answer it, "sections" the headings there, "facts" what
the answer must contain ("5 days|five days" is either), "history" the questions asked before it in the same conversation.

Options:
  --questions FILE  the set
  --html FILE       write a report that shows every miss with the passages cited and expected
  --json            print one JSON object: scores, aims, slices, misses
  --no-generator    measure extracts; do not word answers
  -h, --help        show this text`,
  async run({ args, terminal, signal }) {
    const options = parseOptions(args, {
      questions: { type: 'string' },
      html: { type: 'string' },
      json: { type: 'boolean' },
      'no-generator': { type: 'boolean' },
    });
    const folder = onePositional(options, 'the folder of a bundle');
    const path = options.text('questions');
    if (path === null) throw usageError('Name the set of questions with --questions.');
    const tests = readQuestionSet(path);
    const isJson = options.flag('json');
    const progress = createProgress(terminal);
    const bundle = await openBundleFolder(folder, { withGenerator: !options.flag('no-generator'), signal });
    if (bundle.engineFault !== null && !isJson) terminal.note(`warning: ${bundle.engineFault.message}`);
    const { verdicts, warnings } = await evaluateAnswers(bundle, tests, {
      signal,
      onProgress: (done) => progress.update(`${done} of ${tests.length} questions`),
    }).finally(async () => {
      progress.done();
      await bundle.engine?.dispose();
    });
    const scores = scoreVerdicts(verdicts);
    const slices = sliceBy(verdicts, ({ test }) => test, scoreVerdicts);
    const misses = verdicts.flatMap((verdict) => {
      const miss = describeMiss(verdict);
      const { id, question } = verdict.test;
      const cited = verdict.cited.map((passage) => passage.id);
      const expected = verdict.expected?.id ?? null;
      return miss === null ? [] : [{ id, question, miss, answer: verdict.answered.answer, cited, expected }];
    });
    const html = options.text('html');
    const { appId, release } = bundle.manifest;
    if (html !== null)
      writeFileWhole(html, answersPage(`${appId}: ${basename(path)}`, scores, slices, verdicts));
    if (isJson) {
      const goals = answerGoals(scores);
      terminal.out(JSON.stringify({ app: appId, release, ...scores, goals, slices, warnings, misses }));
      return 0;
    }
    for (const warning of warnings) terminal.note(`warning: ${warning}`);
    for (const [name, value, aim] of goalRows(scores))
      terminal.out(`${name.padEnd(34)} ${value.padEnd(24)} ${aim}`);
    for (const [name, value] of scoreRows(scores)) terminal.out(`${name.padEnd(34)} ${value}`);
    if (slices.length > 0)
      terminal.out(
        `\nslices: ${answerGoals(scores)
          .map(({ name }) => name)
          .join(' / ')}`,
      );
    for (const slice of slices) {
      const shares = answerGoals(slice.scores).map(({ share }) =>
        share.share === null ? '–' : (share.share * 100).toFixed(1),
      );
      terminal.out(`  ${slice.name.padEnd(32)} ${shares.join(' / ')} % of ${slice.scores.questions}`);
    }
    if (misses.length > 0) terminal.out(`\n${misses.length} questions with a miss:`);
    for (const { id, question, miss } of misses) terminal.out(`  ${id}  ${question}\n      ${miss}`);
    return 0;
  },
};
