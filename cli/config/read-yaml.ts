import { LineCounter, isAlias, isMap, isScalar, parseDocument, visit } from 'yaml';
import type { Document } from 'yaml';
import type { UnderstudyError } from '../../src/contracts/errors.ts';
import { configError } from '../ingest/source-error.ts';
import type { SourcePlace } from '../ingest/source-error.ts';

/** Longest YAML text that is read, in characters. */
export const MAX_YAML_LENGTH: number = 5 * 1024 * 1024;
/** Most aliases of one YAML text; more are taken for an expansion attack. */
const MAX_ALIASES = 50;
/** Deepest nesting of collections. */
const MAX_DEPTH = 40;

/** A read YAML text that knows where each value stands. */
export interface YamlText {
  readonly value: unknown;
  /** Place of the value at a path of keys and indexes, or of the nearest parent that exists. */
  placeOf(path: readonly (string | number)[]): SourcePlace;
  /** Place of the key at a path, for remarks about the key itself. */
  placeOfKey(path: readonly (string | number)[]): SourcePlace;
}

/** Options of {@link readYaml}. */
export interface ReadYamlOptions {
  /** Lines before the text in its file, for front matter. Default 0. */
  readonly lineOffset?: number;
  /** Makes the error from place and text. Default: `cli/config-invalid`. */
  readonly makeError?: (place: SourcePlace, what: string, cause?: unknown) => UnderstudyError;
}

/**
 * Reads one hostile YAML 1.2 document: no custom tags, no merge keys, bounded length, depth and aliases.
 * @throws UnderstudyError `cli/config-invalid` (or what `makeError` makes) with file, line and column.
 */
export function readYaml(text: string, file: string, options: ReadYamlOptions = {}): YamlText {
  const { lineOffset = 0, makeError = configError } = options;
  if (text.length > MAX_YAML_LENGTH) {
    const megabytes = (text.length / 1024 / 1024).toFixed(1);
    throw makeError({ file }, `the YAML text is ${megabytes} MB long, more than 5 MB`);
  }
  const lines = new LineCounter();
  const place = (offset: number | undefined): SourcePlace => {
    if (offset === undefined) return { file };
    const { line, col } = lines.linePos(offset);
    return { file, line: line + lineOffset, column: col };
  };
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    customTags: null,
    merge: false,
  });
  // A tag nobody knows is a warning to the parser: its value would silently become text.
  const [error] = [
    ...document.errors,
    ...document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED'),
  ];
  if (error !== undefined) {
    const [first] = error.message.split(/ at line \d+/);
    throw makeError(place(error.pos[0]), `no valid YAML: ${first ?? error.code}`, error);
  }
  refuseBombs(document, (offset, what) => makeError(place(offset), what));
  return {
    value: toValue(document, makeError, file),
    placeOf: (path) => place(offsetOf(document, path, false)),
    placeOfKey: (path) => place(offsetOf(document, path, true)),
  };
}

function refuseBombs(
  document: Document.Parsed,
  fail: (offset: number | undefined, what: string) => UnderstudyError,
): void {
  let aliases = 0;
  visit(document, {
    Node(_key, node, path) {
      if (path.length > MAX_DEPTH * 2) throw fail(node.range?.[0], 'the YAML text is nested too deeply');
      if (isAlias(node) && ++aliases > MAX_ALIASES) {
        throw fail(node.range?.[0], `the YAML text has more than ${MAX_ALIASES} aliases`);
      }
    },
  });
}

function toValue(
  document: Document.Parsed,
  makeError: (place: SourcePlace, what: string, cause?: unknown) => UnderstudyError,
  file: string,
): unknown {
  try {
    // maxAliasCount bounds what nested aliases expand to; it throws a ReferenceError beyond.
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return value;
  } catch (error) {
    throw makeError({ file }, 'the YAML text expands too far', error);
  }
}

function offsetOf(
  document: Document.Parsed,
  path: readonly (string | number)[],
  wantsKey: boolean,
): number | undefined {
  if (wantsKey && path.length > 0) {
    const parent = path.length === 1 ? document.contents : nodeAt(document, path.slice(0, -1));
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1));
      if (pair !== undefined && isScalar(pair.key)) return pair.key.range?.[0];
    }
  }
  for (let length = path.length; length > 0; length -= 1) {
    const range = rangeStart(nodeAt(document, path.slice(0, length)));
    if (range !== undefined) return range;
  }
  return document.contents?.range[0];
}

function nodeAt(document: Document.Parsed, path: readonly (string | number)[]): unknown {
  return document.getIn(path, true);
}

function rangeStart(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const { range } = node;
  const start: unknown = Array.isArray(range) ? range[0] : undefined;
  return typeof start === 'number' ? start : undefined;
}
