import { expect } from '@open-wc/testing';
import type { StepHandler } from '../step-handler.ts';
import { answer, copies, gate, gives, planOf, runScripted, step, waitsFor } from '../scripted-plan.ts';

describe('the scheduler of a plan', () => {
  it('runs a step once all that lead to it have ended', async () => {
    const plan = planOf([
      step('start', 'code', { to: ['left', 'right'] }),
      step('left', 'code', { to: ['join'] }),
      step('right', 'code', { to: ['join'] }),
      step('join', 'code', { to: ['answer'] }),
      answer('answer', '{left.text}{right.text}'),
    ]);
    const slow = gate();
    const right: StepHandler = function* () {
      slow.open();
      return { when: 'default', outputs: { text: 'R' } };
    };
    const script = { left: waitsFor(slow.opened, gives({ text: 'L' })), right };
    const { told, text } = await runScripted(plan, { script });
    expect(text).to.equal('LR');
    expect(told.filter((line) => line.startsWith('started'))).to.deep.equal([
      'started(start)',
      'started(left)',
      'started(right)',
      'started(join)',
      'started(answer)',
    ]);
    expect(told.indexOf('started(join)')).to.be.greaterThan(told.indexOf('finished(left)'));
  });

  it('skips what only the other cases of a branch lead to, and joins without it', async () => {
    const plan = planOf([
      step('if', 'branch', {
        edges: [
          { when: 'yes', to: 'a' },
          { when: 'no', to: 'b' },
        ],
      }),
      step('a', 'code', { to: ['join'] }),
      step('b', 'code', { to: ['b2'] }),
      step('b2', 'code', { to: ['join'] }),
      step('join', 'code', { to: ['answer'] }),
      answer('answer', '{a.text}{b2.text}.'),
    ]);
    const script = { if: gives({}, 'yes'), a: gives({ text: 'A' }) };
    const { told, text, outcome } = await runScripted(plan, { script });
    expect(text).to.equal('A.');
    expect(told).to.include('skipped(b)').and.to.include('skipped(b2)');
    expect(told).to.not.include('started(b2)');
    expect(outcome).to.include({ confidence: 1, isRefusal: false });
  });

  it('takes all edges of an outcome side by side', async () => {
    const plan = planOf([
      step('if', 'branch', {
        edges: [
          { when: 'yes', to: 'a' },
          { when: 'yes', to: 'b' },
          { when: 'no', to: 'c' },
        ],
      }),
      answer('a', 'A'),
      answer('b', 'B'),
      answer('c', 'C'),
    ]);
    const { text } = await runScripted(plan, { script: { if: gives({}, 'yes') } });
    expect(text).to.equal('AB');
  });

  it('ends a way whose outcome has no edge', async () => {
    const plan = planOf([
      step('start', 'code', { to: ['if', 'answer'] }),
      step('if', 'branch', { edges: [{ when: 'yes', to: 'more' }] }),
      answer('answer', 'Done.'),
      answer('more', 'More.'),
    ]);
    const { text, told } = await runScripted(plan, { script: { if: gives({}, 'no') } });
    expect(text).to.equal('Done.');
    expect(told).to.include('skipped(more)');
  });

  it('runs parallel steps at the same time', async () => {
    const plan = planOf([
      step('start', 'code', { to: ['a', 'b'] }),
      step('a', 'code', { to: ['answer'] }),
      step('b', 'code', { to: ['answer'] }),
      answer('answer', '{a.text} {b.text}'),
    ]);
    const first = gate();
    const second = gate();
    const meet = (mine: () => void, other: Promise<void>): StepHandler =>
      async function* () {
        mine();
        await other;
        return { when: 'default', outputs: { text: 'met' } };
      };
    const script = { a: meet(first.open, second.opened), b: meet(second.open, first.opened) };
    expect((await runScripted(plan, { script })).text).to.equal('met met');
  });

  it('does not see what a skipped step would have given', async () => {
    const plan = planOf([
      step('if', 'branch', {
        edges: [
          { when: 'yes', to: 'a' },
          { when: 'no', to: 'b' },
        ],
      }),
      step('a', 'code', { to: ['read'] }),
      step('b', 'code', { to: ['read'] }),
      step('read', 'code', { to: ['answer'] }),
      answer('answer', '{read.text}'),
    ]);
    const script = { if: gives({}, 'no'), a: gives({ text: 'A' }), read: copies(['a', 'text']) };
    expect((await runScripted(plan, { script })).text).to.equal('nothing');
  });

  it('leaves out steps that no edge leads to', async () => {
    const plan = planOf([
      step('start', 'code', { to: ['answer'] }),
      step('stray', 'code', { to: ['answer'] }),
      answer('answer', 'Hi{stray.text}.'),
    ]);
    const { text, told } = await runScripted(plan, { script: { stray: gives({ text: '!' }) } });
    expect(text).to.equal('Hi.');
    expect(told).to.not.include('started(stray)');
  });

  it('tells its story in the order of a passed-through question', async () => {
    const plan = planOf([
      step('start', 'start', { to: ['output'] }),
      step('output', 'output', { config: { outputs: [{ name: 'query', from: ['sys', 'query'] }] } }),
    ]);
    const { told } = await runScripted(plan);
    expect(told).to.deep.equal([
      'plan-started',
      'started(start)',
      'chunk(output<sys:Hello?)',
      'finished(start)',
      'started(output)',
      'finished(output)',
      'plan-finished(succeeded)',
    ]);
  });
});
