import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createGroundingCheck } from '../../src/grounding/check.ts';
import { judgeHelpPages } from '../grounding/judge-help-pages.ts';
import { judgePairs } from '../grounding/judge-pairs.ts';
import { mutateSentence } from '../grounding/mutate-sentence.ts';
import { readPairs } from '../grounding/read-pairs.ts';

/** What the held half may show at most; `print-rates.ts` says what it shows. */
const MOST_FALSE_ACCEPTS = 0.03;
const MOST_PARAPHRASE_REJECTS = 0.16;
/** Of the mutated sentences of the demo's pages. */
const MOST_MUTANTS_ACCEPTED = 0.01;
const grounding = createGroundingCheck();
for (const language of ['en', 'zh'] as const) {
  describe(`the grounding check on pairs in ${language}`, () => {
    const pairs = readPairs(language);
    const rates = judgePairs(pairs.filter(({ half }) => half === 'held'));

    it('has enough of them, of both kinds and in both halves', () => {
      const all = pairs.flatMap(({ cases }) => cases);
      assert.ok(all.length >= (language === 'en' ? 400 : 200), String(all.length));
      for (const half of ['tune', 'held'])
        assert.ok(pairs.filter((each) => each.half === half).length * 2 === pairs.length);
      assert.equal(new Set(pairs.map(({ passage }) => passage.id)).size, pairs.length);
    });

    it('accepts hardly any statement that its passage does not support', (context) => {
      context.diagnostic(`${String(rates.falseAccepts.length)} of ${String(rates.unsupported)}`);
      const told = rates.falseAccepts.map(({ id, statement }) => `${id}: ${statement}`).join('\n');
      assert.ok(rates.falseAccepts.length <= rates.unsupported * MOST_FALSE_ACCEPTS, told);
    });

    it('accepts every sentence that is quoted', () => {
      assert.deepEqual(rates.verbatimRejects, []);
    });

    it('accepts most fair paraphrases', (context) => {
      context.diagnostic(
        `refused: ${String(rates.paraphraseRejects.length)} of ${String(rates.paraphrases)}`,
      );
      assert.ok(rates.paraphraseRejects.length <= rates.paraphrases * MOST_PARAPHRASE_REJECTS);
    });
  });

  describe(`the grounding check on the demo's pages in ${language}`, () => {
    const { sentences, refused, tried, accepted } = judgeHelpPages(language);

    it('accepts every sentence of a page', (context) => {
      context.diagnostic(`${String(sentences)} sentences`);
      assert.ok(sentences > 100);
      assert.deepEqual(refused, []);
    });

    it('refuses sentences whose numbers, units, negations, limits, names or links were changed', (context) => {
      const count = [...tried.values()].reduce((sum, each) => sum + each, 0);
      context.diagnostic(`${String(accepted.length)} of ${String(count)} accepted`);
      assert.ok(count > (language === 'en' ? 2000 : 400), String(count));
      for (const [attack, times] of tried) assert.ok(times >= 20, `${attack}: ${String(times)}`);
      assert.ok(accepted.length <= count * MOST_MUTANTS_ACCEPTED, accepted.join('\n'));
    });
  });
}

describe('the grounding check, whatever the sentence', () => {
  const cases = (['en', 'zh'] as const).flatMap((language) => readPairs(language));
  const quoted = cases.flatMap(({ passage, cases: each }) =>
    each.filter(({ kind }) => kind === 'verbatim').map(({ statement }) => ({ passage, statement })),
  );

  it('refuses it once any digit of a number is changed', () => {
    const numbered = quoted.filter(({ statement }) => /\d/.test(statement));
    fc.assert(
      fc.property(
        fc.constantFrom(...numbered),
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        ({ passage, statement }, pick, by) => {
          const places = [...statement.matchAll(/\d/g)].map(({ index }) => index);
          const at = places[pick % places.length] ?? 0;
          const changed = `${statement.slice(0, at)}${String((Number(statement[at]) + by) % 10)}${statement.slice(at + 1)}`;
          return !grounding.check(changed, [passage]).isSupported;
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('refuses it once an address is added', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...quoted),
        fc.webUrl(),
        fc.boolean(),
        ({ passage, statement }, url, isFirst) => {
          const added = isFirst ? `${url} ${statement}` : `${statement} (${url})`;
          return !grounding.check(added, [passage]).isSupported;
        },
      ),
    );
  });

  it('refuses it once a negation is deleted', () => {
    const denied = quoted.flatMap(({ passage, statement }) =>
      mutateSentence(statement, [])
        .filter(({ attack }) => attack === 'negation dropped')
        .map((mutation) => ({ passage, statement: mutation.statement })),
    );
    assert.ok(denied.length >= 20, String(denied.length));
    for (const { passage, statement } of denied)
      assert.ok(!grounding.check(statement, [passage]).isSupported, statement);
  });

  it('takes less than 2 ms a statement', () => {
    // The best of five rounds: other work on the machine must not decide.
    const rounds = Array.from({ length: 5 }, () => judgePairs(cases).msPerStatement);
    assert.ok(Math.min(...rounds) < 2, `${rounds.join(', ')} ms`);
  });
});
