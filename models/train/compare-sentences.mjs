/**
 * Counts the passages of dev rows that the product and spans.py split into the same sentences; run in the project's folder.
 *
 *   node --import tsx models/train/compare-sentences.mjs WORK/grounded.dev.jsonl [PYTHON]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { splitSentences } from '../../src/text/split-sentences.ts';

const [file, python = 'python'] = process.argv.slice(2);
const rows = readFileSync(file, 'utf8').trim().split('\n');
const texts = rows.flatMap((line) => JSON.parse(line).passages.map(([, text]) => text));
const program =
  'import json, sys; from spans import split_sentences; print(json.dumps([split_sentences(t) for t in json.load(sys.stdin)]))';
const theirs = JSON.parse(
  execFileSync(python, ['-c', program], {
    cwd: import.meta.dirname,
    input: JSON.stringify(texts),
    maxBuffer: 2 ** 28,
  }),
);
const others = texts.filter(
  (text, at) => JSON.stringify(splitSentences(text)) !== JSON.stringify(theirs[at]),
);
for (const text of others) console.log(text, '\n');
console.log(`${texts.length} passages, ${texts.length - others.length} split alike`);
if (others.length > 0) process.exitCode = 1;
