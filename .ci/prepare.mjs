import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { APPS } from '../demo/apps/apps.mjs';
import { runCommand, StepFailure } from './steps.mjs';

/** Root of the repository. */
export const root = fileURLToPath(new URL('../', import.meta.url));
/** Where the demo's bundle is compiled to. */
export const demoBundleFolder = join(root, '.cache/demo-bundle');
/** Where the bundles of the demo's apps are compiled to, one folder each. */
export const appBundlesFolder = join(root, '.cache/app-bundles');
export const distFolder = join(root, 'dist');

const NODE_AT_LEAST = [20, 19];
const NPM_OPTIONS = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
const LOCK_POLL_MS = 300;
const LOCK_LIMIT_MS = 10 * 60_000;

/** @throws StepFailure on a Node.js that is too old. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = NODE_AT_LEAST;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new StepFailure(
    `Understudy needs Node.js ${NODE_AT_LEAST.join('.')} or newer; this is ${version}. Get one at https://nodejs.org/.`,
  );
}

/**
 * Hashes paths and contents of files, so that a step is repeated exactly when something it reads has changed.
 *
 * @param {readonly string[]} paths Files and folders relative to the root; those that do not exist count as empty.
 * @param {RegExp} [ignored] Tested against paths relative to the root, with `/`.
 */
