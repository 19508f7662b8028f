import { expect } from '@open-wc/testing';
import type { JsonObject } from '../../contracts/json.ts';
import { asText } from '../plan-value.ts';
import { answer, gate, planOf, runScripted, step } from '../scripted-plan.ts';
import type { StepHandler } from '../step-handler.ts';

const list: StepHandler = function* () {
  return { when: 'default', outputs: { items: ['a', 'b', 'c'] } };
};
const shout: StepHandler = function* ({ pool }) {
  return { when: 'default', outputs: { text: `${asText(pool.get(['each', 'item']))}!` } };
};

function iterating(config: JsonObject = {}, inner: readonly JsonObject[] = []): JsonObject[] {
  return [
    step('list', 'code', { to: ['each'] }),
    step('each', 'iterate', {
      to: ['answer'],
      config: {
        items: ['list', 'items'],
        output: ['shout', 'text'],
        start: 'begin',
        parallel: 1,
        onError: 'fail',
        isFlattened: true,
        ...config,
      },
    }),
    step('begin', 'round-start', { parent: 'each', to: ['shout'] }),
    step('shout', 'code', { parent: 'each', ...(inner.length > 0 ? { to: ['say'] } : {}) }),
    ...inner,
    answer('answer', '{each.output}'),
  ];
}

function looping(config: JsonObject, more: readonly JsonObject[] = []): JsonObject[] {
  return [
    step('start', 'start', { to: ['loop'] }),
    step('loop', 'loop', {
      to: ['answer'],
      config: {
        rounds: 10,
        start: 'begin',
        until: null,
        variables: [{ name: 'i', type: 'number', value: { value: 0 } }],
        ...config,
      },
    }),
    step('begin', 'round-start', { parent: 'loop', to: ['add'] }),
    ...more,
    answer('answer', '{sys.query} + {loop.i}'),
  ];
}
const add: StepHandler = function* ({ pool }) {
  pool.set('loop', 'i', Number(pool.get(['loop', 'i'])) + 1);
  return { when: 'default', outputs: {} };
};
const atLeast = (value: string): JsonObject => ({
  mode: 'all',
  conditions: [{ from: ['loop', 'i'], operator: '≥', value: [value], files: null }],
});

describe('an iterate step', () => {
  it('runs its steps once for each element and gives what they gave, in order', async () => {
    const { text, told } = await runScripted(planOf(iterating()), { script: { list, shout } });
    expect(text).to.equal('- a!\n- b!\n- c!');
    expect(told.filter((line) => line.startsWith('round'))).to.deep.equal([
      'round(each:0)',
      'round(each:1)',
      'round(each:2)',
    ]);
  });

  it('gives an empty list for nothing, and fails for what is no list', async () => {
    const none: StepHandler = function* () {
      return { when: 'default', outputs: { items: null } };
    };
    const { trace } = await runScripted(planOf(iterating()), { script: { list: none, shout } });
    expect(trace).to.deep.include({
      type: 'step-finished',
      step: 'each',
      when: 'default',
      outputs: { output: [] },
      elapsedMs: 0,
    });
    const text: StepHandler = function* () {
      return { when: 'default', outputs: { items: 'abc' } };
    };
    let code = '';
    try {
      await runScripted(planOf(iterating()), { script: { list: text, shout } });
    } catch (error) {
      code = (error as { code: string }).code;
    }
    expect(code).to.equal('plan/step-failed');
  });

  it('runs several rounds at once, no more than it may, and keeps the order of what they give and say', async () => {
    const inner = [answer('say', '{shout.text}', { parent: 'each' })];
    const last = gate();
    let running = 0;
    let most = 0;
    const slow: StepHandler = async function* (run) {
      running += 1;
      most = Math.max(most, running);
      const item = asText(run.pool.get(['each', 'item']));
      // The first round ends last.
      if (item === 'a') await last.opened;
      if (item === 'c') last.open();
      running -= 1;
      return { when: 'default', outputs: { text: item } };
    };
    const plan = planOf(iterating({ parallel: 2 }, inner));
    const { text, trace } = await runScripted(plan, { script: { list, shout: slow } });
    expect(text).to.equal('abc- a\n- b\n- c');
    expect(most).to.equal(2);
    const end = trace.at(-1);
    expect(end?.type === 'plan-finished' && end.outputs['answer']).to.equal('abc- a\n- b\n- c');
  });

  const failing: StepHandler = function* ({ pool }) {
    const item = asText(pool.get(['each', 'item']));
    if (item === 'b') throw new Error('no b');
    return { when: 'default', outputs: { text: item } };
  };
  const outputOf = async (onError: string): Promise<unknown> => {
    const plan = planOf(iterating({ onError }));
    const { trace } = await runScripted(plan, { script: { list, shout: failing } });
    const event = trace.find((one) => one.type === 'step-finished' && one.step === 'each');
    return event?.type === 'step-finished' ? event.outputs['output'] : undefined;
  };

  it('gives null for a round that failed, drops it, or fails', async () => {
    expect(await outputOf('null')).to.deep.equal(['a', null, 'c']);
    expect(await outputOf('drop')).to.deep.equal(['a', 'c']);
    let step_ = '';
    try {
      await outputOf('fail');
    } catch (error) {
      step_ = (error as { facts: { step: string } }).facts.step;
    }
    expect(step_).to.equal('shout');
  });

  it('makes one list of lists when it is told so, and only of lists', async () => {
    const pair: StepHandler = function* ({ pool }) {
      const item = asText(pool.get(['each', 'item']));
      return { when: 'default', outputs: { text: [item, item] } };
    };
    const output = async (isFlattened: boolean, handler: StepHandler): Promise<unknown> => {
      const plan = planOf(iterating({ isFlattened }));
      const { trace } = await runScripted(plan, { script: { list, shout: handler } });
      const event = trace.find((one) => one.type === 'step-finished' && one.step === 'each');
      return event?.type === 'step-finished' ? event.outputs['output'] : undefined;
    };
    expect(await output(true, pair)).to.deep.equal(['a', 'a', 'b', 'b', 'c', 'c']);
    expect(await output(false, pair)).to.deep.equal([
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c'],
    ]);
    const mixed: StepHandler = function* ({ pool }) {
      const index = Number(pool.get(['each', 'index']));
      return { when: 'default', outputs: { text: index === 1 ? 'x' : [index] } };
    };
    expect(await output(true, mixed)).to.deep.equal([[0], 'x', [2]]);
  });

  it('keeps variables of the conversation that a round sets, and nothing else', async () => {
    const steps = iterating();
    steps[steps.length - 1] = answer('answer', '{conversation.last} {shout.text}');
    const conversation = [{ name: 'last', type: 'string', value: '' }];
    const note: StepHandler = function* ({ pool }) {
      pool.set('conversation', 'last', pool.get(['each', 'item']) ?? '');
      return { when: 'default', outputs: { text: 'inside' } };
    };
    const { text } = await runScripted(planOf(steps, { conversation }), { script: { list, shout: note } });
    expect(text).to.equal('c shout.text');
  });
});

