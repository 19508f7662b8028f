import { join } from 'node:path';
import type { TestQuestion } from '../../cli/evaluation/question-set.ts';
import { isRecord } from '../../src/contracts/json.ts';
import type { Article } from './helpcenter.ts';
import { listHelpcenters, parseArticle } from './helpcenter.ts';
import { readRows } from './read-rows.ts';

/** A question with the pages it is answered from: its own, and one that does not answer it. */
export interface GoldQuestion {
  readonly test: TestQuestion;
  /** Ids of the pages; of an unanswerable question none answers it. */
  readonly pages: readonly string[];
}

/** Held-back questions of a public set whose pages are known. */
export interface GoldSet {
  readonly name: string;
  readonly language: string;
  readonly pages: readonly Article[];
  readonly questions: readonly GoldQuestion[];
}

/** A row of any of the sets. */
interface GoldRow {
  readonly id: string;
  readonly question: string;
  /** Pages that answer it; none = it has no answer. */
  readonly gold: readonly Article[];
  readonly facts: readonly string[];
  readonly reference: string;
  readonly history: readonly string[];
  readonly isAnswerable: boolean;
}

/** Of span sets and FAQ, which have answers only, every so many rows are asked once more without their page. */
const LEFT_OUT_EVERY = 4;
const SPAN_SETS: readonly (readonly [name: string, file: string, language: string])[] = [
  ['covidqa', 'dev.jsonl.xz', 'en'],
  ['cmrc2018', 'test.jsonl.xz', 'zh'],
  ['drcd', 'test.jsonl.xz', 'zh'],
];
const TALKS = 'mtrag_un_clapnq';

/** Reads the held-back parts of the sets of a data folder that are there, at most so many rows of each, evenly spread. */
export function readGoldSets(data: string, mostRows: number): readonly GoldSet[] {
  const sets = SPAN_SETS.map(([name, file, language]) =>
    toSet(name, language, readSpans(spread(readRows(join(data, name, file)), mostRows))),
  );
  const talks = readRows(join(data, TALKS, 'test.jsonl')).flatMap(readTalk);
  const faqs = listHelpcenters(data).map((name) => {
    const rows = readFaq(join(data, name));
    return toSet(name, rows[0]?.gold[0]?.lang ?? 'en', spread(rows, mostRows));
  });
  return [...sets, toSet(TALKS, 'en', spread(talks, mostRows)), ...faqs].filter(
    ({ questions }) => questions.length > 0,
  );
}

function toSet(name: string, language: string, rows: readonly GoldRow[]): GoldSet {
  const pages = new Map(rows.flatMap(({ gold }) => gold.map((page) => [page.id, page])));
  const ids = [...pages.keys()];
  /** The next page of the set that does not answer the row. */
  const otherThan = (own: readonly string[], from: number): readonly string[] => {
    const turned = [...ids.slice(from), ...ids.slice(0, from)];
    return turned.filter((id) => !own.includes(id)).slice(0, 1);
  };
  const questions = rows.flatMap((row, at): GoldQuestion[] => {
    const own = row.gold.map(({ id }) => id);
    const other = otherThan(own, ids.indexOf(own[0] ?? '') + 1 + (own.length === 0 ? at : 0));
    const test = toTest(row, language);
    if (!row.isAnswerable) return [{ test, pages: [...own, ...other] }];
    const answered = { test, pages: [...own, ...other] };
    if (name === TALKS || at % LEFT_OUT_EVERY !== 0) return [answered];
    const leftOut = { ...row, id: `${row.id} left out`, isAnswerable: false };
    return [answered, { test: toTest(leftOut, language), pages: other }];
  });
  return { name, language, pages: [...pages.values()], questions };
}

function toTest(row: GoldRow, language: string): TestQuestion {
  const { id, question, isAnswerable, history } = row;
  return {
    id,
    question,
    language,
    isAnswerable,
    articles: isAnswerable ? row.gold.map((page) => page.id) : [],
    sections: [],
    facts: isAnswerable ? row.facts : [],
    reference: isAnswerable ? row.reference : '',
    kind: '',
    split: '',
    history,
  };
}

/** One page for every context: questions of one context have one page. */
function readSpans(rows: readonly unknown[]): readonly GoldRow[] {
  const pages = new Map<string, Article>();
  return rows.map((row, at) => {
    const [title, context, question] = [text(row, 'title'), text(row, 'context'), text(row, 'question')];
    const known = pages.get(context) ?? page(`page-${pages.size}`, title, context, text(row, 'lang'));
    pages.set(context, known);
    const ways = new Set(list(row, 'answers').map((answer) => text(answer, 'text')));
    return {
      id: text(row, 'id') || String(at),
      question,
      gold: [known],
      // A bar parts the ways to say a fact.
      facts: [[...ways].map((way) => way.replaceAll('|', ' ')).join('|')],
      reference: '',
      history: [],
      isAnswerable: true,
    };
  });
}

/** Turns of conversations that have an answer in their passages, and that have none; the others are neither. */
function readTalk(row: unknown, at: number): GoldRow[] {
  const kind = list(row, 'answerability')[0];
  if (kind !== 'ANSWERABLE' && kind !== 'UNANSWERABLE') return [];
  const asked = list(row, 'turns').flatMap((turn) =>
    text(turn, 'speaker') === 'user' ? [text(turn, 'text')] : [],
  );
  const contexts = list(row, 'contexts');
  const titled = contexts.map((context, number) => {
    const title = text(context, 'title');
    const body = text(context, 'text');
    return page(
      `talk-${at}-${number}`,
      title,
      body.startsWith(title) ? body.slice(title.length) : body,
      'en',
    );
  });
  return [
    {
      id: text(row, 'id'),
      question: asked.at(-1) ?? '',
      gold: titled,
      facts: [],
      reference:
        list(row, 'response').filter((answer) => typeof answer === 'string')[0] ?? text(row, 'response'),
      history: asked.slice(0, -1),
      isAnswerable: kind === 'ANSWERABLE',
    },
  ];
}

function readFaq(folder: string): readonly GoldRow[] {
  const articles = readRows(join(folder, 'articles.test.jsonl.xz')).map(parseArticle);
  return readRows(join(folder, 'faq.test.jsonl')).flatMap((row) => {
    const article = articles.find(({ id }) => id === text(row, 'id').replace(/#\d+$/, ''));
    if (article === undefined) return [];
    return [
      {
        id: text(row, 'id'),
        question: text(row, 'question'),
        gold: [article],
        facts: [],
        reference: text(row, 'answer'),
        history: [],
        isAnswerable: true,
      },
    ];
  });
}

function page(id: string, title: string, body: string, lang: string): Article {
  const language = lang.split('-')[0] ?? lang;
  return { id, title: title === '' ? id : title, lang: language, sections: [{ heading: '', text: body }] };
}

function spread<T>(rows: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, rows.length / most);
  return Array.from({ length: Math.min(most, rows.length) }, (_, at) => rows[Math.floor(at * step)]).flatMap(
    (row) => (row === undefined ? [] : [row]),
  );
}

function text(row: unknown, name: string): string {
  const value = isRecord(row) ? row[name] : undefined;
  return typeof value === 'string' ? value : '';
}

function list(row: unknown, name: string): readonly unknown[] {
  const value = isRecord(row) ? row[name] : undefined;
  return Array.isArray(value) ? value.map((item: unknown) => item) : [];
}
