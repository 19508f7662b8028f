import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDemoServer } from '../../demo/server/create-demo-server.mjs';
import { createStandInLead } from '../../demo/lead/server.mjs';
import { launchBrowser, openVisit, untilQuiet } from '../browser.mjs';
import { row } from '../rows.mjs';
import { median, spread } from '../statistics.mjs';
import { recordTraffic } from '../traffic.mjs';
import { blockingMs, describeTask, longestTask, readMainThread } from './main-thread.mjs';
import { createPeerServer } from './peer-server.mjs';
import { noChat, ours, pageFor, pagePath, peers } from './widgets.mjs';

export const summary =
  'what a page pays for the chat: bytes, requests, long tasks, time to open; beside peers';

const SLOW = 4;
const ROUNDS = 5;
const QUESTIONS = 5;
const READY_LIMIT_MS = 20_000;
const QUIET_MS = 700;
const QUICK_QUIET_MS = 300;

/** @param {{quick: boolean, report: (line: string) => void, place: import('../run.mjs').Place}} options */
export async function run({ quick, report, place }) {
  const rounds = quick ? 1 : ROUNDS;
  const quietMs = quick ? QUICK_QUIET_MS : QUIET_MS;
  const { browser, version } = await launchBrowser(place.chromium);
  report(`Chromium ${version}, ${rounds} rounds, ours and peers in turn`);
  const sites = await openSites(place);
  const measured = [noChat, ours, ...peers.filter((widget) => widget.package in place.peers)];
  const samples = new Map(measured.map(({ name }) => [name, []]));
  const answering = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const widget of measured) {
        const site = widget === ours ? sites.ours : sites.peers;
        const sample = await measureVisit(browser, site, widget, quietMs);
        samples.get(widget.name).push(sample);
        report(`round ${round + 1}: ${widget.name}: ${describeSample(sample)}`);
      }
      const task = await measureAnswering(browser, sites, await questions(place));
      answering.push(task);
      report(`round ${round + 1}: ours, longest task while answering: ${describeTask(task.longest)}`);
    }
  } finally {
    await browser.close();
    await sites.close();
  }
  return toRows(samples, answering, place);
}

async function openSites(place) {
  const lead = createStandInLead({ articlesFolder: join(place.root, 'demo/help'), pace: 0.2 });
  const demo = createDemoServer({
    root: place.root,
    distFolder: place.distFolder,
    bundleFolder: place.bundleFolder,
    lead,
    pages: { [pagePath(ours)]: pageFor(ours) },
  });
  const other = createPeerServer(place.peersFolder);
  await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
  // The page itself costs the same for all; a Bot Framework client without a socket asks its made-up cloud every second.
  const isCounted = (path) => !/^\/(?:bench-|directline\/)/.test(path);
  return {
    ours: { address: await demo.listen(0), traffic: recordTraffic(demo.server, isCounted) },
    peers: {
      address: `http://127.0.0.1:${other.address().port}`,
      traffic: recordTraffic(other, isCounted),
    },
    setLead: (mode) => lead.faultControl.set(mode),
    async close() {
      other.closeAllConnections();
      other.close();
      await demo.close();
    },
  };
}

/** One visit at a quarter of the speed: the page loads, the visitor opens the chat; then once more at full speed. */
async function measureVisit(browser, site, widget, quietMs) {
  const slow = await visitOnce(browser, site, widget, quietMs, SLOW);
  if (slow.fault !== null) return slow;
  // What opens is timed at full speed; widgets in the page have nothing to open.
  const fast = widget.launcher === null ? slow : await visitOnce(browser, site, widget, quietMs, 1);
  return { ...slow, openMs: fast.openMs };
}

