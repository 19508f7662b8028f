import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { row } from '../rows.mjs';
import {
  amongMany,
  chooseQueries,
  fileOf,
  INTENT_SETS,
  PASSAGE_SET,
  QUICK_INTENTS,
  readRows,
} from './sets.mjs';

export const summary =
  'intents and search beside NLP.js, fastText.wasm, MiniSearch, Orama and wink, on public sets';

export const options = { data: { type: 'string' } };

const INTENT_PEERS = ['NLP.js', 'fastText.wasm'];
const SEARCH_PEERS = ['MiniSearch', 'Orama', 'wink'];
/** Least that ours ought to reach, in percent; AUROC in hundredths. */
const ACCURACY_GOALS = {
  'BANKING77, 5 a label': 69,
  'BANKING77, 10 a label': 77,
  BANKING77: 92.5,
  'CLINC150, 5 a label': 75,
  'CLINC150, 10 a label': 82,
  CLINC150: 93,
  'HWU64, 5 a label': 65,
  'HWU64, 10 a label': 72,
  HWU64: 88,
};
const AREA_GOALS = { 'CLINC150, 10 a label': 0.91, CLINC150: 0.965 };

/** Passages of the large index, and questions asked of it. */
const MANY = 20_000;
const MANY_QUERIES = 100;
const MANY_NAME = `SQuAD among ${MANY.toLocaleString('en')}`;
/** Takes longer for those than `--quick` has in all. */
const SLOWEST_PEER = 'Orama';
const COLD = 'after 50 questions to warm up; ours reads passages at their first meeting';
const MEANING = 'on one thread, when ours has read the passages';
const READ = 'the same when ours has read the passages while nobody asked';

/** @param {{quick: boolean, report: (line: string) => void, place: import('../run.mjs').Place, values: {data?: string}}} run */
export async function run({ quick, report, place, values }) {
  const { data } = values;
  if (data === undefined)
    report('the sets are not in this repository: name their folder with --data (never-run without)');
  const names = quick ? QUICK_INTENTS : Object.keys(INTENT_SETS);
  const rows = [];
  for (const name of names) rows.push(...(await measureIntents(name, data, place, report)));
  return [...rows, ...(await measureSearch(data, quick, place, report))];
}

async function measureIntents(name, data, place, report) {
  const [folder, train, test] = INTENT_SETS[name];
  const paths = { train: fileOf(data, folder, train), test: fileOf(data, folder, test) };
  if (paths.train === null || paths.test === null)
    return [row({ metric: `${name}: accuracy in scope`, unit: '%', ours: 'never-run' })];
  const ours = await understudy(place, [
    'eval',
    'intents',
    '--train',
    paths.train,
    '--test',
    paths.test,
    '--no-oos',
  ]);
  const examples = (await readRows(paths.train)).filter(({ oos, label }) => oos !== true && label !== 'oos');
  const messages = (await readRows(paths.test)).map((one) => ({
    ...one,
    oos: one.oos === true || one.label === 'oos',
  }));
  const peers = {};
  for (const peer of INTENT_PEERS) {
    peers[peer] = await probe('intents', peer, { train: examples, test: messages }, report);
    report(`${name}: ${peer} ${peers[peer]?.accuracy.toFixed(1) ?? 'failed'}`);
  }
  const column = (field) => valuesOf(peers, field);
  const area = ours.outOfScopeAuroc;
  return [
    row({
      metric: `${name}: accuracy in scope`,
      unit: '%',
      ours: 100 * ours.accuracy,
      peers: column('accuracy'),
      least: ACCURACY_GOALS[name],
      better: 'more',
    }),
    ...(area === null
      ? []
      : [
          row({
            metric: `${name}: out of scope, AUROC`,
            unit: '',
            ours: area,
            peers: column('auroc'),
            least: AREA_GOALS[name],
            better: 'more',
          }),
        ]),
    row({ metric: `${name}: training`, unit: 's', ours: ours.trainSeconds, peers: column('trainSeconds') }),
    row({ metric: `${name}: a message, p95`, unit: 'ms', ours: ours.p95Ms, peers: column('p95Ms') }),
  ];
}

