import { expect } from '@open-wc/testing';
import { expectCode, readAnswer, testTurn } from '../../../test/contract/responder.ts';
import { events, failure, FakeDify, json, leadOf, sse } from './fake-dify.ts';
import { createMemoryPassportStore } from './passport-store.ts';

const text = (variable: string, required = false): unknown => ({
  'text-input': { variable, label: 'X', required },
});

describe('A Dify lead whose app is no chat', () => {
  let server: FakeDify;
  beforeEach(() => {
    server = new FakeDify();
    server.chat = () => failure(400, 'not_chat_app');
    server.answers['/conversations'] = () => failure(400, 'not_chat_app');
  });

  it('finds a workflow by what it refuses, asks it once, and remembers', async () => {
    server.parameters = { user_input_form: [text('topic', true), text('query')] };
    server.answers['/saved-messages'] = () => failure(400, 'not_completion_app');
    server.answers['/workflows/run'] = () =>
      sse([events.started, events.textChunk('Two '), events.textChunk('years.'), events.finished()]);
    const kept = createMemoryPassportStore();
    const answered = await readAnswer(leadOf(server, { passportStore: kept }), {
      ...testTurn('How long?'),
      inputs: { topic: 'warranty' },
    });
    expect(answered.text).to.equal('Two years.');
    expect(server.sent('/workflows/run')[0]?.body['inputs']).to.deep.equal({
      topic: 'warranty',
      query: 'How long?',
    });
    await readAnswer(leadOf(server, { passportStore: kept }), testTurn());
    expect(server.sent('/chat-messages')).to.have.length(1);
    expect(server.sent('/workflows/run')).to.have.length(2);
  });

  it('finds a text generator and gives it the question', async () => {
    server.parameters = {
      user_input_form: [text('order'), { paragraph: { variable: 'complaint', required: true } }],
    };
    server.answers['/saved-messages'] = () => json({ data: [] });
    server.answers['/completion-messages'] = () => sse([events.message('Sorry.'), events.messageEnd()]);
    expect((await readAnswer(leadOf(server), testTurn('Broken!'))).text).to.equal('Sorry.');
    const body = server.sent('/completion-messages')[0]?.body;
    expect(body?.['inputs']).to.deep.equal({ complaint: 'Broken!' });
    expect(body).not.to.have.property('conversation_id');
  });

  it('asks the service API for the kind', async () => {
    server.flavor = 'service';
    server.answers['/info'] = () => json({ name: 'X', mode: 'workflow' });
    server.answers['/workflows/run'] = () => sse([events.finished('succeeded', null, { result: 'Done.' })]);
    expect((await readAnswer(leadOf(server), testTurn())).text).to.equal('Done.');
  });

  it('does not go round in circles at a server that says yes and no', async () => {
    server.answers['/conversations'] = () => json({ data: [] });
    await expectCode(readAnswer(leadOf(server), testTurn()), 'lead/misconfigured');
    expect(server.sent('/chat-messages')).to.have.length(1);
  });

  it('words outputs of a workflow that streamed nothing, and leaves its files to links', async () => {
    server.answers['/saved-messages'] = () => failure(400, 'not_completion_app');
    const outputs = {
      a: 'One.',
      empty: '',
      none: null,
      count: 2,
      list: ['x'],
      file: { dify_model_identity: '__dify__file__', url: 'https://files.example/a.pdf' },
    };
    server.answers['/workflows/run'] = () =>
      sse([events.started, events.finished('succeeded', null, outputs)]);
    expect((await readAnswer(leadOf(server), testTurn())).text).to.equal(
      'One.\n\n2\n\n```json\n[\n  "x"\n]\n```',
    );
  });

  it('stops a workflow at the address for workflows', async () => {
    server.answers['/saved-messages'] = () => failure(400, 'not_completion_app');
    server.answers['/workflows/run'] = () => sse([events.started, events.textChunk('Two ')], 'hang');
    for await (const part of leadOf(server).respond(testTurn())) if (part.type === 'text-delta') break;
    expect(server.paths().at(-1)).to.equal('POST /workflows/tasks/task-1/stop');
  });
});
