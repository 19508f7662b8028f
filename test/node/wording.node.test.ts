import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

/**
 * The shipped generator on the demo's pages: enough answers are worded, and none says what its page does not.
 *
 * The judge below shares no code with src/grounding: it reads the Markdown of the cited page itself.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));
const bundle = join(root, '.cache/demo-bundle');
const command = join(root, 'dist/cli/understudy.js');
/** Of the 40 questions marked `wording`, at least so many show a worded answer. */
const LEAST_WORDED = 15;

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

/** The page a passage came from, as one line of plain words; '' for questions and answers of faq.csv. */
function pageOf(passageId: string): string {
  const file = join(root, 'demo', `${passageId.split('#')[0] ?? ''}.md`);
  const raw = existsSync(file)
    ? readFileSync(file, 'utf8')
    : readFileSync(join(root, 'demo/faq.csv'), 'utf8');
  return plain(raw);
}
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[*_`|#>]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .toLowerCase();

/** Pieces of an answer that its pages do not hold: numbers, addresses, names and words of five letters or more. */
function inventions(answer: Answer): string[] {
  const pages = answer.citations.map((citation) => pageOf(citation.passageId)).join(' ');
  const said = answer.answer.replaceAll(/\[\d+\]/g, ' ');
  const numbers = said.match(/\d+(?:[.,:]\d+)*/g) ?? [];
  const addresses = said.match(/\S+@\S+|https?:\/\/\S+/g) ?? [];
  const words = (said.match(/\p{Script=Latin}{5,}/gu) ?? []).filter(
    (word) => !OPENINGS.has(word.toLowerCase()),
  );
  // A word may be inflected otherwise than on the page; its first letters may not differ.
  const stems = words.map((word) => word.toLowerCase().slice(0, Math.max(4, word.length - 3)));
  const han = (said.match(/\p{Script=Han}{2}/gu) ?? []).filter((pair) => !pages.includes(pair));
  const isHanFaithful = han.length * 4 <= (said.match(/\p{Script=Han}{2}/gu) ?? []).length;
  return [...numbers, ...addresses.map((address) => address.toLowerCase()), ...stems]
    .filter((piece) => !pages.includes(piece))
    .concat(isHanFaithful ? [] : han);
}
/** Words with which a sentence may lead into what the page says. */
const OPENINGS = new Set(['there', 'these', 'those', 'which', 'before', 'after', 'please']);

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
      for (const statement of answer.answer.split(/(?<=\])\s+/))
        assert.match(statement, /\[\d+\]$/, answer.answer);
    }
  });
});
