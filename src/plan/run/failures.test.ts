import { expect } from '@open-wc/testing';
import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { ManualClock } from '../../session/manual-clock.ts';
import {
  answer,
  copies,
  gate,
  planOf,
  runScripted,
  step,
  streamScripted,
  throws,
  writes,
} from '../scripted-plan.ts';
import type { ScriptedRun, ScriptedTurn } from '../scripted-plan.ts';
import type { Plan } from '../../contracts/plan.ts';
import type { StepHandler, TraceEvent } from '../step-handler.ts';

const needed = new UnderstudyError('plan/needs-lead', 'No model is here.');
const needsLead = throws(needed);

async function codeOf(run: Promise<ScriptedRun>): Promise<string> {
  try {
    await run;
  } catch (error) {
    return isUnderstudyError(error) ? error.code : String(error);
  }
  return 'none';
}
const asking = (given: JsonObject = {}, onError: JsonObject | null = null): Plan =>
  planOf(
    [
      step('start', 'start', { to: ['llm'] }),
      step('llm', 'llm', {
        edges: [
          { when: 'default', to: 'answer' },
          ...(onError?.['kind'] === 'branch' ? [{ when: 'fail-branch', to: 'sorry' }] : []),
        ],
        ...(onError === null ? {} : { onError }),
      }),
      answer('answer', 'Answer: {llm.text}'),
      ...(onError?.['kind'] === 'branch' ? [answer('sorry', 'Sorry: {llm.error_message}')] : []),
    ],
    given,
  );
const fails = throws(new Error('mock llm failure'));

describe('a step that fails', () => {
  it('fails the turn without a strategy, and is named', async () => {
    const trace: TraceEvent[] = [];
    let error: unknown = null;
    try {
      for await (const part of streamScripted(asking(), { script: { llm: fails } }, trace))
        expect(part.type).to.equal('text-delta');
    } catch (thrown) {
      error = thrown;
    }
    expect(isUnderstudyError(error, 'plan/step-failed') && error.facts).to.deep.equal({
      step: 'llm',
      kind: 'llm',
    });
    expect(trace.at(-2)).to.deep.equal({
      type: 'step-failed',
      step: 'llm',
      code: 'internal/unexpected',
      message: 'mock llm failure',
    });
    expect(trace.at(-1)).to.include({ type: 'plan-finished', status: 'failed' });
  });

  it('goes on with other values, and the run counts as a partial success', async () => {
    const plan = asking({}, { kind: 'defaults', values: { text: 'fallback response' } });
    const { text, told, trace } = await runScripted(plan, { script: { llm: fails } });
    expect(text).to.equal('Answer: fallback response');
    expect(told).to.include('excepted(llm)').and.not.include('finished(llm)');
    expect(trace.at(-1)).to.deep.equal({
      type: 'plan-finished',
      status: 'partial-succeeded',
      outputs: { answer: 'Answer: fallback response' },
      exceptions: 1,
    });
  });

  it('follows its fail-branch with what went wrong, and skips the rest', async () => {
    const plan = asking({}, { kind: 'branch' });
    const { text, told } = await runScripted(plan, { script: { llm: fails } });
    expect(text).to.equal('Sorry: mock llm failure');
    expect(told).to.include('skipped(answer)');
    const fine = await runScripted(plan, { script: { llm: writes('yes') } });
    expect(fine.text).to.equal('Answer: yes');
    expect(fine.told).to.include('skipped(sorry)');
  });

  it('is tried again after its interval, as often as it may, before its strategy counts', async () => {
    const clock = new ManualClock();
    let attempts = 0;
    const begun = gate();
    const llm: StepHandler = function* () {
      attempts += 1;
      begun.open();
      if (attempts < 3) throw new Error(`failure ${String(attempts)}`);
      return { when: 'default', outputs: { text: 'third time' } };
    };
    const plan = planOf([
      step('start', 'start', { to: ['llm'] }),
      step('llm', 'llm', { to: ['answer'], retry: { times: 2, intervalMs: 500 } }),
      answer('answer', '{llm.text}'),
    ]);
    const run = runScripted(plan, { script: { llm }, services: { clock } });
    await begun.opened;
    await clock.advance(499);
    expect(attempts).to.equal(1);
    await clock.advance(1);
    expect(attempts).to.equal(2);
    await clock.advance(500);
    const { text, trace } = await run;
    expect(text).to.equal('third time');
    expect(trace.filter(({ type }) => type === 'step-retried')).to.deep.equal([
      { type: 'step-retried', step: 'llm', attempt: 1, message: 'failure 1' },
      { type: 'step-retried', step: 'llm', attempt: 2, message: 'failure 2' },
    ]);
    expect(trace.filter((event) => event.type === 'step-started' && event.step === 'llm')).to.have.length(1);
  });

  it('takes back nothing when its default differs from what was shown', async () => {
    const llm: StepHandler = async function* (run) {
      yield* writes('half ')(run);
      throw new Error('cut off');
    };
    const plan = asking({}, { kind: 'defaults', values: { text: 'Ask us.' } });
    expect((await runScripted(plan, { script: { llm } })).text).to.equal('Answer: half \n\nAsk us.');
  });

  it('stops the steps beside it', async () => {
    let reason: unknown = null;
    const slow: StepHandler = async function* ({ signal }) {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
          resolve();
        });
      });
      return { when: 'default', outputs: {} };
    };
    const plan = planOf([
      step('start', 'start', { to: ['slow', 'llm'] }),
      step('slow', 'code', { to: ['answer'] }),
      step('llm', 'llm', { to: ['answer'] }),
      answer('answer', '{llm.text}'),
    ]);
    expect(await codeOf(runScripted(plan, { script: { slow, llm: fails } }))).to.equal('plan/step-failed');
    expect(reason).to.be.instanceOf(DOMException);
  });
});

