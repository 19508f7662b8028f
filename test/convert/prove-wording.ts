import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBundleFolder } from '../../cli/ask/open-bundle-folder.ts';
import { buildBundle } from '../../cli/build/build-bundle.ts';
import { loadConfig } from '../../cli/config/load-config.ts';
import { parseModel } from '../../cli/config/parse-model.ts';
import { fateRows, wordingRows } from '../../cli/evaluation/wording/describe-wording.ts';
import { evaluateWording } from '../../cli/evaluation/wording/evaluate-wording.ts';
import type { WordingVerdict } from '../../cli/evaluation/wording/judge-wording.ts';
import { scoreWording } from '../../cli/evaluation/wording/score-wording.ts';
import { wordingPage } from '../../cli/evaluation/wording/wording-page.ts';
import type { GoldSet } from './gold-questions.ts';
import { readGoldSets } from './gold-questions.ts';
import { writeArticles } from './helpcenter.ts';

// Compares worded answers with extracts on the held-back parts of public sets, where the search sees the page of the question and one
// more: what wording makes of the right page, whatever the search is worth. A share of the questions is asked without its page.
// Usage: tsx test/convert/prove-wording.ts --data FOLDER [--rows N] [--set NAME] [--generator WHICH] [--html DIR] [--json]
// --rows is the most rows of a set, 100 by default, evenly spread. --generator is `default` or a GGUF file.

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    rows: { type: 'string', default: '100' },
    set: { type: 'string' },
    generator: { type: 'string', default: 'default' },
    html: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const rows = Number(values.rows);
if (!Number.isSafeInteger(rows) || rows < 1) throw new Error('--rows is a whole number from 1.');
const sets = values.data === undefined ? [] : readGoldSets(values.data, rows);
const chosen = sets.filter(({ name }) => values.set === undefined || name === values.set);
if (values.data === undefined || !existsSync(values.data) || chosen.length === 0)
  console.log('never-run: no question sets there; name their folder with --data FOLDER');
else await prove(chosen);

async function prove(all: readonly GoldSet[]): Promise<void> {
  const verdicts = new Map<string, readonly WordingVerdict[]>();
  for (const set of all) {
    const judged = await judge(set);
    const kind = set.name.startsWith('helpcenter_') ? 'FAQ of help centers' : 'other sets';
    verdicts.set(set.name, judged);
    const group = `${kind}, ${set.language}`;
    verdicts.set(group, [...(verdicts.get(group) ?? []), ...judged]);
    if (!values.json) print(set.name, judged);
  }
  const groups = [...verdicts].filter(([name]) => all.every((set) => set.name !== name));
  if (values.json) {
    const scores = [...verdicts].map(([name, judged]) => ({ name, ...scoreWording(judged) }));
    console.log(JSON.stringify(scores));
  } else for (const [name, judged] of groups) print(name, judged);
}

function print(name: string, verdicts: readonly WordingVerdict[]): void {
  const scores = scoreWording(verdicts);
  console.log(`\n${name}`);
  for (const [label, value, worded] of wordingRows(scores))
    console.log(`  ${label.padEnd(34)} ${value}${worded === '' ? '' : ` → ${worded}`}`);
  for (const [fate, count] of fateRows(scores)) console.log(`    ${count.padStart(4)} ${fate}`);
}

async function judge({ name, language, pages, questions }: GoldSet): Promise<readonly WordingVerdict[]> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-wording-'));
  try {
    const paths = writeArticles(pages, join(folder, 'pages'));
    const config = join(folder, 'understudy.yml');
    writeFileSync(
      config,
      `app: ${name.replaceAll('_', '-')}\nlanguages: [${language}]\nsources:\n  - pages\n`,
    );
    const generator = parseModel(values.generator, '.');
    const out = join(folder, 'bundle');
    await buildBundle(loadConfig(config, { generator }), { out, createdAt: '2000-01-01T00:00:00.000Z' });
    const { signal } = new AbortController();
    const bundle = await openBundleFolder(out, { withGenerator: true, signal });
    if (bundle.engine === null) throw bundle.engineFault ?? new Error('The bundle has no generator.');
    const document = (id: string): string => `pages/${paths.get(id) ?? ''}`;
    const within = new Map(questions.map(({ test, pages: ids }) => [test.id, new Set(ids.map(document))]));
    const tests = questions.map(({ test }) => ({ ...test, articles: test.articles.map(document) }));
    const { verdicts, warnings } = await evaluateWording(bundle, tests, {
      signal,
      within: ({ id }) => within.get(id) ?? new Set(),
    }).finally(() => bundle.engine?.dispose());
    for (const warning of warnings) console.error(`${name}: ${warning}`);
    if (values.html !== undefined) {
      mkdirSync(values.html, { recursive: true });
      const page = wordingPage(name, scoreWording(verdicts), [], verdicts, verdicts.length);
      writeFileSync(join(values.html, `${name}.html`), page);
    }
    return verdicts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
