import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Intent sets by name: folder, files to train on and to test with. The tests are parts of the training set that are held back (`dev`). */
export const INTENT_SETS = {
  'BANKING77, 5 a label': ['banking77', 'train_5.jsonl', 'dev.jsonl'],
  'BANKING77, 10 a label': ['banking77', 'train_10.jsonl', 'dev.jsonl'],
  BANKING77: ['banking77', 'train.jsonl', 'dev.jsonl'],
  'CLINC150, 5 a label': ['clinc150', 'train_5.jsonl', 'dev.jsonl'],
  'CLINC150, 10 a label': ['clinc150', 'train_10.jsonl', 'dev.jsonl'],
  CLINC150: ['clinc150', 'train.jsonl', 'dev.jsonl'],
  'HWU64, 5 a label': ['hwu64', 'train_5.jsonl', 'dev.jsonl'],
  'HWU64, 10 a label': ['hwu64', 'train_10.jsonl', 'dev.jsonl'],
  HWU64: ['hwu64', 'train.jsonl', 'dev.jsonl'],
};
/** What `--quick` measures. */
export const QUICK_INTENTS = ['HWU64, 5 a label'];
export const PASSAGE_SET = ['squad_slice', 'passages.jsonl', 'queries.jsonl'];
const QUICK_QUERIES = 300;

/** Path of a file of a set; null when it is not there. */
export function fileOf(data, folder, file) {
  const path = join(data ?? '', folder, file);
  return data !== undefined && existsSync(path) ? path : null;
}

/** Rows of a file of one JSON object a line. */
export async function readRows(path) {
  const text = await readFile(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));
}

/** The questions that are asked: all, or the first ones. */
export function chooseQueries(queries, quick) {
  return quick ? queries.slice(0, QUICK_QUERIES) : queries;
}

/** Draws numbers from 0 to below 1, the same ones every time. */
export function createDraw() {
  let state = 1;
  return () => {
    // Numerical Recipes' linear congruential generator.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Sentences of a passage that is made up. */
const SENTENCES = 5;

/**
 * The passages among others, `count` in all, that are made up of their sentences: what they say means nothing, but their words are as
 * frequent as in the passages. The same every time.
 */
export function amongMany(passages, count) {
  const sentences = passages.flatMap(({ text }) => text.match(/[^.!?]+[.!?]+/g) ?? [text]);
  const random = createDraw();
  const draw = () => sentences[Math.floor(random() * sentences.length)];
  const others = Array.from({ length: Math.max(0, count - passages.length) }, (_, at) => ({
    id: `other-${at}`,
    text: Array.from({ length: SENTENCES }, draw).join(' ').trim(),
  }));
  return [...passages, ...others];
}