describe('a step that needs the cloud', () => {
  const asksLead = (given: JsonObject = {}, text = 'Answer: {tool.text}'): Plan =>
    planOf(
      [
        step('start', 'start', { to: ['tool'] }),
        step('tool', 'lead', { to: ['answer'], config: { what: 'tool "google_search"' } }),
        answer('answer', text),
      ],
      given,
    );

  it('ends the turn with words that say so and the offer of the outbox, when nothing was shown', async () => {
    const { text, parts, outcome } = await runScripted(asksLead());
    expect(text).to.contain('I need a connection');
    expect(parts.at(-2)).to.deep.equal({ type: 'handoff', reason: 'needs-connection' });
    expect(outcome).to.include({ isRefusal: true, confidence: 0, isWorded: false });
  });

  it('says the words of the owner, else the built-in ones in the language of the visitor', async () => {
    const own = await runScripted(asksLead({ needsLeadText: 'Back soon.' }));
    expect(own.text).to.equal('Back soon.');
    const chinese = await runScripted(asksLead(), { turn: { text: '请问今天的天气怎么样？' } });
    expect(chinese.text).to.contain('需要网络连接');
  });

  it('says after a part that was shown that it is not whole', async () => {
    const { text, parts, outcome } = await runScripted(asking(), { script: { llm: needsLead } });
    expect(text).to.match(/^Answer: \n\nThis answer is not complete/);
    expect(parts.at(-2)).to.deep.equal({ type: 'handoff', reason: 'needs-connection' });
    expect(outcome.isRefusal).to.equal(true);
  });

  it('counts what the lead has shown already', async () => {
    const { text } = await runScripted(asksLead(), { options: { shownText: 'The lead said' } });
    expect(text).to.match(/^This answer is not complete/);
  });

  it('takes its error branch if it has one', async () => {
    const { text, parts } = await runScripted(asking({}, { kind: 'branch' }), { script: { llm: needsLead } });
    expect(text).to.contain('Sorry: No model is here.');
    expect(parts.some((part) => part.type === 'handoff')).to.equal(false);
  });

  it('is not tried again, and ends an iteration that forgives errors', async () => {
    let attempts = 0;
    const counted: StepHandler = function* () {
      attempts += 1;
      throw needed;
    };
    const plan = planOf([
      step('list', 'code', { to: ['each'] }),
      step('each', 'iterate', {
        to: ['answer'],
        config: {
          items: ['list', 'text'],
          output: ['llm', 'text'],
          start: 'llm',
          parallel: 1,
          onError: 'null',
          isFlattened: false,
        },
      }),
      step('llm', 'llm', { parent: 'each', retry: { times: 3, intervalMs: 0 } }),
      answer('answer', '{each.output}'),
    ]);
    const list: StepHandler = function* () {
      return { when: 'default', outputs: { text: [1, 2] } };
    };
    const { text, outcome } = await runScripted(plan, { script: { list, llm: counted } });
    expect(attempts).to.equal(1);
    expect(outcome.isRefusal).to.equal(true);
    expect(text).to.contain('I need a connection');
  });
});

