import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isRecord } from '../../src/contracts/json.ts';
import { findConcern } from '../../src/plan/concern/find-concern.ts';
import { otherLanguage } from '../../src/plan/other-language.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');

interface Question {
  readonly question: string;
  readonly lang: string;
}

/** Words of a question up to which its language may be anybody's. */
const SHORT = 4;

/** Every question of the question sets in the repository. */
function allQuestions(): readonly Question[] {
  const files = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /questions.*\.jsonl$/.test(name),
  );
  return files.flatMap((name) =>
    readFileSync(join(FIXTURES, name), 'utf8')
      .trim()
      .split('\n')
      .flatMap((line): Question[] => {
        const row: unknown = JSON.parse(line);
        if (!isRecord(row) || typeof row['question'] !== 'string') return [];
        return [{ question: row['question'], lang: typeof row['lang'] === 'string' ? row['lang'] : 'en' }];
      }),
  );
}

describe('what is asked of help pages', () => {
  const questions = allQuestions();

  it('is never taken for an emergency, an insult or a request for instructions', (context) => {
    context.diagnostic(`${String(questions.length)} questions`);
    assert.ok(questions.length > 300, String(questions.length));
    const found = questions.filter(({ question }) => findConcern(question) !== null);
    assert.deepEqual(found, []);
  });

  it('is never taken for another language than that of the pages', () => {
    const found = questions.filter(({ question, lang }) => otherLanguage(question, [lang]) !== null);
    assert.deepEqual(found, []);
  });

  it('is mostly known for another language where the pages are in one', (context) => {
    for (const [asked, page] of [
      ['en', 'zh'],
      ['zh', 'en'],
      ['en', 'de'],
    ] as const) {
      // Two or three English words may be names that pages in any language hold.
      const rows = questions.filter(
        ({ lang, question }) => lang === asked && (lang === 'zh' || question.split(' ').length > SHORT),
      );
      const known = rows.filter(({ question }) => otherLanguage(question, [page]) === asked);
      context.diagnostic(`${asked} on pages in ${page}: ${String(known.length)} of ${String(rows.length)}`);
      assert.ok(known.length >= rows.length * 0.85, `${asked} ${page} ${String(known.length)}`);
    }
  });
});
