import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../.ci/steps.mjs';
import { createDemoServer } from '../../demo/server/create-demo-server.mjs';
import { createStandInLead } from '../../demo/lead/server.mjs';
import { launchBrowser, openVisit, pause, untilQuiet } from '../browser.mjs';
import { row } from '../rows.mjs';
import { median, quantile } from '../statistics.mjs';
import { recordTraffic } from '../traffic.mjs';
import { CHAT_SIDE } from './chat-page.mjs';
import { demoQuestions } from './demo-questions.mjs';

export const summary =
  'how long an answer takes on the device: lead cut, everything cut, search alone, worded answers';

const LAUNCHER = ['understudy-chat', 'button.launcher'];
const FIELD = ['understudy-chat', 'understudy-panel', 'understudy-composer', 'textarea'];
const PAGE = '/bench-answer.html';
const LIMIT_MS = 20_000;
const GENERATOR_LIMIT_MS = 120_000;
const QUIET_MS = 1000;
const CUT_QUESTION = 'Can I put the Jug in the dishwasher?';

/** @param {{quick: boolean, report: (line: string) => void, place: import('../run.mjs').Place}} options */
export async function run({ quick, report, place }) {
  const { browser, version } = await launchBrowser(place.chromium);
  report(`Chromium ${version}`);
  const count = quick
    ? { questions: 12, reloads: 2, searches: 2, worded: 3 }
    : { questions: 40, reloads: 7, searches: 10, worded: 10 };
  const context = { browser, place, report };
  try {
    return [
      ...(await measureExtracts(context, count.questions)),
      ...(await measureEverythingCut(context, count.reloads)),
      ...(await measureSearch(context, count.searches)),
      ...(await measureWorded(context, count.worded)),
    ];
  } finally {
    await browser.close();
  }
}

/** A demo server of its own with one open page on it; the lead does not answer. */
async function withChat({ browser, place }, generator, path, work) {
  const lead = createStandInLead({ articlesFolder: join(place.root, 'demo/help') });
  const server = createDemoServer({
    root: place.root,
    distFolder: place.distFolder,
    bundleFolder: place.bundleFolder,
    lead,
    pages: { [PAGE]: pageFor(generator) },
  });
  const traffic = recordTraffic(server.server, () => true);
  const address = await server.listen(0);
  const visit = await openVisit(browser);
  try {
    lead.faultControl.set('cut');
    await visit.page.addInitScript(CHAT_SIDE);
    await visit.goto(address + path);
    return await work({ visit, server, traffic });
  } finally {
    await visit.close();
    await server.close();
  }
}

const pageFor = (generator) => `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>A page with a chat</title><link rel="icon" href="data:,"></head>
  <body>
    <script type="module" src="/understudy/understudy.js"></script>
    <understudy-chat bundle="/bundle/" lead="dify:/lead/api#fenbrook-demo" lang="en" generator="${generator}"></understudy-chat>
  </body>
</html>`;

async function open({ visit, traffic }) {
  await visit.untilUsable(LAUNCHER, LIMIT_MS);
  await visit.click(LAUNCHER);
  if (!(await visit.untilUsable(FIELD, LIMIT_MS))) throw new Error('The chat did not open.');
  await untilQuiet(traffic, QUIET_MS);
}

const ask = (visit, question) => visit.evaluate(`bench.ask(${JSON.stringify(question)})`);

/** Lead cut, no generator, the bundle on the device: from Enter to the painted extract with its source. */
async function measureExtracts(context, count) {
  const [warmUp, ...questions] = await demoQuestions({ count: count + 1 });
  return withChat(context, 'off', PAGE, async (stage) => {
    await open(stage);
    // The first turn finds out that the lead is gone; it has a row of its own.
    const first = await ask(stage.visit, warmUp.question);
    const answers = [];
    for (const { question } of questions) answers.push(await ask(stage.visit, question));
    const cited = answers.filter(({ isCited }) => isCited);
    const times = cited.map(({ seenMs }) => seenMs);
    const inWorker = cited.map(({ metrics }) => metrics.totalMs);
    context.report(`${cited.length} of ${questions.length} questions answered with a citation`);
    return [
      row({
        metric: 'lead cut: Enter to cited extract seen, median',
        unit: 'ms',
        ours: median(times),
        goal: 100,
        note: `${cited.length} of ${questions.length} answerable questions got a cited extract, the others an honest "not found" or a question back; the median of what the worker itself counts is ${median(inWorker)?.toFixed(0)} ms`,
      }),
      row({
        metric: 'lead cut: Enter to cited extract seen, p95',
        unit: 'ms',
        ours: quantile(times, 0.95),
        goal: 100,
      }),
      row({ metric: 'lead cut: the first turn, which finds out', unit: 'ms', ours: first.seenMs }),
    ];
  });
}

