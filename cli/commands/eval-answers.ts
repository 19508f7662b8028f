import { basename } from 'node:path';
import { answerQuestion } from '../ask/answer-question.ts';
import { openBundleFolder } from '../ask/open-bundle-folder.ts';
import { writeFileWhole } from '../build/write-file.ts';
import { describeMiss, scoreRows, scoresPage } from '../evaluation/describe-scores.ts';
import { judgeAnswer } from '../evaluation/judge-answer.ts';
import type { Verdict } from '../evaluation/judge-answer.ts';
import { readQuestionSet } from '../evaluation/question-set.ts';
import { scoreVerdicts } from '../evaluation/score-verdicts.ts';
import type { Scores } from '../evaluation/score-verdicts.ts';
import { createProgress } from '../terminal/progress.ts';
import type { Command } from './command.ts';
import { onePositional, parseOptions, usageError } from './command.ts';

/** `understudy eval answers`. */
export const evalAnswersCommand: Command = {
  name: 'answers',
  summary: 'measure the answers of a bundle against a set of questions',
  help: `Usage: understudy eval answers DIR --questions FILE.jsonl [options]

Each line of the set is {"id", "question", "lang", "answerable", "articles": [], "facts": [], "kind"}; only "question" is
required. "articles" names documents that answer it, "facts" what the answer must contain ("5 days|five days" is either).

Options:
  --questions FILE  the set
  --html FILE       write a report with every answer
  --json            print one JSON object: scores, scores by kind, misses
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
    const verdicts: Verdict[] = [];
    try {
      for (const test of tests) {
        progress.update(`${verdicts.length} of ${tests.length} questions`);
        const { question, language } = test;
        const answered = await answerQuestion(bundle.responder, question, { language, signal });
        const { ranked } = bundle.retriever.search(question, { language, limit: 50 });
        const found = [...new Set(ranked.map(({ passage }) => passage.documentId))];
        verdicts.push(judgeAnswer(test, answered, found));
      }
    } finally {
      progress.done();
      await bundle.engine?.dispose();
    }
    const scores = scoreVerdicts(verdicts);
    const misses = verdicts.flatMap((verdict) => {
      const miss = describeMiss(verdict);
      const { id, question } = verdict.test;
      return miss === null ? [] : [{ id, question, miss, answer: verdict.answered.answer }];
    });
    const html = options.text('html');
    if (html !== null)
      writeFileWhole(html, scoresPage(`${bundle.manifest.appId}: ${basename(path)}`, scores, verdicts));
    if (isJson) {
      const kinds = [...new Set(tests.map((test) => test.kind))].filter((kind) => kind !== '').sort();
      const byKind: Record<string, Scores> = {};
      for (const kind of kinds)
        byKind[kind] = scoreVerdicts(verdicts.filter(({ test }) => test.kind === kind));
      const { appId, release } = bundle.manifest;
      terminal.out(JSON.stringify({ app: appId, release, ...scores, kinds: byKind, misses }));
      return 0;
    }
    for (const [name, value] of scoreRows(scores)) terminal.out(`${name.padEnd(34)} ${value}`);
    if (misses.length > 0) terminal.out(`\n${misses.length} questions with a miss:`);
    for (const { id, question, miss } of misses) terminal.out(`  ${id}  ${question}\n      ${miss}`);
    return 0;
  },
};
