import { isRecord } from '../../src/contracts/json.ts';
import type { PassageMetadata } from '../../src/contracts/passage.ts';
import { parsePassageMetadata } from '../../src/contracts/passage.ts';
import { readYaml } from '../config/read-yaml.ts';
import { cleanLine } from './clean-text.ts';
import { sourceError } from './source-error.ts';

/** What a Markdown page says about itself before its text. */
export interface FrontMatter {
  readonly title: string | null;
  readonly tags: readonly string[];
  readonly language: string | null;
  readonly url: string | null;
  readonly questions: readonly string[];
  /** The map `metadata`, for filters of a compiled app; null when there is none. */
  readonly metadata: PassageMetadata | null;
}

/** A page split into front matter and body. */
export interface SplitPage {
  readonly front: FrontMatter;
  readonly body: string;
  /** Lines before the body, to report places in the file. */
  readonly bodyLine: number;
}

const NONE: FrontMatter = { title: null, tags: [], language: null, url: null, questions: [], metadata: null };
const FENCED = /^---[ \t]*\n([\s\S]*?\n)??(?:---|\.\.\.)[ \t]*(?:\n|$)/;

/**
 * Takes the YAML front matter off a Markdown page: title, product and tags, language, url, questions.
 * @throws UnderstudyError `cli/source-invalid` with file, line and column when the YAML is not valid.
 */
export function splitFrontMatter(text: string, file: string): SplitPage {
  const match = FENCED.exec(text);
  if (match === null) return { front: NONE, body: text, bodyLine: 0 };
  const yaml = match[1] ?? '';
  const parsed = readYaml(yaml, file, { lineOffset: 1, makeError: sourceError });
  const { value } = parsed;
  const bodyLine = match[0].split('\n').length - 1;
  const body = text.slice(match[0].length);
  if (value === null || value === undefined) return { front: NONE, body, bodyLine };
  if (!isRecord(value)) throw sourceError(parsed.placeOf([]), 'the front matter is no map of keys');
  const read = (name: string): string | null => {
    const found = value[name];
    if (typeof found === 'string') return cleanLine(found) === '' ? null : cleanLine(found);
    return typeof found === 'number' ? String(found) : null;
  };
  const tags = [...readList(value['product']), ...readList(value['tags'])].map((tag) => tag.toLowerCase());
  return {
    front: {
      title: read('title'),
      tags: [...new Set(tags)],
      language: read('language') ?? read('lang'),
      url: read('url'),
      questions: readList(value['questions']),
      metadata: parsePassageMetadata(value['metadata']),
    },
    body,
    bodyLine,
  };
}

/** A list of lines from a YAML value: a list, or one text separated by commas. */
function readList(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.split(',')
      : [];
  return list
    .filter((item) => typeof item === 'string' || typeof item === 'number')
    .map((item) => cleanLine(String(item)))
    .filter((item) => item !== '');
}
