import type { Json, JsonObject } from '../../contracts/json.ts';
import { isJson } from '../../contracts/json.ts';
import type { FormField } from '../../contracts/plan-configs.ts';
import { isJsonList } from './json-list.ts';
import { isPlanFile } from './plan-file.ts';
import { parseFloating } from './python-number.ts';
import { renderText } from './render-value.ts';

/**
 * Reads what a visitor filled in, field by field: each of the type of its field, or the field's default when it was left out or cannot
 * be read as such. Values without a field are left out.
 */
export function readFields(fields: readonly FormField[], values: JsonObject): JsonObject {
  return Object.fromEntries(
    fields.map((field) => {
      const given = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
      return [field.name, readField(field, given) ?? emptyOf(field)];
    }),
  );
}

/** The value of a field; undefined when it is none. */
function readField(field: FormField, value: Json | undefined): Json | undefined {
  if (value === undefined || value === null) return undefined;
  switch (field.type) {
    case 'text':
    case 'paragraph': {
      const text = renderText(value);
      return field.maxLength === null ? text : text.slice(0, field.maxLength);
    }
    case 'select':
      return typeof value === 'string' && field.options.includes(value) ? value : undefined;
    case 'number':
      return toNumber(value);
    case 'checkbox':
      return typeof value === 'boolean' ? value : value === 'true' || value === 1;
    case 'file':
      return isPlanFile(value) ? value : undefined;
    case 'file-list':
      return isJsonList(value) && value.every(isPlanFile)
        ? value.slice(0, field.maxLength ?? value.length)
        : undefined;
    case 'json':
      return typeof value === 'string' ? parseJson(value) : value;
  }
}

function toNumber(value: Json): number | undefined {
  const number = typeof value === 'string' ? parseFloating(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : undefined;
  } catch {
    // A SyntaxError: the text is no JSON.
    return undefined;
  }
}

/** What a field that was left empty holds. */
function emptyOf({ type, default: fallback }: FormField): Json {
  if (fallback !== null) return fallback;
  if (type === 'text' || type === 'paragraph' || type === 'select') return '';
  if (type === 'checkbox') return false;
  return type === 'file-list' ? [] : null;
}