describe('the limits of a turn', () => {
  const looping = (rounds: number): Plan =>
    planOf([
      step('loop', 'loop', {
        to: ['answer'],
        config: { rounds, start: 'begin', until: null, variables: [] },
      }),
      step('begin', 'round-start', { parent: 'loop', to: ['work'] }),
      step('work', 'code', { parent: 'loop' }),
      answer('answer', 'done'),
    ]);

  it('are 500 runs of steps, those in rounds too', async () => {
    expect((await runScripted(looping(249))).text).to.equal('done');
    expect(await codeOf(runScripted(looping(250)))).to.equal('plan/too-many-steps');
  });

  const waiting = planOf([
    step('start', 'start', { to: ['work'] }),
    step('work', 'code', { to: ['answer'] }),
    answer('answer', 'done'),
  ]);
  it('are 1,200 seconds, even in a step that does not listen', async () => {
    const clock = new ManualClock();
    const begun = gate();
    const never: StepHandler = async function* () {
      begun.open();
      await new Promise(() => undefined);
      return { when: 'default', outputs: {} };
    };
    const run = codeOf(runScripted(waiting, { script: { work: never }, services: { clock } }));
    await begun.opened;
    await clock.advance(1_200_000);
    expect(await run).to.equal('plan/too-slow');
  });

  it('do not count the time in which the visitor fills in a form', async () => {
    const clock = new ManualClock();
    const filled = gate();
    const begun = gate();
    const work: StepHandler = async function* ({ services, signal }) {
      begun.open();
      const form = { id: 'f', title: '', content: '', fields: [], actions: [], expiresAtMs: null };
      await services.awaitForm?.(form, signal);
      return { when: 'default', outputs: {} };
    };
    const awaitForm = async (): Promise<{ action: string; values: JsonObject }> => {
      await filled.opened;
      return { action: 'ok', values: {} };
    };
    const run = runScripted(waiting, { script: { work }, services: { clock, awaitForm } });
    await begun.opened;
    await clock.advance(3_600_000);
    filled.open();
    expect((await run).text).to.equal('done');
  });

  it('are five containers one in another', async () => {
    const nested = (depth: number): JsonObject[] => [
      ...Array.from({ length: depth }, (_, index) =>
        step(`loop${String(index)}`, 'loop', {
          ...(index === 0 ? { to: ['answer'] } : { parent: `loop${String(index - 1)}` }),
          config: {
            rounds: 1,
            start: index === depth - 1 ? 'work' : `loop${String(index + 1)}`,
            until: null,
            variables: [],
          },
        }),
      ),
      step('work', 'code', { parent: `loop${String(depth - 1)}` }),
      answer('answer', 'done'),
    ];
    expect((await runScripted(planOf(nested(5)))).text).to.equal('done');
    expect(await codeOf(runScripted(planOf(nested(6))))).to.equal('plan/invalid');
  });
});

