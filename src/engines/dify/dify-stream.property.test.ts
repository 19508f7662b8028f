import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { testTurn } from '../../../test/contract/responder.ts';
import { readServerSentEvents } from '../../bytes/read-server-sent-events.ts';
import { isUnderstudyError } from '../../contracts/errors.ts';
import type { ResponderPart } from '../../contracts/responder.ts';
import { parseTurnForm } from '../../contracts/form.ts';
import { systemClock } from '../../session/system-clock.ts';
import { AnswerStream } from './answer-stream.ts';
import { parseDifyEvent } from './dify-events.ts';
import { parseInputForm } from './dify-fields.ts';
import { parseMessages } from './dify-history.ts';
import { parseDifyParameters } from './dify-parameters.ts';
import { events, FakeDify, leadOf } from './fake-dify.ts';
import { parseStanding } from './passport-store.ts';

const encoder = new TextEncoder();

function bodyOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull: (controller) => {
      const piece = left.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(piece);
    },
  });
}

function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const edges = [...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length])];
  edges.sort((a, b) => a - b);
  return edges.slice(1).map((edge, at) => bytes.slice(edges[at], edge));
}

/** What a lead makes of a body: its parts, and the code it ended with. */
async function answerTo(pieces: readonly Uint8Array[]): Promise<readonly [readonly ResponderPart[], string]> {
  const server = new FakeDify();
  server.chat = () => new Response(bodyOf(pieces), { headers: { 'Content-Type': 'text/event-stream' } });
  const parts: ResponderPart[] = [];
  try {
    for await (const part of leadOf(server).respond(testTurn())) parts.push(part);
    return [parts, ''];
  } catch (error) {
    if (!isUnderstudyError(error)) throw error;
    return [parts, error.code];
  }
}

const names = [
  'message agent_message agent_thought message_file message_replace message_end tts_message workflow_started',
  'workflow_finished node_started node_finished text_chunk text_replace reasoning_chunk agent_log error ping',
  'human_input_required workflow_paused human_input_form_filled human_input_form_timeout iteration_next future',
].flatMap((line) => line.split(' '));
const hostile = fc.jsonValue({ maxDepth: 3 });
const anyEvent = fc.record(
  {
    event: fc.constantFrom(...names),
    answer: fc.oneof(fc.string(), hostile),
    task_id: fc.oneof(fc.string(), hostile),
    conversation_id: hostile,
    message_id: fc.oneof(fc.constant('m'), hostile),
    workflow_run_id: hostile,
    metadata: fc.oneof(fc.record({ retriever_resources: fc.array(hostile) }), hostile),
    files: fc.oneof(fc.array(fc.record({ url: hostile, filename: hostile })), hostile),
    url: hostile,
    data: fc.oneof(
      fc.record({
        text: hostile,
        outputs: hostile,
        status: fc.constantFrom('succeeded', 'failed', 'stopped', 7),
        error: hostile,
        form_id: fc.oneof(fc.constant('f'), hostile),
        form_token: hostile,
        node_id: hostile,
        inputs: fc.oneof(fc.array(hostile), hostile),
        actions: fc.array(fc.oneof(fc.record({ id: hostile, title: hostile }), hostile)),
        expiration_time: hostile,
      }),
      hostile,
    ),
    status: hostile,
    code: hostile,
    message: hostile,
  },
  { requiredKeys: ['event'] },
);

