import { expect } from '@open-wc/testing';
import { expectCode, readAnswer, testTurn } from '../../../test/contract/responder.ts';
import { ManualClock } from '../../session/manual-clock.ts';
import { events, failure, FakeDify, json, leadOf, sse } from './fake-dify.ts';

const { message, messageEnd, started, finished } = events;
const remembered = (answer: string): Response =>
  json({
    data: [
      { id: 'message-1', query: 'Q', answer, created_at: 1, retriever_resources: [{ document_name: 'D' }] },
    ],
  });

/** Lets time pass until something has come of the promise. */
async function passing<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  promise.then(over, over);
  while (!isOver) {
    await new Promise((resolve) => setTimeout(resolve));
    await clock.advance(500);
  }
  return await promise;
}

describe('A Dify lead whose stream is cut', () => {
  let server: FakeDify;
  beforeEach(() => {
    server = new FakeDify();
    server.chat = () => sse([started, message('One '), message('two ')], 'error');
  });

  const texts = async (): Promise<readonly string[]> => {
    const { parts } = await readAnswer(leadOf(server), testTurn());
    return parts.flatMap((part) =>
      part.type === 'text-delta' || part.type === 'text-replace' ? [part.text] : [],
    );
  };

  const resumed: readonly [string, readonly unknown[]][] = [
    [
      'all events from the beginning',
      [started, message('One '), message('two '), message('three.'), messageEnd(), finished()],
    ],
    ['only what is new', [message('three.'), finished(), messageEnd()]],
    [
      'a snapshot that is older than what was shown',
      [started, events.replace('One '), message('three.'), messageEnd()],
    ],
    [
      'events out of order and twice',
      [message('three.'), message('two '), message('three.'), finished(), messageEnd()],
    ],
    ['nothing but the end of a run that is over', [finished()]],
  ];
  for (const [what, after] of resumed) {
    it(`follows the run and gives out what is missing, when the server sends ${what}`, async () => {
      server.answers['/workflow/run-1/events'] = () => sse(after);
      server.answers['/messages'] = () => remembered('One two three.');
      expect(await texts()).to.deep.equal(['One ', 'two ', 'three.']);
      expect(server.sent('/chat-messages')).to.have.length(1);
      expect(server.sent('/workflow/run-1/events')[0]?.query.get('include_state_snapshot')).to.equal('true');
    });
  }

  it('believes the outputs of the run where messages cannot be read', async () => {
    server.answers['/workflow/run-1/events'] = () =>
      sse([finished('succeeded', null, { answer: 'One two three.' })]);
    expect(await texts()).to.deep.equal(['One ', 'two ', 'three.']);
  });

  it('shows another answer as another one when moderation has changed it meanwhile', async () => {
    server.answers['/workflow/run-1/events'] = () => sse([message('x'), messageEnd()]);
    server.answers['/messages'] = () => remembered('Not for you.');
    expect((await texts()).at(-1)).to.equal('Not for you.');
  });

  it('reads the memory of servers that do not know how to resume, until the answer is there', async () => {
    const clock = new ManualClock();
    const answers = ['', 'One two three.'];
    server.answers['/messages'] = () => remembered(answers.shift() ?? '');
    const { text, parts } = await passing(clock, readAnswer(leadOf(server, { clock }), testTurn()));
    expect(text).to.equal('One two three.');
    expect(parts.filter(({ type }) => type === 'citation')).to.have.length(1);
    expect(server.sent('/chat-messages')).to.have.length(1);
  });

  it('never asks again: what nobody remembers is interrupted', async () => {
    server.answers['/messages'] = () => json({ data: [] });
    const clock = new ManualClock();
    const reading = readAnswer(leadOf(server, { clock }), testTurn());
    await expectCode(passing(clock, reading), 'lead/interrupted');
    expect(server.sent('/chat-messages')).to.have.length(1);
  });

  it('gives up at once when the server is gone altogether', async () => {
    server.answers['/workflow/run-1/events'] = () => Promise.reject(new TypeError('Failed to fetch'));
    await expectCode(readAnswer(leadOf(server), testTurn()), 'lead/interrupted');
    expect(server.sent('/messages')).to.have.length(0);
  });

  it('does not follow a run for ever whose streams all end early', async () => {
    server.answers['/workflow/run-1/events'] = () => sse([started]);
    await expectCode(readAnswer(leadOf(server), testTurn()), 'lead/interrupted');
    expect(server.sent('/workflow/run-1/events')).to.have.length(3);
  });

  it('tells of a run that fails after the cut', async () => {
    server.answers['/workflow/run-1/events'] = () => sse([finished('failed', 'no model')]);
    await expectCode(readAnswer(leadOf(server), testTurn()), 'lead/refused');
    server.answers['/workflow/run-1/events'] = () => failure(500, 'internal_server_error');
    await expectCode(readAnswer(leadOf(server), testTurn()), 'lead/interrupted');
  });
});