describe('a turn that is cancelled', () => {
  it('stops within a step, with the reason of the one who cancelled', async () => {
    const stop = new AbortController();
    let isTold = false;
    const started = gate();
    const work: StepHandler = async function* ({ signal }) {
      started.open();
      signal.addEventListener('abort', () => {
        isTold = true;
      });
      await new Promise(() => undefined);
      return { when: 'default', outputs: {} };
    };
    const plan = planOf([step('work', 'code', { to: ['answer'] }), answer('answer', 'done')]);
    const given: ScriptedTurn = { script: { work }, options: { signal: stop.signal } };
    const run = codeOf(runScripted(plan, given));
    await started.opened;
    stop.abort(new UnderstudyError('turn/aborted', 'Stopped.'));
    expect(await run).to.equal('turn/aborted');
    expect(isTold).to.equal(true);
  });

  it('stops its steps when the reader leaves', async () => {
    const stopped = gate();
    const llm: StepHandler = async function* ({ signal }) {
      signal.addEventListener('abort', stopped.open);
      for (;;) {
        yield { type: 'value-delta', name: 'text', text: 'on and ' };
        await Promise.resolve();
      }
    };
    for await (const part of streamScripted(asking(), { script: { llm } })) {
      if (part.type === 'text-delta' && part.text === 'on and ') break;
    }
    await stopped.opened;
  });
});

describe('what a turn begins with', () => {
  it('is what the product knows of app, session and turn', async () => {
    const plan = planOf(
      [
        step('start', 'start', { to: ['answer'] }),
        answer(
          'answer',
          '{sys.query}|{sys.app_id}|{sys.dialogue_count}|{sys.conversation_id}|{sys.workflow_run_id}|{sys.timestamp}|{env.shop}|{turn.text}',
        ),
      ],
      { environment: [{ name: 'shop', type: 'string', value: 'Fenbrook' }] },
    );
    const session = async (): Promise<{ id: string; turns: number }> => ({ id: 'c-1', turns: 4 });
    const clock = new ManualClock(1_780_000_000_123);
    const { text } = await runScripted(plan, { services: { session, clock } });
    expect(text).to.equal('Hello?|test|5|c-1|turn-1|1780000000|Fenbrook|Hello?');
  });

  it('are the variables of the conversation as they were kept, unless their type has changed', async () => {
    const plan = planOf(
      [
        step('start', 'start', { to: ['note'] }),
        step('note', 'code', { to: ['answer'] }),
        answer('answer', '{conversation.a} {conversation.b}'),
      ],
      {
        conversation: [
          { name: 'a', type: 'string', value: 'first' },
          { name: 'b', type: 'number', value: 7 },
        ],
      },
    );
    const written: unknown[] = [];
    const conversation = {
      read: async (): Promise<JsonObject> => ({ a: 'kept', b: 'no number' }),
      write: async (name: string, value: unknown): Promise<void> => {
        written.push([name, value]);
      },
    };
    const note: StepHandler = function* ({ pool }) {
      pool.set('conversation', 'b', 8);
      return { when: 'default', outputs: {} };
    };
    const { text } = await runScripted(plan, { script: { note }, services: { conversation } });
    // Nothing tells that `note` writes `b`: only `assign` steps hold answers back.
    expect(text).to.equal('kept 7');
    expect(written).to.deep.equal([['b', 8]]);
  });

  it('is seen by older exports under the id of the start', async () => {
    const plan = planOf([
      step('start', 'start', { to: ['copy'] }),
      step('copy', 'code', { to: ['answer'] }),
      answer('answer', '{copy.text}'),
    ]);
    const script = { copy: copies(['start', 'sys.query']) };
    expect((await runScripted(plan, { script })).text).to.equal('Hello?');
  });

  it('refuses a variable of the conversation that is larger than 200 KiB', async () => {
    const plan = planOf([step('note', 'code', { to: ['answer'] }), answer('answer', 'done')]);
    const note: StepHandler = function* ({ pool }) {
      pool.set('conversation', 'big', 'x'.repeat(200 * 1024));
      return { when: 'default', outputs: {} };
    };
    expect(await codeOf(runScripted(plan, { script: { note } }))).to.equal('plan/step-failed');
  });
});
