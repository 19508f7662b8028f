import assert from 'node:assert/strict';
import { test } from 'node:test';
import { segmentWords } from '../../src/text/segment-words.ts';
import { GOLDEN_WORDS } from '../../test/fixtures/text/golden-words.ts';

void test('a build finds the words that browsers find', () => {
  for (const [text, words] of GOLDEN_WORDS) assert.equal(segmentWords(text).join(' '), words);
});
