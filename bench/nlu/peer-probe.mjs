/**
 * Measures one peer in a process of its own and prints one JSON object.
 *
 *   node bench/nlu/peer-probe.mjs intents NAME < {"train": [{text, label}], "test": [{text, label, oos}]}
 *   node bench/nlu/peer-probe.mjs search NAME < {"passages": [{id, text}], "queries": [{query, gold}], "language"}
 */
import { text as readAll } from 'node:stream/consumers';
import { quantile } from '../statistics.mjs';
import { gzipBytes } from '../traffic.mjs';
import { intentPeers } from './intent-peers.mjs';
import { areaUnderCurve, rankOf, scoreRanks } from './scores.mjs';
import { searchPeers } from './search-peers.mjs';

const WARM_UP = 50;
const [, , kind, name] = process.argv;
const input = JSON.parse(await readAll(process.stdin));
console.log(JSON.stringify(kind === 'intents' ? await measureIntents(input) : await measureSearch(input)));

async function measureIntents({ train, test }) {
  const started = performance.now();
  const classify = await intentPeers[name](train);
  const trainMs = performance.now() - started;
  for (const { text } of test.slice(0, WARM_UP)) await classify(text);
  const times = [];
  const scores = { known: [], unknown: [] };
  let right = 0;
  for (const { text, label, oos } of test) {
    const start = performance.now();
    const found = await classify(text);
    times.push(performance.now() - start);
    scores[oos ? 'unknown' : 'known'].push(found.score);
    if (!oos && found.label === label) right += 1;
  }
  return {
    accuracy: (100 * right) / scores.known.length,
    auroc: areaUnderCurve(scores.known, scores.unknown),
    trainSeconds: trainMs / 1000,
    p95Ms: quantile(times, 0.95),
  };
}

async function measureSearch({ passages, queries, language }) {
  const started = performance.now();
  const { search, bytes } = await searchPeers[name](passages, language);
  const buildMs = performance.now() - started;
  for (const { query } of queries.slice(0, WARM_UP)) await search(query);
  const times = [];
  const ranks = [];
  for (const { query, gold } of queries) {
    const start = performance.now();
    const found = await search(query);
    times.push(performance.now() - start);
    ranks.push(rankOf(found, gold));
  }
  const textBytes = Buffer.byteLength(passages.map(({ text }) => text).join('\n'));
  return {
    ...scoreRanks(ranks),
    buildMs,
    p95Ms: quantile(times, 0.95),
    indexShare: gzipBytes(Buffer.from(bytes())) / textBytes,
  };
}
