import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createStandInLead } from '../../demo/lead/server.mjs';
import type { Stage, StageOptions } from '../e2e/stage.ts';
import { play, textOf } from '../e2e/stage.ts';
import type { Fault, Outcome } from './fault.ts';

const QUESTION = 'How long do I have to return a Jug?';
const OTHER_QUESTION = 'How much does the Tap cost?';
const THIRD_QUESTION = 'How do I clean the Jug?';
const PATIENCE_MS = 40_000;
const CHAT = 'POST /lead/api/chat-messages';
/** The stand-in was told to ask for 3 s of quiet. */
const RETRY_AFTER_MS = 3000;

/** Plays with an open panel. */
async function playOpen<Said extends string | Outcome>(
  options: StageOptions,
  scene: (stage: Stage) => Promise<Said>,
): Promise<Said> {
  const said: Said[] = [];
  await play(options, async (stage) => {
    await stage.open();
    said.push(await scene(stage));
  });
  const [result] = said;
  if (result === undefined) throw new Error('The scene was not played.');
  return result;
}

/** Asks, and gives what is read of an answer by the lead. */
async function askLead(stage: Stage, question = QUESTION): Promise<string> {
  const turn = await stage.ask(question);
  await turn.getByText('Answered by Fenbrook').waitFor();
  return await textOf(turn);
}

/** Asks, and gives what is read of an answer by the device. */
async function askDevice(stage: Stage, question = QUESTION): Promise<string> {
  const turn = await stage.ask(question);
  await turn.getByText('Answered on your device').waitFor();
  return await textOf(turn);
}

/** The codes that the owner was told, each once; waits for the one that is due. */
async function told(stage: Stage, code: string): Promise<string> {
  const isTold = (wanted: string): boolean =>
    (Reflect.get(globalThis, '__faults') as string[]).includes(wanted);
  await stage.page.waitForFunction(isTold, code, { timeout: PATIENCE_MS });
  return code;
}

function countOf(stage: Stage, request: string): number {
  return stage.requests.filter((made) => made === request).length;
}

/** The lead refuses in one way; the device answers each question, and its words are not shown. */
async function refused(stage: Stage, mode: string, code: string): Promise<string> {
  stage.setLead(mode);
  const text = await askDevice(stage);
  assert.match(text, /30 days/);
  assert.doesNotMatch(text, /Run failed|model is not there|invalid_param/);
  return told(stage, code);
}

