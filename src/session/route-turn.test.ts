import { expect } from '@open-wc/testing';
import { UnderstudyError } from '../contracts/errors.ts';
import type { Citation } from '../contracts/passage.ts';
import type { RouteReason } from '../contracts/turn.ts';
import { MAX_ANSWER_LENGTH } from './route-limits.ts';
import type { ScriptStep } from './scripted-responder.ts';
import { script } from './scripted-responder.ts';
import { TurnScene } from './turn-scene.ts';

const { text, end, fail } = script;
const citation = (index: number): Citation => ({
  index,
  passageId: null,
  title: 't',
  headings: [],
  url: null,
  snippet: '',
});

describe('routeTurn', () => {
  let scene: TurnScene;
  beforeEach(() => {
    scene = new TurnScene();
    scene.lead.steps = [text('From '), text('above.', 100), end()];
    scene.understudy.steps = [text('From here.'), end()];
  });

  it('lets the lead answer when it does', async () => {
    await scene.play();
    expect(scene.parts.map(({ type }) => type)).to.deep.equal([
      'route-decided',
      'text-delta',
      'text-delta',
      'end',
    ]);
    expect(scene.routes).to.deep.equal([['lead', 'lead-reachable']]);
    expect(scene.text).to.equal('From above.');
    expect(scene.understudy.asked).to.have.length(0);
    expect(scene.outcomes).to.deep.equal([{ type: 'answered', firstTextMs: 0 }]);
    const last = scene.parts.at(-1);
    if (last?.type !== 'end') throw new Error('There is no end.');
    expect(last.summary).to.include({ text: 'From above.', responder: 'lead', reason: 'lead-reachable' });
    expect(last.summary.metrics).to.include({ firstTextMs: 0, totalMs: 100 });
  });

  it('lets the understudy answer alone when the lead may not be asked', async () => {
    await scene.play({ lead: null, reasonWithoutLead: 'device-only' });
    expect(scene.routes).to.deep.equal([['understudy', 'device-only']]);
    expect(scene.text).to.equal('From here.');
    expect(scene.lead.asked).to.have.length(0);
    expect(scene.outcomes).to.have.length(0);
  });

  it('lets a visitor take the time a form needs, and only that', async () => {
    const form = { id: 'f', title: '', content: '', fields: [], actions: [], expiresAtMs: null };
    const closed: ScriptStep = {
      afterMs: 600_000,
      part: { type: 'form-closed', formId: 'f', label: 'Send' },
    };
    scene.understudy.steps = [{ afterMs: 0, part: { type: 'form', form } }, closed, text('Thanks.'), end()];
    await scene.play({ lead: null });
    expect(scene.text).to.equal('Thanks.');
    expect(scene.parts.at(-1)?.type).to.equal('end');
    const late = new TurnScene();
    late.understudy.steps = [
      { afterMs: 0, part: { type: 'form', form } },
      closed,
      text('Too late.', 600_000),
      end(),
    ];
    await late.play({ lead: null }, 900_000);
    expect(late.parts.at(-1)?.type).to.equal('error');
  });

  const failures: readonly [unknown, RouteReason][] = [
    [new UnderstudyError('lead/unreachable', 'x'), 'lead-unreachable'],
    [new UnderstudyError('lead/bad-response', 'x'), 'lead-unreachable'],
    [new UnderstudyError('lead/interrupted', 'x'), 'lead-unreachable'],
    [new UnderstudyError('lead/timeout', 'x'), 'lead-slow'],
    [new UnderstudyError('lead/refused', 'x'), 'lead-refused'],
    [new UnderstudyError('lead/auth', 'x'), 'lead-misconfigured'],
    [new UnderstudyError('lead/misconfigured', 'x'), 'lead-misconfigured'],
    [new TypeError('a defect'), 'lead-unreachable'],
    ['not even an error', 'lead-unreachable'],
    [undefined, 'lead-unreachable'],
  ];
  for (const [error, reason] of failures) {
    it(`says ${reason} for a lead that throws ${error instanceof UnderstudyError ? error.code : String(error)}`, async () => {
      scene.lead.steps = [fail(error, 50)];
      await scene.play();
      expect(scene.routes).to.deep.equal([['understudy', reason]]);
      expect(scene.text).to.equal('From here.');
      expect(scene.outcomes.map(({ type }) => type)).to.deep.equal(['failed']);
      expect(scene.faults).to.have.length(1);
    });
  }

  it('counts an empty answer of the lead as a failure', async () => {
    scene.lead.steps = [text(''), end()];
    await scene.play();
    expect(scene.routes).to.deep.equal([['understudy', 'lead-unreachable']]);
    expect(scene.faults).to.deep.equal(['lead/bad-response']);
  });

  it('survives a lead that throws at once instead of giving a stream', async () => {
    scene.lead.respond = () => {
      throw new Error('a defect');
    };
    await scene.play();
    expect(scene.text).to.equal('From here.');
  });

  it('asks the understudy too after 1.5 s, and gives it the floor when it is sure', async () => {
    scene.lead.steps = [text('Late.', 5000), end()];
    await scene.play({}, 1499);
    expect(scene.understudy.asked).to.have.length(0);
    await scene.clock.advance(1);
    expect(scene.routes).to.deep.equal([['understudy', 'lead-slow']]);
    expect(scene.text).to.equal('From here.');
    expect(scene.last).to.equal('end');
    expect(scene.lead.abortedCount).to.equal(1);
    expect(scene.outcomes).to.deep.equal([{ type: 'undecided', waitedMs: 1500 }]);
  });

  it('aborts the understudy when the lead speaks first, and shows nothing of it', async () => {
    scene.lead.steps = [text('Late.', 2000), end({}, 3000)];
    scene.understudy.steps = [text('From here.', 400), text(' More.', 400), end()];
    await scene.play({}, 2000);
    expect(scene.understudy.abortedCount, 'while the lead goes on').to.equal(1);
    await scene.clock.advance(3000);
    expect(scene.routes).to.deep.equal([['lead', 'lead-reachable']]);
    expect(scene.text).to.equal('Late.');
    expect(scene.understudy.abortedCount).to.equal(1);
  });

  for (const [what, outcome] of [
    ['a refusal', { isRefusal: true }],
    ['low confidence', { confidence: 0.2 }],
  ] as const) {
    it(`does not let ${what} of the understudy go before a lead that may still answer`, async () => {
      scene.lead.steps = [text('Late.', 9000), end()];
      scene.understudy.steps = [text('I do not know.'), end(outcome)];
      await scene.play();
      expect(scene.routes).to.deep.equal([['lead', 'lead-reachable']]);
      expect(scene.text).to.equal('Late.');
    });

    it(`takes ${what} of the understudy after 15 s`, async () => {
      scene.lead.steps = [text('Late.', 20_000), end()];
      scene.understudy.steps = [text('I do not know.'), end(outcome)];
      await scene.play({}, 14_999);
      expect(scene.parts).to.have.length(0);
      await scene.clock.advance(1);
      expect(scene.routes).to.deep.equal([['understudy', 'lead-slow']]);
      expect(scene.text).to.equal('I do not know.');
      expect(scene.last).to.equal('end');
    });
  }

  it('says why when a hedged lead fails in the end', async () => {
    scene.lead.steps = [fail(new UnderstudyError('lead/refused', 'x'), 4000)];
    scene.understudy.steps = [text('I do not know.'), end({ isRefusal: true })];
    await scene.play();
    expect(scene.routes).to.deep.equal([['understudy', 'lead-refused']]);
    expect(scene.text).to.equal('I do not know.');
  });

  it('waits longer for a slow lead when the device has nobody', async () => {
    scene.lead.steps = [text('Late.', 40_000), end()];
    await scene.play({ understudy: () => Promise.resolve(null) });
    expect(scene.text).to.equal('Late.');
  });

  it('waits for the lead when the understudy fails', async () => {
    scene.lead.steps = [text('Late.', 20_000), end()];
    scene.understudy.steps = [fail(new UnderstudyError('plan/step-failed', 'x'))];
    await scene.play();
    expect(scene.text).to.equal('Late.');
    expect(scene.faults).to.deep.equal(['plan/step-failed']);
  });

  it('lets the understudy complete an answer that was cut off', async () => {
    scene.lead.steps = [
      text('From ab'),
      { afterMs: 0, part: { type: 'citation', citation: citation(1) } },
      fail(new UnderstudyError('lead/interrupted', 'x'), 100),
    ];
    scene.understudy.steps = [
      text('From here.'),
      { afterMs: 0, part: { type: 'citation', citation: { ...citation(1), title: 'mine' } } },
      end(),
    ];
    await scene.play();
    expect(scene.parts.map(({ type }) => type)).to.deep.equal([
      'route-decided',
      'text-delta',
      'notice',
      'route-decided',
      'text-delta',
      'citation',
      'end',
    ]);
    expect(scene.routes).to.deep.equal([
      ['lead', 'lead-reachable'],
      ['understudy', 'lead-interrupted'],
    ]);
    expect(scene.text).to.equal('From ab\n\nFrom here.');
    expect(scene.understudy.asked[0]?.shownText).to.equal('From ab');
    const last = scene.parts.at(-1);
    if (last?.type !== 'end') throw new Error('There is no end.');
    expect(last.summary).to.include({
      text: 'From ab\n\nFrom here.',
      responder: 'understudy',
      isWorded: true,
    });
    expect(last.summary.citations.map(({ title }) => title)).to.deep.equal(['mine']);
    expect(scene.outcomes.map(({ type }) => type)).to.deep.equal(['failed']);
  });

  it('keeps what was shown when nobody can complete it', async () => {
    scene.lead.steps = [text('From ab'), fail(new UnderstudyError('lead/interrupted', 'x'))];
    await scene.play({ understudy: () => Promise.resolve(null) });
    expect(scene.text).to.equal('From ab');
    expect(scene.last).to.equal('lead/interrupted');
  });

  for (const [what, afterLast, afterMs] of [
    ['stops without an end', 'return', 0],
    ['falls silent in the middle', 'hang', 30_000],
  ] as const) {
    it(`completes the answer of a lead that ${what}`, async () => {
      scene.lead.steps = [text('From ab')];
      scene.lead.afterLast = afterLast;
      await scene.play({}, afterMs);
      expect(scene.routes.at(-1)).to.deep.equal(['understudy', 'lead-interrupted']);
      expect(scene.last).to.equal('end');
    });
  }

  it('cuts a lead off that never ends', async () => {
    scene.lead.steps = Array.from({ length: 10_000 }, () => text('on and on ', 1000));
    await scene.play();
    expect(scene.last).to.equal('end');
    expect(scene.lead.abortedCount).to.equal(1);
    expect(scene.routes).to.have.length(2);
  });

  it('cuts an answer off that is too long', async () => {
    const piece = 'x'.repeat(MAX_ANSWER_LENGTH / 4);
    scene.lead.steps = [1, 2, 3, 4, 5, 6].map(() => text(piece, 1));
    await scene.play();
    expect(scene.text).to.have.length(MAX_ANSWER_LENGTH);
    expect(scene.last).to.equal('end');
    expect(scene.lead.abortedCount).to.equal(1);
  });

  it('never takes shown text back when the lead replaces it', async () => {
    const replace = (whole: string): ScriptStep => ({
      afterMs: 0,
      part: { type: 'text-replace', text: whole },
    });
    scene.lead.steps = [text('Two'), replace('Two years'), replace('I may not say.'), end()];
    await scene.play();
    expect(scene.text).to.equal('Two years\n\nI may not say.');
  });

  it('tells what is wrong when neither can answer', async () => {
    scene.lead.steps = [fail(new UnderstudyError('lead/unreachable', 'x'))];
    await scene.play({ understudy: () => Promise.resolve(null) });
    const last = scene.parts.at(-1);
    if (last?.type !== 'error') throw new Error('There is no error.');
    expect(last.error.code).to.equal('turn/no-responder');
    expect(last.error.facts).to.deep.equal({ lead: 'lead/unreachable' });
  });

  it('tells what is wrong with a plan that has no answer, a bundle that does not open, a plan that hangs', async () => {
    scene.understudy.steps = [end()];
    await scene.play({ lead: null });
    expect(scene.last).to.equal('plan/no-answer');
    const closed = await new TurnScene().play({
      lead: null,
      understudy: () => Promise.reject(new UnderstudyError('bundle/unreachable', 'x')),
    });
    expect(closed.last).to.equal('bundle/unreachable');
    const hanging = new TurnScene();
    hanging.understudy.afterLast = 'hang';
    await hanging.play({ lead: null });
    expect(hanging.last).to.equal('turn/no-responder');
  });

  it('stops at once when the visitor stops it', async () => {
    scene.lead.steps = [text('From '), text('above.', 5000), end()];
    scene.lead.heedsSignal = false;
    await scene.play({}, 100);
    scene.abort.abort();
    await scene.clock.advance(0);
    expect(scene.last).to.equal('turn/aborted');
    expect(scene.isOver).to.equal(true);
    await scene.clock.advance(10_000);
    expect(scene.text).to.equal('From ');
    expect(scene.outcomes).to.deep.equal([{ type: 'answered', firstTextMs: 0 }]);
  });

  it('asks nobody when it was stopped before it began', async () => {
    scene.abort.abort();
    await scene.play();
    expect(scene.parts.map(({ type }) => type)).to.deep.equal(['error']);
    expect(scene.lead.asked).to.have.length(0);
  });

  it('aborts everybody when its reader goes away', async () => {
    scene.lead.steps = [text('Late.', 60_000)];
    scene.understudy.steps = [text('I am', 0), text(' thinking.', 60_000)];
    scene.start();
    await scene.clock.advance(2000);
    scene.abort.abort();
    await scene.clock.advance(0);
    expect([scene.lead.abortedCount, scene.understudy.abortedCount]).to.deep.equal([1, 1]);
    expect(scene.clock.sleeperCount).to.equal(0);
  });
});
