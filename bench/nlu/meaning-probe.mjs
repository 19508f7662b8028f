/**
 * Measures searches with the encoder of the package and prints `{p95Ms, encodeP95Ms, vectors}`. The vectors of the passages are drawn by chance, as many as
 * a build makes: what a comparison costs does not depend on what they say, and encoding them would take an hour.
 *
 *   node --import tsx bench/nlu/meaning-probe.mjs < {"passages": [{id, text}], "queries": [{query}], "language"}
 */
import { text as readAll } from 'node:stream/consumers';
import { barePassage } from '../../cli/evaluation/passage-set.ts';
import { openEncoder } from '../../cli/generator/open-encoder.ts';
import { buildIndex } from '../../src/retrieval/build-index.ts';
import { buildPassageVectors } from '../../src/retrieval/build-passage-vectors.ts';
import { joinSense } from '../../src/retrieval/passage-sense.ts';
import { parsePassageVectors } from '../../src/retrieval/passage-vectors.ts';
import { loadRetriever } from '../../src/retrieval/retriever.ts';
import { quantile } from '../statistics.mjs';
import { createDraw } from './sets.mjs';

const WARM_UP = 50;
const { passages: given, queries, language } = JSON.parse(await readAll(process.stdin));
const passages = given.map(({ id, text }) => barePassage(String(id), text, language));
const { encoder } = await openEncoder({ kind: 'default' }, null, new AbortController().signal);
const draw = createDraw();
const byChance = {
  ...encoder,
  encode: () => {
    const vector = Float32Array.from({ length: encoder.width }, () => draw() - 0.5);
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  },
};
const vectors = parsePassageVectors(buildPassageVectors(passages, byChance), passages);
const sense = await joinSense(encoder, vectors);
const retriever = loadRetriever(buildIndex(passages), passages, () => sense);
retriever.prepare?.(() => true);
/** Milliseconds that each question takes, the first ones left out. */
const timesOf = (work) =>
  queries
    .map(({ query }) => {
      const start = performance.now();
      work(query);
      return performance.now() - start;
    })
    .slice(WARM_UP);
const searches = timesOf((query) => retriever.search(query, { language }));
const encodings = timesOf((query) => encoder.encode(query));
console.log(
  JSON.stringify({
    p95Ms: quantile(searches, 0.95),
    encodeP95Ms: quantile(encodings, 0.95),
    vectors: vectors.scales.length,
  }),
);
