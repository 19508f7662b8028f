import { resolve } from 'node:path';
import { cleanText } from '../ingest/clean-text.ts';
import { configError } from '../ingest/source-error.ts';
import { isRecord } from '../../src/contracts/json.ts';
import { MAX_SYNONYM_RULES, parseSynonymLine, type SynonymRule } from '../../src/text/synonym-rule.ts';
import type { YamlFields, YamlPath } from './yaml-fields.ts';

/** What an understudy.yml says of synonyms: the rules themselves, or the file that holds them. */
export interface SynonymsChoice {
  readonly rules: readonly SynonymRule[];
  /** Absolute path; null: none. */
  readonly file: string | null;
}

const NO_SYNONYMS: SynonymsChoice = { rules: [], file: null };

/**
 * Accepts `synonyms`: the path of a file, a list of lines, or a map of a wording to another or to several.
 * @throws UnderstudyError `cli/config-invalid` with file, line and column.
 */
export function parseSynonyms(fields: YamlFields, value: unknown, folder: string): SynonymsChoice {
  const root: YamlPath = ['synonyms'];
  if (!fields.has(root)) return NO_SYNONYMS;
  if (isRecord(value)) {
    const lines = Object.keys(value).map((word) => {
      const path = [...root, word];
      return { path, line: [word, ...fields.texts(path)].join(' = ') };
    });
    return { rules: readLines(fields, lines), file: null };
  }
  if (Array.isArray(value)) {
    const lines = fields.texts(root).map((line, index) => ({ path: [...root, index], line }));
    return { rules: readLines(fields, lines), file: null };
  }
  const file = fields.text(root);
  return file === null || file === '' ? NO_SYNONYMS : { rules: [], file: resolve(folder, file) };
}

function readLines(
  fields: YamlFields,
  lines: readonly { readonly path: YamlPath; readonly line: string }[],
): SynonymRule[] {
  if (lines.length > MAX_SYNONYM_RULES)
    throw fields.fail(['synonyms'], `has more than ${MAX_SYNONYM_RULES} entries`);
  return lines.flatMap(({ path, line }) => {
    const parsed = parseSynonymLine(line);
    if (parsed.kind === 'wrong') throw fields.fail(path, parsed.what);
    return parsed.kind === 'rule' ? [parsed.rule] : [];
  });
}

/**
 * Reads a file of synonyms, one rule a line.
 * @throws UnderstudyError `cli/config-invalid` with file and line.
 */
export function parseSynonymsFile(text: string, file: string): SynonymRule[] {
  const rules = cleanText(text)
    .split(/\r?\n/u)
    .flatMap((line, index) => {
      const parsed = parseSynonymLine(line);
      if (parsed.kind === 'wrong') throw configError({ file, line: index + 1 }, `the line ${parsed.what}`);
      return parsed.kind === 'rule' ? [parsed.rule] : [];
    });
  if (rules.length > MAX_SYNONYM_RULES)
    throw configError({ file }, `it has more than ${MAX_SYNONYM_RULES} rules`);
  return rules;
}
