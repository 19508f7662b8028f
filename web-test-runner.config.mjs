import { existsSync } from 'node:fs';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { defaultReporter } from '@web/test-runner';
import { puppeteerLauncher } from '@web/test-runner-puppeteer';
import { webdriverLauncher } from '@web/test-runner-webdriver';
import { failedInSession } from './.ci/failed-tests.mjs';

/**
 * Real browsers from the system's packages; nothing is downloaded.
 *
 * UNDERSTUDY_BROWSERS: comma-separated of chromium, firefox, webkit (default chromium). WebKit needs a running
 * WebKitWebDriver on UNDERSTUDY_WEBDRIVER_PORT; `npm test` starts one.
 */
const wanted = (process.env.UNDERSTUDY_BROWSERS ?? 'chromium').split(',');
const isRoot = process.getuid?.() === 0;

/** First of the paths that exists; the environment variable wins. */
export const findBrowser = (variable, paths) =>
  process.env[variable] ?? paths.find((path) => existsSync(path));

/** Gives headless Chromium a graphics adapter that computes on the processor. */
const SOFTWARE_GRAPHICS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

const launchers = {
  chromium: (switches = []) =>
    chromeLauncher({
      launchOptions: {
        executablePath: findBrowser('UNDERSTUDY_CHROMIUM', [
          '/usr/bin/chromium',
          '/usr/bin/chromium-browser',
          '/usr/bin/google-chrome',
        ]),
        args: [
          ...(isRoot ? ['--no-sandbox'] : []),
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
          '--disable-dev-shm-usage',
          ...switches,
        ],
      },
    }),
  firefox: () =>
    puppeteerLauncher({
      launchOptions: {
        browser: 'firefox',
        executablePath: findBrowser('UNDERSTUDY_FIREFOX', ['/usr/bin/firefox-esr', '/usr/bin/firefox']),
        headless: true,
      },
    }),
  webkit: () =>
    webdriverLauncher({
      automationProtocol: 'webdriver',
      hostname: '127.0.0.1',
      port: Number(process.env.UNDERSTUDY_WEBDRIVER_PORT ?? 4444),
      path: '/',
      logLevel: 'error',
      capabilities: {
        browserName: 'MiniBrowser',
        'wdio:enforceWebDriverClassic': true,
        'webkitgtk:browserOptions': {
          binary: findBrowser('UNDERSTUDY_MINIBROWSER', [
            '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
            '/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
          ]),
          args: ['--automation'],
        },
      },
    }),
};
const open = (names, switches) =>
  names.filter((name) => wanted.includes(name)).map((name) => launchers[name](switches));

/** UNDERSTUDY_GROUPS: comma-separated names of the groups to run (default all). */
const only = process.env.UNDERSTUDY_GROUPS?.split(',');

/** Pure code runs in Chromium; what touches the platform runs in all three. */
const everywhere = ['chromium', 'firefox', 'webkit'];
const groups = [
  {
    name: 'unit',
    files: [
      'src/{contracts,text,intent,retrieval,grounding,plan,session}/**/*.test.ts',
      'src/engines/!(kernel)/**/*.test.ts',
    ],
    browsers: open(['chromium']),
  },
  { name: 'component', files: ['components/**/*.test.ts'], browsers: open(everywhere) },
  {
    name: 'browser',
    files: [
      'src/{bytes,kernel,sandbox,store,bundle,client,worker}/**/*.test.ts',
      'src/engines/kernel/**/*.test.ts',
      'test/browser/**/*.test.ts',
    ],
    browsers: open(everywhere),
  },
  {
    name: 'webgpu',
    files: ['test/webgpu/**/*.test.ts'],
    browsers: open(['chromium'], SOFTWARE_GRAPHICS),
  },
  { name: 'isolated', files: ['test/isolated/**/*.test.ts'], browsers: open(everywhere) },
]
  // Tests of Node.js beside the code they are of.
  .map((group) => ({ ...group, files: [...group.files, '!**/*.node.test.ts'] }))
  .filter(({ name, browsers }) => browsers.length > 0 && (only?.includes(name) ?? name !== 'isolated'));

/**
 * The group `isolated` runs on cross-origin isolated pages, where memory can be shared. All pages of a run are, or none: it
 * therefore runs by itself, when it alone is named.
 */
const isIsolated = only?.includes('isolated') ?? false;
if (isIsolated && groups.length > 1) throw new Error('The group "isolated" runs by itself.');
const isolate = async (context, next) => {
  await next();
  context.set('Cross-Origin-Opener-Policy', 'same-origin');
  context.set('Cross-Origin-Embedder-Policy', 'require-corp');
  context.set('Cross-Origin-Resource-Policy', 'same-origin');
};

/** Writes the counts and what failed to the file that test/run.mjs adds up. */
const countingReporter = () => ({
  stop: undefined,
  async onTestRunFinished({ sessions }) {
    const target = process.env.UNDERSTUDY_COUNTS;
    if (target === undefined) return;
    const { appendFileSync } = await import('node:fs');
    const count = { passed: 0, failed: 0, skipped: 0 };
    const failures = [];
    const walk = (suite) => {
      for (const test of suite.tests)
        count[test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed'] += 1;
      for (const inner of suite.suites) walk(inner);
    };
    for (const session of sessions) {
      if (session.testResults !== undefined) walk(session.testResults);
      // A file that failed to load has no tests: it counts as one failure.
      if (!session.passed && (session.errors?.length ?? 0) > 0) count.failed += 1;
      failures.push(...failedInSession(session));
    }
    appendFileSync(target, `${JSON.stringify({ count, failures })}\n`);
  },
});

/** Resizes the page of a test; the runner's own command does not know browsers driven by WebDriver. */
const resizeViewport = () => ({
  name: 'resize-viewport',
  async executeCommand({ command, payload, session }) {
    if (command !== 'resize-viewport') return undefined;
    const { width, height, frame } = payload;
    const { browser } = session;
    if (browser.type === 'webdriver')
      await browser.driver.setWindowSize(width + frame.width, height + frame.height);
    else await browser.getPage(session.id).setViewport({ width, height });
    return true;
  },
});

/** Serves a package that is published as UMD only as a module with a default export. */
const umdAsModule = (pattern) => ({
  name: 'umd-as-module',
  transform(context) {
    if (!pattern.test(context.path)) return undefined;
    const head = 'const module = { exports: {} }; const { exports } = module; ((define) => {';
    return { body: `${head}${context.body}\n})(); export default module.exports;` };
  },
});

export default {
  rootDir: '.',
  nodeResolve: { exportConditions: ['browser', 'import', 'default'] },
  groups,
  // Every group names its own; this one only satisfies the runner's check.
  browsers: open(wanted.slice(0, 1)),
  // A page in a background tab gets no animation frames.
  concurrency: 1,
  concurrentBrowsers: 1,
  testsFinishTimeout: 180_000,
  browserStartTimeout: 60_000,
  testFramework: { config: { timeout: 20_000 } },
  middleware: isIsolated ? [isolate] : [],
  plugins: [
    resizeViewport(),
    umdAsModule(/node_modules\/localforage\/dist\/localforage\.js/),
    esbuildPlugin({ ts: true, target: 'es2022', tsconfig: 'tsconfig.page.json' }),
  ],
  reporters: [defaultReporter({ reportTestProgress: false }), countingReporter()],
};
