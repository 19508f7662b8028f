import { parseArgs } from 'node:util';
import { containsFact } from '../../cli/evaluation/contains-fact.ts';
import { formatPlace } from '../../cli/ingest/source-error.ts';
import type { Article } from './helpcenter.ts';
import { readArticles } from './helpcenter.ts';
import type { HelpcenterTest } from './helpcenter-questions.ts';
import { readHelpcenterTests } from './helpcenter-questions.ts';
import { sharedContentWords } from './shared-words.ts';

// Checks the question sets on help centres against their pages, and counts them.
// Usage: tsx test/convert/check-questions.ts --data FOLDER [--questions FOLDER] [--set NAME]

/** Largest share of a question's content words that the text answering it may hold. */
const MAX_SHARED = 0.3;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    questions: { type: 'string', default: 'test/fixtures/questions' },
    set: { type: 'string' },
  },
});
if (values.data === undefined) {
  console.log('never-run: name the folder of the help centres with --data FOLDER');
} else {
  const { set } = values;
  const tests = readHelpcenterTests(values.questions).filter((test) => set === undefined || test.set === set);
  const shares = new Map<HelpcenterTest, number>();
  const faults = [...repeatedIds(tests), ...checkPages(values.data, tests, shares)];
  for (const fault of faults) console.log(fault);
  for (const line of counts(tests, shares)) console.log(line);
  console.log(faults.length === 0 ? 'no faults' : `${faults.length} faults`);
  process.exitCode = faults.length === 0 && tests.length > 0 ? 0 : 1;
}

function repeatedIds(tests: readonly HelpcenterTest[]): readonly string[] {
  const seen = new Map<string, HelpcenterTest>();
  return tests.flatMap((one) => {
    const first = seen.get(one.test.id);
    seen.set(one.test.id, first ?? one);
    return first === undefined ? [] : [fault(one, `its id is that of ${formatPlace(first.place)}`)];
  });
}

function checkPages(
  data: string,
  tests: readonly HelpcenterTest[],
  shares: Map<HelpcenterTest, number>,
): readonly string[] {
  const sets = new Map<string, ReadonlyMap<string, Article>>();
  return tests.flatMap((one) => {
    const known =
      sets.get(one.set) ?? new Map(readArticles(data, one.set).map((article) => [article.id, article]));
    sets.set(one.set, known);
    if (known.size === 0) return [fault(one, `there is no help centre ${one.set}`)];
    return one.test.isAnswerable ? checkAnswerable(one, known, shares) : [];
  });
}

function checkAnswerable(
  one: HelpcenterTest,
  known: ReadonlyMap<string, Article>,
  shares: Map<HelpcenterTest, number>,
): readonly string[] {
  const { test, sections } = one;
  const lacking = test.articles.filter((id) => !known.has(id));
  const named = test.articles.flatMap((id) => known.get(id) ?? []);
  const [first] = named;
  if (lacking.length > 0) return lacking.map((id) => fault(one, `there is no article ${id}`));
  if (first === undefined) return [fault(one, 'it names no article')];
  if (test.facts.length === 0) return [fault(one, 'it names no fact')];
  const gold = sections.length === 0 ? first.sections : sections.flatMap((at) => first.sections[at] ?? []);
  if (gold.length < sections.length)
    return [fault(one, `the article has ${first.sections.length} sections, numbered from 0`)];
  const texts = gold.map(({ heading, text }) => `${heading}\n${text}`);
  const whole = named.flatMap((article) =>
    article.sections.map(({ heading, text }) => `${heading}\n${text}`),
  );
  const faults = test.facts.flatMap((fact) => {
    const ways = fact.split('|');
    const absent = ways.filter((way) => !containsFact(whole.join('\n'), way));
    if (absent.length === ways.length) return [`no article it names says "${fact}"`];
    if (!containsFact(texts.join('\n'), fact)) return [`the sections it names do not say "${fact}"`];
    return [];
  });
  const [most = { share: 0, shared: [] }] = texts
    .map((text) => sharedContentWords(test.question, text, test.language))
    .sort((left, right) => right.share - left.share);
  shares.set(one, most.share);
  if (most.share > MAX_SHARED)
    faults.push(`${Math.round(most.share * 100)} % of its words stand in the text: ${most.shared.join(' ')}`);
  return faults.map((what) => fault(one, what));
}

function counts(
  tests: readonly HelpcenterTest[],
  shares: ReadonlyMap<HelpcenterTest, number>,
): readonly string[] {
  const groups = new Map<string, HelpcenterTest[]>();
  for (const one of tests)
    for (const name of [one.set, `all ${one.test.language}`])
      groups.set(name, [...(groups.get(name) ?? []), one]);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, of]) => {
      const answerable = of.filter(({ test }) => test.isAnswerable).length;
      const followUps = of.filter(({ test }) => test.history.length > 0).length;
      const tune = of.filter(({ test }) => test.split === 'tune').length;
      const none = Math.round((100 * (of.length - answerable)) / of.length);
      const known = of.flatMap((one) => shares.get(one) ?? []);
      const mean =
        known.length === 0 ? 0 : (100 * known.reduce((sum, share) => sum + share, 0)) / known.length;
      const lacking = known.filter((share) => share === 0).length;
      return `${name.padEnd(28)} ${of.length} questions, ${answerable} answerable, ${none} % unanswerable, ${followUps} follow-ups, ${tune} in tune; ${mean.toFixed(0)} % of the words shared on average, none in ${lacking}`;
    });
}

function fault({ place, test }: HelpcenterTest, what: string): string {
  return `${formatPlace(place)}: ${test.id}: ${what}`;
}
