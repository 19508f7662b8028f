import { expect } from '@open-wc/testing';
import { expectCode, readAnswer, testTurn, thrownBy } from '../../../test/contract/responder.ts';
import { isUnderstudyError } from '../../contracts/errors.ts';
import { ManualClock } from '../../session/manual-clock.ts';
import { events, failure, FakeDify, leadOf, sse } from './fake-dify.ts';

describe('A Dify lead that fails', () => {
  let server: FakeDify;
  beforeEach(() => {
    server = new FakeDify();
  });

  const told: readonly [number, string, Record<string, string>, string, number | undefined][] = [
    [400, 'provider_quota_exceeded', {}, 'lead/refused', undefined],
    [400, 'app_unavailable', {}, 'lead/refused', undefined],
    [400, 'invalid_param', {}, 'lead/misconfigured', undefined],
    [429, 'too_many_requests', { 'Retry-After': '3' }, 'lead/refused', 3000],
    [503, '', { 'Retry-After': '86400' }, 'lead/refused', 600_000],
  ];
  for (const [status, code, headers, expected, retryAfterMs] of told) {
    it(`throws ${expected} for status ${String(status)} ${code}`, async () => {
      server.chat = () => failure(status, code, headers);
      const error = await thrownBy(readAnswer(leadOf(server), testTurn()));
      if (!isUnderstudyError(error)) throw error;
      expect(error.code).to.equal(expected);
      expect(error.facts['status']).to.equal(status);
      expect(error.facts['retryAfterMs']).to.equal(retryAfterMs);
    });
  }

  it('throws lead/refused for a failure told in the stream, and for a run that fails without a word', async () => {
    const error = {
      event: 'error',
      status: 400,
      code: 'invalid_param',
      message: 'Run failed: no model',
    };
    server.chat = () => sse([events.started, events.finished('failed', 'no model'), error]);
    await expectCode(readAnswer(leadOf(server), testTurn()), 'lead/refused');
    server.chat = () => sse([events.started, events.finished('failed', 'no model')]);
    await expectCode(readAnswer(leadOf(server), testTurn()), 'lead/refused');
  });

  it('throws lead/interrupted when the stream ends before the message, lead/bad-response for garbage', async () => {
    server.chat = () => sse([events.message('Two ')]);
    await expectCode(readAnswer(leadOf(server), testTurn()), 'lead/interrupted');
    server.chat = () =>
      new Response('data: {"event":\n\n', { headers: { 'Content-Type': 'text/event-stream' } });
    await expectCode(readAnswer(leadOf(server), testTurn()), 'lead/bad-response');
  });

  it('throws lead/timeout after 25 s of silence, before and after the first byte', async () => {
    const clock = new ManualClock();
    const lead = leadOf(server, { clock });
    server.chat = () => new Promise<Response>(() => undefined);
    const silent = expectCode(readAnswer(lead, testTurn()), 'lead/timeout');
    await clock.advance(25_000);
    await silent;
    server.chat = () => sse([events.message('Two ')], 'hang');
    const stalled = expectCode(readAnswer(lead, testTurn()), 'lead/timeout');
    await clock.advance(25_000);
    await stalled;
  });

  it('keeps its passport when a suggestion is refused', async () => {
    server.parameters = { suggested_questions_after_answer: { enabled: true } };
    server.answers['/messages/message-1/suggested-questions'] = () =>
      failure(403, 'app_suggested_questions_after_answer_disabled');
    await readAnswer(leadOf(server), testTurn());
    expect(server.passports).to.have.length(1);
  });
});
