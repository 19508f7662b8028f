import { expect } from '@open-wc/testing';
import type { ResponderScript, ScriptedResponder } from '../../../test/contract/responder.ts';
import {
  expectCode,
  readAnswer,
  runResponderContract,
  testTurn,
  thrownBy,
} from '../../../test/contract/responder.ts';
import type { ResponderPart } from '../../contracts/responder.ts';
import { ManualClock } from '../../session/manual-clock.ts';
import { systemClock } from '../../session/system-clock.ts';
import type { FakeHandler } from './fake-dify.ts';
import { events, failure, FakeDify, html, leadOf, sse } from './fake-dify.ts';
import { createMemoryPassportStore, NO_STANDING } from './passport-store.ts';

runResponderContract('The Dify lead', (): ScriptedResponder => {
  const server = new FakeDify();
  let isReleased = false;
  let wake: () => void = () => undefined;
  const release = (): void => {
    isReleased = true;
    wake();
  };
  const said = (pieces: readonly string[]): readonly unknown[] => pieces.map(events.message);
  const toHandler = (script: ResponderScript): FakeHandler => {
    switch (script.type) {
      case 'answer':
        return () => sse([...said(script.pieces), events.messageEnd()]);
      case 'break':
        return () => sse(said(script.pieces), 'error');
      case 'hang':
        return () => sse(said(script.pieces), 'hang', release);
      case 'unreachable':
        return () => Promise.reject(new TypeError('Failed to fetch'));
      case 'status':
        return () => failure(script.status, 'some_code');
      case 'html':
        return html;
    }
  };
  return {
    responder: leadOf(server, { clock: systemClock }),
    script: (script) => {
      server.chat = toHandler(script);
    },
    released: () =>
      new Promise<void>((resolve) => {
        wake = resolve;
        if (isReleased) resolve();
      }),
  };
});

