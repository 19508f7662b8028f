import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sourceError } from '../../cli/ingest/source-error.ts';
import type { SourcePlace } from '../../cli/ingest/source-error.ts';
import type { TestQuestion } from '../../cli/evaluation/question-set.ts';
import { parseTestQuestion, readJsonLines } from '../../cli/evaluation/question-set.ts';
import type { Article } from './helpcenter.ts';
import { splitOf } from './question-split.ts';

/** An own question on a help centre whose pages are not in this repository. */
export interface HelpcenterTest {
  readonly place: SourcePlace;
  /** Name of the help centre. */
  readonly set: string;
  /** As in the file, with article ids of the data and without sections; its split is that of its page. */
  readonly test: TestQuestion;
  /** Places of the answer among the sections of the first article, from 0. */
  readonly sections: readonly number[];
}

/**
 * Reads question sets of help centres: rows as of `understudy eval answers`, with `set`, and `sections` by number.
 * @param folder - Its *.jsonl files are read in the order of their names.
 * @throws UnderstudyError `cli/source-invalid` with file and line.
 */
export function readHelpcenterTests(folder: string): readonly HelpcenterTest[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
  return files.flatMap((file) =>
    readJsonLines(join(folder, file), 'question set').map(({ value, place }) => {
      const { set, sections = [], ...rest } = value;
      if (typeof set !== 'string') throw sourceError(place, '"set" is missing');
      const numbers: readonly unknown[] | null = Array.isArray(sections) ? sections : null;
      if (numbers?.every(isNaturalNumber) !== true)
        throw sourceError(place, '"sections" is no list of whole numbers');
      const test = parseTestQuestion({ value: rest, place });
      return {
        place,
        set,
        test: { ...test, split: splitOf(test) },
        sections: numbers.filter(isNaturalNumber),
      };
    }),
  );
}

/**
 * Writes a question for the bundle of its help centre: documents for article ids, headings for numbers of sections. A section without
 * a heading stands under the one before it.
 * @throws UnderstudyError `cli/source-invalid` with file and line when there is no such article or section.
 */
export function toBundleQuestion(
  { test, sections, place }: HelpcenterTest,
  articles: ReadonlyMap<string, Article>,
  documents: ReadonlyMap<string, string>,
): TestQuestion {
  const first = articles.get(test.articles[0] ?? '');
  const names = test.articles.map((id) => {
    const document = documents.get(id);
    if (document === undefined) throw sourceError(place, `there is no article ${id}`);
    return document;
  });
  const headings = sections.map((at) => {
    const before = first?.sections.slice(0, at + 1) ?? [];
    if (before.length <= at) throw sourceError(place, `the article has no section ${at}`);
    return before.findLast(({ heading }) => heading.trim() !== '')?.heading.trim() ?? '';
  });
  return { ...test, articles: names, sections: test.isAnswerable ? [...new Set(headings)] : [] };
}

function isNaturalNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
