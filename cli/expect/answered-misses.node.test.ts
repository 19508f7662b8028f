import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { samplePassage } from '../../test/fixtures/sample-passage.ts';
import { buildIndex } from '../../src/retrieval/build-index.ts';
import { answeredRemarks, leaveOutAnswered } from './answered-misses.ts';

const MISSES = ['does it filter lead', 'is it red', 'how loud is the pump'];
const jug = samplePassage('jug#1', 'The Jug', 'The Jug holds two litres of water.', { nearMisses: MISSES });
const pump = samplePassage('pump#1', 'The pump', 'The pump runs on batteries.');
const faq = samplePassage('faq#1', 'Do the filters remove lead?', 'Yes, nearly all of it.', {
  questions: ['Do the filters remove lead?', 'Does it filter lead?'],
});

describe('near misses that are answered', () => {
  it('are left out, whatever page answers them, and the others stay', () => {
    const passages = [jug, pump, faq];
    const left = leaveOutAnswered(passages, buildIndex(passages));
    assert.deepEqual(left.answered, ['does it filter lead']);
    assert.deepEqual(
      left.passages.map(({ nearMisses }) => nearMisses),
      [['is it red', 'how loud is the pump'], undefined, undefined],
    );
  });

  it('take the list of a passage away with the last of them', () => {
    const passages = [{ ...pump, nearMisses: ['does it filter lead'] }, faq];
    const left = leaveOutAnswered(passages, buildIndex(passages));
    assert.ok(left.passages.every((passage) => !('nearMisses' in passage)));
  });

  it('are none of those that a page only comes near to', () => {
    const passages = [jug, pump, { ...faq, questions: [] }];
    const left = leaveOutAnswered(passages, buildIndex(passages));
    assert.deepEqual(left, { passages, answered: [] });
  });

  it('are told with their number and the first of them', () => {
    assert.deepEqual(answeredRemarks([]), []);
    assert.deepEqual(answeredRemarks(['a b', 'c d', 'e f', 'g h']), [
      'near misses that a question of yours answers were left out (4): "a b", "c d", "e f" …',
    ]);
  });
});
