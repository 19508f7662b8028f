import { readFileSync, statSync } from 'node:fs';
import { basename, extname, posix, relative, sep } from 'node:path';
import { DOCX_READER, LEGACY_DOC_READER } from './docx/read-docx-file.ts';
import { examineDocument } from './examine-document.ts';
import type { FlaggedChoice } from './examine-document.ts';
import { freeId } from './free-id.ts';
import { listFiles } from './list-files.ts';
import { OPENAPI_READER } from './openapi/read-openapi-file.ts';
import { PDF_READER } from './pdf/pdf-reader.ts';
import { readAsText } from './read-as-text.ts';
import { readHtmlFile } from './read-html-file.ts';
import { readMarkdownFile } from './read-markdown-file.ts';
import { readCsvFile, readJsonlFile } from './read-pairs-file.ts';
import { readTextFile } from './read-text-file.ts';
import { recognizeFile } from './recognize-file.ts';
import type { SourceDocument, SourceRemark } from './source-document.ts';
import { sourceError } from './source-error.ts';
import type { FileReader, Source } from './source-file.ts';

/** Most files of one build. */
const MAX_FILES = 50_000;

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
  readonly signal?: AbortSignal;
}

/** What was read. */
export interface ReadSourcesOutcome {
  readonly documents: readonly SourceDocument[];
  readonly remarks: readonly SourceRemark[];
  readonly fileCount: number;
}

const MARKDOWN = readAsText(readMarkdownFile);
const HTML = readAsText(readHtmlFile);
const CSV = readAsText(readCsvFile);

const READERS: { readonly [extension: string]: FileReader } = {
  '.md': MARKDOWN,
  '.markdown': MARKDOWN,
  '.mdx': MARKDOWN,
  '.html': HTML,
  '.htm': HTML,
  '.txt': readAsText(readTextFile),
  '.csv': CSV,
  '.tsv': CSV,
  '.jsonl': readAsText(readJsonlFile),
  '.docx': DOCX_READER,
  '.doc': LEGACY_DOC_READER,
  '.pdf': PDF_READER,
  '.yaml': OPENAPI_READER,
  '.yml': OPENAPI_READER,
  '.json': OPENAPI_READER,
};

/**
 * Reads all files of the sources in code-unit order of their paths.
 *
 * Hidden files and folders, `node_modules` and symbolic links are left out; files that are no pages, empty or too long are
 * remarked and skipped.
 * @throws UnderstudyError `cli/not-found` for a missing source, `cli/source-invalid` for a page that cannot be read; the reason of
 *   the signal.
 */
export async function readSources(
  sources: readonly Source[],
  options: ReadSourcesOptions,
): Promise<ReadSourcesOutcome> {
  const documents: SourceDocument[] = [];
  const remarks: SourceRemark[] = [];
  const ids = new Set<string>();
  let fileCount = 0;
  const { signal = new AbortController().signal } = options;
  for (const source of sources) {
    for (const path of listFiles(source.path, source.name, options.ignored ?? new Set())) {
      signal.throwIfAborted();
      const below = relative(source.path, path).split(sep).join('/');
      const name = below === '' ? source.name : posix.join(source.name, below);
      const skip = (message: string): void =>
        void remarks.push({ kind: 'skipped', file: name, line: null, message: `skipped: ${message}` });
      const reader = READERS[extname(path).toLowerCase()];
      if (reader === undefined) {
        const kind = `"${extname(path) === '' ? basename(path) : extname(path)}" is no kind of page`;
        skip(recognizeFile(path) ?? kind);
        continue;
      }
      if (statSync(path).size > reader.maxBytes) {
        skip(`it is longer than ${String(reader.maxBytes / 1024 / 1024)} MB`);
        continue;
      }
      if (fileCount >= MAX_FILES) throw sourceError({ file: name }, `there are more than ${MAX_FILES} files`);
      const id = freeId(withoutExtension(name), ids);
      const read = await reader.read({
        name,
        id,
        path: below,
        below: withoutExtension(below === '' ? basename(path) : below),
        bytes: new Uint8Array(readFileSync(path)),
        source,
        fallbackLanguage: options.fallbackLanguage,
        remark: (remark) => void remarks.push({ ...remark, file: name }),
        signal,
      });
      if ('skipped' in read) {
        skip(read.skipped);
        continue;
      }
      fileCount += 1;
      ids.add(id);
      const filled = read.documents.filter((document) => document.sections.length > 0);
      if (filled.length === 0) skip('it has no text');
      for (const document of filled) {
        const examined = examineDocument(document, name, read.text, options.flagged ?? 'keep');
        if (examined.document.sections.length > 0) documents.push(examined.document);
        remarks.push(...examined.remarks);
      }
      options.onFile?.(fileCount, name);
    }
  }
  return { documents, remarks, fileCount };
}

function withoutExtension(path: string): string {
  return path.slice(0, path.length - extname(path).length);
}
