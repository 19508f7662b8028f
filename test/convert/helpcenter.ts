import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { isRecord } from '../../src/contracts/json.ts';
import { readRows } from './read-rows.ts';

/** One FAQ question of a help centre with the document its answer was taken from. */
export interface HelpcenterQuestion {
  readonly id: string;
  readonly question: string;
  readonly lang: string;
  readonly answerable: true;
  readonly articles: readonly [string];
  readonly kind: 'train' | 'dev';
}

/** What a conversion wrote. */
export interface ConvertedHelpcenter {
  readonly configPath: string;
  readonly articles: number;
  /** Rows of faq.csv: the train questions; those of dev are held out for measuring. */
  readonly pairs: number;
  readonly questions: readonly HelpcenterQuestion[];
  /** Documents of the articles by their id. */
  readonly documents: ReadonlyMap<string, string>;
}

/** An article of a help centre. */
export interface Article {
  readonly id: string;
  readonly title: string;
  readonly lang: string;
  readonly sections: readonly { readonly heading: string; readonly text: string }[];
}

interface Pair {
  readonly id: string;
  readonly question: string;
  readonly answer: string;
  readonly lang: string;
}

const SPLITS = ['train', 'dev'] as const;

/** Names of the help centres in a data folder. */
export function listHelpcenters(data: string): readonly string[] {
  if (!existsSync(data)) return [];
  return readdirSync(data)
    .filter((name) => name.startsWith('helpcenter_'))
    .sort();
}

/** Reads the articles of a help centre, but those that are kept for tests. */
export function readArticles(data: string, set: string): readonly Article[] {
  return SPLITS.flatMap((split) => readRows(join(data, set, `articles.${split}.jsonl.xz`)).map(parseArticle));
}

/**
 * Writes a help centre as a folder an owner could have: Markdown pages with front matter, faq.csv, understudy.yml, and
 * questions.jsonl, the FAQ questions with their documents.
 */
export function convertHelpcenter(
  data: string,
  set: string,
  out: string,
  options: { readonly withPairs: boolean },
): ConvertedHelpcenter {
  const folder = join(data, set);
  const articles = readArticles(data, set);
  const files = writeArticles(articles, join(out, 'articles'));
  const questions: HelpcenterQuestion[] = [];
  const rows: string[] = [];
  for (const split of SPLITS) {
    for (const pair of readRows(join(folder, `faq.${split}.jsonl`)).map(parsePair)) {
      const path = files.get(pair.id.replace(/#\d+$/, ''));
      if (path === undefined) continue;
      const { id, question, lang } = pair;
      questions.push({ id, question, lang, answerable: true, articles: [`articles/${path}`], kind: split });
      if (split === 'train')
        rows.push([question, escapeMarkdown(pair.answer), lang].map(writeCell).join(','));
    }
  }
  const languages = [...new Set(articles.map((article) => article.lang))];
  const configPath = join(out, 'understudy.yml');
  writeFileSync(
    configPath,
    `app: ${set.replaceAll('_', '-')}\nlanguages: [${languages.join(', ')}]\nsources:\n` +
      `  - path: articles\n    url: /{path}.html\n${options.withPairs ? '  - faq.csv\n' : ''}generator: none\n`,
  );
  if (options.withPairs)
    writeFileSync(join(out, 'faq.csv'), ['question,answer,language', ...rows, ''].join('\n'));
  writeFileSync(
    join(out, 'questions.jsonl'),
    questions.map((question) => `${JSON.stringify(question)}\n`).join(''),
  );
  return {
    configPath,
    articles: articles.length,
    pairs: options.withPairs ? rows.length : 0,
    questions,
    documents: new Map([...files].map(([id, path]) => [id, `articles/${path}`])),
  };
}

/** Writes articles as Markdown pages. @returns The path of each below the folder, without its ending, by the article's id. */
export function writeArticles(articles: readonly Article[], folder: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const article of articles) {
    const path = freePath(article.id, new Set(files.values()));
    files.set(article.id, path);
    const target = join(folder, `${path}.md`);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, writeArticle(article));
  }
  return files;
}

function writeArticle({ title, lang, sections }: Article): string {
  const head = `---\ntitle: ${JSON.stringify(title)}\nlanguage: ${lang}\n---\n`;
  const body = sections.map(({ heading, text }) => {
    const line = heading.trim() === '' ? '' : `\n## ${escapeMarkdown(heading.replace(/\s+/g, ' ').trim())}\n`;
    return `${line}\n${writeTables(escapeMarkdown(text))}\n`;
  });
  return head + body.join('');
}

/** The sets hold plain text: what looks like a tag, a heading or a fence in it is text. */
function escapeMarkdown(text: string): string {
  return text.replaceAll('<', '&lt;').replace(/^(\s*)(#|```|~~~)/gm, '$1\\$2');
}

/** The sets write tables as lines of cells with bars between them. */
function writeTables(text: string): string {
  const lines = text.split('\n');
  const result: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const columns = columnsOf(lines[at]);
    let end = at;
    while (columns > 1 && columnsOf(lines[end]) === columns) end += 1;
    if (end - at < 2) {
      result.push(lines[at] ?? '');
      continue;
    }
    const [head = '', ...rows] = lines.slice(at, end);
    result.push('', `| ${head} |`, `|${' --- |'.repeat(columns)}`, ...rows.map((row) => `| ${row} |`), '');
    at = end - 1;
  }
  return result.join('\n');
}

function columnsOf(line: string | undefined): number {
  return line === undefined || line.trim() === '' ? 0 : line.split(' | ').length;
}

function writeCell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function freePath(id: string, taken: ReadonlySet<string>): string {
  const safe = id
    .replace(/\.[a-z]{2,4}$/i, '')
    .split('/')
    .map((part) => part.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-+|-+$/g, '') || 'page')
    .join('/');
  let path = safe;
  for (let number = 2; taken.has(path); number += 1) path = `${safe}-${number}`;
  return path;
}

/** Accepts an article of a help centre. */
export function parseArticle(value: unknown): Article {
  if (!isRecord(value) || !Array.isArray(value['sections'])) throw new Error('An article has no sections.');
  const sections = value['sections'].map((section: unknown) => {
    const read = (name: string): string => {
      const found = isRecord(section) ? section[name] : undefined;
      return typeof found === 'string' ? found : '';
    };
    return { heading: read('heading'), text: read('text') };
  });
  return { id: String(value['id']), title: String(value['title']), lang: String(value['lang']), sections };
}

function parsePair(value: unknown): Pair {
  if (!isRecord(value)) throw new Error('A question has no form.');
  const { id, question, answer, lang } = value;
  return { id: String(id), question: String(question), answer: String(answer), lang: String(lang) };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, set: { type: 'string' }, out: { type: 'string' } },
  });
  const { data, set, out } = values;
  if (data === undefined || set === undefined || out === undefined) {
    console.error('Usage: tsx test/convert/helpcenter.ts --data FOLDER --set NAME --out DIR');
    process.exitCode = 64;
  } else {
    const { articles, pairs, questions } = convertHelpcenter(data, set, out, { withPairs: true });
    console.log(`${set}: ${articles} articles, ${pairs} pairs in faq.csv, ${questions.length} questions`);
  }
}
