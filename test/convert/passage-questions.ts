import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { barePassage } from '../../cli/evaluation/passage-set.ts';
import { isRecord } from '../../src/contracts/json.ts';
import type { Passage } from '../../src/contracts/passage.ts';
import { readRows } from './read-rows.ts';

/** Passages without titles, and questions whose passage is known. */
export interface PassageQuestions {
  readonly name: string;
  readonly passages: readonly Passage[];
  readonly questions: readonly {
    readonly text: string;
    readonly language: string;
    /** Ids of the passages that answer it. */
    readonly answers: ReadonlySet<string>;
  }[];
}

/** Sets of span questions: their folder, the files of it that make one set, and the language. */
const SPAN_SETS: readonly (readonly [name: string, files: readonly string[], language: string])[] = [
  ['xquad_other/de', ['test.de.jsonl.xz'], 'de'],
  ['xquad_other/es', ['test.es.jsonl.xz'], 'es'],
  ['cmrc2018', ['train.jsonl.xz', 'dev.jsonl'], 'zh'],
  ['drcd', ['train.jsonl.xz', 'dev.jsonl'], 'zh'],
  ['covidqa', ['train.jsonl.xz', 'dev.jsonl.xz'], 'en'],
];

/** Reads the sets of a data folder that are there. */
export function readPassageQuestions(data: string): readonly PassageQuestions[] {
  const slice = join(data, 'squad_slice');
  const sets = existsSync(join(slice, 'passages.jsonl')) ? [readPairs('squad_slice', slice, 'en')] : [];
  for (const [name, files, language] of SPAN_SETS) {
    const rows = files.flatMap((file) => readRows(join(data, name.split('/')[0] ?? name, file)));
    if (rows.length > 0) sets.push(fromSpans(name, rows, language));
  }
  return sets;
}

function readPairs(name: string, folder: string, language: string): PassageQuestions {
  const passages = readRows(join(folder, 'passages.jsonl')).map((row) =>
    barePassage(String(field(row, 'id')), String(field(row, 'text')), language),
  );
  const questions = readRows(join(folder, 'queries.jsonl')).map((row) => {
    const gold = field(row, 'gold');
    return {
      text: String(field(row, 'query')),
      language,
      answers: new Set(Array.isArray(gold) ? gold.map(String) : []),
    };
  });
  return { name, passages, questions };
}

/** One passage for every context, in order of appearance; the splits of a set share no context. */
function fromSpans(name: string, rows: readonly unknown[], language: string): PassageQuestions {
  const ids = new Map<string, string>();
  const questions = rows.map((row) => {
    const context = String(field(row, 'context'));
    const id = ids.get(context) ?? `${name}#${ids.size}`;
    ids.set(context, id);
    return { text: String(field(row, 'question')), language, answers: new Set([id]) };
  });
  const passages = [...ids].map(([text, id]) => barePassage(id, text, language));
  return { name, passages, questions };
}

function field(row: unknown, name: string): unknown {
  return isRecord(row) ? row[name] : undefined;
}
