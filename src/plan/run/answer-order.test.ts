import { expect } from '@open-wc/testing';
import type { JsonObject } from '../../contracts/json.ts';
import type { ResponderPart } from '../../contracts/responder.ts';
import {
  answer,
  gate,
  gives,
  planOf,
  runScripted,
  step,
  streamScripted,
  throws,
  waitsFor,
  writes,
} from '../scripted-plan.ts';
import type { StepHandler } from '../step-handler.ts';

const chunks = (told: readonly string[]): readonly string[] =>
  told.filter((line) => line.startsWith('chunk('));
const assign = (id: string, to: readonly string[], target: readonly string[]): JsonObject =>
  step(id, 'assign', { to, config: { items: [{ to: [...target], operation: 'over-write', value: null }] } });

describe('the order of answers', () => {
  it('shows nothing of an answer that stands behind an edge which is never taken', async () => {
    const plan = planOf([
      step('start', 'start', { to: ['lookup'] }),
      // Goes on with its defaults: the edge for failures is left over from another choice of the owner's.
      step('lookup', 'code', {
        edges: [
          { when: 'fail-branch', to: 'sorry' },
          { when: 'default', to: 'answer' },
        ],
        onError: { kind: 'defaults', values: { text: 'nothing' } },
      }),
      answer('sorry', 'Sorry.'),
      answer('answer', 'Found {lookup.text}.'),
    ]);
    const { text } = await runScripted(plan, { script: { lookup: throws(new Error('no')) } });
    expect(text).to.equal('Found nothing.');
  });

  it('shows text before a value at once, before the answer itself runs', async () => {
    const plan = planOf([
      step('start', 'start', { to: ['llm'] }),
      step('llm', 'llm', { to: ['answer'] }),
      answer('answer', 'Well: {llm.text}!'),
    ]);
    const { told, text } = await runScripted(plan, { script: { llm: writes('one ', 'two') } });
    expect(text).to.equal('Well: one two!');
    expect(told).to.deep.equal([
      'plan-started',
      'started(start)',
      'chunk(answer<answer:Well: )',
      'finished(start)',
      'started(llm)',
      'chunk(answer<llm:one )',
      'chunk(answer<llm:two)',
      'chunk(answer<llm:)',
      'chunk(answer<answer:!)',
      'finished(llm)',
      'started(answer)',
      'finished(answer)',
      'plan-finished(succeeded)',
    ]);
  });

  it('gives text to the visitor while the step behind it still works', async () => {
    const held = gate();
    const plan = planOf([
      step('start', 'start', { to: ['llm'] }),
      step('llm', 'llm', { to: ['answer'] }),
      answer('answer', 'Well: {llm.text}'),
    ]);
    const script = { llm: waitsFor(held.opened, gives({ text: 'yes' })) };
    const seen: ResponderPart[] = [];
    for await (const part of streamScripted(plan, { script })) {
      seen.push(part);
      if (seen.length === 1) {
        expect(part).to.deep.equal({ type: 'text-delta', text: 'Well: ' });
        held.open();
      }
    }
    expect(seen[1]).to.deep.equal({ type: 'text-delta', text: 'yes' });
  });

  it('shows parallel models in the order of the template, whichever is first', async () => {
    const plan = planOf([
      step('start', 'start', { to: ['one', 'two'] }),
      step('one', 'llm', { to: ['answer'] }),
      step('two', 'llm', { to: ['answer'] }),
      answer('answer', '{two.text}{one.text}'),
    ]);
    const done = gate();
    const one: StepHandler = async function* (run) {
      const result = yield* writes('1a ', '1b ')(run);
      done.open();
      return result;
    };
    const script = { one, two: waitsFor(done.opened, writes('2a ', '2b ')) };
    const { told, text } = await runScripted(plan, { script });
    expect(text).to.equal('2a 2b 1a 1b ');
    const last = told.findLastIndex((line) => line.startsWith('chunk('));
    expect(last).to.be.lessThan(told.indexOf('started(answer)'));
  });

  it('waits for a branch before anything behind it is shown', async () => {
    const plan = planOf([
      step('if', 'branch', {
        edges: [
          { when: 'yes', to: 'a' },
          { when: 'no', to: 'b' },
        ],
      }),
      answer('a', 'A'),
      answer('b', 'B'),
    ]);
    const { told, text } = await runScripted(plan, { script: { if: gives({}, 'no') } });
    expect(text).to.equal('B');
    expect(told.indexOf('started(if)')).to.be.lessThan(told.indexOf('chunk(b<b:B)'));
  });

  it('begins when one of several ways has no branch ahead', async () => {
    const plan = planOf([
      step('start', 'start', { to: ['if', 'llm'] }),
      step('if', 'branch', {
        edges: [
          { when: 'true', to: 'yes' },
          { when: 'false', to: 'no' },
        ],
      }),
      step('llm', 'llm', { to: ['no'] }),
      answer('yes', "contains 'hello'"),
      answer('no', '{llm.text}'),
    ]);
    const llm = writes('mocked ', 'text');
    const yes = await runScripted(plan, { script: { if: gives({}, 'true'), llm } });
    expect(yes.text).to.have.length("contains 'hello'mocked text".length);
    const no = await runScripted(plan, { script: { if: gives({}, 'false'), llm } });
    expect(no.text).to.equal('mocked text');
    expect(chunks(yes.told)[0]).to.match(/^chunk\((yes|no)/);
    const finished = yes.trace.at(-1);
    expect(finished?.type === 'plan-finished' && finished.outputs).to.deep.equal({
      answer: "contains 'hello'mocked text",
    });
  });

  it('waits for a step that writes a variable of the answer', async () => {
    const plan = planOf(
      [
        step('start', 'start', { to: ['note'] }),
        assign('note', ['answer'], ['conversation', 'said']),
        answer('answer', 'You said: {conversation.said}'),
      ],
      { conversation: [{ name: 'said', type: 'string', value: 'nothing' }] },
    );
    const note: StepHandler = function* ({ pool, turn }) {
      pool.set('conversation', 'said', turn.text);
      return { when: 'default', outputs: {} };
    };
    const { told, text } = await runScripted(plan, { script: { note } });
    expect(text).to.equal('You said: Hello?');
    expect(told.indexOf('started(note)')).to.be.lessThan(told.indexOf('chunk(answer<answer:You said: )'));
  });

  it('does not wait for a step that writes another variable', async () => {
    const plan = planOf(
      [
        step('start', 'start', { to: ['note'] }),
        assign('note', ['answer'], ['conversation', 'said']),
        answer('answer', 'Hi {sys.query}'),
      ],
      { conversation: [{ name: 'said', type: 'string', value: '' }] },
    );
    const { told } = await runScripted(plan);
    expect(told.indexOf('chunk(answer<answer:Hi )')).to.be.lessThan(told.indexOf('started(note)'));
  });

  it('waits for an answer that comes before', async () => {
    const plan = planOf([
      step('start', 'start', { to: ['llm'] }),
      step('llm', 'llm', { to: ['first'] }),
      answer('first', '--- answer 1 ---\n\nfoo\n', { to: ['second'] }),
      answer('second', '--- answer 2 ---\n\n{llm.text}\n'),
    ]);
    const { text, told } = await runScripted(plan, { script: { llm: writes('mocked') } });
    expect(text).to.equal('--- answer 1 ---\n\nfoo\n--- answer 2 ---\n\nmocked\n');
    expect(told.indexOf('started(first)')).to.be.lessThan(
      told.indexOf('chunk(second<second:--- answer 2 ---\n\n)'),
    );
  });

  it('lets one answer speak at a time', async () => {
    const plan = planOf([
      step('start', 'start', { to: ['slow', 'quick'] }),
      step('slow', 'llm', { to: ['first'] }),
      step('quick', 'llm', { to: ['second'] }),
      answer('first', 'A{slow.text}A'),
      answer('second', 'B{quick.text}B'),
    ]);
    const done = gate();
    const quick: StepHandler = async function* (run) {
      const result = yield* writes('qu', 'ick')(run);
      done.open();
      return result;
    };
    const script = { slow: waitsFor(done.opened, writes('sl', 'ow')), quick };
    expect((await runScripted(plan, { script })).text).to.equal('AslowABquickB');
  });

  it('shows the value whole of a step that does not stream, as Markdown', async () => {
    const list: StepHandler = function* () {
      return { when: 'default', outputs: { items: ['a', 'b'] } };
    };
    const plan = planOf([
      step('start', 'start', { to: ['list'] }),
      step('list', 'code', { to: ['answer'] }),
      answer('answer', '{list.items}'),
    ]);
    const { text, told } = await runScripted(plan, { script: { list } });
    expect(text).to.equal('- a\n- b');
    expect(chunks(told)).to.have.length(1);
  });

  it('drops what no answer shows', async () => {
    const plan = planOf([
      step('start', 'start', { to: ['llm'] }),
      step('llm', 'llm', { to: ['code'] }),
      step('code', 'code', { to: ['answer'] }),
      answer('answer', '{code.text}'),
    ]);
    const script = { llm: writes('secret ', 'thoughts'), code: gives({ text: 'said' }) };
    expect((await runScripted(plan, { script })).text).to.equal('said');
  });

  it('shows a value twice where two answers show it', async () => {
    const plan = planOf([
      step('start', 'start', { to: ['llm'] }),
      step('llm', 'llm', { to: ['first'] }),
      answer('first', '{llm.text};', { to: ['second'] }),
      answer('second', '{llm.text}.'),
    ]);
    expect((await runScripted(plan, { script: { llm: writes('o', 'k') } })).text).to.equal('ok;ok.');
  });

  it('names a value that nobody sets, as Dify does', async () => {
    const plan = planOf([
      step('start', 'start', { to: ['answer'] }),
      answer('answer', 'a {start.none} b {env.none}'),
    ]);
    expect((await runScripted(plan)).text).to.equal('a start.none b env.none');
  });

  it('joins the outputs of a workflow by line breaks', async () => {
    const outputs = [
      { name: 'query', from: ['sys', 'query'] },
      { name: 'text', from: ['llm', 'text'] },
      { name: 'none', from: ['llm', 'usage'] },
    ];
    const plan = planOf(
      [
        step('start', 'start', { to: ['llm'] }),
        step('llm', 'llm', { to: ['end'] }),
        step('end', 'output', { config: { outputs } }),
      ],
      { mode: 'workflow' },
    );
    const { text, trace } = await runScripted(plan, { script: { llm: writes('a ', 'b') } });
    expect(text).to.equal('Hello?\na b\nllm.usage');
    const last = trace.at(-1);
    expect(last?.type === 'plan-finished' && last.outputs).to.deep.equal({
      query: 'Hello?',
      text: 'a b',
      none: null,
    });
  });

  it('keeps what an answer that waits shows as it was when its step ran', async () => {
    const plan = planOf(
      [
        step('start', 'start', { to: ['slow', 'note'] }),
        step('slow', 'llm', { to: ['first'] }),
        answer('first', '{slow.text};'),
        assign('note', ['second'], ['conversation', 'n']),
        answer('second', '{conversation.n};', { to: ['again'] }),
        assign('again', ['third'], ['conversation', 'n']),
        answer('third', '{conversation.n}'),
      ],
      { conversation: [{ name: 'n', type: 'string', value: '' }] },
    );
    const done = gate();
    const sets = (value: string, then = (): void => undefined): StepHandler =>
      function* ({ pool }) {
        pool.set('conversation', 'n', value);
        then();
        return { when: 'default', outputs: {} };
      };
    const script = {
      slow: waitsFor(done.opened, writes('slow')),
      note: sets('one'),
      again: sets('two', done.open),
    };
    expect((await runScripted(plan, { script })).text).to.equal('slow;one;two');
  });

  it('goes on where a second attempt says the same, and begins a paragraph where it does not', async () => {
    const plan = planOf([
      step('start', 'start', { to: ['llm'] }),
      step('llm', 'llm', { to: ['answer'], retry: { times: 1, intervalMs: 0 } }),
      answer('answer', '{llm.text}'),
    ]);
    const attempts = (first: readonly string[], second: readonly string[]): StepHandler => {
      let attempt = 0;
      return async function* (run) {
        attempt += 1;
        const result = yield* writes(...(attempt === 1 ? first : second))(run);
        if (attempt === 1) throw new Error('cut off');
        return result;
      };
    };
    const same = { llm: attempts(['The ', 'sky'], ['The sky', ' is blue']) };
    expect((await runScripted(plan, { script: same })).text).to.equal('The sky is blue');
    const other = { llm: attempts(['The ', 'sky'], ['The sea']) };
    expect((await runScripted(plan, { script: other })).text).to.equal('The sky\n\nThe sea');
  });
});
