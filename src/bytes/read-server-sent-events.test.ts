import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { expectCode } from '../../test/contract/responder.ts';
import { ManualClock } from '../session/manual-clock.ts';
import type { ServerSentEvent } from './read-server-sent-events.ts';
import { MAX_EVENT_LENGTH, readServerSentEvents, ServerSentEventParser } from './read-server-sent-events.ts';

const parse = (pieces: readonly string[]): readonly ServerSentEvent[] => {
  const parser = new ServerSentEventParser();
  return pieces.flatMap((piece) => parser.push(piece));
};

const bodyOf = (
  pieces: readonly Uint8Array[],
  end: 'close' | 'error' | 'hang' = 'close',
): ReadableStream<Uint8Array> => {
  const left = [...pieces];
  return new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const piece = left.shift();
      if (piece !== undefined) controller.enqueue(piece);
      else if (end === 'close') controller.close();
      else if (end === 'error') controller.error(new TypeError('network error'));
      else return new Promise(() => undefined);
      return undefined;
    },
  });
};

const readAll = async (
  body: ReadableStream<Uint8Array>,
  clock: ManualClock = new ManualClock(),
  signal?: AbortSignal,
): Promise<readonly ServerSentEvent[]> => {
  const events: ServerSentEvent[] = [];
  const options = { clock, silenceMs: 25_000, ...(signal === undefined ? {} : { signal }) };
  for await (const event of readServerSentEvents(body, options)) events.push(event);
  return events;
};

describe('ServerSentEventParser', () => {
  it('reads data, names and comments, and joins data lines', () => {
    const events = parse([': hello\nevent: x\ndata: a\ndata:b\nid: 7\nretry: 1\n\ndata:  two spaces\n\n']);
    expect(events).to.deep.equal([
      { event: 'x', data: 'a\nb' },
      { event: 'message', data: ' two spaces' },
    ]);
  });

  it('gives nothing for keep-alives without data, and forgets their name', () => {
    expect(parse(['event: ping\n\ndata: a\n\n'])).to.deep.equal([{ event: 'message', data: 'a' }]);
  });

  it('drops an event that the end cuts off', () => {
    expect(parse(['data: a\n\ndata: b\n'])).to.deep.equal([{ event: 'message', data: 'a' }]);
  });

  it('gives the same events wherever the stream is cut and however its lines end', () => {
    const word = fc.string({ unit: fc.constantFrom('a', '{', ':', ' ', '好', '😀'), maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(fc.array(word, { minLength: 1, maxLength: 3 }), { maxLength: 5 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat(200), { maxLength: 12 }),
        (events, newline, cuts) => {
          const text = events
            .map((lines) => lines.map((line) => `data: ${line}${newline}`).join('') + newline)
            .join('');
          const expected = events.map((lines) => ({ event: 'message', data: lines.join('\n') }));
          const places = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].sort(
            (a, b) => a - b,
          );
          const pieces = places.slice(1).map((place, at) => text.slice(places[at], place));
          expect(parse(pieces)).to.deep.equal(expected);
        },
      ),
    );
  });

  it('refuses a line that does not end', () => {
    const parser = new ServerSentEventParser();
    const piece = 'x'.repeat(MAX_EVENT_LENGTH / 4);
    for (let count = 0; count < 4; count += 1) parser.push(piece);
    expect(() => parser.push('x')).to.throw(/longer than/);
  });

  it('refuses an event of too many lines', () => {
    const parser = new ServerSentEventParser();
    const line = `data: ${'x'.repeat(MAX_EVENT_LENGTH / 4)}\n`;
    for (let count = 0; count < 4; count += 1) parser.push(line);
    expect(() => parser.push('data: x\n')).to.throw(/longer than/);
  });
});

describe('readServerSentEvents', () => {
  it('puts characters together whose bytes come apart', async () => {
    const bytes = new TextEncoder().encode('data: 好😀\n\n');
    const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(await readAll(bodyOf(pieces))).to.deep.equal([{ event: 'message', data: '好😀' }]);
  });

  it('throws lead/interrupted when the connection breaks', async () => {
    await expectCode(readAll(bodyOf([new TextEncoder().encode('data: a\n\n')], 'error')), 'lead/interrupted');
  });

  it('throws lead/timeout after a silence, and keep-alives count as sound', async () => {
    const clock = new ManualClock();
    let send: ((text: string) => void) | null = null;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        send = (text) => controller.enqueue(new TextEncoder().encode(text));
      },
    });
    const read = expectCode(readAll(body, clock), 'lead/timeout');
    await clock.advance(20_000);
    (send as ((text: string) => void) | null)?.('event: ping\n\n');
    await clock.advance(20_000);
    expect(clock.sleeperCount).to.equal(1);
    await clock.advance(5000);
    await read;
    expect(clock.sleeperCount).to.equal(0);
  });

  it('throws the reason of the signal and cancels the body', async () => {
    let isCanceled = false;
    const body = new ReadableStream<Uint8Array>({
      cancel: () => {
        isCanceled = true;
      },
    });
    const abort = new AbortController();
    const read = readAll(body, new ManualClock(), abort.signal);
    abort.abort(new Error('enough'));
    let message = '';
    await read.catch((error: unknown) => {
      message = String(error);
    });
    expect(message).to.equal('Error: enough');
    expect(isCanceled).to.equal(true);
  });
});
