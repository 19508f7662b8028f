import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Stage, StageOptions } from '../e2e/stage.ts';
import { launchBrowser, play, textOf } from '../e2e/stage.ts';
import type { Fault, Outcome } from './fault.ts';

const QUESTION = 'How long do I have to return a Jug?';
const OTHER_QUESTION = 'How much does the Tap cost?';
/** How long a generator, a restart or a diagnosis may take on a slow machine. */
const PATIENCE_MS = 30_000;
const SLOW_ANSWER_MS = 2000;
/** A worker that has ended is told by its lock, long before the 10 s of silence that tell of a busy one. */
const END_LIMIT_MS = 2000;

/** What diagnostics say of the generator. */
interface GeneratorReport {
  readonly state: string;
  readonly engine: string | null;
  readonly device?: Readonly<Record<string, unknown>>;
  readonly tried?: readonly {
    readonly engine: string;
    readonly outcome: string;
    readonly code: string | null;
  }[];
}

function generatorOf(page: Page): Promise<GeneratorReport> {
  return page.evaluate(
    `document.querySelector('understudy-chat').diagnostics().then(({ generator }) => generator)`,
  );
}

/** Waits until the report is as wished. */
async function generatorWhen(
  page: Page,
  isWished: (report: GeneratorReport) => boolean,
): Promise<GeneratorReport> {
  const endMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const report = await generatorOf(page);
    if (isWished(report)) return report;
    if (Date.now() > endMs) throw new Error(`The generator is still ${JSON.stringify(report)}.`);
    await page.waitForTimeout(100);
  }
}

/** Waits until the generator is ready or has failed. */
function settledGenerator(page: Page): Promise<GeneratorReport> {
  return generatorWhen(page, ({ state }) => state === 'ready' || state === 'failed');
}

async function answers(stage: Stage, question = QUESTION): Promise<void> {
  const turn = await stage.ask(question);
  await turn.getByText('Answered on your device').waitFor();
  assert.match(await textOf(turn), question === QUESTION ? /30 days/ : /\d/);
}

/** Waits until the element has told the owner one of the codes, and gives it. */
async function told(stage: Stage, codes: readonly string[]): Promise<string> {
  const handle = await stage.page.waitForFunction(
    (wanted) => (Reflect.get(globalThis, '__faults') as string[]).find((code) => wanted.includes(code)),
    codes,
    { timeout: PATIENCE_MS },
  );
  return String(await handle.jsonValue());
}

/** Plays on a stage whose lead is cut, with the panel open. */
async function playCut<Said extends string | Outcome>(
  options: StageOptions,
  scene: (stage: Stage) => Promise<Said>,
): Promise<Said> {
  const said: Said[] = [];
  await play(options, async (stage) => {
    stage.setLead('cut');
    await stage.open();
    said.push(await scene(stage));
  });
  const [result] = said;
  if (result === undefined) throw new Error('The scene was not played.');
  return result;
}

async function playWithSwitches(
  switches: readonly string[],
  scene: (stage: Stage) => Promise<string>,
): Promise<string> {
  const browser = await launchBrowser(switches);
  try {
    return await playCut({ browser }, scene);
  } finally {
    await browser.close();
  }
}

function firstWorker(page: Page) {
  const [worker] = page.workers();
  if (worker === undefined) throw new Error('There is no worker.');
  return worker;
}

