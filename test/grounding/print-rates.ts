/**
 * `npx tsx test/grounding/print-rates.ts`: how often the grounding check is wrong: on the pairs by language and half, and
 * on sentences of the demo's pages, as they are and changed.
 *
 *   --misses    also each statement of the half `tune` and of the demo's pages that is judged wrongly, with the reasons given
 */
import { parseArgs } from 'node:util';
import type { Misjudged } from './judge-pairs.ts';
import { judgePairs } from './judge-pairs.ts';
import { judgeHelpPages } from './judge-help-pages.ts';
import { readPairs } from './read-pairs.ts';

const { values } = parseArgs({ options: { misses: { type: 'boolean', default: false } } });
const share = (count: number, of: number): string =>
  `${String(count).padStart(3)} of ${String(of).padStart(3)} (${((count / of) * 100).toFixed(1)} %)`;
const show = (what: string, misjudged: readonly Misjudged[]): void => {
  for (const { id, kind, statement, reasons } of misjudged)
    console.log(
      `  ${what} ${id} ${kind}: ${statement}${reasons.length === 0 ? '' : ` [${reasons.join('; ')}]`}`,
    );
};

for (const language of ['en', 'zh'] as const) {
  for (const half of ['tune', 'held'] as const) {
    const rates = judgePairs(readPairs(language).filter((each) => each.half === half));
    const { falseAccepts, verbatimRejects, paraphraseRejects, paraphrases, msPerStatement } = rates;
    console.log(
      `${language} ${half}: accepted though unsupported ${share(falseAccepts.length, rates.unsupported)}, ` +
        `verbatim refused ${share(verbatimRejects.length, rates.supported - paraphrases)}, ` +
        `paraphrase refused ${share(paraphraseRejects.length, paraphrases)}, ${msPerStatement.toFixed(2)} ms a statement`,
    );
    if (!values.misses || half === 'held') continue;
    show('accepts', falseAccepts);
    show('refuses', [...verbatimRejects, ...paraphraseRejects]);
  }
}

for (const language of ['en', 'zh'] as const) {
  const { sentences, refused, tried, accepted } = judgeHelpPages(language);
  const count = [...tried.values()].reduce((sum, each) => sum + each, 0);
  const kinds = [...tried].map(([attack, times]) => `${attack} ${String(times)}`).join(', ');
  console.log(
    `${language} demo: sentences refused ${share(refused.length, sentences)}, changed ones accepted ${share(accepted.length, count)}; ${kinds}`,
  );
  if (values.misses) for (const each of [...refused, ...accepted]) console.log(`  ${each}`);
}
