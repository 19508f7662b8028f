import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { parseThesaurus, readThesaurus } from './read-thesaurus.ts';

/** Longest wording: a thesaurus has words and short phrases. */
const MOST_WORDS = 6;
const MOST_LETTERS = 12;

test('the thesaurus of the package is read for English and Chinese', () => {
  const languages = new Map<string, number>();
  for (const { language } of readThesaurus()) languages.set(language, (languages.get(language) ?? 0) + 1);
  assert.ok((languages.get('en') ?? 0) > 1500);
  assert.ok((languages.get('zh') ?? 0) > 1500);
  assert.equal(languages.size, 2);
});

test('its wordings are words and short phrases in the letters of their language', () => {
  for (const { language, headword, wordings } of readThesaurus())
    for (const wording of wordings) {
      const isShort =
        language === 'zh' ? wording.length <= MOST_LETTERS : wording.split(' ').length <= MOST_WORDS;
      assert.ok(isShort, `${headword}: ${wording}`);
      assert.match(
        wording,
        language === 'zh' ? /^[\p{L}\p{N}+%.\- ]+$/u : /^[\p{L}\p{N}'’\-+%&./£$€ ]+$/u,
        headword,
      );
    }
});

test('a thesaurus has a headword and its wordings a line, beside remarks', () => {
  assert.deepEqual(
    parseThesaurus('# of shops\n\nRefund: Money  back, refund, reimburse, money back\n', 'en', 'en.txt'),
    [{ language: 'en', headword: 'refund', wordings: ['money back', 'reimburse'] }],
  );
});

test('a line that is none, or repeats a headword, is told with its place', () => {
  for (const line of ['refund', 'refund:', ': money back', 'refund: a, , b', 'a: b: c', 'fee: price'])
    assert.throws(
      () => parseThesaurus(`fee: charge\n${line}`, 'en', 'en.txt'),
      (error) =>
        isUnderstudyError(error) &&
        error.code === 'cli/source-invalid' &&
        error.message.startsWith('en.txt:2: '),
      line,
    );
});