export async function hashInputs(paths, ignored = /\.test\.ts$/) {
  const files = (await Promise.all(paths.map((path) => filesBelow(join(root, path))))).flat();
  const named = files
    .map((file) => ({ file, name: relative(root, file).split(sep).join('/') }))
    .filter(({ name }) => !ignored.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const hash = createHash('sha256');
  for (const { file, name } of named) {
    const content = await readFile(file);
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function filesBelow(path) {
  const about = await stat(path).catch(() => null);
  if (about === null) return [];
  if (about.isFile()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const nested = await Promise.all(
    entries.map((entry) => {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(inner);
      return entry.isFile() ? [inner] : [];
    }),
  );
  return nested.flat();
}

const readOrNull = (path) => readFile(path, 'utf8').catch(() => null);

/**
 * Installs the packages of the lock file, unless that was done before.
 *
 * @returns What happened, in words for {@link step}.
 */
export async function ensureInstalled(note = () => {}) {
  const lockFile = join(root, 'package-lock.json');
  const stampFile = join(root, 'node_modules/.understudy-lock');
  const wanted = createHash('sha256')
    .update(await readFile(lockFile))
    .digest('hex');
  if ((await readOrNull(stampFile)) === wanted) return 'unchanged';
  if (await isInstalledSince(lockFile)) {
    await writeFile(stampFile, wanted);
    return 'unchanged';
  }
  note('packages come from the npm registry; scripts of packages are not run');
  try {
    await npm(['ci', ...NPM_OPTIONS]);
  } catch (error) {
    // A registry that has not all builds for foreign platforms leaves gaps in the lock file, which `npm ci` refuses;
    // `npm install` takes what the lock file names all the same, and --no-save keeps it as it is.
    if (!/EUSAGE/.test(error.output ?? '')) throw error;
    note('npm ci refuses the lock file on this platform; npm install follows it');
    await npm(['install', '--no-save', ...NPM_OPTIONS]);
  }
  await writeFile(stampFile, wanted);
  return 'installed';
}

function npm(args) {
  const script = process.env.npm_execpath;
  const [command, ...first] = script?.endsWith('.js') ? [process.execPath, script] : ['npm'];
  return runCommand(command, [...first, ...args], { cwd: root });
}

/** True when npm itself has installed after the lock file was last written. */
async function isInstalledSince(lockFile) {
  const installed = await stat(join(root, 'node_modules/.package-lock.json')).catch(() => null);
  return installed !== null && installed.mtimeMs >= (await stat(lockFile)).mtimeMs;
}

/** What the built product is made of. */
export const distInputs = () =>
  hashInputs([
    'src',
    'components',
    'cli',
    'rollup.config.mjs',
    'tsconfig.base.json',
    'tsconfig.page.json',
    'package.json',
    'package-lock.json',
    '.ci/build.mjs',
    '.ci/build-kernel.mjs',
    '.ci/tsconfig.types.json',
    '.ci/types.mjs',
  ]);

/** Builds `dist`, unless it was built from the same sources. */
export async function ensureBuilt(note = () => {}) {
  return whileLocked('build', note, async () => {
    if ((await readOrNull(join(distFolder, '.inputs'))) === (await distInputs())) return 'unchanged';
    await runCommand(process.execPath, ['.ci/build.mjs'], { cwd: root, onLine: note });
    return 'built';
  });
}

const demoInputs = () =>
  hashInputs(
    [
      'demo/help',
      'demo/understudy.yml',
      'demo/intents.yml',
      'demo/faq.csv',
      'src',
      'cli',
      'models',
      'package-lock.json',
    ],
    /(?:\.test\.ts|^models\/train\/.*)$/,
  );

/** Compiles the demo company's help pages into a bundle, unless it was compiled from the same files. */
export async function ensureDemoBundle(note = () => {}) {
  return whileLocked('demo-bundle', note, async () => {
    const stampFile = join(root, '.cache/demo-bundle.inputs');
    const inputs = await demoInputs();
    if (existsSync(demoBundleFolder) && (await readOrNull(stampFile)) === inputs) return 'unchanged';
    await rm(stampFile, { force: true });
    await rm(demoBundleFolder, { recursive: true, force: true });
    await runCommand(
      process.execPath,
      ['dist/cli/understudy.js', 'build', 'demo/understudy.yml', '--out', relative(root, demoBundleFolder)],
      { cwd: root, onLine: note, env: { NO_COLOR: '1' } },
    );
    await writeFile(stampFile, inputs);
    return 'compiled';
  });
}

const appInputs = (app) =>
  hashInputs(
    [`demo/apps/${app}`, 'src', 'cli', 'models', 'package-lock.json'],
    /(?:\.test\.ts|\/(?:questions\.jsonl|mocks\.json)|^models\/train\/.*)$/,
  );

/** Compiles the apps of the demo into bundles, those that were not compiled from the same files. */
export async function ensureAppBundles(note = () => {}) {
  if (!existsSync(join(root, 'cli/dify/compile-app.ts'))) return 'left out: the command compiles no apps yet';
  return whileLocked('app-bundles', note, async () => {
    let built = 0;
    for (const app of APPS) {
      const folder = join(appBundlesFolder, app);
      const stampFile = join(root, `.cache/app-bundle-${app}.inputs`);
      const inputs = await appInputs(app);
      if (existsSync(folder) && (await readOrNull(stampFile)) === inputs) continue;
      await rm(stampFile, { force: true });
      await rm(folder, { recursive: true, force: true });
      await runCommand(
        process.execPath,
        [
          'dist/cli/understudy.js',
          'build',
          `demo/apps/${app}/understudy.yml`,
          '--out',
          relative(root, folder),
        ],
        { cwd: root, onLine: note, env: { NO_COLOR: '1' } },
      );
      await writeFile(stampFile, inputs);
      built += 1;
    }
    return built === 0 ? 'unchanged' : `compiled ${built}`;
  });
}

/** Lets one process at a time do the work: `npm start` and `npm test` may run beside each other. */
async function whileLocked(name, note, work) {
  const lock = join(root, `.cache/${name}.lock`);
  await mkdir(dirname(lock), { recursive: true });
  const startMs = Date.now();
  while (!(await takeLock(lock))) {
    if (Date.now() - startMs > LOCK_LIMIT_MS)
      throw new StepFailure(`${lock} is held by another process. Remove it if none runs.`);
    note('another process does this right now');
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock(lock) {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = Number(await readOrNull(lock));
  if (holder > 0 && !isRunning(holder)) await rm(lock, { force: true });
  return false;
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
