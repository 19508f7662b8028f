import { extname } from 'node:path';
import { isUnderstudyError } from '../../../src/contracts/errors.ts';
import { isRecord } from '../../../src/contracts/json.ts';
import { readYaml } from '../../config/read-yaml.ts';
import { decodeStrictly } from '../decode-strictly.ts';
import { finishDocument } from '../finish-document.ts';
import { invisibleRemarks, MAX_TEXT_BYTES } from '../read-as-text.ts';
import { sourceError } from '../source-error.ts';
import type { FileReader, ReadFile, SourceFile } from '../source-file.ts';
import { openApiSections } from './openapi-sections.ts';
import type { Fields } from './resolve-refs.ts';
import { scalar } from './schema-fields.ts';

/** Deepest JSON that is read; descriptions have about 20 levels. */
const MAX_DEPTH = 100;

/** Reader of OpenAPI descriptions in YAML and JSON. Other files of these formats are no pages and are skipped. */
export const OPENAPI_READER: FileReader = {
  maxBytes: MAX_TEXT_BYTES,
  read: (file) => Promise.resolve(readOpenApi(file)),
};

function readOpenApi(file: SourceFile): ReadFile {
  const text = decodeStrictly(file.bytes, 'utf-8')?.replace(/^\ufeff/, '');
  const extension = extname(file.name);
  const noPage = { skipped: `"${extension}" is no kind of page` };
  // Most of these files are none, and need not be parsed to tell.
  if (text === undefined || !/(?:^|["'{,\s])(?:openapi|swagger)["']?\s*:/.test(text)) return noPage;
  let root: Fields | null;
  try {
    root = parse(text, file.name, extension.toLowerCase() === '.json');
  } catch (error) {
    if (!isUnderstudyError(error, 'cli/source-invalid')) throw error;
    const { line } = error.facts;
    // A file that only mentions the word is not broken, but none.
    if (!/^[\s{]*["']?(?:openapi|swagger)["']?\s*:/m.test(text)) return noPage;
    const what = typeof line === 'number' ? ` in line ${line}` : '';
    return { skipped: `the OpenAPI description is broken${what}` };
  }
  if (root === null) return noPage;
  for (const invisible of invisibleRemarks(text)) file.remark(invisible);
  const { title, sections, leftOut } = openApiSections(root);
  if (leftOut > 0)
    file.remark({
      kind: 'skipped',
      line: null,
      message: `${leftOut} operations were not read: there are too many`,
    });
  const page = { title, language: null, url: null, tags: [], questions: [], sections };
  return { documents: [finishDocument(file, page)], text };
}

function parse(text: string, file: string, isJson: boolean): Fields | null {
  const value: unknown = isJson
    ? parseJson(text, file)
    : readYaml(text, file, { makeError: sourceError }).value;
  if (!isRecord(value)) return null;
  const { openapi, swagger } = value;
  // YAML without quotes reads the version as a number.
  const versions = [openapi, swagger].map(scalar);
  return /^3(?:\.\d|$)/.test(versions[0] ?? '') || /^2(?:\.0)?$/.test(versions[1] ?? '') ? value : null;
}

function parseJson(text: string, file: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw sourceError({ file }, 'no valid JSON', error);
  }
  if (!isShallow(value)) throw sourceError({ file }, 'the JSON is nested too deeply');
  return value;
}

/** Goes level by level: calls would overflow where the answer is no. */
function isShallow(root: unknown): boolean {
  let level: readonly unknown[] = [root];
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    level = level.flatMap((value): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
    if (level.length === 0) return true;
  }
  return false;
}
