import { UnderstudyError } from '../../contracts/errors.ts';
import { parseFormFields } from '../../contracts/form.ts';
import type { Json } from '../../contracts/json.ts';
import { isJson } from '../../contracts/json.ts';
import type { FormField } from '../../contracts/plan-configs.ts';
import type { StepDefinition } from '../step-handler.ts';
import { accepted } from './step-config.ts';
import { isFileList, isPlanFile } from '../values/plan-file.ts';

/**
 * `start`: the app's form. Outputs each field's value, of its type: what the visitor gave, else the default, else null.
 *
 * A workflow that is asked by message takes the message for the first text that is required and was not given.
 */
export const startDefinition: StepDefinition = {
  prepare: (step, plan) => {
    const fields = accepted(step, 'fields', parseFormFields(step.config['fields'] ?? []));
    return function* ({ turn }) {
      const given = new Map(Object.entries(turn.inputs));
      if (plan.mode === 'workflow' && turn.text !== '') {
        const asked = fields.find((field) => field.isRequired && isText(field) && !given.has(field.name));
        if (asked !== undefined) given.set(asked.name, turn.text);
      }
      const outputs = fields.map((field): [string, Json] => [field.name, read(field, given.get(field.name))]);
      return { when: 'default', outputs: Object.fromEntries(outputs) };
    };
  },
};

const isText = ({ type }: FormField): boolean => type === 'text' || type === 'paragraph';

/** @throws UnderstudyError `plan/value-invalid`. */
function read(field: FormField, given: Json | undefined): Json {
  const value = isAbsent(field, given) ? field.default : given;
  if (isAbsent(field, value)) {
    // A text that was sent empty is a text.
    if (given === '' && isText(field)) return '';
    if (field.isRequired) throw wrong(field, 'has no value');
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
      if (typeof value !== 'string' || !options.includes(value)) throw wrong(field, 'is none of its options');
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
  return new UnderstudyError('plan/value-invalid', `The field "${field.name}" ${what}.`, {
    facts: { field: field.name },
  });
}
