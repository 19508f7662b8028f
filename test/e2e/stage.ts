import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { createDemoServer } from '../../demo/server/create-demo-server.mjs';
import { createStandInLead } from '../../demo/lead/server.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const paths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** How the stand-in lead behaves: one of the modes of demo/lead/fault-control.mjs, which refuses others. */
export type LeadMode = string;

/** Options of {@link openStage}. */
export interface StageOptions {
  /** More HTML pages by path. */
  readonly pages?: { readonly [path: string]: string };
  /** Last word on headers. */
  readonly headers?: (pathname: string, headers: Record<string, string>) => Record<string, string>;
  /** Last word on bytes; null answers "not found". */
  readonly transform?: (pathname: string, bytes: Uint8Array) => Uint8Array | null;
  /** Runs in every page before its scripts. */
  readonly initScript?: string;
  /** Folder of the compiled bundle below `/bundle/`. Default: the demo's. */
  readonly bundleFolder?: string;
  /** Path to open first. Default `/`. */
  readonly path?: string;
  /** The browser to open it in. Default: the shared one of the file. */
  readonly browser?: Browser;
  /** Factor on the waits of the stand-in lead. Default 0.2. */
  readonly pace?: number;
  /** Size of the viewport. Default 1280 × 900. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A browser page on a demo server of its own. */
export interface Stage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly address: string;
  /** The lead's behavior from now on. */
  setLead(mode: LeadMode): void;
  /** Cuts everything, or restores it. */
  setCut(isCut: boolean): void;
  /** Method and path of what was asked of the server, oldest first. */
  readonly requests: readonly string[];
  /** Codes of the faults that the element told. */
  faults(): Promise<readonly string[]>;
  /** Opens the panel of the first element on the page and returns its text field. */
  open(): Promise<Locator>;
  /** Sends a question; returns the element of its turn, whose answer has not come yet. */
  send(question: string): Promise<Locator>;
  /** Sends a question and waits until its answer is whole; returns the answer's element. */
  ask(question: string): Promise<Locator>;
  close(): Promise<void>;
}

/** What a visitor reads of a turn: question, answer, notices. */
export async function textOf(turn: Locator): Promise<string> {
  return (await turn.locator('[part~=message], [part~=notice], .handoff').allInnerTexts()).join('\n');
}

let browser: Promise<Browser> | null = null;

/** Starts Chromium with more switches than the usual ones. */
export function launchBrowser(switches: readonly string[] = []): Promise<Browser> {
  const executablePath = process.env['UNDERSTUDY_CHROMIUM'] ?? paths.find((path) => existsSync(path)) ?? '';
  return chromium.launch({
    executablePath,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      ...switches,
    ],
  });
}

/** The one browser of this test file. */
export function sharedBrowser(): Promise<Browser> {
  browser ??= launchBrowser();
  return browser;
}

/** Ends the browser; called once after all tests of a file. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = null;
}

/** Notes faults and finished turns of every element on the page. */
const RECORDER = `
  globalThis.__faults = [];
  globalThis.__ends = 0;
  addEventListener('understudy-turn-end', (event) => {
    globalThis.__ends += 1;
    globalThis.__summary = event.summary ?? event.detail?.summary;
  });
  addEventListener('understudy-fault', (event) => globalThis.__faults.push(event.code ?? event.detail?.code));
`;

/** Starts a demo server and opens a page of it. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const lead = createStandInLead({ articlesFolder: `${root}demo/help`, pace: options.pace ?? 0.2 });
  const server = createDemoServer({
    root,
    distFolder: `${root}dist`,
    bundleFolder: options.bundleFolder ?? `${root}.cache/demo-bundle`,
    appBundlesFolder: `${root}.cache/app-bundles`,
    pace: options.pace ?? 0.2,
    lead,
    ...(options.pages === undefined ? {} : { pages: options.pages }),
    ...(options.headers === undefined ? {} : { headers: options.headers }),
    ...(options.transform === undefined ? {} : { transform: options.transform }),
  });
  const address = await server.listen(0);
  const context = await (options.browser ?? (await sharedBrowser())).newContext({
    locale: 'en-GB',
    viewport: options.viewport ?? { width: 1280, height: 900 },
  });
  context.setDefaultTimeout(15_000);
  await context.addInitScript(RECORDER);
  if (options.initScript !== undefined) await context.addInitScript(options.initScript);
  const page = await context.newPage();
  await page.goto(`${address}${options.path ?? '/'}`);
  const field = (): Locator => page.getByRole('dialog').getByRole('textbox').first();
  const composer = (): Locator => page.locator('understudy-composer').getByRole('textbox');
  const send = async (question: string): Promise<Locator> => {
    const turns = page.locator('understudy-turn');
    const before = await turns.count();
    await composer().fill(question);
    await composer().press('Enter');
    return turns.nth(before);
  };
  return {
    page,
    context,
    address,
    requests: server.requests,
    setLead: (mode) => lead.faultControl.set(mode),
    setCut: (isCut) => server.setCut(isCut),
    faults: () => page.evaluate('globalThis.__faults'),
    async open() {
      await page.locator('understudy-chat').first().getByRole('button').first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').or(dialog.getByRole('combobox')).first().waitFor();
      return field();
    },
    send,
    async ask(question) {
      const ended = await page.evaluate(() => Number(Reflect.get(globalThis, '__ends')));
      const turn = await send(question);
      await Promise.race([
        page.waitForFunction((count) => Reflect.get(globalThis, '__ends') > count, ended, {
          timeout: 15_000,
        }),
        turn.locator('.outcome').waitFor(),
      ]);
      return turn;
    },
    async close() {
      await context.close();
      await server.close();
    },
  };
}

/** Plays a scene on a stage of its own and takes it down, whatever happens. */
export async function play(options: StageOptions, scene: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await openStage(options);
  try {
    await scene(stage);
  } finally {
    await stage.close();
  }
}
