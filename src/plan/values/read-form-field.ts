import { UnderstudyError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import { isJson } from '../../contracts/json.ts';
import type { FormField } from '../../contracts/plan-configs.ts';
import { isFileList, isPlanFile } from './plan-file.ts';

/** Reports whether a field takes text that anything may stand in. */
export function isTextField({ type }: FormField): boolean {
  return type === 'text' || type === 'paragraph';
}

/**
 * Reads what was given for a field, of the field's type: a number written as text becomes a number; nothing, the default, else null.
 * @throws UnderstudyError `plan/input-invalid`, which names the field.
 */
export function readFormField(field: FormField, given: Json | undefined): Json {
  const value = isAbsent(field, given) ? field.default : given;
  if (isAbsent(field, value)) {
    // A text that was sent empty is a text.
    if (given === '' && isTextField(field)) return '';
    if (field.isRequired) throw wrong(field, 'is required, and has no value');
    return null;
  }
  return value === undefined ? null : convert(field, value);
}

function isAbsent(field: FormField, value: Json | undefined): boolean {
  return value === undefined || value === null || (value === '' && field.type !== 'json');
}

function convert(field: FormField, value: Json): Json {
  const { type, maxLength, options } = field;
  switch (type) {
    case 'text':
    case 'paragraph': {
      if (typeof value !== 'string') throw wrong(field, 'is no text');
      if (maxLength !== null && value.length > maxLength)
        throw wrong(field, `is longer than ${String(maxLength)} characters`);
      return value.replaceAll('\u0000', '');
    }
    case 'select':
      if (typeof value !== 'string' || !options.includes(value))
        throw wrong(field, `is none of ${options.map((option) => `"${option}"`).join(', ')}`);
      return value;
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) throw wrong(field, 'is no number');
      return number;
    }
    case 'checkbox': {
      if (typeof value === 'boolean') return value;
      if (value === 'true' || value === 1) return true;
      if (value === 'false' || value === 0) return false;
      throw wrong(field, 'is neither yes nor no');
    }
    case 'file':
      if (!isPlanFile(value)) throw wrong(field, 'is no file');
      return value;
    case 'file-list': {
      if (!isFileList(value)) throw wrong(field, 'is no list of files');
      if (maxLength !== null && value.length > maxLength)
        throw wrong(field, `holds more than ${String(maxLength)} files`);
      return value;
    }
    case 'json': {
      const parsed: unknown = typeof value === 'string' ? parseJson(field, value) : value;
      if (!isJson(parsed) || typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
        throw wrong(field, 'is no JSON object');
      return parsed;
    }
  }
}

function parseJson(field: FormField, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw wrong(field, 'is no JSON object');
  }
}

function wrong(field: FormField, what: string): UnderstudyError {
  const { name, label } = field;
  const called = label === '' || label === name ? `"${name}"` : `"${name}" (${label})`;
  return new UnderstudyError('plan/input-invalid', `The field ${called} of the form ${what}.`, {
    facts: { field: name },
  });
}
