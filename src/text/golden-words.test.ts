import { expect } from '@open-wc/testing';
import { GOLDEN_WORDS } from '../../test/fixtures/text/golden-words.ts';
import { segmentWords } from './segment-words.ts';

describe('segmentWords in a browser', () => {
  for (const [text, words] of GOLDEN_WORDS) {
    it(`finds the words of "${text}" that Node finds`, () => {
      expect(segmentWords(text).join(' ')).to.equal(words);
    });
  }
});