/** The server is gone: from the start of a navigation to the painted answer with its source. */
async function measureEverythingCut(context, reloads) {
  return withChat(context, 'off', '/', async (stage) => {
    const { visit, server } = stage;
    await visit.evaluate(`bench.until(() => navigator.serviceWorker.controller !== null, ${LIMIT_MS})`);
    await open(stage);
    await ask(visit, CUT_QUESTION);
    await untilKept(visit);
    server.setCut(true);
    const answers = [];
    for (let at = 0; at < reloads; at += 1) {
      await visit.page.reload({ waitUntil: 'commit' });
      answers.push(await visit.evaluate(`bench.askAtOnce(${JSON.stringify(CUT_QUESTION)}, ${LIMIT_MS})`));
    }
    server.setCut(false);
    const cited = answers.filter(({ isCited }) => isCited).map(({ seenMs }) => seenMs);
    context.report(`everything cut: ${cited.map((time) => time.toFixed(0)).join(', ')} ms`);
    return [
      row({
        metric: 'everything cut: navigation to cited answer seen, median',
        unit: 'ms',
        ours: median(cited) ?? 'no answer',
        goal: 1500,
        note: `${cited.length} of ${reloads} reloads answered with a citation; the question is asked by script as soon as the element is there`,
      }),
    ];
  });
}

/** Waits until the service worker has kept the product's files. */
async function untilKept(visit) {
  const names = `caches.open('understudy-assets').then((cache) => cache.keys())
    .then((keys) => keys.filter(({ url }) => url.includes('/understudy/understudy-')).length)`;
  const startMs = performance.now();
  while ((await visit.evaluate(names)) < 4) {
    if (performance.now() - startMs > LIMIT_MS) throw new Error('The service worker did not keep the files.');
    await pause(100);
  }
}

/** Retrieval alone, in Node.js. */
async function measureSearch({ place, report }, rounds) {
  const printed = await runCommand(
    process.execPath,
    ['--import', 'tsx', 'bench/answer/search.mjs', place.bundleFolder, String(rounds)],
    { cwd: place.root },
  );
  const found = JSON.parse(printed.slice(printed.indexOf('{')));
  report(`search alone: ${found.questions} questions, ${found.passages} passages, ${rounds} rounds`);
  const names = { exact: 'minisearch', fuzzy: 'minisearch prefix+fuzzy' };
  const peersAt = (share) =>
    Object.fromEntries(
      Object.entries(names).map(([key, name]) => [
        name,
        key in found.times ? found.times[key][share] : 'not installed',
      ]),
    );
  const note = `${found.questions} questions over ${found.passages} passages, ${rounds} rounds after one to warm up, in turn; MiniSearch does not extract an answer or say whether there is one`;
  return [
    row({
      metric: 'search of one question, median',
      unit: 'ms',
      ours: found.times.search.median,
      peers: peersAt('median'),
      note,
    }),
    row({
      metric: 'search of one question, p95',
      unit: 'ms',
      ours: found.times.search.p95,
      peers: peersAt('p95'),
    }),
    row({ metric: 'search and extract, median', unit: 'ms', ours: found.times.answer.median }),
    row({ metric: 'search and extract, p95', unit: 'ms', ours: found.times.answer.p95 }),
    row({
      metric: 'search index, gzip',
      unit: 'B',
      ours: found.indexGzipBytes,
      peers: { minisearch: found.miniSearchGzipBytes ?? 'not installed' },
    }),
  ];
}

/** Answers that the generator worded, when the bundle has one. */
async function measureWorded(context, count) {
  const manifest = JSON.parse(await readFile(join(context.place.bundleFolder, 'manifest.json'), 'utf8'));
  const artifacts = Object.values(manifest.artifacts);
  if (!artifacts.some(({ need }) => need === 'wording')) {
    return [row({ metric: 'worded answers', unit: '', ours: 'the bundle has no generator' })];
  }
  const questions = await demoQuestions({ count, language: 'en' });
  return withChat(context, 'auto', PAGE, async (stage) => {
    await open(stage);
    const waitedMs = await untilGenerator(stage.visit);
    if (waitedMs === null)
      return [row({ metric: 'worded answers', unit: '', ours: 'the generator did not get ready' })];
    const answers = [];
    for (const { question } of questions) answers.push(await ask(stage.visit, question));
    const worded = answers.filter(({ isWorded }) => isWorded);
    const figure = (name) => median(worded.map(({ metrics }) => metrics[name])) ?? 'none was worded';
    return [
      row({ metric: 'generator: open chat to ready', unit: 'ms', ours: waitedMs }),
      row({
        metric: 'worded answers: send to first text, median',
        unit: 'ms',
        ours: figure('firstTextMs'),
        note: `${worded.length} of ${questions.length} answers were worded; figures are the worker's own`,
      }),
      row({
        metric: 'worded answers: tokens per second, median',
        unit: '1/s',
        ours: figure('tokensPerSecond'),
      }),
      row({
        metric: 'worded answers: memory of the generator',
        unit: 'B',
        ours: Math.max(0, ...worded.map(({ metrics }) => metrics.memoryBytes)),
      }),
    ];
  });
}

/** Waits for the generator; gives ms since the page was opened, null when it does not come. */
async function untilGenerator(visit) {
  const startMs = performance.now();
  while (performance.now() - startMs < GENERATOR_LIMIT_MS) {
    const state = await visit.evaluate(
      `bench.find(['understudy-chat']).connection.then((connection) => connection.status.generator)`,
    );
    if (state === 'ready') return visit.evaluate('performance.now()');
    if (['absent', 'off', 'failed'].includes(state)) return null;
    await pause(250);
  }
  return null;
}