async function visitOnce(browser, { address, traffic }, widget, quietMs, factor) {
  const visit = await openVisit(browser);
  const isTraced = factor > 1;
  try {
    traffic.take();
    await visit.slowDown(factor);
    if (isTraced) await visit.startTrace();
    await visit.goto(address + pagePath(widget));
    const isReady = await visit.untilUsable(widget.launcher ?? widget.field, READY_LIMIT_MS);
    await untilQuiet(traffic, quietMs);
    const before = traffic.take();
    const opened = { openMs: null, fault: isReady ? null : 'did not start' };
    if (isReady && widget.launcher !== null) Object.assign(opened, await open(visit, widget));
    await untilQuiet(traffic, quietMs);
    const after = [...before, ...traffic.take()];
    const { tasks, marks } = readMainThread(isTraced ? await visit.stopTrace() : []);
    const openedAtMs = marks.get('bench-open') ?? Number.POSITIVE_INFINITY;
    return {
      ...opened,
      before,
      after,
      thirdParties: [...visit.thirdParties],
      load: tasks.filter(({ startMs }) => startMs < openedAtMs),
      opening: tasks.filter(({ startMs }) => startMs >= openedAtMs),
    };
  } finally {
    await visit.close();
  }
}

async function open(visit, widget) {
  await visit.evaluate(`performance.mark('bench-open')`);
  const seen = visit.evaluate(
    `bench.until(() => bench.isUsable(${JSON.stringify(widget.field)}), ${READY_LIMIT_MS})
      .then((atMs) => atMs === null ? null : atMs - bench.clickMs)`,
  );
  await visit.click(widget.launcher);
  const openMs = await seen;
  return { openMs, fault: openMs === null ? 'did not open' : null };
}

/** Long tasks of the page while the worker answers on the device, at a quarter of the speed. */
async function measureAnswering(browser, sites, asked) {
  const visit = await openVisit(browser);
  sites.setLead('cut');
  try {
    await visit.goto(sites.ours.address + pagePath(ours));
    await visit.untilUsable(ours.launcher, READY_LIMIT_MS);
    await open(visit, ours);
    await untilQuiet(sites.ours.traffic, QUIET_MS);
    await visit.slowDown(SLOW);
    await visit.startTrace();
    await visit.evaluate(`performance.mark('bench-page')`);
    let cited = 0;
    for (const question of asked) {
      // Real keys: what a script does in the page would be counted as the page's.
      await visit.evaluate(
        `void (bench.ended = new Promise((resolve) =>
          addEventListener('understudy-turn-end', ({ summary }) => resolve(summary), { once: true })))`,
      );
      await visit.type(question);
      const { responder, citations } = await visit.evaluate('bench.ended');
      if (responder === 'understudy' && citations.length > 0) cited += 1;
      await visit.evaluate('bench.painted()');
    }
    const { tasks } = readMainThread(await visit.stopTrace());
    return {
      longest: longestTask(tasks),
      busiest: longestTask(tasks, 'cpuMs'),
      blockingMs: blockingMs(tasks),
      cited,
    };
  } finally {
    sites.setLead('up');
    await visit.close();
  }
}

async function questions({ root }) {
  const text = await readFile(join(root, 'test/fixtures/demo-questions.jsonl'), 'utf8');
  const all = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const answerable = all.filter(({ answerable, lang }) => answerable && lang === 'en');
  return spread(answerable, QUESTIONS).map(({ question }) => question);
}

const sum = (answers) => answers.reduce((total, { gzipBytes }) => total + gzipBytes, 0);
const code = (answers) => answers.filter(({ isCode }) => isCode);

function describeSample(sample) {
  const longest = longestTask(sample.load);
  return [
    sample.fault ?? `${sample.before.length} requests, ${sum(sample.before)} B gzip before a touch`,
    `${sum(code(sample.after))} B of code and ${sum(sample.after) - sum(code(sample.after))} B else after opening`,
    `longest task ${longest === null ? 'none' : describeTask(longest)}`,
    ...(sample.opening.length === 0 ? [] : [`opening ${describeTask(longestTask(sample.opening))}`]),
  ].join('; ');
}

