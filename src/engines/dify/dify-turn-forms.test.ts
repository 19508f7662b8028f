import { expect } from '@open-wc/testing';
import { expectCode, readAnswer, testTurn, thrownBy } from '../../../test/contract/responder.ts';
import type { Lead, ResponderPart } from '../../contracts/responder.ts';
import { ManualClock } from '../../session/manual-clock.ts';
import { events, failure, FakeDify, json, leadOf, sse } from './fake-dify.ts';

const { message, messageEnd, started, finished, paused, formAsked, formFilled } = events;

describe('A Dify lead whose run asks the visitor', () => {
  let server: FakeDify;
  beforeEach(() => {
    server = new FakeDify();
    server.chat = () => sse([started, message('First: '), formAsked(), paused]);
    server.answers['/form/human_input/token-1'] = () => json({});
    server.answers['/workflow/run-1/events'] = () =>
      sse([started, formAsked(), paused, formFilled(), message('done.'), messageEnd(), finished()]);
  });

  /** Reads a turn and fills in each form with the next of the submissions. */
  const run = async (
    lead: Required<Lead>,
    ...submissions: readonly { action?: string; values?: Record<string, string> }[]
  ): Promise<{ parts: readonly ResponderPart[]; accepted: readonly unknown[]; text: string }> => {
    const waiting = [...submissions];
    const accepted: Promise<unknown>[] = [];
    const parts: ResponderPart[] = [];
    for await (const part of lead.respond(testTurn())) {
      parts.push(part);
      if (part.type !== 'form') continue;
      const { action = 'send', values = {} } = waiting.shift() ?? {};
      const formId = part.form.id;
      accepted.push(
        // After the reader has come back for the next part, as a visitor does.
        new Promise((resolve) => setTimeout(resolve)).then(() => lead.submitForm({ formId, action, values })),
      );
    }
    const text = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
    return { parts, accepted: await Promise.all(accepted), text };
  };

  it('shows the form at once, submits it with all its fields, and goes on', async () => {
    const { parts, accepted, text } = await run(leadOf(server), {});
    expect(accepted).to.deep.equal([true]);
    expect(text).to.equal('First: done.');
    expect(parts.map(({ type }) => type)).to.deep.equal([
      'text-delta',
      'form',
      'form-closed',
      'text-delta',
      'end',
    ]);
    const [, form, closed] = parts;
    if (form?.type !== 'form') throw new Error('There is no form.');
    expect(form.form).to.deep.equal({
      id: 'form-1',
      title: 'Address',
      content: 'Where to?\n\n{{#$output.street#}}',
      fields: [
        {
          name: 'street',
          label: 'street',
          type: 'paragraph',
          isRequired: false,
          maxLength: null,
          options: [],
          default: null,
        },
      ],
      actions: [
        { id: 'send', label: 'Send it', style: 'primary' },
        { id: 'stop', label: 'No', style: 'ghost' },
      ],
      expiresAtMs: 1_790_000_000_000,
    });
    expect(closed).to.deep.equal({ type: 'form-closed', formId: 'form-1', label: 'Send it' });
    expect(server.sent('/form/human_input/token-1')[0]?.body).to.deep.equal({
      action: 'send',
      inputs: { street: '' },
    });
    const paths = server.paths();
    expect(paths.indexOf('GET /workflow/run-1/events')).to.be.below(
      paths.indexOf('POST /form/human_input/token-1'),
    );
  });

  it('goes on from one form to the next', async () => {
    const second = { form_id: 'form-2', form_token: 'token-2', node_id: 'ask-2' };
    const streams = [
      [formFilled(), formAsked(second), paused],
      [
        { event: 'human_input_form_filled', data: { node_id: 'ask-2', action_text: 'No' } },
        message('end.'),
        messageEnd(),
      ],
    ];
    server.answers['/workflow/run-1/events'] = () => sse(streams.shift() ?? []);
    server.answers['/form/human_input/token-2'] = () => json({});
    const { accepted, text, parts } = await run(leadOf(server), {}, { action: 'stop' });
    expect(accepted).to.deep.equal([true, true]);
    expect(text).to.equal('First: end.');
    expect(parts.filter(({ type }) => type === 'form')).to.have.length(2);
  });

  it('opens the stream again that a server closes while the run is still paused', async () => {
    const streams = [
      [started, paused],
      [formFilled(), message('done.'), messageEnd(), finished()],
    ];
    server.answers['/workflow/run-1/events'] = () => sse(streams.shift() ?? []);
    let release = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.answers['/form/human_input/token-1'] = async () => {
      setTimeout(release, 20);
      await slow;
      return json({});
    };
    expect((await run(leadOf(server), {})).text).to.equal('First: done.');
  });

  it('shows the whole answer when a piece of it was said before the stream was there', async () => {
    server.answers['/messages'] = () =>
      json({ data: [{ id: 'message-1', query: 'Q', answer: 'First: all done.', created_at: 1 }] });
    const { parts } = await run(leadOf(server), {});
    expect(parts.filter(({ type }) => type === 'text-replace')).to.deep.equal([
      { type: 'text-replace', text: 'First: all done.' },
    ]);
  });

  it('believes its own ears when the server remembers no more than what came after the form', async () => {
    server.answers['/messages'] = () =>
      json({ data: [{ id: 'message-1', query: 'Q', answer: 'done.', created_at: 1 }] });
    const { parts, text } = await run(leadOf(server), {});
    expect(text).to.equal('First: done.');
    expect(parts.filter(({ type }) => type === 'text-replace')).to.have.length(0);
  });

  it('refuses what nobody waits for, and buttons that there are not', async () => {
    const lead = leadOf(server);
    expect(await lead.submitForm({ formId: 'form-1', action: 'send', values: {} })).to.equal(false);
    const tried: boolean[] = [];
    for await (const part of lead.respond(testTurn())) {
      if (part.type !== 'form') continue;
      tried.push(await lead.submitForm({ formId: 'form-1', action: 'other', values: {} }));
      tried.push(await lead.submitForm({ formId: 'form-9', action: 'send', values: {} }));
      break;
    }
    expect(tried).to.deep.equal([false, false]);
    expect(server.sent('/form/human_input/token-1')).to.have.length(0);
  });

  it('says that a form is not accepted which was filled in elsewhere, and shows what came of it', async () => {
    server.answers['/form/human_input/token-1'] = () => failure(412, 'human_input_form_submitted');
    const { accepted, text } = await run(leadOf(server), {});
    expect(accepted).to.deep.equal([false]);
    expect(text).to.equal('First: done.');
  });

  it('throws when a form cannot be submitted now, and takes it later', async () => {
    let tries = 0;
    server.answers['/form/human_input/token-1'] = () => {
      tries += 1;
      return tries === 1 ? failure(500, 'internal_server_error') : json({});
    };
    const streams = [
      [started, paused],
      [formFilled(), message('done.'), messageEnd()],
    ];
    server.answers['/workflow/run-1/events'] = () => sse(streams.shift() ?? []);
    const lead = leadOf(server);
    const submit = (): Promise<boolean> => lead.submitForm({ formId: 'form-1', action: 'send', values: {} });
    const tried: unknown[] = [];
    let text = '';
    for await (const part of lead.respond(testTurn())) {
      if (part.type === 'text-delta') text += part.text;
      if (part.type !== 'form') continue;
      setTimeout(() => {
        void expectCode(submit(), 'lead/refused')
          .then(() => new Promise((resolve) => setTimeout(resolve)))
          .then(submit)
          .then((isAccepted) => tried.push(isAccepted));
      });
    }
    expect(text).to.equal('First: done.');
    expect(tried).to.deep.equal([true]);
  });

  it('looks after the time has run out what the server made of it', async () => {
    const clock = new ManualClock();
    server.chat = () => sse([started, formAsked({ expiration_time: clock.now() / 1000 + 60 }), paused]);
    const timeout = { event: 'human_input_form_timeout', data: { node_id: 'ask' } };
    server.answers['/workflow/run-1/events'] = () => sse([timeout, message('Too late.'), messageEnd()]);
    const reading = readAnswer(leadOf(server, { clock }), testTurn());
    await clock.advance(61_000);
    expect(server.sent('/workflow/run-1/events')).to.have.length(0);
    await clock.advance(2000);
    const { text, parts } = await reading;
    expect(text).to.equal('Too late.');
    expect(parts[1]).to.deep.equal({ type: 'form-closed', formId: 'form-1', label: '' });
  });

  it('does not wait for somebody else: what was said stands, else the device answers', async () => {
    server.chat = () => sse([started, message('We will see.'), formAsked({ form_token: null }), paused]);
    const { text, parts } = await readAnswer(leadOf(server), testTurn());
    expect([text, parts.at(-1)?.type]).to.deep.equal(['We will see.', 'end']);
    server.chat = () => sse([started, formAsked({ form_token: null }), paused]);
    await expectCode(readAnswer(leadOf(server), testTurn()), 'lead/refused');
  });

  it('ends when it is aborted while it waits, and tells the server', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const reading = async (): Promise<void> => {
      for await (const part of leadOf(server).respond(testTurn(), { signal: abort.signal }))
        if (part.type === 'form') setTimeout(() => abort.abort(reason));
    };
    expect(await thrownBy(reading())).to.equal(reason);
    await new Promise((resolve) => setTimeout(resolve));
    expect(server.sent('/chat-messages/task-1/stop')).to.have.length(1);
  });
});