describe('createDifyLead', () => {
  let server: FakeDify;
  beforeEach(() => {
    server = new FakeDify();
  });

  it('goes on in the same conversation, also after a reload', async () => {
    const kept = createMemoryPassportStore();
    await readAnswer(leadOf(server, { passportStore: kept }), testTurn());
    await readAnswer(leadOf(server, { passportStore: kept }), testTurn());
    expect(server.passports).to.have.length(1);
    expect(server.sent('/chat-messages').map(({ body }) => body['conversation_id'])).to.deep.equal([
      '',
      'conversation-1',
    ]);
  });

  it('begins a forgotten conversation anew, once, with a short account of the history', async () => {
    const kept = createMemoryPassportStore();
    await kept.set({ ...NO_STANDING, conversationId: 'forgotten' });
    server.chat = ({ body }) =>
      body['conversation_id'] === 'forgotten'
        ? failure(404, 'not_found')
        : sse([events.message('Again.'), events.messageEnd()]);
    const history = [1, 2, 3, 4].map((count) => ({
      question: `question ${String(count)}`,
      answer: `answer ${String(count)} ${'long '.repeat(200)}`,
    }));
    const { text } = await readAnswer(leadOf(server, { passportStore: kept }), testTurn('Why?'), { history });
    expect(text).to.equal('Again.');
    const query = String(server.sent('/chat-messages')[1]?.body['query']);
    expect(query).to.match(/^Earlier in this conversation:\nVisitor: question 2\n/);
    expect(query).to.match(/\nWhy\?$/);
    expect(query.length).to.be.below(1500);
    server.chat = () => failure(404, 'not_found');
    await expectCode(readAnswer(leadOf(server, { passportStore: kept }), testTurn()), 'lead/misconfigured');
  });

  it('says that the conversation is another one', async () => {
    const kept = createMemoryPassportStore();
    await kept.set({ ...NO_STANDING, conversationId: 'forgotten' });
    server.chat = ({ body }) =>
      body['conversation_id'] === 'forgotten'
        ? failure(404, 'not_found')
        : sse([events.message('Again.'), events.messageEnd()]);
    const { parts } = await readAnswer(leadOf(server, { passportStore: kept }), testTurn());
    expect(parts[0]).to.deep.equal({ type: 'notice', code: 'conversation-renewed' });
  });

  it('is told what the device has answered while it was away, and only that', async () => {
    const history = [
      { question: 'One?', answer: 'Yes.', responder: 'lead' },
      { question: 'Two?', answer: 'No.', responder: 'understudy' },
    ] as const;
    const lead = leadOf(server);
    await readAnswer(lead, testTurn('Three?'), { history });
    await readAnswer(lead, testTurn('Four?'), {
      history: [...history, { question: 'Three?', answer: 'Hello.', responder: 'lead' }],
    });
    expect(server.sent('/chat-messages').map(({ body }) => body['query'])).to.deep.equal([
      'Earlier in this conversation:\nVisitor: Two?\nAgent: No.\nThe question now:\nThree?',
      'Four?',
    ]);
  });

  const orders: readonly [string, readonly unknown[]][] = [
    [
      'Dify 1.14 with the end of the run last',
      [events.started, events.message('Yes.'), events.messageEnd(), events.finished()],
    ],
    [
      'Dify 0.15 to 1.12 with the end of the message last',
      [events.started, events.message('Yes.'), events.finished(), events.messageEnd()],
    ],
    ['apps without a workflow', [events.message('Yes.'), events.messageEnd()]],
    ['runs whose end never comes', [events.started, events.message('Yes.'), events.messageEnd()]],
  ];
  for (const [what, events] of orders) {
    it(`understands ${what}`, async () => {
      server.chat = () => sse([...events, { event: 'tts_message', audio: '' }, { event: 'of the future' }]);
      const { text, parts } = await readAnswer(leadOf(server), testTurn());
      expect(text).to.equal('Yes.');
      expect(parts.at(-1)?.type).to.equal('end');
    });
  }

  it('does not wait for long for the end of a run whose message is over', async () => {
    const clock = new ManualClock();
    server.chat = () => sse([events.started, events.message('Yes.'), events.messageEnd()], 'hang');
    const reading = readAnswer(leadOf(server, { clock }), testTurn());
    await clock.advance(3000);
    expect((await reading).text).to.equal('Yes.');
    expect(server.sent('/chat-messages/task-1/stop')).to.have.length(0);
  });

  it('keeps an answer whose connection breaks after its end', async () => {
    server.chat = () => sse([events.started, events.message('Yes.'), events.messageEnd()], 'error');
    expect((await readAnswer(leadOf(server), testTurn())).text).to.equal('Yes.');
  });

  it('does not repeat the answer that newer agents repeat at their end', async () => {
    server.chat = () =>
      sse([
        events.agentMessage('Two '),
        events.agentMessage('years.'),
        events.message('Two years.'),
        events.messageEnd(),
      ]);
    const { parts } = await readAnswer(leadOf(server), testTurn());
    const texts = parts.filter((part) => part.type === 'text-delta' || part.type === 'text-replace');
    expect(texts.map(({ text }) => text)).to.deep.equal(['Two ', 'years.']);
  });

  it('passes on what moderation replaces', async () => {
    server.chat = () => sse([events.message('Bad.'), events.replace('No.'), events.messageEnd()]);
    expect((await readAnswer(leadOf(server), testTurn())).text).to.equal('No.');
  });

  it('turns retrieved segments into citations, and leaves out what is none', async () => {
    const resources = [
      { position: 7, document_name: 'Warranty', content: `a  b\n${'x'.repeat(1000)}` },
      { position: 8, content: 'no name' },
      null,
      { position: 9, document_name: 'Returns' },
    ];
    server.chat = () => sse([events.message('Yes.'), events.messageEnd({ retriever_resources: resources })]);
    const { parts } = await readAnswer(leadOf(server), testTurn());
    const citations = parts.flatMap((part: ResponderPart) =>
      part.type === 'citation' ? [part.citation] : [],
    );
    expect(citations.map(({ index, title }) => [index, title])).to.deep.equal([
      [1, 'Warranty'],
      [2, 'Returns'],
    ]);
    expect(citations[0]?.snippet).to.have.length(400);
    expect(citations[0]?.snippet).to.match(/^a b x+…$/);
    expect(citations[0]?.passageId).to.equal(null);
  });

  it('asks for suggestions only where the app has them, and does without when they fail', async () => {
    server.parameters = { suggested_questions_after_answer: { enabled: true } };
    const lead = leadOf(server);
    const suggestions = async (): Promise<readonly string[]> =>
      (await readAnswer(lead, testTurn())).parts.flatMap((part) =>
        part.type === 'suggestion' ? [part.text] : [],
      );
    expect(await suggestions()).to.deep.equal(['And then?']);
    server.answers['/messages/message-1/suggested-questions'] = () => failure(500, 'internal_server_error');
    expect(await suggestions()).to.deep.equal([]);
  });

  it('tells the server to stop when it is aborted', async () => {
    const abort = new AbortController();
    server.chat = () => sse([events.message('Two ')], 'hang');
    const run = async (): Promise<void> => {
      for await (const part of leadOf(server).respond(testTurn(), { signal: abort.signal })) {
        if (part.type === 'text-delta') abort.abort(new Error('enough'));
      }
    };
    await thrownBy(run());
    await new Promise((resolve) => setTimeout(resolve));
    expect(server.sent('/chat-messages/task-1/stop')).to.have.length(1);
  });

  it('takes replies of annotations and of moderation, which come without a run', async () => {
    const annotation = { id: 'a', account: { id: 'b', name: 'Ann' } };
    server.chat = () =>
      sse([events.message('By hand.'), events.messageEnd({ annotation_reply: annotation })]);
    expect((await readAnswer(leadOf(server), testTurn())).text).to.equal('By hand.');
  });

  it('links the files of an answer, each once, and nothing that is no page', async () => {
    const file = {
      event: 'message_file',
      id: 'f',
      type: 'image',
      belongs_to: 'assistant',
      url: '/files/a (1).png',
    };
    const files = [
      { filename: 'plan.pdf', url: 'https://files.example/plan.pdf' },
      { filename: 'again', url: 'https://files.example/plan.pdf' },
      { filename: 'evil', url: 'javascript:alert(1)' },
      { filename: 'none' },
    ];
    server.chat = () => sse([events.message('Here.'), file, events.messageEnd({}, files)]);
    expect((await readAnswer(leadOf(server), testTurn())).text).to.equal(
      'Here.\n\n- [image](https://dify.example/files/a%20%281%29.png)\n- [again](https://files.example/plan.pdf)',
    );
  });
});