function toRows(samples, answering, place) {
  const middle = (name, figure) => {
    const taken = samples.get(name);
    const values = taken.map(figure).filter((value) => value !== null);
    return values.length === 0
      ? (taken[0]?.fault ?? (name === noChat.name ? null : 'in the page'))
      : median(values);
  };
  const line = (metric, unit, figure, more = {}) =>
    row({
      metric,
      unit,
      ours: middle('ours', figure),
      peers: Object.fromEntries(
        [noChat, ...peers].map(({ name, package: needed }) => [
          name,
          needed === null || needed in place.peers ? middle(name, figure) : 'not installed',
        ]),
      ),
      ...more,
    });
  const started = (figure) => (sample) => (sample.fault === 'did not start' ? null : figure(sample));
  const opened = (figure) => (sample) => (sample.fault === null ? figure(sample) : null);
  const longest = (part, by) => (sample) => longestTask(sample[part], by)?.[by] ?? null;
  const busiestOf = (part) =>
    `ours, the round with the most: ${describeTask(
      longestTask(
        samples.get('ours').flatMap((sample) => sample[part]),
        'cpuMs',
      ),
    )}`;
  const worst = answering.map(({ longest: task }) => task).toSorted((a, b) => a.durationMs - b.durationMs);
  const hosts = [...samples].flatMap(([name, taken]) =>
    [...new Set(taken.flatMap(({ thirdParties }) => thirdParties))].map((host) => `${name}: ${host}`),
  );
  return [
    line(
      'requests before a touch',
      'count',
      started(({ before }) => before.length),
      { goal: 1 },
    ),
    line(
      'gzip before a touch',
      'B',
      started(({ before }) => sum(before)),
      { goal: 10_240 },
    ),
    line(
      'requests to other sites',
      'count',
      started(({ thirdParties }) => thirdParties.length),
      {
        goal: 0,
        note: hosts.length === 0 ? 'none asked another site' : hosts.join(', '),
      },
    ),
    line(
      'requests after opening',
      'count',
      opened(({ after }) => after.length),
    ),
    line(
      'gzip after opening: scripts and styles',
      'B',
      opened(({ after }) => sum(code(after))),
      {
        goal: 61_440,
      },
    ),
    line(
      'gzip after opening: everything',
      'B',
      opened(({ after }) => sum(after)),
      {
        note: 'ours with the texts, the index and the intents that answer when the lead cannot',
      },
    ),
    line(
      'click to usable field',
      'ms',
      opened(({ openMs }) => openMs),
    ),
    line(
      'load: total blocking time',
      'ms',
      started(({ load }) => blockingMs(load)),
    ),
    line('load: longest task', 'ms', started(longest('load', 'durationMs')), { goal: 50 }),
    line('load: longest task, thread time', 'ms', started(longest('load', 'cpuMs')), {
      goal: 50,
      note: busiestOf('load'),
    }),
    line('opening: longest task', 'ms', opened(longest('opening', 'durationMs')), { goal: 50 }),
    line('opening: longest task, thread time', 'ms', opened(longest('opening', 'cpuMs')), {
      goal: 50,
      note: busiestOf('opening'),
    }),
    row({
      metric: 'answering: longest task',
      unit: 'ms',
      ours: median(worst.map(({ durationMs }) => durationMs)),
      goal: 50,
      note: `${median(answering.map(({ cited }) => cited))} of ${QUESTIONS} answered on the device with a citation; the worst round: ${describeTask(worst.at(-1))}`,
    }),
    row({
      metric: 'answering: longest task, thread time',
      unit: 'ms',
      ours: median(answering.map(({ busiest }) => busiest.cpuMs)),
      goal: 50,
      note: `the round with the most: ${describeTask(
        longestTask(
          answering.map(({ busiest }) => busiest),
          'cpuMs',
        ),
      )}`,
    }),
    row({
      metric: 'answering: total blocking time',
      unit: 'ms',
      ours: median(answering.map((each) => each.blockingMs)),
    }),
  ];
}
