import type { Json } from '../../contracts/json.ts';
import type { PyValue } from './python-value.ts';
import { PyDict, PyList, PyTuple, isFloat, numberOf, toText } from './python-value.ts';

/** A value of JSON as a template sees it. */
export function toPythonValue(value: Json): PyValue {
  if (Array.isArray(value)) return new PyList(value.map((item: Json) => toPythonValue(item)));
  if (value === null || typeof value !== 'object') return value;
  return new PyDict(Object.entries(value).map(([name, item]) => [name, toPythonValue(item)]));
}

/** A value of a template as `json.dumps` writes it. */
export function toJsonText(value: PyValue, indent: number | null, sortsKeys: boolean): string {
  const write = (item: PyValue, margin: string): string => {
    if (item === null) return 'null';
    if (typeof item === 'boolean') return item ? 'true' : 'false';
    if (typeof item === 'string') return jsonString(item);
    if (numberOf(item) !== null) return toText(item);
    const inner = indent === null ? '' : margin + ' '.repeat(indent);
    const wrap = (open: string, parts: readonly string[], close: string): string => {
      if (parts.length === 0) return open + close;
      if (indent === null) return open + parts.join(', ') + close;
      return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`;
    };
    if (item instanceof PyList || item instanceof PyTuple)
      return wrap(
        '[',
        item.items.map((each) => write(each, inner)),
        ']',
      );
    if (item instanceof PyDict) {
      const entries = item.entries().map(([key, each]) => [keyText(key), write(each, inner)] as const);
      const ordered = sortsKeys ? entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) : entries;
      return wrap(
        '{',
        ordered.map(([key, each]) => `${jsonString(key)}: ${each}`),
        '}',
      );
    }
    return 'null';
  };
  return write(value, '');
}

function keyText(key: PyValue): string {
  if (typeof key === 'boolean') return key ? 'true' : 'false';
  if (key === null) return 'null';
  return isFloat(key) || typeof key === 'number' ? toText(key) : toText(key);
}

function jsonString(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
