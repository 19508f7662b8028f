import { expect } from '@open-wc/testing';
import { thrownBy, testTurn } from '../../test/contract/responder.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { TurnForm } from '../contracts/form.ts';
import type { FormSubmission, Lead, PastExchange, Responder } from '../contracts/responder.ts';
import type { TurnPart } from '../contracts/turn.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { ManualClock } from './manual-clock.ts';
import type { ScriptStep } from './scripted-responder.ts';
import { script, ScriptedLead, ScriptedResponder } from './scripted-responder.ts';
import { createSession } from './session.ts';
import { TurnScene } from './turn-scene.ts';
import { WaitingForms } from './waiting-forms.ts';

const { text, end, fail } = script;
const form: TurnForm = { id: 'f', title: '', content: '', fields: [], actions: [], expiresAtMs: null };
const asks: ScriptStep = { afterMs: 0, part: { type: 'form', form } };
const closes = (afterMs: number): ScriptStep => ({
  afterMs,
  part: { type: 'form-closed', formId: 'f', label: 'OK' },
});
const typesOf = (parts: readonly TurnPart[]): readonly string[] => parts.map(({ type }) => type);

describe('A turn with a form', () => {
  let scene: TurnScene;
  beforeEach(() => {
    scene = new TurnScene();
    scene.understudy.steps = [text('From here.'), end()];
  });

  it('shows the form of the lead at once and lets the visitor take an hour for it', async () => {
    scene.lead.steps = [asks, closes(3_600_000), text('Thank you.', 1000), end()];
    scene.start();
    await scene.clock.advance(10_000);
    expect(typesOf(scene.parts)).to.deep.equal(['route-decided', 'form']);
    await scene.clock.advance(3_601_000);
    expect(typesOf(scene.parts)).to.deep.equal(['route-decided', 'form', 'form-closed', 'text-delta', 'end']);
    expect(scene.faults).to.deep.equal([]);
  });

  it('still ends a lead that falls silent after the form', async () => {
    scene.lead.steps = [asks, closes(600_000), text('Thank ', 10)];
    scene.lead.afterLast = 'hang';
    scene.start();
    await scene.clock.advance(600_100);
    expect(scene.text).to.equal('Thank ');
    await scene.clock.advance(31_000);
    expect(scene.faults).to.deep.equal(['lead/interrupted']);
    expect(scene.last).to.equal('end');
  });

  it('lets the visitor take an hour for a form of the device', async () => {
    scene.understudy.steps = [asks, closes(3_600_000), text('Thank you.'), end()];
    await scene.play({ lead: null }, 3_700_000);
    expect(typesOf(scene.parts)).to.deep.equal(['route-decided', 'form', 'form-closed', 'text-delta', 'end']);
  });

  it('closes a form whose responder is gone', async () => {
    scene.lead.steps = [text('First: '), asks, fail(new UnderstudyError('lead/interrupted', 'x'), 5000)];
    await scene.play();
    expect(typesOf(scene.parts)).to.deep.equal([
      'route-decided',
      'text-delta',
      'form',
      'form-closed',
      'notice',
      'route-decided',
      'text-delta',
      'end',
    ]);
    expect(scene.parts[3]).to.deep.equal({ type: 'form-closed', formId: 'f', label: '' });
  });
});

describe('A session with a lead of many talents', () => {
  class TalentedLead extends ScriptedLead implements Lead {
    readonly submitted: FormSubmission[] = [];
    readonly ratings: (string | null)[] = [];
    past: readonly PastExchange[] = [];

    submitForm(submission: FormSubmission): Promise<boolean> {
      this.submitted.push(submission);
      return Promise.resolve(true);
    }

    feedback(turnId: string, rating: string | null): Promise<boolean> {
      this.ratings.push(rating);
      return Promise.resolve(turnId === 'known');
    }

    history(): Promise<readonly PastExchange[]> {
      return Promise.resolve(this.past);
    }
  }

  const open = (privacy: 'hybrid' | 'device-only' = 'hybrid') => {
    const clock = new ManualClock();
    const lead = new TalentedLead(clock);
    const understudy = new ScriptedResponder('understudy', clock);
    const forms = new WaitingForms();
    const session = createSession({
      lead,
      forms,
      privacy,
      clock,
      understudy: () => Promise.resolve<Responder | null>(understudy),
      store: createMemoryStore(),
      random: () => 0,
      fetch: () => Promise.reject(new Error('no network')),
      outboxUrl: null,
      onChange: () => undefined,
      onNotice: () => undefined,
      onFault: () => undefined,
    });
    return { lead, understudy, forms, session };
  };

  it('leads a form of its turn to it, and none after the turn', async () => {
    const { lead, forms, session } = open();
    lead.steps = [asks];
    lead.afterLast = 'hang';
    const submission: FormSubmission = { formId: 'f', action: 'ok', values: { a: 1 } };
    expect(await forms.submit(submission)).to.equal(false);
    for await (const part of session.ask(testTurn()))
      if (part.type === 'form') {
        expect(await forms.submit(submission)).to.equal(true);
        break;
      }
    expect(lead.submitted).to.deep.equal([submission]);
    expect(await forms.submit(submission)).to.equal(false);
  });

  it('leaves forms of the device to the device', async () => {
    const { lead, understudy, forms, session } = open('device-only');
    understudy.steps = [asks, closes(0), text('x'), end()];
    for await (const part of session.ask(testTurn()))
      if (part.type === 'form') {
        expect(await forms.submit({ formId: 'f', action: 'ok', values: {} })).to.equal(false);
      }
    expect(lead.submitted).to.deep.equal([]);
  });

  it('passes ratings on, and none where nothing may leave the device', async () => {
    const { lead, session } = open();
    expect(await session.rate('known', 'like')).to.equal(true);
    expect(await session.rate('unknown', null)).to.equal(false);
    expect(lead.ratings).to.deep.equal(['like', null]);
    const silent = open('device-only');
    expect(await silent.session.rate('known', 'like')).to.equal(false);
    expect(silent.lead.ratings).to.deep.equal([]);
  });

  it('takes over what the lead remembers only where it has nothing of its own', async () => {
    const { lead, session } = open();
    const exchange = { id: 'm', question: 'Q?', answer: 'A.', askedAtMs: 5, citations: [] };
    lead.past = [exchange];
    expect((await session.restore()).map(({ id, answer }) => [id, answer])).to.deep.equal([['m', 'A.']]);
    lead.past = [exchange, { ...exchange, id: 'n' }];
    expect(await session.restore()).to.have.length(1);
    lead.steps = [text('Yes.'), end()];
    for await (const part of session.ask(testTurn())) expect(part.type).not.to.equal('error');
    expect(lead.asked[0]?.history).to.deep.equal([{ question: 'Q?', answer: 'A.', responder: 'lead' }]);
  });

  it('tells of a lead whose memory cannot be read', async () => {
    const { lead, session } = open();
    const gone = new UnderstudyError('lead/unreachable', 'x');
    lead.history = () => Promise.reject(gone);
    expect(await thrownBy(session.restore())).to.equal(gone);
  });

  it('does not take a refused file for a sign that the lead is gone', async () => {
    const { lead, understudy, session } = open();
    lead.steps = [fail(new UnderstudyError('turn/file-refused', 'x'))];
    understudy.steps = [text('From here.'), end()];
    const routes: string[] = [];
    for await (const part of session.ask(testTurn()))
      if (part.type === 'route-decided') routes.push(part.reason);
    expect(routes).to.deep.equal(['lead-misconfigured']);
    expect(session.reach).to.equal('reachable');
  });
});
