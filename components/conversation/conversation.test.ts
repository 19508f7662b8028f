import { expect } from '@open-wc/testing';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { TurnPart } from '../../src/contracts/turn.ts';
import { FakeConnection, fakeAnswer, fakeForm, fakeStatus } from '../testing/fake-connection.ts';
import { Conversation } from './conversation.ts';

/** A gate that a test opens: what waits for it goes on then. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

const states = (conversation: Conversation): readonly string[] =>
  conversation.turns.map(({ state }) => state);

describe('Conversation', () => {
  let connection: FakeConnection;
  let conversation: Conversation;

  beforeEach(() => {
    connection = new FakeConnection();
    conversation = new Conversation(() => connection);
  });
  afterEach(() => conversation.dispose());

  it('asks and resolves with the summary', async () => {
    const summary = await conversation.ask('  How long? ');
    expect(summary?.text).to.equal('Thirty days.');
    expect(connection.asks.map(({ text }) => text)).to.deep.equal(['How long?']);
    expect(states(conversation)).to.deep.equal(['answered']);
  });

  it('ignores blank questions', async () => {
    expect(await conversation.ask(' \n')).to.equal(null);
    expect(connection.asks).to.have.length(0);
  });

  it('asks one after the other, in order', async () => {
    const first = gate();
    connection.script = async function* ({ text }) {
      if (text === 'a') await first.opened;
      yield* fakeAnswer(text);
    };
    const answers = ['a', 'b', 'c'].map((text) => conversation.ask(text));
    await conversation.connection;
    await Promise.resolve();
    expect(states(conversation)).to.deep.equal(['asking', 'queued', 'queued']);
    first.open();
    expect((await Promise.all(answers)).map((summary) => summary?.text)).to.deep.equal(['a', 'b', 'c']);
    expect(connection.asks.map(({ text }) => text)).to.deep.equal(['a', 'b', 'c']);
  });

  it('stops an answer, also one that hangs, and goes on with the next', async () => {
    connection.script = async function* ({ text }): AsyncGenerator<TurnPart> {
      yield { type: 'text-delta', text: 'Half' };
      if (text === 'hang') await new Promise(() => undefined);
      yield* fakeAnswer(text);
    };
    const hanging = conversation.ask('hang');
    const next = conversation.ask('next');
    await conversation.connection;
    await new Promise((resolve) => setTimeout(resolve));
    conversation.stop();
    expect(await hanging).to.equal(null);
    expect(await next).to.not.equal(null);
    expect(states(conversation)).to.deep.equal(['stopped', 'answered']);
    expect(conversation.turns[0]?.segments[0]?.text).to.equal('Half');
  });

  it('takes back a queued question', async () => {
    connection.script = () => fakeAnswer('x');
    const first = conversation.ask('a');
    const second = conversation.ask('b');
    conversation.remove(conversation.turns[1]?.id ?? '');
    expect(await second).to.equal(null);
    await first;
    expect(connection.asks).to.have.length(1);
  });

  it('restores the transcript before what was asked meanwhile', async () => {
    connection.entries = [
      { id: 'old', question: 'Old?', askedAtMs: 1, state: 'pending', answer: '', summary: null },
    ];
    await conversation.ask('New?');
    expect(conversation.turns.map(({ question }) => question)).to.deep.equal(['Old?', 'New?']);
    expect(states(conversation)).to.deep.equal(['cut', 'answered']);
  });

  it('asks a cut turn again under its id', async () => {
    connection.entries = [
      { id: 'old', question: 'Old?', askedAtMs: 1, state: 'pending', answer: '', summary: null },
    ];
    await conversation.connection;
    await conversation.ask('Old?', 'old');
    expect(connection.asks[0]?.options.id).to.equal('old');
    expect(states(conversation)).to.deep.equal(['answered']);
  });

  it('does not ask the same running turn twice', async () => {
    const [one, two] = [conversation.ask('a', 'same'), conversation.ask('a', 'same')];
    expect(await two).to.equal(null);
    expect(await one).to.not.equal(null);
    expect(connection.asks).to.have.length(1);
  });

  it('keeps questions over a failed connection and asks them after a retry', async () => {
    conversation.dispose();
    let isUp = false;
    conversation = new Conversation(() => {
      if (!isUp) throw new UnderstudyError('worker/unreachable', 'No worker.');
      return connection;
    });
    const faults: string[] = [];
    conversation.on('fault', ({ code }) => faults.push(code));
    const answer = conversation.ask('a');
    await conversation.connection.catch(() => undefined);
    expect(conversation.phase).to.equal('failed');
    expect(conversation.fault?.code).to.equal('worker/unreachable');
    expect(faults).to.deep.equal(['worker/unreachable']);
    expect(states(conversation)).to.deep.equal(['queued']);
    isUp = true;
    conversation.retry();
    expect((await answer)?.text).to.equal('Thirty days.');
    expect(conversation.phase).to.equal('ready');
  });

  it('ends the turn when a stream throws or has no end', async () => {
    connection.script = () => {
      throw new Error('broken');
    };
    expect(await conversation.ask('a')).to.equal(null);
    connection.script = () => [{ type: 'text-delta', text: 'x' }];
    expect(await conversation.ask('b')).to.equal(null);
    expect(states(conversation)).to.deep.equal(['failed', 'failed']);
  });

  it('goes on without a transcript that cannot be read', async () => {
    connection.transcript = () => Promise.reject(new UnderstudyError('store/failed', 'No disk.'));
    const faults: string[] = [];
    conversation.on('fault', ({ code }) => faults.push(code));
    expect(await conversation.ask('a')).to.not.equal(null);
    expect(faults).to.deep.equal(['store/failed']);
  });

  it('tells start, end, handoff, status and fault', async () => {
    const told: string[] = [];
    conversation.on('turn-start', ({ text }) => told.push(`start ${text}`));
    conversation.on('turn-end', ({ text }) => told.push(`end ${text}`));
    conversation.on('handoff', (reason) => told.push(`handoff ${reason}`));
    conversation.on('status', ({ reach }) => told.push(`status ${reach}`));
    conversation.on('fault', ({ code }) => told.push(`fault ${code}`));
    connection.script = () => [{ type: 'handoff', reason: 'asked' }, ...fakeAnswer('x')];
    await conversation.ask('a');
    connection.setStatus({ reach: 'degraded' });
    connection.tell('fault', new UnderstudyError('lead/timeout', 'Slow.'));
    expect(told).to.deep.equal([
      'status none',
      'start a',
      'end x',
      'handoff asked',
      'status degraded',
      'fault lead/timeout',
    ]);
  });

  it('erases everything and tells it', async () => {
    let erased = 0;
    conversation.on('erased', () => (erased += 1));
    await conversation.ask('a');
    connection.tell('notice', 'memory-only');
    await conversation.erase();
    expect(conversation.turns).to.have.length(0);
    expect(conversation.notices).to.have.length(0);
    expect([connection.eraseCount, erased]).to.deep.equal([1, 1]);
  });

  it('ends the connection when it is disposed, also one that comes late', async () => {
    await conversation.connection;
    conversation.dispose();
    conversation.dispose();
    await Promise.resolve();
    expect(connection.disposeCount).to.equal(1);

    const late = gate();
    const other = new FakeConnection(fakeStatus());
    const early = new Conversation(async () => {
      await late.opened;
      return other;
    });
    early.dispose();
    late.open();
    await early.connection;
    expect(other.disposeCount).to.be.greaterThan(0);
    expect(other.listenerCount).to.equal(0);
    expect(await early.ask('a')).to.equal(null);
  });

  describe('forms of a turn', () => {
    const asking = (closing: Promise<void>) =>
      async function* (): AsyncGenerator<TurnPart> {
        yield { type: 'form', form: fakeForm() };
        await closing;
        yield { type: 'form-closed', formId: 'complaint', label: 'Send it' };
        yield* fakeAnswer('Thank you.');
      };
    const formStates = (): readonly string[] =>
      conversation.turns.flatMap(({ segments }) =>
        segments.flatMap(({ forms }) => forms.map(({ state }) => state)),
      );
    const shown = (): Promise<unknown> => new Promise((resolve) => conversation.on('form', resolve));

    it('submits what was filled in and goes on with the answer', async () => {
      const closing = gate();
      connection.script = asking(closing.opened);
      connection.onSubmit = closing.open;
      const form = shown();
      const answer = conversation.ask('I want to complain');
      await form;
      await conversation.submitForm('complaint', 'send', { what: 'Late.' });
      expect(connection.submitted).to.deep.equal([
        { formId: 'complaint', action: 'send', values: { what: 'Late.' } },
      ]);
      expect((await answer)?.text).to.equal('Thank you.');
      expect(formStates()).to.deep.equal(['closed']);
    });

    it('says that a form came too late, or could not be sent', async () => {
      connection.script = asking(new Promise(() => undefined));
      const form = shown();
      void conversation.ask('I want to complain');
      await form;
      connection.takesForms = null;
      const faults: string[] = [];
      conversation.on('fault', ({ code }) => faults.push(code));
      await conversation.submitForm('complaint', 'send', {});
      expect(formStates()).to.deep.equal(['failed']);
      expect(faults).to.deep.equal(['internal/unexpected']);
      connection.takesForms = false;
      await conversation.submitForm('complaint', 'send', {});
      expect(formStates()).to.deep.equal(['refused']);
    });

    it('closes the form of a turn that is stopped', async () => {
      connection.script = asking(new Promise(() => undefined));
      const form = shown();
      const answer = conversation.ask('I want to complain');
      await form;
      conversation.stop();
      await answer;
      expect(formStates()).to.deep.equal(['closed']);
    });

    it('submits nothing for a form it does not know', async () => {
      await conversation.submitForm('other', 'send', {});
      expect(connection.submitted).to.have.length(0);
    });
  });

  describe('ratings', () => {
    it('tells what the visitor thinks, and takes it back', async () => {
      await conversation.ask('How long?');
      const id = conversation.turns[0]!.id;
      await conversation.rate(id, 'like');
      expect(conversation.turns[0]!.rating).to.equal('like');
      await conversation.rate(id, null);
      expect(connection.rated.map(({ rating }) => rating)).to.deep.equal(['like', null]);
    });

    it('shows a rating that was not taken as not given', async () => {
      await conversation.ask('How long?');
      connection.refusesFeedback = true;
      await conversation.rate(conversation.turns[0]!.id, 'dislike');
      expect(conversation.turns[0]!.rating).to.equal(null);
    });
  });

  describe('a form before the first turn', () => {
    const field = {
      name: 'order',
      label: '',
      type: 'text',
      isRequired: true,
      maxLength: null,
      options: [],
      default: null,
    } as const;

    it('sends what was filled in, and forgets it when everything is erased', async () => {
      await conversation.connection;
      connection.setStatus({ form: [field] });
      expect(conversation.startForm.isNeeded).to.equal(true);
      conversation.submitStartForm({ order: 'F-1', other: 'x' });
      await conversation.ask('Where is it?');
      expect(connection.asks[0]!.options.inputs).to.deep.equal({ order: 'F-1' });
      await conversation.erase();
      expect(conversation.startForm.isNeeded).to.equal(true);
    });

    it('holds a question while a required field is empty', async () => {
      await conversation.connection;
      connection.setStatus({ form: [field] });
      const answer = conversation.ask('Where is it?');
      expect(states(conversation)).to.deep.equal(['queued']);
      expect(connection.asks).to.have.length(0);
      conversation.submitStartForm({ order: 'F-1' });
      expect((await answer)?.text).to.equal('Thirty days.');
      expect(connection.asks.map(({ options }) => options.inputs)).to.deep.equal([{ order: 'F-1' }]);
    });

    it('asks again, by itself, what was asked before the form was known', async () => {
      const known = gate();
      connection.script = async function* ({ text, options }) {
        if (options.inputs?.['order'] !== undefined) {
          yield* fakeAnswer(text);
          return;
        }
        await known.opened;
        connection.setStatus({ form: [field] });
        yield {
          type: 'error',
          error: { code: 'plan/input-invalid', message: 'The order number is missing.', facts: {} },
        };
      };
      const answer = conversation.ask('Where is it?');
      await conversation.connection;
      const held = new Promise<void>((resolve) => {
        conversation.on('change', () => {
          if (connection.asks.length === 1 && states(conversation)[0] === 'queued') resolve();
        });
      });
      known.open();
      await held;
      expect(conversation.turns[0]!.error).to.equal(null);
      conversation.submitStartForm({ order: 'F-1' });
      expect((await answer)?.text).to.equal('Where is it?');
      expect(states(conversation)).to.deep.equal(['answered']);
      expect(connection.asks).to.have.length(2);
    });

    it('shows that the app refuses values which fit the form', async () => {
      await conversation.connection;
      connection.setStatus({ form: [field] });
      conversation.submitStartForm({ order: 'F-1' });
      connection.script = () => [
        { type: 'error', error: { code: 'plan/input-invalid', message: 'No such order.', facts: {} } },
      ];
      expect(await conversation.ask('Where is it?')).to.equal(null);
      expect(states(conversation)).to.deep.equal(['failed']);
    });
  });
});
