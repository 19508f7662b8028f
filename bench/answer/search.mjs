/**
 * Searches the demo's passages with our retriever and with MiniSearch, in turn, in one process.
 *
 *   node --import tsx bench/answer/search.mjs BUNDLE_FOLDER ROUNDS
 *
 * Prints one JSON object: median and 95th percentile of the times in ms, and the sizes of the two indexes.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBundleFolder } from '../../cli/ask/open-bundle-folder.ts';
import { quantile } from '../statistics.mjs';
import { gzipBytes } from '../traffic.mjs';
import { demoQuestions } from './demo-questions.mjs';

const LIMIT = 5;
const FIELDS = ['title', 'headings', 'questions', 'text'];

const [, , bundleFolder, roundsText] = process.argv;
const rounds = Number(roundsText);
const { manifest, passages, retriever } = await openBundleFolder(bundleFolder, {
  withGenerator: false,
  signal: new AbortController().signal,
});
const questions = await demoQuestions();
const miniSearch = await makeMiniSearch();

/** What each one does with a question. */
const subjects = {
  search: (question) => retriever.search(question, { limit: LIMIT }),
  answer: (question) => retriever.extract(question, retriever.search(question, { limit: LIMIT }).ranked),
  ...(miniSearch === null
    ? {}
    : {
        exact: (question) => miniSearch.search(question).slice(0, LIMIT),
        fuzzy: (question) => miniSearch.search(question, { prefix: true, fuzzy: 0.2 }).slice(0, LIMIT),
      }),
};
const times = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
for (let round = -1; round < rounds; round += 1) {
  for (const { question } of questions) {
    for (const [name, act] of Object.entries(subjects)) {
      const startMs = performance.now();
      act(question);
      // The first round warms the compiler up.
      if (round >= 0) times[name].push(performance.now() - startMs);
    }
  }
}
const index = Object.values(manifest.artifacts).find(({ role }) => role === 'index');
const indexBytes = await readFile(join(bundleFolder, 'files', index.sha256.slice(0, 2), index.sha256));
console.log(
  JSON.stringify({
    passages: passages.length,
    questions: questions.length,
    times: Object.fromEntries(
      Object.entries(times).map(([name, list]) => [
        name,
        { median: quantile(list, 0.5), p95: quantile(list, 0.95) },
      ]),
    ),
    indexGzipBytes: gzipBytes(indexBytes),
    miniSearchGzipBytes: miniSearch === null ? null : gzipBytes(JSON.stringify(miniSearch)),
  }),
);

async function makeMiniSearch() {
  const imported = await import('minisearch').catch(() => null);
  if (imported === null) return null;
  const made = new imported.default({
    fields: FIELDS,
    extractField: (passage, name) =>
      Array.isArray(passage[name]) ? passage[name].join('\n') : String(passage[name] ?? ''),
  });
  made.addAll(passages);
  return made;
}
