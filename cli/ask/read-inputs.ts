import { basename } from 'node:path';
import type { Json, JsonObject } from '../../src/contracts/json.ts';
import { isJson, isRecord } from '../../src/contracts/json.ts';
import type { FormField } from '../../src/contracts/plan-configs.ts';
import { readFormField } from '../../src/plan/values/read-form-field.ts';
import { suggestName } from '../config/suggest-name.ts';
import { lineAndColumn, sourceError } from '../ingest/source-error.ts';
import { jsonErrorOffset } from '../knowledge/json-error-offset.ts';
import { readJsonFile } from '../run/step-mock.ts';

/** Stands for the file where the values are an argument. */
const ARGUMENT = '--inputs';

/**
 * Reads the values of an app's form from a JSON object, or from a file that holds one, and checks each against its field. Fields that
 * are left out are left to the plan: it has their defaults, and may take the message for one of them.
 * @param given - What begins with a brace is the object itself; null = no values.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid` (no JSON, no object, a field that the form has not),
 *   `plan/input-invalid` (a value that its field does not accept).
 */
export function readInputs(given: string | null, form: readonly FormField[]): JsonObject {
  if (given === null) return {};
  const isObject = given.trimStart().startsWith('{');
  const file = isObject ? ARGUMENT : basename(given);
  const value = isObject ? parseArgument(given) : readJsonFile(given);
  if (!isRecord(value)) throw sourceError({ file }, 'the inputs are no object');
  const fields = new Map(form.map((field) => [field.name, field]));
  for (const [name, entry] of Object.entries(value)) {
    const field = fields.get(name);
    if (field === undefined) throw sourceError({ file }, unknownField(name, [...fields.keys()]));
    if (entry !== null && entry !== '') readFormField(field, entry);
  }
  return value;
}

function parseArgument(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const place = { file: ARGUMENT, ...lineAndColumn(text, jsonErrorOffset(text)) };
    throw sourceError(place, 'no valid JSON', error);
  }
  if (!isJson(value)) throw sourceError({ file: ARGUMENT }, 'it is nested too deeply');
  return value;
}

function unknownField(name: string, names: readonly string[]): string {
  if (names.length === 0) return `there is no field "${name}": the app has no form`;
  const close = suggestName(name, names);
  if (close !== null) return `there is no field "${name}"; did you mean "${close}"`;
  return `there is no field "${name}"; the form has ${names.map((known) => `"${known}"`).join(', ')}`;
}
