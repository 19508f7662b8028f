import type { Json } from '../../contracts/json.ts';
import { isInteger, isJson, isRecord } from '../../contracts/json.ts';
import type { FormField } from '../../contracts/plan-configs.ts';

/** Names of Dify's controls, of start forms (first) and of human-input forms, and what they are here. */
const CONTROLS: Readonly<Record<string, FormField['type']>> = {
  'text-input': 'text',
  paragraph: 'paragraph',
  select: 'select',
  number: 'number',
  checkbox: 'checkbox',
  file: 'file',
  'file-list': 'file-list',
  json: 'json',
  json_object: 'json',
  external_data_tool: 'text',
  text_input: 'text',
};

const MAX_FIELDS = 100;
const MAX_OPTIONS = 200;
const MAX_TEXT_LENGTH = 1000;

/**
 * Reads `user_input_form`: a list of `{control: {variable, label, …}}`, or of flat objects with a `type`.
 *
 * Fields that the app hides, and controls that are not known, are left out.
 */
export function parseInputForm(value: unknown): readonly FormField[] {
  if (!Array.isArray(value)) return [];
  const fields: FormField[] = [];
  for (const item of value.slice(0, MAX_FIELDS)) {
    if (!isRecord(item)) continue;
    const [control, settings] = typeof item['type'] === 'string' ? [item['type'], item] : firstOf(item);
    const type = Object.hasOwn(CONTROLS, control) ? CONTROLS[control] : undefined;
    if (type === undefined || !isRecord(settings) || settings['hide'] === true) continue;
    const { variable, label, required, max_length: maxLength, options, default: fallback } = settings;
    if (!isName(variable) || fields.some(({ name }) => name === variable)) continue;
    fields.push({
      name: variable,
      label: cut(label) || variable,
      type,
      isRequired: required === true,
      maxLength: isInteger(maxLength, 1) ? maxLength : null,
      options: type === 'select' ? readOptions(options) : [],
      default: readDefault(fallback),
    });
  }
  return fields;
}

/**
 * Reads the `inputs` of a human-input form.
 * @param defaults - `resolved_default_values`, by name.
 */
export function parseHumanInputs(value: unknown, defaults: unknown): readonly FormField[] {
  if (!Array.isArray(value)) return [];
  const resolved = isRecord(defaults) ? defaults : {};
  const fields: FormField[] = [];
  for (const input of value.slice(0, MAX_FIELDS)) {
    if (!isRecord(input)) continue;
    const { type: control, output_variable_name: name, option_source: source, default: fallback } = input;
    const known = typeof control === 'string' && Object.hasOwn(CONTROLS, control);
    const type = known ? CONTROLS[control] : undefined;
    if (type === undefined || !isName(name) || fields.some((field) => field.name === name)) continue;
    const constant = isRecord(fallback) && fallback['type'] === 'constant' ? fallback['value'] : null;
    const limit = input['number_limits'];
    fields.push({
      name,
      label: name,
      type,
      // The server takes empty texts, so that nothing here is compulsory but the button.
      isRequired: false,
      maxLength: type === 'file-list' && isInteger(limit, 1) ? limit : null,
      options: type === 'select' && isRecord(source) ? readOptions(source['value']) : [],
      default: readDefault(Object.hasOwn(resolved, name) ? resolved[name] : constant),
    });
  }
  return fields;
}

function firstOf(item: Record<string, unknown>): readonly [string, unknown] {
  return Object.entries(item)[0] ?? ['', null];
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 100;
}

function cut(value: unknown): string {
  return typeof value === 'string' ? value.trim().slice(0, MAX_TEXT_LENGTH) : '';
}

function readOptions(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((option): option is string => typeof option === 'string').slice(0, MAX_OPTIONS);
}

function readDefault(value: unknown): Json {
  return value === undefined || value === '' || !isJson(value) ? null : value;
}
