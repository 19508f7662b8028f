import { Lexer, LineCounter, isAlias, isCollection, isMap, isPair, isScalar, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { YamlText } from '../config/read-yaml.ts';
import type { SourcePlace } from '../ingest/source-error.ts';
import { lineAndColumn } from '../ingest/source-error.ts';
import { difyError } from './dify-error.ts';

/** Largest file that is read: Dify's own limit. */
export const MAX_EXPORT_BYTES: number = 10 * 1024 * 1024;
/** Most words and signs of YAML; exports of sixty nodes have sixteen thousand. Bounds time and memory before parsing. */
const MAX_TOKENS = 120_000;
/** Longest text; Dify's own code and templates hold at most 400,000 characters. */
const MAX_TEXT = 500_000;
/** Most characters in quotes altogether: the parser takes forty bytes for each. */
const MAX_QUOTED = 2_000_000;
/** Most lines; exports of sixty nodes have four thousand. The parser takes two hundred bytes for each line of a text. */
const MAX_LINES = 200_000;
/** Deepest nesting: values of a plan may be 64 deep, and a node's settings begin at six. */
const MAX_DEPTH = 60;
/** Most aliases; exports have none, or a few where Dify shared a list. */
const MAX_ALIASES = 1000;
/** Most values that all aliases may stand for. */
const MAX_EXPANDED = 200_000;

/**
 * Reads the YAML of an exported app, as hostile as it may be: bounded size, words, depth, aliases and what they expand to;
 * no tags; no key twice.
 * @throws UnderstudyError `dify/too-large`, `dify/invalid` with file, line and column.
 */
export function readExport(text: string, file: string): YamlText {
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > MAX_EXPORT_BYTES)
    throw tooLarge(file, `it is ${megabytes(sizeBytes)} long, more than 10 MB`);
  countLines(text, file);
  scanWords(text, file);
  const lines = new LineCounter();
  const place = (offset: number | undefined): SourcePlace => {
    if (offset === undefined) return { file, line: 1, column: 1 };
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const document = parse(text, lines, file);
  // A tag nobody knows is a warning to the parser: its value would silently become text.
  const error = document.errors[0] ?? document.warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED');
  if (error !== undefined) {
    // The parser takes a stack that is full for an error of the text.
    if (error.message.includes('call stack'))
      throw difyError('dify/invalid', place(error.pos[0]), 'the YAML is nested too deeply', error);
    throw difyError('dify/invalid', place(error.pos[0]), `this is no valid YAML: ${error.message}`, error);
  }
  measure(document.contents, (offset, what) => difyError('dify/invalid', place(offset), what));
  const value: unknown = document.toJS({ maxAliasCount: -1 });
  return {
    value,
    placeOf: (path) => place(offsetAt(document, path, false)),
    placeOfKey: (path) => place(offsetAt(document, path, true)),
  };
}

/** The error of a file that is too large to be an export. */
export function tooLarge(file: string, what: string): Error {
  return difyError('dify/too-large', { file, line: 1, column: 1 }, what);
}

/** Writes a size for the error of a file that is too large. */
export function megabytes(sizeBytes: number): string {
  return `${(sizeBytes / 1024 / 1024).toFixed(1)} MB`;
}

function countLines(text: string, file: string): void {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    count += 1;
    if (count < MAX_LINES) continue;
    const where = { file, line: count + 1, column: 1 };
    throw difyError('dify/too-large', where, `the file has more than ${MAX_LINES} lines`);
  }
}

