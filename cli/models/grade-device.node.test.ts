import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cacheBytes, memoryBytes, msPerTokenOf } from './estimate-figures.ts';
import { DEVICE_GRADES, gradeDevice } from './grade-device.ts';
import { judgeDevice } from './judge-device.ts';

describe('gradeDevice', () => {
  it('grades by the thresholds, which belong to the worse side in time and to the better in memory', () => {
    const grade = (msPerToken: number, memoryGB: number): string => gradeDevice({ msPerToken, memoryGB });
    assert.equal(grade(19.9, 16), 'excellent');
    assert.equal(grade(20, 16), 'good');
    assert.equal(grade(19.9, 15.9), 'good');
    assert.equal(grade(29.9, 8), 'good');
    assert.equal(grade(30, 8), 'acceptable');
    assert.equal(grade(1, 7.9), 'acceptable');
    assert.equal(grade(49.9, 4), 'acceptable');
    assert.equal(grade(50, 64), 'poor');
    assert.equal(grade(1, 3.9), 'poor');
    assert.equal(grade(Number.NaN, 16), 'poor');
    assert.equal(grade(10, Number.NaN), 'poor');
  });

  it('never gets worse when a device is faster or has more memory', () => {
    const figure = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(figure, figure, figure, figure, (ms, gb, lessMs, moreGb) => {
        const before = DEVICE_GRADES.indexOf(gradeDevice({ msPerToken: ms, memoryGB: gb }));
        const after = gradeDevice({ msPerToken: Math.max(0, ms - lessMs), memoryGB: gb + moreGb });
        assert.ok(DEVICE_GRADES.indexOf(after) >= before);
      }),
    );
  });
});

describe('judgeDevice', () => {
  const device = { memoryGB: 16, bandwidthGBps: 10, tokensPerSecond: null };

  it('reckons the time of a token from the bytes read for it', () => {
    assert.equal(msPerTokenOf(100e6, 10), 10);
    assert.deepEqual(judgeDevice(device, 100e6, 200e6), {
      grade: 'excellent',
      msPerToken: 10,
      isMeasured: false,
    });
  });

  it('believes a measured speed over the bandwidth', () => {
    const measured = { ...device, tokensPerSecond: 25 };
    assert.deepEqual(judgeDevice(measured, 100e6, 200e6), {
      grade: 'acceptable',
      msPerToken: 40,
      isMeasured: true,
    });
  });

  it('is poor where the model does not fit, however fast', () => {
    assert.equal(judgeDevice({ ...device, tokensPerSecond: 1000 }, 100e6, 17 * 2 ** 30).grade, 'poor');
  });

  it('adds a seventh of the weights and the cache of keys and values to the memory', () => {
    assert.equal(cacheBytes({ layers: 30, keyHeads: 3, headWidth: 64 }, 2048), 2 * 30 * 3 * 64 * 2048 * 2);
    assert.equal(memoryBytes(1000, 50), 1200);
  });
});
