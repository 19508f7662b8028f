import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { OpenedBundle } from '../../cli/ask/open-bundle-folder.ts';
import { loadConfig } from '../../cli/config/load-config.ts';
import { parseModel } from '../../cli/config/parse-model.ts';
import { answerGoals } from '../../cli/evaluation/answer-goals.ts';
import { answersPage } from '../../cli/evaluation/answers-page.ts';
import { describeMiss } from '../../cli/evaluation/describe-scores.ts';
import { evaluateAnswers } from '../../cli/evaluation/evaluate-answers.ts';
import type { Verdict } from '../../cli/evaluation/judge-answer.ts';
import type { TestQuestion } from '../../cli/evaluation/question-set.ts';
import { scoreVerdicts } from '../../cli/evaluation/score-verdicts.ts';
import { sliceBy } from '../../cli/evaluation/slices.ts';
import { openBuiltBundle } from './built-bundle.ts';
import type { HelpcenterTest } from './helpcenter-questions.ts';
import { readHelpcenterTests, toBundleQuestion } from './helpcenter-questions.ts';
import { convertHelpcenter, readArticles } from './helpcenter.ts';

// Measures answers to the own questions on help centres whose pages are not in this repository, by language and half of the pages.
// Usage: tsx test/convert/prove-answers.ts --data FOLDER [--set NAME] [--split tune|held] [--html DIR] [--misses] [--keep DIR]
//   [--encoder WHICH] [--expected FOLDER] [--near-misses FOLDER]
// Settings are chosen by the half `tune` alone: misses and reports show that half unless --split names the other.
// --encoder default (or a GGUF file) finds pages by meaning too.
// --expected names the folder with SET.jsonl, the questions that visitors are expected to ask, as "understudy expect" writes them.
// --near-misses names the folder with SET.jsonl, the questions that no page answers, as "understudy expect --near-misses" writes them.
// --keep holds the bundles for the next run; they are built again when the code that builds them has changed.

const WIDTH = 26;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    questions: { type: 'string', default: 'test/fixtures/questions' },
    set: { type: 'string' },
    split: { type: 'string' },
    html: { type: 'string' },
    keep: { type: 'string' },
    encoder: { type: 'string', default: 'none' },
    expected: { type: 'string' },
    'near-misses': { type: 'string' },
    misses: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const { data, set: onlySet, split: onlySplit } = values;
if (data === undefined || !existsSync(data)) {
  console.log('never-run: name the folder of the help centres with --data FOLDER');
} else {
  const tests = readHelpcenterTests(values.questions).filter(
    ({ set, test }) =>
      (onlySet === undefined || set === onlySet) && (onlySplit === undefined || test.split === onlySplit),
  );
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'understudy-answers-'));
  try {
    await prove(data, folder, tests);
  } finally {
    if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function prove(from: string, folder: string, tests: readonly HelpcenterTest[]): Promise<void> {
  const verdicts: { readonly set: string; readonly verdict: Verdict }[] = [];
  for (const set of [...new Set(tests.map((one) => one.set))].sort()) {
    const asked = await ask(
      from,
      set,
      folder,
      tests.filter((one) => one.set === set),
    );
    verdicts.push(...asked.map((verdict) => ({ set, verdict })));
  }
  if (verdicts.length === 0) {
    console.log('never-run: no questions there');
    process.exitCode = 1;
    return;
  }
  const groups = new Map<string, Verdict[]>();
  for (const { set, verdict } of verdicts) {
    const { language, split } = verdict.test;
    for (const name of [`${set} ${split}`, `${language} ${split}`, language])
      groups.set(name, [...(groups.get(name) ?? []), verdict]);
  }
  const rows = [...groups].map(([name, of]) => ({ name, scores: scoreVerdicts(of) }));
  if (values.json) {
    console.log(
      JSON.stringify(rows.map(({ name, scores }) => ({ name, ...scores, goals: answerGoals(scores) }))),
    );
    return;
  }
  console.log(`${''.padEnd(WIDTH + 8)} R@1    cited  facts  wrong  refused: unanswerable, answerable`);
  const byLanguage = (name: string): boolean => /^[a-z]{2} ?/.test(name) && !name.startsWith('helpcenter');
  for (const { name, scores } of rows.sort(
    (a, b) => Number(byLanguage(a.name)) - Number(byLanguage(b.name)) || (a.name < b.name ? -1 : 1),
  )) {
    const figures = [scores.recallAt1.share, ...answerGoals(scores).map(({ share }) => share.share)];
    const cells = figures.map((share) => (share === null ? '–' : (share * 100).toFixed(1)).padStart(6));
    const met = answerGoals(scores).filter(({ isMet }) => isMet === true).length;
    console.log(
      `${name.replace('helpcenter_', '').padEnd(WIDTH)} ${String(scores.questions).padStart(5)}  ${cells.join(' ')}  ${met} of 5 aims met; ${scores.wordsP50} words, p95 ${scores.p95Ms.toFixed(0)} ms`,
    );
  }
}

async function ask(
  from: string,
  set: string,
  folder: string,
  tests: readonly HelpcenterTest[],
): Promise<readonly Verdict[]> {
  const { bundle, documents } = await openHelpcenter(from, set, folder);
  const articles = new Map(readArticles(from, set).map((article) => [article.id, article]));
  const questions = tests.map((one): TestQuestion => toBundleQuestion(one, articles, documents));
  const { signal } = new AbortController();
  const { verdicts, warnings } = await evaluateAnswers(bundle, questions, { signal });
  for (const warning of warnings) console.log(`${set}: ${warning}`);
  const shown = verdicts.filter(({ test }) => test.split === (onlySplit ?? 'tune'));
  if (values.misses) {
    for (const verdict of shown) {
      const miss = describeMiss(verdict);
      if (miss !== null) console.log(`${verdict.test.id}  ${verdict.test.question}\n      ${miss}`);
    }
  }
  if (values.html !== undefined) {
    mkdirSync(values.html, { recursive: true });
    const slices = sliceBy(shown, ({ test }) => test, scoreVerdicts);
    writeFileSync(join(values.html, `${set}.html`), answersPage(set, scoreVerdicts(shown), slices, shown));
  }
  return verdicts;
}

async function openHelpcenter(
  from: string,
  set: string,
  folder: string,
): Promise<{ readonly bundle: OpenedBundle; readonly documents: ReadonlyMap<string, string> }> {
  const pages = join(folder, set, 'pages');
  rmSync(pages, { recursive: true, force: true });
  const { configPath, documents } = convertHelpcenter(from, set, pages, { withPairs: false });
  const encoder = parseModel(values.encoder, '.');
  const fileOf = (questions: string | undefined): string | undefined => {
    const file = questions === undefined ? '' : resolve(questions, `${set}.jsonl`);
    return existsSync(file) ? file : undefined;
  };
  const expectedFile = fileOf(values.expected);
  const nearMissesFile = fileOf(values['near-misses']);
  const config = loadConfig(configPath, {
    encoder,
    ...(expectedFile === undefined ? {} : { expectedFile }),
    ...(nearMissesFile === undefined ? {} : { nearMissesFile }),
  });
  const [expected, nearMisses] = [expectedFile, nearMissesFile].map((file) =>
    file === undefined ? '' : readFileSync(file, 'utf8'),
  );
  const bundle = await openBuiltBundle(config, join(folder, set), {
    stamp: `${values.encoder}\n${expected}\n${nearMisses}`,
  });
  return { bundle, documents };
}
