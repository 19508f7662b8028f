import { launchBrowser } from '../browser.mjs';
import { peakBytes, processesBelow } from './machine.mjs';

/**
 * A browser that measures: every measurement has a page and a process of its own.
 *
 * @typedef {object} Place
 * @property {string} version
 * @property {(address: string, job: object) => Promise<import('./in-browser/worker.mjs').Sample>} measure
 * @property {() => Promise<void>} close
 */

/** @param {string} program @returns {Promise<Place>} */
export async function openChromium(program) {
  const { browser, version } = await launchBrowser(program);
  const session = await browser.newBrowserCDPSession();
  return {
    version: `Chromium ${version}`,
    async measure(address, job) {
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        await page.goto(address);
        const sample = await inTime(
          page.evaluate((given) => globalThis.measure(given), job),
          job.limitMs,
        );
        const { processInfo } = await session.send('SystemInfo.getProcessInfo');
        const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
        return { ...sample, peakBytes: await peakBytes(renderers) };
      } finally {
        await context.close();
      }
    },
    close: () => browser.close(),
  };
}

/** Firefox as it is installed; each measurement starts it anew. @param {string} program @returns {Promise<Place>} */
export async function openFirefox(program) {
  const { default: puppeteer } = await import('puppeteer-core');
  const start = () =>
    puppeteer.launch({ browser: 'firefox', executablePath: program, headless: true, protocolTimeout: 0 });
  const first = await start();
  const version = await first.version();
  await first.close();
  return {
    version: version.replace('firefox/', 'Firefox '),
    async measure(address, job) {
      const browser = await start();
      try {
        const page = await browser.newPage();
        await page.goto(address);
        const sample = await inTime(
          page.evaluate((given) => globalThis.measure(given), job),
          job.limitMs,
        );
        const tabs = await processesBelow(browser.process()?.pid ?? -1, /-contentproc.* tab\s*$/);
        return { ...sample, peakBytes: await peakBytes(tabs) };
      } finally {
        await browser.close();
      }
    },
    close: async () => undefined,
  };
}

async function inTime(sample, limitMs) {
  let timer;
  const limit = new Promise((resolve) => {
    timer = setTimeout(() => resolve({ fault: `took over ${limitMs / 1000} s` }), limitMs);
  });
  try {
    return await Promise.race([sample, limit]);
  } finally {
    clearTimeout(timer);
  }
}
