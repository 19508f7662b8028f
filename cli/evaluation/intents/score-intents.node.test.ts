import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adviseIntents, findConfusions } from './advise-intents.ts';
import type { IntentPrediction } from './score-intents.ts';
import { coverage, matthews, scoreIntents } from './score-intents.ts';

function predicted(label: string, best: string, scope: number, threshold = 0.5): IntentPrediction {
  const said = scope < threshold ? 'none' : best;
  return { text: `${label} as ${best}`, label, best, second: 'none', confidence: scope, scope, said };
}

describe('matthews', () => {
  it('agrees with the textbook formula on two classes', () => {
    // 6 true positives, 3 true negatives, 1 false positive, 2 false negatives: (6*3 - 1*2) / sqrt(7*8*4*5).
    const pairs: [string, string][] = [];
    const push = (label: string, said: string, count: number): void => {
      for (let at = 0; at < count; at++) pairs.push([label, said]);
    };
    push('yes', 'yes', 6);
    push('no', 'no', 3);
    push('no', 'yes', 1);
    push('yes', 'no', 2);
    assert.ok(Math.abs((matthews(pairs) ?? 0) - 16 / Math.sqrt(7 * 8 * 4 * 5)) < 1e-12);
  });

  it('is 1 for all right and unknown when only one label is given', () => {
    assert.equal(
      matthews([
        ['a', 'a'],
        ['b', 'b'],
      ]),
      1,
    );
    assert.equal(
      matthews([
        ['a', 'a'],
        ['b', 'a'],
      ]),
      null,
    );
  });
});

describe('scoreIntents', () => {
  const predictions = [
    predicted('pay', 'pay', 0.9),
    predicted('pay', 'ship', 0.8),
    predicted('ship', 'ship', 0.3),
    predicted('none', 'ship', 0.2),
    predicted('none', 'pay', 0.7),
  ];

  it('counts accuracy with and without the threshold, and refusals of messages out of scope', () => {
    const scores = scoreIntents(predictions);
    assert.equal(scores.accuracy, 2 / 3);
    assert.equal(scores.accuracyAtThreshold, 1 / 3);
    assert.equal(scores.outOfScopeRecall, 1 / 2);
    assert.equal(scores.accuracyOfAll, 2 / 5);
    assert.equal(scores.outOfScopeAuroc, 5 / 6);
  });

  it('finds no better threshold than the best', () => {
    const { bestMcc } = scoreIntents(predictions);
    for (let step = 0; step <= 100; step++) {
      const pairs = predictions.map(({ label, best, scope }): [string, string] => [
        label,
        scope < step / 100 ? 'none' : best,
      ]);
      assert.ok((matthews(pairs) ?? -1) <= bestMcc.mcc);
    }
  });

  it('covers what can be answered at a precision', () => {
    assert.equal(coverage(predictions.slice(0, 3), 0.95), 1 / 3);
    assert.equal(coverage(predictions.slice(0, 3), 0.6), 1);
    assert.equal(coverage([], 0.6), null);
  });
});

describe('advice', () => {
  it('names the pairs that are confused and the messages to add', () => {
    const predictions = [
      predicted('pay', 'ship', 0.9),
      predicted('pay', 'pay', 0.2),
      predicted('ship', 'ship', 0.9),
    ];
    assert.deepEqual(findConfusions(predictions), [
      { label: 'pay', said: 'ship', count: 1, examples: ['pay as ship'] },
    ]);
    const counts = new Map([
      ['pay', 30],
      ['ship', 30],
    ]);
    const advice = adviseIntents(predictions, [predicted('ship', 'pay', 0.6)], counts);
    assert.deepEqual(
      advice.map(({ intent, recall, add, review }) => ({ intent, recall, add, review })),
      [
        { intent: 'pay', recall: 0.5, add: ['pay as ship', 'pay as pay'], review: [] },
        { intent: 'ship', recall: 1, add: [], review: [{ text: 'ship as pay', looksLike: 'pay' }] },
      ],
    );
  });
});
