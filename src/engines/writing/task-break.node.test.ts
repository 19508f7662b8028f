import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TaskBreak } from './task-break.ts';

describe('a break between two tokens', () => {
  it('lets a timer have its turn that becomes due while a model is at work', async () => {
    const taskBreak = new TaskBreak();
    await taskBreak.take();
    const timer = { isOver: false };
    setTimeout(() => {
      timer.isOver = true;
    }, 1);
    let dueBreaks = 0;
    const startMs = performance.now();
    while (!timer.isOver && dueBreaks < 10) {
      await taskBreak.take();
      if (performance.now() - startMs > 2) dueBreaks += 1;
    }
    taskBreak.close();
    assert.ok(timer.isOver);
  });
});
