/** `npm start`: from a fresh clone to the demo in the browser. `--check` asks for its main pages once and ends. */
import {
  appBundlesFolder,
  checkNode,
  demoBundleFolder,
  distFolder,
  ensureAppBundles,
  ensureBuilt,
  ensureDemoBundle,
  ensureInstalled,
  root,
} from '../.ci/prepare.mjs';
import { explainFailure, seconds, step, StepFailure } from '../.ci/steps.mjs';
import { createDemoServer } from './server/create-demo-server.mjs';

const FIRST_PORT = 4173;
const PORTS_TRIED = 30;
const CHECKED = [
  ['/', 'text/html'],
  ['/zh.html', 'text/html'],
  ['/help/en/contact-us.html', 'text/html'],
  ['/help/zh/contact-us.html', 'text/html'],
  ['/understudy/understudy.js', 'text/javascript'],
  ['/understudy/understudy-panel.js', 'text/javascript'],
  ['/understudy/understudy-worker.js', 'text/javascript'],
  ['/understudy-sw.js', 'text/javascript'],
  ['/apps/', 'text/html'],
  ['/apps/orders-and-returns.html', 'text/html'],
  ['/apps/orders-and-returns/help/en/refunds.html', 'text/html'],
  ['/panel/panel.js', 'text/javascript'],
  ['/panel/files.json', 'application/json'],
  ['/bundle/manifest.json', 'application/json'],
  ['/bundle/chunks.json', 'application/json'],
  ['/lead/control', 'application/json'],
];

async function listen(demo) {
  const wanted = process.env.PORT;
  const first = wanted === undefined || wanted === '' ? FIRST_PORT : Number(wanted);
  if (!Number.isInteger(first) || first < 0 || first > 65_535)
    throw new StepFailure(`PORT is "${wanted}"; it has to be a number from 0 to 65535.`);
  for (let port = first; port < first + PORTS_TRIED; port += 1) {
    try {
      return await demo.listen(port);
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw new StepFailure(`Port ${port} cannot be used: ${error.message}`);
    }
  }
  throw new StepFailure(
    `The ports ${first} to ${first + PORTS_TRIED - 1} are all taken. Choose one with PORT=….`,
  );
}

async function requestOnce(url) {
  for (const [path, type] of CHECKED) {
    const answer = await fetch(url + path);
    await answer.arrayBuffer();
    const got = answer.headers.get('content-type') ?? 'no type';
    if (!answer.ok || !got.startsWith(type))
      throw new StepFailure(`${path} answered ${answer.status} with ${got}; expected 200 with ${type}.`);
  }
  return `${CHECKED.length} addresses`;
}

const started = performance.now();
const isCheck = process.argv.includes('--check');
try {
  checkNode();
  console.log('Understudy demo\n');
  await step('install packages', (note) =>
    process.env.UNDERSTUDY_NO_INSTALL ? 'left out' : ensureInstalled(note),
  );
  await step('build the element, the worker and the command', ensureBuilt);
  await step('compile the help pages of the demo company', ensureDemoBundle);
  await step('compile the apps of the demo', ensureAppBundles);
  const demo = createDemoServer({ root, bundleFolder: demoBundleFolder, appBundlesFolder, distFolder });
  const url = await listen(demo);
  if (isCheck) {
    await step('request the pages', () => requestOnce(url)).finally(demo.close);
    console.log(`\nOK in ${seconds(started)}`);
  } else {
    console.log(`
Ready in ${seconds(started)}:  ${url}/

  Ask in the chat, for example "How do I change the Jug cartridge?" or, on ${url}/zh.html, "滤水壶的滤芯怎么换？"
  ${url}/apps/ shows three Dify apps of ours, compiled into pages.
  Then press "Cut" in the demo controls at the bottom left and ask again: the understudy answers in your browser.
  "Cut everything" closes this server's connections too; reload the page, it still opens and answers.

Stop with Ctrl-C.`);
    for (const signal of ['SIGINT', 'SIGTERM'])
      process.once(signal, () => {
        void demo.close().then(() => process.exit(0));
      });
  }
} catch (error) {
  console.error();
  explainFailure(error);
  process.exitCode = 1;
}