/** Counts words before anything is built of them; stops at the first that is too many, or too deep. */
function scanWords(text: string, file: string): void {
  const deep = (offset: number): Error =>
    difyError('dify/invalid', { file, ...lineAndColumn(text, offset) }, 'the YAML is nested too deeply');
  let words = 0;
  let offset = 0;
  let flowDepth = 0;
  let dashes = 0;
  let quoted = 0;
  for (const word of new Lexer().lex(text)) {
    words += 1;
    if (words > MAX_TOKENS) {
      const where = { file, ...lineAndColumn(text, offset) };
      throw difyError(
        'dify/too-large',
        where,
        `the file has more than ${MAX_TOKENS} words of YAML up to here`,
      );
    }
    if (word.length > MAX_TEXT) {
      const where = { file, ...lineAndColumn(text, offset) };
      throw difyError('dify/too-large', where, `a text is ${megabytes(word.length)} long, more than 0.5 MB`);
    }
    if (word.startsWith('"') || word.startsWith("'")) quoted += word.length;
    if (quoted > MAX_QUOTED) {
      const where = { file, ...lineAndColumn(text, offset) };
      throw difyError('dify/too-large', where, `there are more than ${megabytes(MAX_QUOTED)} of quoted text`);
    }
    if (word === '[' || word === '{') flowDepth += 1;
    else if (word === ']' || word === '}') flowDepth -= 1;
    // "- - - -" opens a list in a list with each sign.
    if (word === '-') dashes += 1;
    else if (word.trim() !== '') dashes = 0;
    if (flowDepth > MAX_DEPTH || dashes > MAX_DEPTH) throw deep(offset);
    // Marks of the lexer's own stand for no text.
    if (!/^[\u0002\u0018\u001f]$/.test(word)) offset += word.length;
  }
}

function parse(text: string, lines: LineCounter, file: string): Document.Parsed {
  try {
    // Keys that come twice are sought below: the parser's own search takes quadratic time.
    // Its errors quote the line they stand in, which takes quadratic time as well where they are many: they are told as they are.
    return parseDocument(text, {
      lineCounter: lines,
      uniqueKeys: false,
      prettyErrors: false,
      customTags: null,
      merge: false,
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw difyError('dify/invalid', { file, line: 1, column: 1 }, 'the YAML is nested too deeply', error);
  }
}

type Fail = (offset: number | undefined, what: string) => Error;

/** Checks depth, keys and aliases; an alias counts as all it stands for. */
function measure(contents: unknown, fail: Fail): void {
  let aliases = 0;
  let expanded = 0;
  /** How many values an anchor stands for; null while it is being counted. */
  const anchors = new Map<string, number | null>();
  const count = (node: unknown, depth: number): number => {
    if (depth > MAX_DEPTH) throw fail(startOf(node), 'the YAML is nested too deeply');
    if (isAlias(node)) {
      aliases += 1;
      if (aliases > MAX_ALIASES) throw fail(startOf(node), `the YAML has more than ${MAX_ALIASES} aliases`);
      const size = anchors.get(node.source);
      if (size === undefined) throw fail(startOf(node), `the alias "${node.source}" stands for nothing`);
      if (size === null)
        throw fail(startOf(node), `the alias "${node.source}" stands for something it lies in`);
      expanded += size;
      if (expanded > MAX_EXPANDED)
        throw fail(startOf(node), 'the aliases of the YAML expand too far (a billion laughs)');
      return size;
    }
    const anchor = (isScalar(node) || isCollection(node)) && node.anchor !== undefined ? node.anchor : null;
    if (anchor !== null) anchors.set(anchor, null);
    let size = 1;
    if (isMap(node)) refuseDoubleKeys(node, fail);
    if (isCollection(node)) {
      for (const item of node.items) {
        size += isPair(item)
          ? count(item.key, depth + 1) + count(item.value, depth + 1)
          : count(item, depth + 1);
      }
    }
    if (anchor !== null) anchors.set(anchor, size);
    return size;
  };
  count(contents, 0);
}

function refuseDoubleKeys(map: { readonly items: readonly unknown[] }, fail: Fail): void {
  const keys = new Set<unknown>();
  for (const item of map.items) {
    if (!isPair(item) || !isScalar(item.key)) continue;
    const { value } = item.key;
    if (keys.has(value)) throw fail(startOf(item.key), `the key "${String(value)}" comes twice`);
    keys.add(value);
  }
}

function offsetAt(
  document: Document.Parsed,
  path: readonly (string | number)[],
  wantsKey: boolean,
): number | undefined {
  const last = path.at(-1);
  if (wantsKey && last !== undefined) {
    const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && item.key.value === last)
      : undefined;
    const start = startOf(pair?.key);
    if (start !== undefined) return start;
  }
  for (let length = path.length; length > 0; length -= 1) {
    const start = startOf(document.getIn(path.slice(0, length), true));
    if (start !== undefined) return start;
  }
  return startOf(document.contents);
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const start: unknown = Array.isArray(node.range) ? node.range[0] : undefined;
  return typeof start === 'number' ? start : undefined;
}
