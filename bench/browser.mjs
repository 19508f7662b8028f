import { chromium } from 'playwright-core';

const VIEWPORT = { width: 1280, height: 900 };
const POLL_MS = 100;
const TRACED = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'blink.user_timing',
  'v8',
  '__metadata',
];

/** Runs in every page before its scripts: what a measurement needs, without a library that would weigh on the page. */
const PAGE_SIDE = `
  performance.mark('bench-page');
  globalThis.bench = {
    /** Walks from the document through open shadow roots, one selector a root. */
    find(path) {
      let found = document;
      for (const selector of path) found = (found?.shadowRoot ?? found)?.querySelector(selector);
      return found ?? null;
    },
    isUsable(path) {
      const found = this.find(path);
      if (found === null || found.disabled) return false;
      const box = found.getBoundingClientRect();
      return box.width > 0 && box.height > 0 && getComputedStyle(found).visibility === 'visible';
    },
    center(path) {
      const box = this.find(path).getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    },
    /** Time of the frame in which a condition holds, looked at before every frame. */
    until(holds, limitMs) {
      const startMs = performance.now();
      return new Promise((resolve) => {
        const look = () => {
          if (holds()) resolve(performance.now());
          else if (performance.now() - startMs > limitMs) resolve(null);
          else requestAnimationFrame(look);
        };
        look();
      });
    },
    /** Time right after the next frame was painted. */
    painted() {
      return new Promise((resolve) =>
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => resolve(performance.now());
          channel.port2.postMessage(null);
        }),
      );
    },
  };
  addEventListener('click', (event) => (globalThis.bench.clickMs ??= event.timeStamp), { capture: true });
`;

/**
 * Starts the browser. Nothing but this machine is reached: every other name fails, as with a blocked third party.
 *
 * @param {string} executablePath
 */
export async function launchBrowser(executablePath) {
  const browser = await chromium.launch({
    executablePath,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    ],
  });
  return { browser, version: browser.version() };
}

/**
 * Opens a page with empty caches and storage. Everything in the page is driven through the DevTools protocol: scripts
 * that a test library injects would be counted as the page's.
 *
 * @param {import('playwright-core').Browser} browser
 */
export async function openVisit(browser) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: VIEWPORT });
  await context.addInitScript(PAGE_SIDE);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const thirdParties = [];
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (/^(?:http|ws)s?:$/.test(protocol) && hostname !== '127.0.0.1') thirdParties.push(hostname);
  });

  const visit = {
    page,
    /** Hosts of requests to other sites, in order. */
    thirdParties,
    goto: (address) => page.goto(address, { waitUntil: 'load', timeout: 60_000 }),
    /** @param {number} factor 1 is full speed, 4 a quarter of it. */
    slowDown: (factor) => session.send('Emulation.setCPUThrottlingRate', { rate: factor }),
    /** Evaluates an expression in the page and waits for its promise. */
    async evaluate(expression) {
      const answer = await session.send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      if (answer.exceptionDetails !== undefined)
        throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text);
      return answer.result.value;
    },
    /** Waits until an element can be used; false when it never can. */
    async untilUsable(path, limitMs) {
      const startMs = performance.now();
      while (performance.now() - startMs < limitMs) {
        if (await visit.evaluate(`bench.isUsable(${JSON.stringify(path)})`)) return true;
        await pause(POLL_MS);
      }
      return false;
    },
    async click(path) {
      const { x, y } = await visit.evaluate(`bench.center(${JSON.stringify(path)})`);
      const at = { x, y, button: 'left', clickCount: 1 };
      await session.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y });
      await session.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...at });
      await session.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...at });
    },
    /** Writes a text into the focused field and sends it with Enter. */
    async type(text) {
      const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 };
      await session.send('Input.insertText', { text });
      await session.send('Input.dispatchKeyEvent', { type: 'keyDown', ...enter, text: '\r' });
      await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter });
    },
    startTrace: () => browser.startTracing(page, { categories: ['-*', ...TRACED] }),
    async stopTrace() {
      return JSON.parse((await browser.stopTracing()).toString('utf8')).traceEvents;
    },
    close: () => context.close(),
  };
  return visit;
}

/** Waits until a server was not asked for anything for a while. */
export async function untilQuiet(traffic, quietMs, limitMs = 15_000) {
  const startMs = performance.now();
  while (performance.now() - startMs < limitMs) {
    const sinceMs = performance.now() - Math.max(traffic.lastAtMs(), startMs);
    if (sinceMs >= quietMs) return;
    await pause(Math.min(POLL_MS, quietMs - sinceMs));
  }
}

export const pause = (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs));
