import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Passage } from '../../src/contracts/passage.ts';
import { isRecord, isStringArray } from '../../src/contracts/json.ts';
import { guessLanguage } from '../../src/text/guess-language.ts';
import type { SourcePlace } from '../ingest/source-error.ts';
import { sourceError } from '../ingest/source-error.ts';
import type { JsonLine } from './question-set.ts';
import { readJsonLines } from './question-set.ts';

/** A question whose passages are known. */
export interface PassageQuestion {
  readonly id: string;
  readonly question: string;
  readonly language: string;
  /** Ids of the passages that answer it; empty: none does. */
  readonly gold: ReadonlySet<string>;
}

/** Passages and questions on them, without a bundle. */
export interface PassageSet {
  readonly passages: readonly Passage[];
  readonly questions: readonly PassageQuestion[];
}

/** Options of {@link readPassageSet} and {@link readSpanSet}. */
export interface PassageSetOptions {
  /** Language of what does not say it; null: guessed from each passage. */
  readonly language: string | null;
  /** Whether titles are searched. Span sets name the article a context is from, which most measurements leave out. */
  readonly withTitles: boolean;
}

/**
 * Reads passages {id, text, title?, headings?, lang?} and queries {query | question, gold: [ids], id?, lang?}, JSONL each.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid` with file and line.
 */
export function readPassageSet(
  passagesPath: string,
  queriesPath: string,
  options: PassageSetOptions,
): PassageSet {
  const passages: Passage[] = [];
  const languages = new Map<string, string>();
  for (const line of readJsonLines(passagesPath, 'file of passages')) {
    const { value, place } = line;
    const id = readId(value['id'], place);
    const text = readText(line, ['text']);
    const headings = value['headings'] ?? [];
    if (id === null) throw sourceError(place, '"id" is missing');
    if (languages.has(id)) throw sourceError(place, `the id "${id}" comes twice`);
    if (!isStringArray(headings)) throw sourceError(place, '"headings" is no list of texts');
    const language = readLanguage(line) ?? options.language ?? guessLanguage(text, 'en');
    languages.set(id, language);
    const title = options.withTitles ? readTitle(line) : '';
    passages.push({
      ...barePassage(id, text, language),
      title,
      headings: options.withTitles ? headings : [],
    });
  }
  const questions = readJsonLines(queriesPath, 'file of queries').map((line): PassageQuestion => {
    const { value, place } = line;
    const question = readText(line, ['query', 'question']);
    const gold: readonly unknown[] | null = Array.isArray(value['gold']) ? value['gold'] : null;
    if (gold === null) throw sourceError(place, '"gold" is no list of ids of passages');
    const ids = gold.map((entry) => {
      const id = readId(entry, place);
      if (id === null || !languages.has(id))
        throw sourceError(place, `"gold" names ${JSON.stringify(entry)}, which is no passage`);
      return id;
    });
    const known = languages.get(ids[0] ?? '');
    const language = readLanguage(line) ?? options.language ?? known ?? guessLanguage(question, 'en');
    return {
      id: readId(value['id'], place) ?? String(place.line ?? ''),
      question,
      language,
      gold: new Set(ids),
    };
  });
  return { passages, questions };
}

/**
 * Reads questions on spans, {id, title?, context, question, answers, lang?} a line or the JSON of SQuAD and XQuAD: every context that is
 * not the same as one before is a passage. Questions with `is_impossible` or `answerable: false` have none.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid` with file and line.
 */
export function readSpanSet(path: string, options: PassageSetOptions): PassageSet {
  const lines = readRows(path);
  const passages = new Map<string, Passage>();
  const questions = lines.map((line): PassageQuestion => {
    const { value, place } = line;
    const context = readText(line, ['context']);
    const question = readText(line, ['question']);
    const language = readLanguage(line) ?? options.language ?? guessLanguage(context, 'en');
    const title = options.withTitles ? readTitle(line).replaceAll('_', ' ') : '';
    const key = `${title}\n${context.trim()}`;
    const passage = passages.get(key) ?? {
      ...barePassage(`context-${passages.size + 1}`, context, language),
      title,
    };
    passages.set(key, passage);
    const isAnswerable = value['is_impossible'] !== true && value['answerable'] !== false;
    const id = readId(value['id'], place) ?? String(place.line ?? '');
    return { id, question, language, gold: new Set(isAnswerable ? [passage.id] : []) };
  });
  return { passages: [...passages.values()], questions };
}

/** Makes a passage that has a text and nothing else. */
export function barePassage(id: string, text: string, language: string): Passage {
  return { id, documentId: id, title: '', headings: [], url: null, language, text, questions: [], tags: [] };
}

function readRows(path: string): readonly JsonLine[] {
  const whole = readWhole(path);
  return whole === null ? readJsonLines(path, 'file of spans') : flattenArticles(whole);
}

/** The one object {data: […]} that SQuAD's files are, on however many lines; null for JSONL, and for what is neither. */
function readWhole(path: string): JsonLine | null {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return null;
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8').replace(/^\ufeff/, ''));
    return isRecord(value) && Array.isArray(value['data'])
      ? { value, place: { file: basename(path) } }
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Turns {data: [{title, paragraphs: [{context, qas: [{…}]}]}]} into rows. */
function flattenArticles({ value, place }: JsonLine): readonly JsonLine[] {
  const rows: JsonLine[] = [];
  for (const article of listOf(value, 'data', place))
    for (const paragraph of listOf(article, 'paragraphs', place))
      for (const asked of listOf(paragraph, 'qas', place))
        rows.push({
          value: { ...asked, title: article['title'], context: paragraph['context'] },
          place,
        });
  return rows;
}

function listOf(
  of: { readonly [name: string]: unknown },
  name: string,
  place: SourcePlace,
): readonly { readonly [name: string]: unknown }[] {
  const found: readonly unknown[] | null = Array.isArray(of[name]) ? of[name] : null;
  if (found === null || !found.every(isRecord)) throw sourceError(place, `"${name}" is no list of objects`);
  return found.filter(isRecord);
}

function readText({ value, place }: JsonLine, names: readonly string[]): string {
  for (const name of names) {
    const found = value[name];
    if (typeof found === 'string' && found.trim() !== '') return found;
  }
  throw sourceError(place, `"${names.join('" or "')}" is missing`);
}

function readTitle({ value }: JsonLine): string {
  return typeof value['title'] === 'string' ? value['title'] : '';
}

function readLanguage({ value, place }: JsonLine): string | null {
  const found = value['lang'] ?? value['language'] ?? null;
  if (found !== null && typeof found !== 'string') throw sourceError(place, '"lang" is no text');
  return found;
}

function readId(value: unknown, place: SourcePlace): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw sourceError(place, 'an id is neither text nor number');
}