/** Faults that are brought about in Chromium as visitors have it. */
export const browserFaults: readonly Fault[] = [
  {
    id: 70,
    name: 'the worker script is missing',
    injection: 'real',
    play: () =>
      playCut(
        { transform: (path, bytes) => (path === '/understudy/understudy-worker.js' ? null : bytes) },
        async (stage) => {
          await answers(stage);
          return told(stage, ['worker/blocked', 'worker/unreachable']);
        },
      ),
  },
  {
    id: 71,
    name: 'the worker ends silently',
    injection: 'real',
    play: () =>
      playCut({}, async (stage) => {
        await answers(stage);
        const startMs = performance.now();
        // Nothing answers the call itself: the worker is gone.
        firstWorker(stage.page)
          .evaluate('self.close()')
          .catch(() => undefined);
        const telling = told(stage, ['worker/unresponsive', 'worker/crashed']).then((code) => ({
          code,
          ms: Math.round(performance.now() - startMs),
        }));
        const [turn, { code, ms }] = await Promise.all([stage.ask(OTHER_QUESTION), telling]);
        assert.ok(ms <= END_LIMIT_MS, `The end was told after ${ms} ms.`);
        await turn.getByText('Answered on your device').waitFor();
        return { code, remark: `told after ${ms} ms` };
      }),
  },
  {
    id: 72,
    name: 'the worker runs in an endless loop',
    injection: 'real',
    play: () =>
      playCut({}, async (stage) => {
        await answers(stage);
        firstWorker(stage.page)
          .evaluate('for (;;);')
          .catch(() => undefined);
        const turn = stage.ask(OTHER_QUESTION);
        const code = await told(stage, ['worker/unresponsive', 'worker/crashed']);
        await (await turn).getByText('Answered on your device').waitFor();
        return code;
      }),
  },
  {
    id: 73,
    name: 'a task of the worker throws',
    injection: 'real',
    play: () =>
      playCut({}, async (stage) => {
        await answers(stage);
        await firstWorker(stage.page).evaluate('void setTimeout(() => { throw new Error("injected"); }, 0)');
        const code = await told(stage, ['worker/crashed', 'internal/unexpected']);
        await answers(stage, OTHER_QUESTION);
        return code;
      }),
  },
  {
    id: 74,
    name: 'the tab crashes while the generator loads',
    injection: 'real',
    play: () =>
      playCut({}, async (stage) => {
        const session = await stage.context.newCDPSession(stage.page);
        await session.send('Network.enable');
        // Slow answers, so that the crash is in the middle of loading; these conditions reach the worker too.
        const conditions = {
          offline: false,
          latency: SLOW_ANSWER_MS,
          downloadThroughput: -1,
          uploadThroughput: -1,
        };
        await session.send('Network.emulateNetworkConditions', conditions);
        // The picker is there: from now on the mark is set until the engine has loaded.
        await generatorWhen(stage.page, ({ device }) => device !== undefined);
        await stage.page.waitForTimeout(SLOW_ANSWER_MS / 4);
        assert.equal((await generatorOf(stage.page)).state, 'loading');
        const crashed = stage.page.waitForEvent('crash');
        session.send('Page.crash').catch(() => undefined);
        await crashed;
        const page = await stage.context.newPage();
        await page.goto(stage.address);
        await page.locator('understudy-chat').first().getByRole('button').first().click();
        const report = await settledGenerator(page);
        const stepped = report.tried?.find(({ outcome }) => outcome === 'stepped-over');
        assert.equal(stepped?.code, 'engine/stepped-down', JSON.stringify(report));
        return 'engine/stepped-down';
      }),
  },
  {
    id: 75,
    name: 'WebAssembly may take 64 pages of memory only',
    injection: 'real',
    play: () =>
      playWithSwitches(['--js-flags=--wasm-max-mem-pages=64'], async (stage) => {
        const report = await settledGenerator(stage.page);
        assert.equal(report.state, 'failed', JSON.stringify(report));
        await answers(stage);
        return told(stage, ['engine/load-failed', 'engine/out-of-memory', 'engine/unsupported']);
      }),
  },
  {
    id: 76,
    name: 'the page is not cross-origin isolated',
    injection: 'real',
    play: () =>
      playCut({}, async (stage) => {
        const report = await settledGenerator(stage.page);
        assert.equal(report.device?.['isCrossOriginIsolated'], false);
        assert.equal(report.state, 'ready', JSON.stringify(report));
        await answers(stage);
        return '';
      }),
  },
  {
    id: 77,
    name: 'the policy of the worker forbids WebAssembly',
    injection: 'real',
    play: () =>
      playCut(
        {
          headers: (_, headers) => {
            const policy = headers['content-security-policy'];
            const allowed = / 'wasm-unsafe-eval'/g;
            return policy === undefined
              ? headers
              : { ...headers, 'content-security-policy': policy.replace(allowed, '') };
          },
        },
        async (stage) => {
          const report = await settledGenerator(stage.page);
          assert.equal(report.device?.['webAssembly'], 'blocked');
          await answers(stage);
          return told(stage, ['engine/blocked']);
        },
      ),
  },
  {
    id: 84,
    name: 'there is no graphics adapter',
    injection: 'real',
    play: () =>
      playWithSwitches(['--disable-gpu', '--disable-features=WebGPU'], async (stage) => {
        const report = await settledGenerator(stage.page);
        assert.equal(report.state, 'ready', JSON.stringify(report));
        await answers(stage);
        return '';
      }),
  },
];
