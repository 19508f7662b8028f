import { existsSync } from 'node:fs';
import { runCommand, step, StepFailure } from './steps.mjs';

/** The status of sysexits.h for "a support program is missing". */
const EXIT_UNAVAILABLE = 69;

export const ALL_BROWSERS = ['chromium', 'firefox', 'webkit'];

const PACKAGES = 'chromium firefox-esr webkit2gtk-driver xvfb fonts-noto-cjk';
const libraries = ['x86_64-linux-gnu', 'aarch64-linux-gnu'];
/** What each browser needs: the variable that names it to the test runner, and where it usually lies. */
const PROGRAMS = {
  chromium: {
    UNDERSTUDY_CHROMIUM: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  },
  firefox: { UNDERSTUDY_FIREFOX: ['/usr/bin/firefox-esr', '/usr/bin/firefox'] },
  webkit: {
    UNDERSTUDY_MINIBROWSER: libraries.map((name) => `/usr/lib/${name}/webkit2gtk-4.1/MiniBrowser`),
    UNDERSTUDY_WEBKIT_DRIVER: ['/usr/bin/WebKitWebDriver'],
    UNDERSTUDY_XVFB: ['/usr/bin/Xvfb'],
  },
};

/**
 * Finds browsers, after installing them where that can be done.
 *
 * @param {readonly string[]} browsers Those that are needed.
 * @returns {Promise<Record<string, string>>} Variables of the environment that name every program found.
 * @throws StepFailure with `exitCode` 69 when one is missing.
 */
export async function findBrowsers(browsers) {
  let missing = missingPrograms(browsers);
  if (missing.length > 0) {
    console.log(`  Not found: ${missing.join(', ')}.`);
    await installBrowsers();
    missing = missingPrograms(browsers);
    if (missing.length > 0) throw unavailable(`Still not found: ${missing.join(', ')}.`);
  }
  const found = {};
  for (const browser of ALL_BROWSERS)
    for (const [variable, paths] of Object.entries(PROGRAMS[browser])) {
      const path = process.env[variable] || paths.find((candidate) => existsSync(candidate));
      if (path !== undefined) found[variable] = path;
    }
  return found;
}

const missingPrograms = (browsers) =>
  browsers
    .flatMap((browser) => Object.entries(PROGRAMS[browser]))
    .filter(
      ([variable, paths]) => ![process.env[variable], ...paths].some((path) => path && existsSync(path)),
    )
    .map(([, paths]) => paths[0].split('/').at(-1));

async function installBrowsers() {
  if (!existsSync('/usr/bin/apt-get'))
    throw unavailable(
      'This system has no apt. Install Chromium, Firefox and WebKitWebDriver, name them in UNDERSTUDY_CHROMIUM, ' +
        'UNDERSTUDY_FIREFOX, UNDERSTUDY_MINIBROWSER, UNDERSTUDY_WEBKIT_DRIVER and UNDERSTUDY_XVFB, or choose with --browser.',
    );
  if (process.getuid?.() !== 0)
    throw unavailable(`The tests need browsers. Run this once, then "npm test" again:\n
sudo apt-get update && sudo apt-get install -y --no-install-recommends ${PACKAGES}\n`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await step(`install ${PACKAGES} with apt-get`, async (note) => {
    await runCommand('apt-get', ['update'], { env, onLine: note });
    await runCommand('apt-get', ['install', '-y', '--no-install-recommends', ...PACKAGES.split(' ')], {
      env,
      onLine: note,
    });
  });
}

const unavailable = (message) => Object.assign(new StepFailure(message), { exitCode: EXIT_UNAVAILABLE });