/** Faults of the lead, brought about by a server that speaks Dify's Web API over HTTP. */
export const leadFaults: readonly Fault[] = [
  {
    id: 16,
    name: 'the passport has expired, then nobody is let in any more',
    injection: 'real',
    play: () =>
      playOpen({}, async (stage) => {
        await askLead(stage);
        stage.setLead('forget-passports');
        await askLead(stage, OTHER_QUESTION);
        assert.deepEqual(await stage.faults(), []);
        return refused(stage, 'auth', 'lead/auth');
      }),
  },
  {
    id: 17,
    name: 'the lead asks to be left alone for 3 s',
    injection: 'real',
    play: () =>
      playOpen({}, async (stage) => {
        await stage.page.waitForTimeout(0);
        const code = await refused(stage, 'rate-limited', 'lead/refused');
        stage.setLead('up');
        const startMs = performance.now();
        const asked = countOf(stage, CHAT);
        await askDevice(stage, OTHER_QUESTION);
        const isInTime = performance.now() - startMs < RETRY_AFTER_MS;
        if (isInTime) assert.equal(countOf(stage, CHAT), asked);
        await stage.page.waitForTimeout(RETRY_AFTER_MS);
        await backAtLead(stage);
        return {
          code,
          remark: isInTime ? 'asked again only after the wait' : 'the machine was too slow to tell',
        };
      }),
  },
  {
    id: 18,
    name: 'the lead fails with 500 again and again',
    injection: 'real',
    play: () =>
      playOpen({}, async (stage) => {
        const code = await refused(stage, 'error-500', 'lead/refused');
        await askDevice(stage, OTHER_QUESTION);
        await askDevice(stage, THIRD_QUESTION);
        // The first requests open the circuit: no later question is sent to a server that fails.
        assert.ok(countOf(stage, CHAT) <= 2, `${String(countOf(stage, CHAT))} questions were sent`);
        return code;
      }),
  },
  {
    id: 19,
    name: 'the stream holds an error',
    injection: 'real',
    play: () => playOpen({}, (stage) => refused(stage, 'error-event', 'lead/refused')),
  },
  {
    id: 20,
    name: 'bytes come one by one, then an event that is no JSON',
    injection: 'real',
    play: () =>
      playOpen({}, async (stage) => {
        const whole = await askLead(stage, '滤水壶的滤芯怎么换？');
        stage.setLead('split');
        assert.equal(await askLead(stage, '滤水壶的滤芯怎么换？'), whole);
        stage.setLead('malformed');
        const turn = await stage.ask(QUESTION);
        await turn.getByText('Answered on your device').waitFor();
        assert.match(await textOf(turn), /30 days/);
        return told(stage, 'lead/bad-response');
      }),
  },
  {
    id: 21,
    name: 'the stream is cut, and what follows comes late, twice and in another order',
    injection: 'real',
    play: () =>
      playOpen({}, async (stage) => {
        const whole = await askLead(stage);
        stage.setLead('cut-stream');
        assert.equal(await askLead(stage), whole);
        assert.equal(countOf(stage, CHAT), 2);
        assert.deepEqual(await stage.faults(), []);
        return '';
      }),
  },
  {
    id: 22,
    name: 'the answer does not end',
    injection: 'real',
    play: () =>
      playOpen({ pace: 0.05 }, async (stage) => {
        stage.setLead('endless');
        const turn = await stage.ask(QUESTION);
        await turn.getByText('too long and is cut off here').waitFor({ timeout: PATIENCE_MS });
        const length = (await turn.locator('[part~=answer]').innerText()).length;
        assert.ok(length > 10_000 && length <= 101_000, `${String(length)} characters are shown`);
        return { code: '', remark: `cut off at ${String(length)} characters` };
      }),
  },
  {
    id: 23,
    name: 'the answer is empty',
    injection: 'real',
    play: () => playOpen({}, (stage) => refused(stage, 'empty', 'lead/bad-response')),
  },
  {
    id: 24,
    name: 'the first word takes three times as long as usual',
    injection: 'real',
    play: () =>
      playOpen({ pace: 1 }, async (stage) => {
        stage.setLead('slow');
        const text = await askDevice(stage);
        assert.match(text, /30 days/);
        assert.doesNotMatch(text, /Our page/);
        const isStopped = (): boolean =>
          stage.requests.some((made) => /chat-messages\/[\w-]+\/stop$/.test(made));
        const endMs = Date.now() + PATIENCE_MS;
        while (!isStopped()) {
          assert.ok(Date.now() < endMs, 'the lead was not told to stop');
          await stage.page.waitForTimeout(50);
        }
        return '';
      }),
  },
  {
    id: 25,
    name: 'lead and device answer at the same time',
    injection: 'real',
    play: () =>
      playOpen({ pace: 1.7 }, async (stage) => {
        const by: string[] = [];
        for (const question of [QUESTION, OTHER_QUESTION, THIRD_QUESTION]) {
          const turn = await stage.ask(question);
          assert.equal(await turn.locator('[part~=answer]').count(), 1);
          const isLead = (await turn.getByText('Answered by Fenbrook').count()) > 0;
          const isDevice = (await turn.getByText('Answered on your device').count()) > 0;
          assert.notEqual(isLead, isDevice);
          by.push(isLead ? 'lead' : 'device');
        }
        return { code: '', remark: `shown: ${by.join(', ')}` };
      }),
  },
  {
    id: 26,
    name: 'lead and device know different things',
    injection: 'real',
    play: () =>
      playOpen({}, async (stage) => {
        const fromLead = await stage.ask('/annotated How long is the warranty of the Jug?');
        await fromLead.getByText('Answered by Fenbrook').waitFor();
        stage.setLead('cut');
        const fromDevice = await stage.ask(QUESTION);
        await fromDevice.getByText('Answered on your device').waitFor();
        await fromDevice.locator('[part~=source]').first().waitFor();
        return { code: '', remark: 'both are labeled with who says so; neither tells a date' };
      }),
  },
  {
    id: 27,
    name: 'the lead has forgotten the conversation',
    injection: 'real',
    play: () =>
      playOpen({}, async (stage) => {
        await askLead(stage);
        stage.setLead('forget-conversations');
        assert.match(await askLead(stage, OTHER_QUESTION), /no longer had this conversation/);
        assert.doesNotMatch(await askLead(stage, THIRD_QUESTION), /no longer had this conversation/);
        return '';
      }),
  },
  { id: 28, name: 'the lead does not let this page read its answers', injection: 'real', play: withoutCors },
  {
    id: 29,
    name: 'the lead sends HTML, scripts and pictures',
    injection: 'real',
    play: () =>
      playOpen({}, async (stage) => {
        stage.setLead('hostile');
        const turn = await stage.ask(QUESTION);
        await turn.getByText('Answered by Fenbrook').waitFor();
        await stage.page.waitForTimeout(300);
        assert.deepEqual(
          stage.requests.filter((made) => made.includes('/canary')),
          [],
        );
        assert.equal(await turn.locator('script, img, iframe, a[href^="javascript:"]').count(), 0);
        return '';
      }),
  },
  {
    id: 30,
    name: 'the lead comes back',
    injection: 'real',
    play: () =>
      playOpen({}, async (stage) => {
        stage.setLead('cut');
        await askDevice(stage);
        stage.setLead('up');
        await backAtLead(stage);
        return 'lead/unreachable';
      }),
  },
];

/** Asks until the lead answers again, without a reload. */
async function backAtLead(stage: Stage): Promise<void> {
  const endMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const turn = await stage.ask(OTHER_QUESTION);
    if ((await turn.getByText('Answered by Fenbrook').count()) > 0) return;
    assert.ok(Date.now() < endMs, 'the device still answers');
    await stage.page.waitForTimeout(1000);
  }
}

/** A lead on another origin that sends no CORS headers: the browser says no more than that it cannot be reached. */
async function withoutCors(): Promise<string> {
  const listener = createStandInLead({ pace: 0.1 });
  await listener.ready;
  listener.faultControl.set('no-cors');
  const server = createServer((request, response) => {
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const origin = `http://127.0.0.1:${String(address.port)}`;
  const tag = `<understudy-chat bundle="/bundle/" lead="dify:${origin}/lead/api#fenbrook-demo"></understudy-chat>`;
  const page = `<!doctype html><html lang="en"><title>Test</title><body>${tag}<script type="module" src="/understudy/understudy.js"></script></body></html>`;
  try {
    return await playOpen(
      {
        path: '/other.html',
        pages: { '/other.html': page },
        headers: (_, headers) => {
          const policy = headers['content-security-policy'];
          const allowed = `connect-src 'self' ${origin}`;
          return policy === undefined
            ? headers
            : { ...headers, 'content-security-policy': policy.replace("connect-src 'self'", allowed) };
        },
      },
      async (stage) => {
        await askDevice(stage);
        return told(stage, 'lead/cors');
      },
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
