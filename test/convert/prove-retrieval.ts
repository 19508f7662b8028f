import { parseArgs } from 'node:util';
import { measureIndex } from '../../cli/evaluation/measure-retrieval.ts';
import { RANK_DEPTH, rankFigures } from '../../cli/evaluation/rank-figures.ts';
import { percentile } from '../../cli/evaluation/share.ts';
import { parseModel } from '../../cli/config/parse-model.ts';
import { openEncoder } from '../../cli/generator/open-encoder.ts';
import type { Encoder } from '../../src/contracts/encoder.ts';
import type { PassageSense } from '../../src/retrieval/passage-sense.ts';
import { joinSense } from '../../src/retrieval/passage-sense.ts';
import { buildPassageVectors } from '../../src/retrieval/build-passage-vectors.ts';
import { parsePassageVectors } from '../../src/retrieval/passage-vectors.ts';
import { type PassageQuestions, readPassageQuestions } from './passage-questions.ts';

// Measures how often the search finds the passage a question was written on, in public question sets without titles
// or headings, and the size and speed of the index. `understudy eval retrieval` does the same for one file and judges the gate too.
// Usage: tsx test/convert/prove-retrieval.ts --data FOLDER [--set NAME] [--misses] [--encoder WHICH]
// --encoder default (or a GGUF file) finds passages by meaning too; encoding them takes minutes.

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    set: { type: 'string' },
    misses: { type: 'boolean' },
    encoder: { type: 'string', default: 'none' },
  },
});
const sets = values.data === undefined ? [] : readPassageQuestions(values.data);
const chosen = values.set === undefined ? sets : sets.filter(({ name }) => name === values.set);
if (chosen.length === 0) {
  console.log('never-run: no question sets there; name their folder with --data FOLDER');
} else {
  const noFetch = (): never => {
    throw new Error('--encoder is default, none or a GGUF file.');
  };
  const opened = await openEncoder(parseModel(values.encoder, '.'), noFetch, new AbortController().signal);
  for (const set of chosen) await prove(set, opened?.encoder ?? null);
}

async function prove(
  { name, passages, questions }: PassageQuestions,
  encoder: Encoder | null,
): Promise<void> {
  const sense = encoder === null ? null : await senseOf(passages, encoder);
  const { index, retriever } = measureIndex(passages, () => sense);
  const times: number[] = [];
  const found = questions.map(({ text, language, answers }) => {
    const started = performance.now();
    const { ranked } = retriever.search(text, { limit: RANK_DEPTH, language });
    times.push(performance.now() - started);
    const ranks = ranked.flatMap(({ passage }, at) => (answers.has(passage.id) ? [at + 1] : []));
    if (ranks[0] !== 1 && values.misses === true)
      console.log(JSON.stringify({ name, text, rank: ranks[0] ?? 0, answers: [...answers] }));
    return { ranks, rightCount: answers.size };
  });
  const { recallAt1, recallAt5, meanReciprocalRank } = rankFigures(found);
  const percent = (share: number | null): string => (100 * (share ?? 0)).toFixed(1);
  const perText = (bytes: number): string => (bytes / index.textBytes).toFixed(3);
  console.log(
    [
      name.padEnd(15),
      `${passages.length} passages`,
      `${questions.length} questions`,
      `R@1 ${percent(recallAt1.count / recallAt1.of)}`,
      `R@5 ${percent(recallAt5.count / recallAt5.of)}`,
      `MRR@10 ${percent(meanReciprocalRank)}`,
      `index per text ${perText(index.indexBytes)} raw, ${perText(index.indexGzipBytes)} gzip`,
      `build ${index.buildMs} ms, load ${index.loadMs} ms`,
      `search p50 ${percentile(times, 0.5).toFixed(2)}, p95 ${percentile(times, 0.95).toFixed(2)} ms`,
    ].join(' · '),
  );
}

function senseOf(passages: PassageQuestions['passages'], encoder: Encoder): Promise<PassageSense> {
  return joinSense(encoder, parsePassageVectors(buildPassageVectors(passages, encoder), passages));
}