describe('a loop step', () => {
  it('shows what its answers say in each round, then what comes after it', async () => {
    const more = [
      step('add', 'assign', {
        parent: 'loop',
        to: ['say'],
        config: { items: [{ to: ['loop', 'i'], operation: '+=', value: { value: 1 } }] },
      }),
      answer('say', '{loop.i}\n', { parent: 'loop' }),
    ];
    const plan = planOf(looping({ until: atLeast('2') }, more));
    const { text, told, trace } = await runScripted(plan, { script: { add }, turn: { text: '1' } });
    expect(text).to.equal('1\n2\n1 + 2');
    expect(told.filter((line) => line.startsWith('chunk'))).to.deep.equal([
      'chunk(say<loop:1)',
      'chunk(say<say:\n)',
      'chunk(say<loop:2)',
      'chunk(say<say:\n)',
      'chunk(answer<sys:1)',
      'chunk(answer<answer: + )',
      'chunk(answer<loop:2)',
    ]);
    const last = trace.at(-1);
    expect(last?.type === 'plan-finished' && last.outputs).to.deep.equal({ answer: '1\n2\n1 + 2' });
  });

  it('ends with its rounds, with its condition, or where a loop-end is reached', async () => {
    const inside = [step('add', 'code', { parent: 'loop' })];
    const value = async (config: JsonObject, more: readonly JsonObject[]): Promise<string> =>
      (await runScripted(planOf(looping(config, more)), { script: { add } })).text;
    expect(await value({ rounds: 3 }, inside)).to.equal('Hello? + 3');
    expect(await value({ until: atLeast('5') }, inside)).to.equal('Hello? + 5');
    const ends = [
      step('add', 'code', { parent: 'loop', to: ['stop'] }),
      step('stop', 'loop-end', { parent: 'loop' }),
    ];
    expect(await value({}, ends)).to.equal('Hello? + 1');
  });

  it('runs no round when its condition holds before the first, and gives its variables', async () => {
    const plan = planOf(looping({ until: atLeast('0') }, [step('add', 'code', { parent: 'loop' })]));
    const { text, told } = await runScripted(plan, { script: { add } });
    expect(text).to.equal('Hello? + 0');
    expect(told).to.not.include('round(loop:0)');
  });

  it('does not show a round what the steps of an earlier one left', async () => {
    const seen: unknown[] = [];
    const look: StepHandler = function* ({ pool }) {
      seen.push(pool.get(['add', 'left']));
      return { when: 'default', outputs: { left: 'over' } };
    };
    const plan = planOf(looping({ rounds: 2 }, [step('add', 'code', { parent: 'loop' })]));
    await runScripted(plan, { script: { add: look } });
    expect(seen).to.deep.equal([undefined, undefined]);
  });
});