async function measureSearch(data, quick, place, report) {
  const [folder, passagesFile, queriesFile] = PASSAGE_SET;
  const paths = [fileOf(data, folder, passagesFile), fileOf(data, folder, queriesFile)];
  if (paths.includes(null))
    return [row({ metric: 'SQuAD, 875 passages: R@1', unit: '%', ours: 'never-run' })];
  const passages = await readRows(paths[0]);
  const queries = chooseQueries(await readRows(paths[1]), quick);
  const { ours, column } = await askAll('SQuAD', passages, queries, SEARCH_PEERS, place, report);
  const more = { better: 'more' };
  const { index } = ours;
  const manyPassages = amongMany(passages, MANY);
  const manyQueries = queries.slice(0, MANY_QUERIES);
  const many = await askAll(
    MANY_NAME,
    manyPassages,
    manyQueries,
    quick ? SEARCH_PEERS.filter((name) => name !== SLOWEST_PEER) : SEARCH_PEERS,
    place,
    report,
  );
  const meaning = await probeMeaning(manyPassages, manyQueries, report);
  return [
    row({
      metric: 'SQuAD, 875 passages: R@1',
      unit: '%',
      ours: 100 * ours.recallAt1.share,
      peers: column('first'),
      least: 83.5,
      ...more,
    }),
    row({
      metric: 'SQuAD: MRR@10',
      unit: '%',
      ours: 100 * ours.meanReciprocalRank,
      peers: column('reciprocal'),
      least: 88.5,
      ...more,
    }),
    row({
      metric: 'SQuAD: index, gzip, of the text',
      unit: 'share',
      ours: index.indexGzipBytes / index.textBytes,
      peers: column('indexShare'),
      goal: 0.2,
    }),
    row({ metric: 'SQuAD: index built', unit: 'ms', ours: index.buildMs, peers: column('buildMs') }),
    row({
      metric: 'SQuAD: a query, p95',
      unit: 'ms',
      ours: ours.p95Ms,
      peers: column('p95Ms'),
      note: COLD,
    }),
    row({
      metric: `${MANY_NAME} passages: a query, p95`,
      unit: 'ms',
      ours: many.ours.p95Ms,
      peers: many.column('p95Ms'),
      note: COLD,
    }),
    row({
      metric: `${MANY_NAME} passages, read ahead: a query, p95`,
      unit: 'ms',
      ours: many.read.p95Ms,
      peers: many.column('p95Ms'),
      goal: 1,
      note: READ,
    }),
    row({
      metric: `${MANY_NAME} passages, with the encoder: a query, p95`,
      unit: 'ms',
      ours: meaning?.p95Ms ?? null,
      goal: 25,
      note: `${MEANING}; ${meaning?.vectors ?? 'no'} vectors, encoding alone ${meaning?.encodeP95Ms.toFixed(1) ?? '?'}`,
    }),
    row({
      metric: `${MANY_NAME} passages: reading ahead, time of the work`,
      unit: 's',
      ours: many.read.readAhead.milliseconds / 1000,
      note: `${many.read.readAhead.passages} passages`,
    }),
    row({
      metric: `${MANY_NAME} passages: what is kept of those read`,
      unit: 'MB',
      ours: many.read.readAhead.bytes / 1e6,
    }),
  ];
}

/** What ours and each peer make of the same passages and questions. */
async function askAll(name, passages, queries, chosen, place, report) {
  const scratch = await mkdtemp(join(tmpdir(), 'understudy-nlu-'));
  try {
    const paths = ['passages', 'queries'].map((file) => join(scratch, `${file}.jsonl`));
    const write = (path, rows) => writeFile(path, rows.map((one) => `${JSON.stringify(one)}\n`).join(''));
    await write(paths[0], passages);
    await write(paths[1], queries);
    const evaluate = (...more) =>
      understudy(place, ['eval', 'retrieval', '--passages', paths[0], '--queries', paths[1], ...more]);
    const ours = await evaluate();
    const read = await evaluate('--read-ahead');
    const peers = {};
    for (const peer of chosen) {
      peers[peer] = await probe('search', peer, { passages, queries, language: 'en' }, report);
      report(`${name}: ${peer} ${peers[peer]?.first.toFixed(1) ?? 'failed'}`);
    }
    return { ours, read, column: (field) => valuesOf(peers, field) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function valuesOf(peers, field) {
  return Object.fromEntries(Object.entries(peers).map(([name, found]) => [name, found?.[field] ?? null]));
}

/** What a command of the built product prints with --json. */
async function understudy(place, args) {
  const command = join(place.distFolder, 'cli/understudy.js');
  return JSON.parse(await runNode([command, ...args, '--json'], ''));
}

/** Measures ours with the encoder in a process of its own, on one thread; null when it cannot be measured. */
async function probeMeaning(passages, queries, report) {
  const script = join(import.meta.dirname, 'meaning-probe.mjs');
  try {
    const input = JSON.stringify({ passages, queries, language: 'en' });
    return JSON.parse(await runNode(['--import', 'tsx', script], input));
  } catch (error) {
    report(`ours with the encoder cannot be measured: ${String(error.message).split('\n')[0]}`);
    return null;
  }
}

/** Measures a peer in a process of its own; null when it cannot be measured. */
async function probe(kind, name, input, report) {
  try {
    return JSON.parse(
      await runNode([join(import.meta.dirname, 'peer-probe.mjs'), kind, name], JSON.stringify(input)),
    );
  } catch (error) {
    report(`${name} cannot be measured: ${String(error.message).split('\n')[0]}`);
    return null;
  }
}

async function runNode(args, input) {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  // A program that ends early does not read what it is given.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const ended = new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  const [printed, said, status] = await Promise.all([readAll(child.stdout), readAll(child.stderr), ended]);
  if (status !== 0) throw new Error(said.trim() || `status ${status}`);
  return printed;
}
