import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, extname, join, posix, relative, sep } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import { guessLanguage } from '../../src/text/guess-language.ts';
import { cleanLine } from './clean-text.ts';
import { decodeSource } from './decode-source.ts';
import { examineDocument } from './examine-document.ts';
import type { FlaggedChoice } from './examine-document.ts';
import { findInstructions } from './find-instructions.ts';
import { findInvisible } from './find-invisible.ts';
import { splitFrontMatter } from './front-matter.ts';
import { countWords } from './count-words.ts';
import { readHtml } from './html.ts';
import { readMarkdown } from './markdown.ts';
import { readCsv, readJsonl } from './question-answers.ts';
import type { QuestionAnswer } from './question-answers.ts';
import type { SourceDocument, SourceRemark } from './source-document.ts';
import { sourceError } from './source-error.ts';
import { readText } from './text.ts';

/** Longest source file, in bytes. */
export const MAX_SOURCE_BYTES: number = 5 * 1024 * 1024;
/** Hidden text with fewer words is a label for a button or an icon. */
const LEAST_HIDDEN_WORDS = 5;
/** Most files of one build. */
const MAX_FILES = 50_000;

/** A file or folder of help pages. */
export interface Source {
  /** Path of the file or folder on disk. */
  readonly path: string;
  /** How the path is named in ids and messages, `/` between folders. */
  readonly name: string;
  /** Language of all its pages; null: by front matter, else guessed. */
  readonly language: string | null;
  /** Address of a page with `{slug}` (file name) or `{path}` (path without extension); null: pages have none of their own. */
  readonly url: string | null;
  readonly tags: readonly string[];
  /** Name by which a plan searches these pages alone. Default `name`. */
  readonly collection?: string;
  /** Label of the Encoding Standard in which all its files are written. Default: found out for each file. */
  readonly encoding?: string;
}

/** Options of {@link readSources}. */
export interface ReadSourcesOptions {
  /** Language where nothing else says it. */
  readonly fallbackLanguage: string;
  /** Is told after every file. */
  readonly onFile?: (count: number, file: string) => void;
  /** Absolute paths of files and folders that are no pages, such as the configuration and the output. */
  readonly ignored?: ReadonlySet<string>;
  /** What becomes of text that gives orders to a model. Default `keep`. */
  readonly flagged?: FlaggedChoice;
}

/** What was read. */
export interface ReadSourcesOutcome {
  readonly documents: readonly SourceDocument[];
  readonly remarks: readonly SourceRemark[];
  readonly fileCount: number;
}

const READERS: { readonly [extension: string]: (file: PageFile) => SourceDocument[] } = {
  '.md': readMarkdownFile,
  '.markdown': readMarkdownFile,
  '.mdx': readMarkdownFile,
  '.html': readHtmlFile,
  '.htm': readHtmlFile,
  '.txt': readTextFile,
  '.csv': (file) => pairsToDocuments(file, readCsv(file.text, file.name)),
  '.tsv': (file) => pairsToDocuments(file, readCsv(file.text, file.name)),
  '.jsonl': (file) => pairsToDocuments(file, readJsonl(file.text, file.name)),
};

interface PageFile {
  /** `/`-separated path for messages. */
  readonly name: string;
  /** Id of the document: the name without extension. */
  readonly id: string;
  /** Path below the source folder without extension. */
  readonly below: string;
  readonly text: string;
  readonly source: Source;
  readonly fallbackLanguage: string;
  readonly remark: (remark: Omit<SourceRemark, 'file'>) => void;
}

/**
 * Reads all files of the sources in code-unit order of their paths.
 *
 * Hidden files and folders, `node_modules` and symbolic links are left out; files that are no pages, empty or too long are
 * remarked and skipped.
 * @throws UnderstudyError `cli/not-found` for a missing source, `cli/source-invalid` for a page that cannot be read.
 */
export function readSources(sources: readonly Source[], options: ReadSourcesOptions): ReadSourcesOutcome {
  const documents: SourceDocument[] = [];
  const remarks: SourceRemark[] = [];
  const ids = new Set<string>();
  let fileCount = 0;
  for (const source of sources) {
    for (const path of listFiles(source.path, source.name, options.ignored ?? new Set())) {
      const below = relative(source.path, path).split(sep).join('/');
      const name = below === '' ? source.name : posix.join(source.name, below);
      const reader = READERS[extname(path).toLowerCase()];
      const skip = (message: string): void =>
        void remarks.push({ kind: 'skipped', file: name, line: null, message: `skipped: ${message}` });
      if (reader === undefined) {
        skip(`"${extname(path) === '' ? basename(path) : extname(path)}" is no kind of page`);
        continue;
      }
      if (statSync(path).size > MAX_SOURCE_BYTES) {
        skip('it is longer than 5 MB');
        continue;
      }
      fileCount += 1;
      if (fileCount > MAX_FILES) throw sourceError({ file: name }, `there are more than ${MAX_FILES} files`);
      const bytes = readFileSync(path);
      if (isBinary(bytes)) {
        skip('it is no text');
        continue;
      }
      const { text, remark } = decodeSource(bytes, name, source.encoding ?? null);
      if (remark !== null) remarks.push({ kind: 'encoding', file: name, line: null, message: remark });
      remarks.push(...invisibleRemarks(text, name));
      const withoutExtension = (value: string): string =>
        value.slice(0, value.length - extname(value).length);
      const id = freeId(withoutExtension(name), ids);
      const file: PageFile = {
        name,
        id,
        below: withoutExtension(below === '' ? basename(path) : below),
        text,
        source,
        fallbackLanguage: options.fallbackLanguage,
        remark: (remark) => void remarks.push({ ...remark, file: name }),
      };
      const read = reader(file).filter((document) => document.sections.length > 0);
      if (read.length === 0) skip('it has no text');
      for (const document of read) {
        const examined = examineDocument(document, name, text, options.flagged ?? 'keep');
        if (examined.document.sections.length > 0) documents.push(examined.document);
        remarks.push(...examined.remarks);
      }
      options.onFile?.(fileCount, name);
    }
  }
  return { documents, remarks, fileCount };
}

