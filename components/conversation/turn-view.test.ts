import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { TurnPart } from '../../src/contracts/turn.ts';
import { fakeAnswer, fakeCitation, fakeForm, fakeSummary } from '../testing/fake-connection.ts';
import type { TurnView } from './turn-view.ts';
import { applyPart, hasOpenForm, isOpen, newTurn, restoredTurn } from './turn-view.ts';

const play = (parts: readonly TurnPart[]): TurnView => parts.reduce(applyPart, newTurn('1', 'Q'));
const route = (
  responder: 'lead' | 'understudy',
  reason: 'lead-reachable' | 'lead-interrupted',
): TurnPart => ({
  type: 'route-decided',
  responder,
  reason,
});

describe('applyPart', () => {
  it('collects text, citations and the summary of a plain answer', () => {
    const turn = play(fakeAnswer('Yes [1].', [fakeCitation()]));
    expect(turn.state).to.equal('answered');
    expect(turn.segments).to.have.length(1);
    expect(turn.segments[0]?.text).to.equal('Yes [1].');
    expect(turn.segments[0]?.citations).to.have.length(1);
    expect(turn.summary?.text).to.equal('Yes [1].');
  });

  it('keeps what the lead said when the device goes on', () => {
    const turn = play([
      route('lead', 'lead-reachable'),
      { type: 'text-delta', text: 'The light' },
      { type: 'notice', code: 'lead-interrupted' },
      route('understudy', 'lead-interrupted'),
      { type: 'text-delta', text: 'A red light.' },
      { type: 'citation', citation: fakeCitation() },
    ]);
    expect(turn.segments.map(({ responder, text }) => [responder, text])).to.deep.equal([
      ['lead', 'The light'],
      ['understudy', 'A red light.'],
    ]);
    expect(turn.segments.map(({ citations }) => citations.length)).to.deep.equal([0, 1]);
  });

  it('drops a responder that said nothing', () => {
    const turn = play([route('lead', 'lead-reachable'), route('understudy', 'lead-interrupted')]);
    expect(turn.segments.map(({ responder }) => responder)).to.deep.equal(['understudy']);
  });

  it('takes text and citations from the summary when the stream had none', () => {
    const summary = fakeSummary({ text: 'Yes.', citations: [fakeCitation()] });
    const turn = play([route('lead', 'lead-reachable'), { type: 'end', summary }]);
    expect(turn.segments[0]?.text).to.equal('Yes.');
    expect(turn.segments[0]?.citations).to.have.length(1);
  });

  it('tells a stop by the visitor from a failure and keeps the text', () => {
    const text: TurnPart = { type: 'text-delta', text: 'Half' };
    const error = (code: 'turn/aborted' | 'turn/no-responder'): TurnPart => ({
      type: 'error',
      error: { code, message: '', facts: {} },
    });
    expect(play([text, error('turn/aborted')]).state).to.equal('stopped');
    expect(play([text, error('turn/no-responder')]).state).to.equal('failed');
    expect(play([text, error('turn/aborted')]).segments[0]?.text).to.equal('Half');
  });

  it('changes nothing after the end', () => {
    const turn = play(fakeAnswer('Yes.'));
    expect(applyPart(turn, { type: 'text-delta', text: 'more' })).to.equal(turn);
  });

  it('orders and replaces citations by their number', () => {
    const turn = play([
      { type: 'citation', citation: fakeCitation({ index: 2 }) },
      { type: 'citation', citation: fakeCitation({ index: 1 }) },
      { type: 'citation', citation: fakeCitation({ index: 2, title: 'Newer' }) },
    ]);
    expect(turn.segments[0]?.citations.map(({ index, title }) => [index, title])).to.deep.equal([
      [1, 'Returning an order'],
      [2, 'Newer'],
    ]);
  });

  it('keeps every text delta, whatever the order of the parts', () => {
    const part: fc.Arbitrary<TurnPart> = fc.oneof(
      fc.string().map((text): TurnPart => ({ type: 'text-delta', text })),
      fc.constantFrom<TurnPart>(
        route('lead', 'lead-reachable'),
        route('understudy', 'lead-interrupted'),
        { type: 'notice', code: 'lead-interrupted' },
        { type: 'handoff', reason: 'asked' },
        { type: 'citation', citation: fakeCitation() },
      ),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const turn = play(parts);
        const sent = parts.map((each) => (each.type === 'text-delta' ? each.text : '')).join('');
        return turn.segments.map(({ text }) => text).join('') === sent && isOpen(turn);
      }),
    );
  });
});

describe('forms of a turn', () => {
  const asked: readonly TurnPart[] = [
    { type: 'text-delta', text: 'First this.' },
    { type: 'form', form: fakeForm() },
  ];
  const closed: TurnPart = { type: 'form-closed', formId: 'complaint', label: 'Send it' };

  it('remembers where in the text a form came', () => {
    const turn = play([...asked, closed, { type: 'text-delta', text: 'Thank you.' }]);
    expect(turn.segments[0]?.text).to.equal('First this.Thank you.');
    expect(turn.segments[0]?.forms.map(({ at, state, label }) => [at, state, label])).to.deep.equal([
      [11, 'closed', 'Send it'],
    ]);
  });

  it('waits for the visitor while a form is open, and for the answer afterwards', () => {
    expect(hasOpenForm(play(asked))).to.equal(true);
    const turn = play([...asked, closed]);
    expect(hasOpenForm(turn)).to.equal(false);
    expect(turn.state).to.equal('asking');
  });

  it('keeps a segment that holds a form alone', () => {
    const turn = play([
      route('lead', 'lead-reachable'),
      ...asked.slice(1),
      closed,
      route('understudy', 'lead-interrupted'),
    ]);
    expect(turn.segments).to.have.length(2);
  });

  it('closes what is open at the end of the turn, without a label', () => {
    const turn = play([...asked, { type: 'end', summary: fakeSummary() }]);
    expect(turn.segments[0]?.forms.map(({ state, label }) => [state, label])).to.deep.equal([['closed', '']]);
    const failed = play([
      ...asked,
      { type: 'error', error: { code: 'turn/no-responder', message: '', facts: {} } },
    ]);
    expect(failed.segments[0]?.forms[0]?.state).to.equal('closed');
  });

  it('ignores the end of a form it does not know', () => {
    expect(hasOpenForm(play([...asked, { ...closed, formId: 'other' }]))).to.equal(true);
  });
});

describe('restoredTurn', () => {
  const entry = { id: '1', question: 'Q', askedAtMs: 0, answer: 'Half', summary: null } as const;

  it('offers a turn that was cut', () => {
    const turn = restoredTurn({ ...entry, state: 'pending' });
    expect(turn.state).to.equal('cut');
    expect(turn.segments[0]?.text).to.equal('Half');
  });

  it('brings back answers with their sources', () => {
    const summary = fakeSummary({ text: 'Yes [1].', citations: [fakeCitation()], responder: 'lead' });
    const turn = restoredTurn({ ...entry, state: 'answered', summary });
    expect(turn.segments).to.deep.equal([
      { responder: 'lead', reason: 'no-lead', text: 'Yes [1].', citations: [fakeCitation()], forms: [] },
    ]);
  });
});
