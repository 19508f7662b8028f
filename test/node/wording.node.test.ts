import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { citedStatements } from '../../cli/evaluation/wording/cited-statements.ts';
import { withoutCaveat } from '../../cli/evaluation/caveat.ts';
import { findInventions } from '../../cli/evaluation/wording/find-inventions.ts';

/**
 * The shipped generator on the demo's pages: enough answers are worded, and none says what its page does not.
 *
 * The judge shares no code with src/grounding, and reads the Markdown of the cited page itself.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));
const bundle = join(root, '.cache/demo-bundle');
const command = join(root, 'dist/cli/understudy.js');
/** Of the 40 questions marked `wording`, at least so many show a worded answer. Lists, steps and what answers as a whole are shown as the pages have them, and so are comparisons; what the search is not sure to have found is refused. */
const LEAST_WORDED = 10;

interface Answer {
  readonly question: string;
  readonly answer: string;
  readonly worded: boolean;
  readonly citations: readonly { readonly passageId: string }[];
}
interface Question {
  readonly question: string;
  readonly wording?: boolean;
}

function askAll(): Answer[] {
  const lines = readFileSync(join(root, 'test/fixtures/demo-questions.jsonl'), 'utf8').trim().split('\n');
  const questions = lines.map((line) => JSON.parse(line) as Question).filter((line) => line.wording === true);
  assert.equal(questions.length, 40);
  const asked = spawnSync(process.execPath, [command, 'ask', bundle, '--json'], {
    input: questions.map((line) => line.question).join('\n'),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.equal(asked.status, 0, asked.stderr);
  return asked.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

/** The page a passage came from, as it was written; the file of questions for those of faq.csv. */
function pageOf(passageId: string): string {
  const file = join(root, 'demo', `${passageId.split('#')[0] ?? ''}.md`);
  return readFileSync(existsSync(file) ? file : join(root, 'demo/faq.csv'), 'utf8');
}

/** Pieces of an answer that its pages do not hold: numbers, addresses, names, turned negations, words of five letters or more. */
function inventions(answer: Answer): string[] {
  const pages = answer.citations.map((citation) => pageOf(citation.passageId)).join('\n');
  return citedStatements(withoutCaveat(answer.answer)).flatMap(({ text }) =>
    findInventions(text, pages).map(({ kind, piece }) => `${kind} ${piece}`),
  );
}

describe('the shipped generator', () => {
  const answers = askAll();
  const worded = answers.filter((answer) => answer.worded);

  it(`words at least ${String(LEAST_WORDED)} of the 40 questions`, (context) => {
    context.diagnostic(`${String(worded.length)} of ${String(answers.length)} worded`);
    assert.ok(worded.length >= LEAST_WORDED, `only ${String(worded.length)} were worded`);
  });

  it('states no number, address, name or long word that its page does not hold', () => {
    const wrong = worded.flatMap((answer) => {
      const invented = inventions(answer);
      return invented.length === 0 ? [] : [`${answer.question} → ${answer.answer} (${invented.join(', ')})`];
    });
    assert.deepEqual(wrong, []);
  });

  it('cites a passage for every worded statement', () => {
    for (const answer of worded) {
      assert.ok(answer.citations.length > 0, answer.question);
      for (const statement of withoutCaveat(answer.answer).split(/(?<=\])\s+/))
        assert.match(statement, /\[\d+\]$/, answer.answer);
    }
  });
});
