import { isRecord } from '../../src/contracts/json.ts';
import type { LocalizedText } from '../../src/contracts/language.ts';
import { cleanText } from '../ingest/clean-text.ts';
import { configError, formatPlace } from '../ingest/source-error.ts';
import type { YamlText } from './read-yaml.ts';
import { suggestName } from './suggest-name.ts';

/** A place inside a YAML value: keys and indexes from the root. */
export type YamlPath = readonly (string | number)[];

/** Reads typed fields of one configuration file; every complaint names file, line and column. */
export interface YamlFields {
  /** Remarks on unknown keys, each beginning with its place. */
  readonly remarks: readonly string[];
  /** Whether there is a value other than null at a path. */
  has(path: YamlPath): boolean;
  /** The map at a path; unknown keys are remarked, unless the owner names the keys (`isOpen`). */
  map(
    path: YamlPath,
    known: readonly string[],
    options?: { readonly isOpen?: boolean },
  ): { readonly [key: string]: unknown };
  text(path: YamlPath): string | null;
  list(path: YamlPath): readonly unknown[];
  texts(path: YamlPath): readonly string[];
  /** A text, or a map of language to text; a plain text counts for any language. */
  localized(path: YamlPath): LocalizedText | null;
  /** A list, or a map of language to list; a plain list counts for all given languages. */
  localizedLists(
    path: YamlPath,
    languages: readonly string[],
  ): { readonly [language: string]: readonly string[] };
  fail(path: YamlPath, what: string): Error;
}

/** Makes {@link YamlFields} over a read YAML text. */
export function yamlFields(yaml: YamlText): YamlFields {
  const remarks: string[] = [];
  const at = (path: YamlPath): unknown => path.reduce<unknown>(child, yaml.value);
  const fail = (path: YamlPath, what: string): Error =>
    configError(yaml.placeOf(path), `${name(path)} ${what}`);
  const asText = (value: unknown, path: YamlPath): string | null => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'string') return cleanText(value).trim();
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw fail(path, 'is no text');
  };
  const asTexts = (value: unknown, path: YamlPath): string[] => {
    if (value === null || value === undefined) return [];
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    return items.map((item, index) => {
      const text = asText(item, [...path, index]);
      if (text === null || text === '') throw fail([...path, index], 'is empty');
      return text;
    });
  };
  return {
    remarks,
    fail,
    has: (path) => (at(path) ?? null) !== null,
    map(path, known, { isOpen = false } = {}) {
      const value = at(path);
      if (value === null || value === undefined) return {};
      if (!isRecord(value)) throw fail(path, 'is no map of keys');
      for (const key of Object.keys(value)) {
        if (isOpen || known.includes(key)) continue;
        const close = suggestName(key, known);
        const hint = close === null ? `known are ${known.join(', ')}` : `did you mean "${close}"?`;
        remarks.push(
          `${formatPlace(yaml.placeOfKey([...path, key]))}: unknown key "${key}" is ignored; ${hint}`,
        );
      }
      return value;
    },
    text: (path) => asText(at(path), path),
    texts: (path) => asTexts(at(path), path),
    list(path) {
      const value = at(path);
      if (value === null || value === undefined) return [];
      if (!Array.isArray(value)) throw fail(path, 'is no list');
      return value.map((item: unknown) => item);
    },
    localized(path) {
      const value = at(path);
      if (!isRecord(value)) {
        const text = asText(value, path);
        return text === null ? null : { '*': text };
      }
      const entries = Object.keys(value).map((key): [string, string] => {
        checkLanguage(key, [...path, key], fail);
        return [key.toLowerCase(), asText(value[key], [...path, key]) ?? ''];
      });
      return entries.length === 0 ? null : Object.fromEntries(entries);
    },
    localizedLists(path, languages) {
      const value = at(path);
      if (!isRecord(value)) {
        const list = asTexts(value, path);
        return list.length === 0 ? {} : Object.fromEntries(languages.map((language) => [language, list]));
      }
      const entries = Object.keys(value).map((key): [string, string[]] => {
        checkLanguage(key, [...path, key], fail);
        return [key.toLowerCase(), asTexts(value[key], [...path, key])];
      });
      return Object.fromEntries(entries);
    },
  };
}

function checkLanguage(key: string, path: YamlPath, fail: (path: YamlPath, what: string) => Error): void {
  if (!/^(?:[a-z]{2,3}|\*)$/i.test(key)) throw fail(path, 'is no language; write en, zh, de, …');
}

function child(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  return isRecord(value) && Object.hasOwn(value, key) ? value[String(key)] : undefined;
}

function name(path: YamlPath): string {
  if (path.length === 0) return 'the file';
  const text = path.map((key) => (typeof key === 'number' ? `[${key + 1}]` : `.${key}`)).join('');
  return `"${text.replace(/^\./, '')}"`;
}