function listFiles(path: string, name: string, ignored: ReadonlySet<string>): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new UnderstudyError('cli/not-found', `The source "${name}" does not exist.`, {
      facts: { path: name },
    });
  }
  if (!stats.isDirectory()) return [path];
  const entries = readdirSync(path, { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.isSymbolicLink()) return [];
      const inner = join(path, entry.name);
      if (ignored.has(inner)) return [];
      if (entry.isDirectory()) return listFiles(inner, posix.join(name, entry.name), ignored);
      return entry.isFile() ? [inner] : [];
    });
}

/** Zero bytes stand in no text but wide ones, where every other byte is one. */
function isBinary(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 4096);
  const zeros = start.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  const isMarked = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
  return zeros > 0 && !isMarked && zeros < start.length * 0.1;
}

function invisibleRemarks(text: string, file: string): SourceRemark[] {
  return findInvisible(text).map(({ kind, count, line }) => ({
    kind: 'invisible-characters',
    file,
    line,
    message: `${count} ${kind} were taken out`,
  }));
}

/** Two files `a.md` and `a.html` would have one id. */
function freeId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let number = 2; taken.has(id); number += 1) id = `${wanted}~${number}`;
  taken.add(id);
  return id;
}

function readMarkdownFile(file: PageFile): SourceDocument[] {
  const { front, body } = splitFrontMatter(
    file.text.replace(/\r\n?/g, '\n').replace(/^\ufeff/, ''),
    file.name,
  );
  const isMdx = file.name.toLowerCase().endsWith('.mdx');
  const { title, sections } = readMarkdown(isMdx ? body.replace(/^(?:import|export)\s.*$/gm, '') : body);
  const { language, url, tags, questions, metadata } = front;
  // A heading that only repeats the front matter's title says nothing more.
  const heading = title !== null && front.title !== null && cleanLine(title) !== front.title ? title : null;
  const told =
    heading === null
      ? sections
      : sections.map((section) => ({ ...section, headings: [heading, ...section.headings] }));
  const page = { title: front.title ?? title, language, url, tags, questions, sections: told };
  return [finish(file, metadata === null ? page : { ...page, metadata })];
}

function readHtmlFile(file: PageFile): SourceDocument[] {
  const { title, language, url, sections, hidden } = readHtml(file.text);
  for (const { line, text } of hidden) {
    const [order] = findInstructions(text);
    const words = countWords(text);
    if (order !== undefined)
      file.remark({
        kind: 'instruction',
        line,
        message: `hidden text that gives orders to a model was left out: "${order.text}"`,
      });
    else if (words >= LEAST_HIDDEN_WORDS)
      file.remark({ kind: 'hidden-text', line, message: `hidden text of ${words} words was left out` });
  }
  return [finish(file, { title, language, url, tags: [], questions: [], sections })];
}

function readTextFile(file: PageFile): SourceDocument[] {
  const { title, sections } = readText(file.text);
  return [finish(file, { title, language: null, url: null, tags: [], questions: [], sections })];
}

type Read = Omit<SourceDocument, 'id' | 'title'> & { readonly title: string | null };

function finish(
  file: PageFile,
  read: Omit<Read, 'language'> & { readonly language: string | null },
): SourceDocument {
  const { source } = file;
  const text = read.sections.flatMap((section) => section.blocks.map((block) => block.markdown)).join('\n');
  const language = read.language ?? source.language ?? guessLanguage(text, file.fallbackLanguage);
  return {
    id: file.id,
    title: read.title ?? titleFromName(file.below),
    language: primaryLanguage(language),
    url: pageUrl(read.url, file),
    tags: [...new Set([...source.tags, ...read.tags])],
    questions: read.questions,
    sections: read.sections,
    collection: source.collection ?? source.name,
    ...(read.metadata === undefined ? {} : { metadata: read.metadata }),
  };
}

/** What the page says; else the source's pattern; else no address. */
function pageUrl(own: string | null, file: PageFile): string | null {
  if (own !== null && /^(?:https?:\/\/|\/|\.)/i.test(own)) return own;
  if (file.source.url === null) return null;
  const encode = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
  return file.source.url
    .replaceAll('{slug}', encode(posix.basename(file.below)))
    .replaceAll('{path}', encode(file.below));
}

function pairsToDocuments(file: PageFile, pairs: readonly QuestionAnswer[]): SourceDocument[] {
  const ids = new Set<string>();
  return pairs.map((pair) => {
    const { question, sections, tags, url } = pair;
    const document = finish(file, {
      title: question,
      language: pair.language,
      url,
      tags,
      questions: [question],
      sections,
    });
    // The pattern of a folder of pages does not fit the rows of one file.
    return { ...document, id: freeId(`${file.id}/${pair.key}`, ids), url: url ?? fixedUrl(file.source) };
  });
}

function fixedUrl(source: Source): string | null {
  return source.url === null || source.url.includes('{') ? null : source.url;
}

function titleFromName(below: string): string {
  const words = posix.basename(below).replace(/[-_]+/g, ' ').trim();
  const name = words === '' || words === 'index' ? posix.basename(posix.dirname(below)) : words;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function primaryLanguage(language: string): string {
  const primary = language.toLowerCase().split(/[-_]/)[0] ?? '';
  return /^[a-z]{2,3}$/.test(primary) ? primary : 'en';
}
