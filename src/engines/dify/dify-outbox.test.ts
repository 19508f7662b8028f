import { expect } from '@open-wc/testing';
import { expectCode } from '../../../test/contract/responder.ts';
import type { OutboxMessage } from '../../contracts/responder.ts';
import { ManualClock } from '../../session/manual-clock.ts';
import { events, failure, FakeDify, html, leadOf, sse } from './fake-dify.ts';

const leftMessage: OutboxMessage = {
  id: 'left-1',
  text: 'Please call me.',
  contact: 'ann@example.com',
  createdAtMs: 1,
  transcript: [{ question: 'Is it broken?', answer: 'I do not know.' }],
  slots: [
    { name: 'order', value: 'FB-123456' },
    { name: 'email', value: 'ann@example.com' },
    { name: 'order', value: '4711-22' },
  ],
};

describe('A Dify lead that is probed and given messages', () => {
  let server: FakeDify;
  beforeEach(() => {
    server = new FakeDify();
  });

  it('probes within 4 s by asking for the parameters', async () => {
    const clock = new ManualClock();
    const lead = leadOf(server, { clock });
    await lead.probe();
    expect(server.paths()).to.deep.equal(['GET /passport', 'GET /parameters']);
    await lead.probe();
    expect(server.sent('/parameters')).to.have.length(2);
    server.answers['/parameters'] = html;
    await expectCode(lead.probe(), 'lead/bad-response');
    server.answers['/parameters'] = () => new Promise<Response>(() => undefined);
    const silent = expectCode(lead.probe(), 'lead/timeout');
    await clock.advance(4000);
    await silent;
  });

  it('delivers a left message as a chat message', async () => {
    expect(await leadOf(server).deliver(leftMessage)).to.equal('delivered');
    const query = String(server.sent('/chat-messages')[0]?.body['query']);
    // What the contact says is not said twice.
    expect(query).to.match(
      /^Message left by a visitor: Please call me\.\nContact: ann@example\.com\nNumber of the order or the like: FB-123456, 4711-22\nEarlier/,
    );
    expect(query).to.contain('Is it broken?');
  });

  it('throws when a left message surely did not arrive, and says unconfirmed when it may have', async () => {
    const lead = leadOf(server);
    server.answers['/parameters'] = () => Promise.reject(new TypeError('Failed to fetch'));
    await expectCode(lead.deliver(leftMessage), 'lead/unreachable');
    server.answers = {};
    server.chat = () => failure(429, 'too_many_requests');
    await expectCode(lead.deliver(leftMessage), 'lead/refused');
    server.chat = () => Promise.reject(new TypeError('Failed to fetch'));
    expect(await lead.deliver(leftMessage)).to.equal('unconfirmed');
    server.chat = () => failure(504, '');
    expect(await lead.deliver(leftMessage)).to.equal('unconfirmed');
    server.chat = () => sse([events.message('Thank')], 'error');
    expect(await lead.deliver(leftMessage)).to.equal('delivered');
  });
});
