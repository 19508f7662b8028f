import { isRecord } from '../../src/contracts/json.ts';
import type { FormField } from '../../src/contracts/plan-configs.ts';
import type { PlanVariable } from '../../src/contracts/plan.ts';
import type { SourcePlace } from '../ingest/source-error.ts';
import {
  flagOf,
  integerOf,
  jsonOf,
  listOf,
  numberOf,
  recordOf,
  textOf,
  textsOf,
  typedValue,
  valueTypeOf,
} from './data-fields.ts';
import type { DifyData, DifyEnvironmentVariable, LeftOut } from './dify-app.ts';
import { holdsCredential, isSecretName } from './find-credentials.ts';

const FIELD_TYPES: { readonly [type: string]: FormField['type'] } = {
  'text-input': 'text',
  text: 'text',
  string: 'text',
  paragraph: 'paragraph',
  select: 'select',
  number: 'number',
  checkbox: 'checkbox',
  boolean: 'checkbox',
  file: 'file',
  'file-list': 'file-list',
  json_object: 'json',
  json: 'json',
  external_data_tool: 'text',
};

/** Reads the variables of a start node, or of a form, as fields; those without a name are dropped. */
export function readFields(value: unknown): readonly FormField[] {
  const fields = listOf(value).map((item) => readField(recordOf(item)));
  const names = new Set<string>();
  return fields.filter((field): field is FormField => {
    if (field === null || names.has(field.name)) return false;
    names.add(field.name);
    return true;
  });
}

/** Simple apps write `[{ "text-input": { … } }]`. */
export function readSimpleFields(value: unknown): readonly FormField[] {
  const flat = listOf(value).flatMap((item) =>
    Object.entries(recordOf(item)).map(([type, settings]) => ({ ...recordOf(settings), type })),
  );
  return readFields(flat);
}

function readField(data: DifyData): FormField | null {
  const name = textOf(data['variable'] ?? data['output_variable_name'] ?? data['name']).trim();
  if (name === '') return null;
  const type = FIELD_TYPES[textOf(data['type'])] ?? 'text';
  return {
    name,
    label: textOf(data['label']) || name,
    type,
    isRequired: flagOf(data['required']),
    maxLength: maxLengthOf(data['max_length'], type),
    options: textsOf(data['options']),
    default: defaultOf(data['default'], type),
  };
}

function maxLengthOf(value: unknown, type: FormField['type']): number | null {
  const length = numberOf(value);
  if (length === null || length < 1 || type === 'number' || type === 'select' || type === 'checkbox')
    return null;
  return integerOf(length, 1, 1, 1_000_000);
}

function defaultOf(given: unknown, type: FormField['type']): FormField['default'] {
  // Forms of human-input nodes say whether the default is a constant or a variable.
  const isTyped = isRecord(given) && type !== 'json';
  const value: unknown = isTyped ? (given['type'] === 'variable' ? null : given['value']) : given;
  if (type === 'number') return numberOf(value);
  if (type === 'checkbox') return flagOf(value);
  if (type === 'json') return typedValue(value, 'object');
  // Files of the owner's workspace are not there for visitors.
  if (type === 'file' || type === 'file-list') return null;
  const text = textOf(jsonOf(value));
  return text === '' ? null : text;
}

/** What {@link readEnvironment} found. */
export interface ReadEnvironment {
  readonly variables: readonly DifyEnvironmentVariable[];
  readonly leftOut: readonly LeftOut[];
}

/** Reads the variables of the environment; secret ones, and what looks like a secret, keep their name alone. */
export function readEnvironment(value: unknown, placeOf: (index: number) => SourcePlace): ReadEnvironment {
  const leftOut: LeftOut[] = [];
  const variables = listOf(value).flatMap((item, index): DifyEnvironmentVariable[] => {
    const data = recordOf(item);
    const name = textOf(data['name']);
    if (name === '') return [];
    const place = placeOf(index);
    const type = valueTypeOf(data['value_type']);
    const why = secretReason(name, type, data['value']);
    if (why === null)
      return [{ name, place, variable: { name, type, value: typedValue(data['value'], type) } }];
    leftOut.push({ place, node: null, what: `the environment variable "${name}" (${why})` });
    return [{ name, place, variable: null }];
  });
  return { variables, leftOut };
}

function secretReason(name: string, type: string, value: unknown): string | null {
  if (type === 'secret') return 'a secret';
  const text = typeof value === 'string' ? value : JSON.stringify(jsonOf(value));
  if (holdsCredential(text)) return 'it looks like a credential';
  const isWord = typeof value === 'string' && value.length >= 8 && !/^\d+$/.test(value);
  return isWord && isSecretName(name) ? 'its name says that it is secret' : null;
}

/** Reads the variables of the conversation. */
export function readConversation(value: unknown): readonly PlanVariable[] {
  const names = new Set<string>();
  return listOf(value).flatMap((item): PlanVariable[] => {
    const data = recordOf(item);
    const name = textOf(data['name']);
    if (name === '' || names.has(name)) return [];
    names.add(name);
    const type = valueTypeOf(data['value_type']);
    return [{ name, type, value: typedValue(data['value'], type) }];
  });
}
