import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildIndex } from '../../src/retrieval/build-index.ts';
import { loadRetriever } from '../../src/retrieval/retriever.ts';
import { type PassageQuestions, readPassageQuestions } from './passage-questions.ts';

// Measures how often the search finds the passage a question was written on, in public question sets without titles
// or headings, and the size and speed of the index. Usage: tsx test/convert/prove-retrieval.ts --data FOLDER [--set NAME]

const { values } = parseArgs({
  options: { data: { type: 'string' }, set: { type: 'string' }, misses: { type: 'boolean' } },
});
const sets = values.data === undefined ? [] : readPassageQuestions(values.data);
const chosen = values.set === undefined ? sets : sets.filter(({ name }) => name === values.set);
if (chosen.length === 0) {
  console.log('never-run: no question sets there; name their folder with --data FOLDER');
} else for (const set of chosen) prove(set);

function prove({ name, passages, questions }: PassageQuestions): void {
  const built = performance.now();
  const bytes = buildIndex(passages);
  const buildMs = performance.now() - built;
  const loading = performance.now();
  const retriever = loadRetriever(bytes, passages);
  const loadMs = performance.now() - loading;
  const times: number[] = [];
  let first = 0;
  let five = 0;
  let reciprocal = 0;
  for (const { text, language, answers } of questions) {
    const started = performance.now();
    const { ranked } = retriever.search(text, { limit: 10, language });
    times.push(performance.now() - started);
    const rank = 1 + ranked.findIndex(({ passage }) => answers.has(passage.id));
    if (rank === 1) first += 1;
    else if (values.misses === true) console.log(JSON.stringify({ name, text, rank, answers: [...answers] }));
    if (rank > 0 && rank <= 5) five += 1;
    if (rank > 0) reciprocal += 1 / rank;
  }
  times.sort((a, b) => a - b);
  const percent = (sum: number): string => ((100 * sum) / questions.length).toFixed(1);
  const textBytes = passages.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const perText = (size: number): string => (size / textBytes).toFixed(3);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(2);
  console.log(
    [
      name.padEnd(15),
      `${passages.length} passages`,
      `${questions.length} questions`,
      `R@1 ${percent(first)}`,
      `R@5 ${percent(five)}`,
      `MRR@10 ${percent(reciprocal)}`,
      `index per text ${perText(bytes.length)} raw, ${perText(gzipSync(bytes, { level: 9 }).length)} gzip`,
      `build ${buildMs.toFixed(0)} ms, load ${loadMs.toFixed(0)} ms`,
      `search p50 ${at(0.5)}, p95 ${at(0.95)} ms`,
    ].join(' · '),
  );
}