describe('The stream of a Dify lead', () => {
  it('makes the same of a stream wherever its bytes are cut', async () => {
    const stream = [
      events.started,
      events.message('Zwei Jahre – 两年。'),
      events.message(' 😀\n\n'),
      events.messageEnd({ retriever_resources: [{ document_name: '保修', content: 'ä' }] }),
      events.finished(),
    ];
    const text = stream.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join('event: ping\n\n');
    const bytes = encoder.encode(text);
    const whole = await answerTo([bytes]);
    expect(whole[1]).to.equal('');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 40 }), async (places) => {
        const [parts, code] = await answerTo(cutAt(bytes, places));
        expect([parts, code]).to.deep.equal(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('gives parts or a code of its own for any bytes', async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(pieces, async (given) => {
        const [parts, code] = await answerTo(given);
        expect(code).to.match(/^lead\//);
        expect(parts).to.deep.equal([]);
      }),
      { numRuns: 100 },
    );
  });

  it('reads frames the same as a whole and in pieces', async () => {
    const line = fc.oneof(fc.constantFrom('', 'data', 'data: ', ':', 'event: ping', '\r', '\n'), fc.string());
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat()), async (lines, places) => {
        const bytes = encoder.encode(lines.join('\n'));
        const read = async (pieces: readonly Uint8Array[]): Promise<readonly unknown[]> => {
          const frames: unknown[] = [];
          const options = { clock: systemClock, silenceMs: 60_000 };
          for await (const frame of readServerSentEvents(bodyOf(pieces), options)) frames.push(frame);
          return frames;
        };
        expect(await read(cutAt(bytes, places))).to.deep.equal(await read([bytes]));
      }),
      { numRuns: 100 },
    );
  });

  it('takes any event in any order without falling over, and never gives out more than was said', () => {
    fc.assert(
      fc.property(
        fc.array(anyEvent, { maxLength: 12 }),
        fc.constantFrom('chat', 'workflow'),
        (sent, kind) => {
          const stream = new AnswerStream(kind);
          const open = new Set<string>();
          let text = '';
          try {
            for (const value of sent) {
              const event = parseDifyEvent(JSON.stringify(value));
              if (event === null) throw new Error('An object was refused.');
              for (const part of stream.take(event)) {
                if (part.type === 'text-delta') text += part.text;
                if (part.type === 'text-replace') text = part.text;
                if (part.type === 'form') {
                  expect(parseTurnForm(part.form)).to.deep.equal(part.form);
                  open.add(part.form.id);
                }
                if (part.type === 'form-closed') expect(open.delete(part.formId)).to.equal(true);
              }
              expect(stream.text).to.equal(text);
              expect(open.size).to.be.at.most(1);
            }
          } catch (error) {
            if (!isUnderstudyError(error)) throw error;
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('gives out the whole answer however much of it was lost, doubled or shuffled after a cut', () => {
    const words = fc.array(fc.constantFrom('a ', 'b ', 'ab ', 'ä '), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(words, fc.nat(), fc.array(fc.nat(), { maxLength: 12 }), (said, cut, after) => {
        const stream = new AnswerStream('chat');
        const shown = said.slice(0, cut % (said.length + 1));
        const take = (event: unknown): readonly ResponderPart[] => {
          const parsed = parseDifyEvent(JSON.stringify(event));
          return parsed === null ? [] : stream.take(parsed);
        };
        const parts = shown.flatMap((word) => take(events.message(word)));
        stream.resume(true);
        for (const at of after) expect(take(events.message(said[at % said.length] ?? ''))).to.deep.equal([]);
        take(events.messageEnd());
        parts.push(...stream.complete(said.join('')));
        expect(parts.map((part) => (part.type === 'text-delta' ? part.text : '?')).join('')).to.equal(
          said.join(''),
        );
      }),
    );
  });

  it('reads any JSON where the server should have sent something else', () => {
    const shapes = fc.oneof(
      hostile,
      fc.record({
        data: fc.array(fc.oneof(hostile, fc.record({ id: hostile, query: hostile, answer: hostile }))),
      }),
      fc.record({ user_input_form: fc.array(hostile), file_upload: hostile, system_parameters: hostile }),
    );
    fc.assert(
      fc.property(shapes, (value) => {
        parseMessages(value);
        parseInputForm(value);
        parseDifyParameters(value);
        parseStanding(value);
      }),
      { numRuns: 300 },
    );
  });
});
