import type { Json, JsonObject } from '../../../src/contracts/json.ts';
import { isRecord } from '../../../src/contracts/json.ts';
import type { FormField, PlanFile } from '../../../src/contracts/plan-configs.ts';
import { invalidParam } from './api-error.ts';
import { MAX_FILES } from './describe-app.ts';

/** Gives a file that was sent before. @throws ApiError 404. */
export type FindFile = (id: string) => PlanFile;

/**
 * Checks what a caller filled in against the app's form, as Dify does before a run.
 * @returns The values by name; fields left empty have their default.
 * @throws ApiError 400.
 */
export function readInputs(form: readonly FormField[], value: Json | undefined, findFile: FindFile): JsonObject {
  if (value !== undefined && value !== null && !isRecord(value)) throw invalidParam('inputs must be an object');
  const given: JsonObject = isRecord(value) ? value : {};
  const inputs: Record<string, Json> = {};
  for (const field of form) {
    const raw = Object.hasOwn(given, field.name) ? given[field.name] : undefined;
    if (raw === undefined || raw === null || raw === '') {
      if (field.isRequired && (field.default === null || field.default === ''))
        throw invalidParam(`${field.name} is required in input form`);
      if (field.default !== null) inputs[field.name] = field.default;
      else if (raw === '') inputs[field.name] = '';
      continue;
    }
    inputs[field.name] = readField(field, raw, findFile);
  }
  return inputs;
}

function readField(field: FormField, value: Json, findFile: FindFile): Json {
  const { name, type, maxLength, options } = field;
  switch (type) {
    case 'text':
    case 'paragraph':
      if (typeof value !== 'string') throw invalidParam(`${name} in input form must be a string`);
      if (maxLength !== null && value.length > maxLength)
        throw invalidParam(`${name} in input form must be less than ${String(maxLength)} characters`);
      return value;
    case 'select':
      if (typeof value !== 'string' || !options.includes(value))
        throw invalidParam(`${name} in input form must be one of the following: ${options.join(', ')}`);
      return value;
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) throw invalidParam(`${name} in input form must be a number`);
      return number;
    }
    case 'checkbox':
      if (typeof value === 'boolean') return value;
      if (value === 1 || value === 0) return value === 1;
      throw invalidParam(`${name} in input form must be a boolean`);
    case 'json':
      if (!isRecord(value)) throw invalidParam(`${name} in input form must be a JSON object`);
      return value;
    case 'file':
      return fileValue(readFile(name, value, findFile));
    case 'file-list': {
      const files = Array.isArray(value) ? value : null;
      if (files === null) throw invalidParam(`${name} in input form must be a list of files`);
      if (files.length > (maxLength ?? MAX_FILES)) throw invalidParam(`${name} in input form has too many files`);
      return files.map((file: Json) => fileValue(readFile(name, file, findFile)));
    }
  }
}

/** Reads the files of a message. @throws ApiError 400. */
export function readFiles(value: Json | undefined, findFile: FindFile): readonly PlanFile[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalidParam('files must be a list');
  if (value.length > MAX_FILES) throw invalidParam(`files must be at most ${String(MAX_FILES)}`);
  return value.map((file: Json) => readFile('files', file, findFile));
}

function readFile(name: string, value: Json, findFile: FindFile): PlanFile {
  const fields: JsonObject = isRecord(value) ? value : {};
  const { transfer_method: method, upload_file_id: id, url, type } = fields;
  if (method === 'local_file' && typeof id === 'string') return findFile(id);
  if (method === 'remote_url' && typeof url === 'string' && /^https?:\/\//i.test(url) && URL.canParse(url)) {
    const path = new URL(url).pathname;
    const file = decode(path.slice(path.lastIndexOf('/') + 1));
    const extension = /\.[^.]*$/.exec(file)?.[0].toLowerCase() ?? '';
    return {
      kind: 'file',
      id: url,
      name: file,
      type: typeof type === 'string' ? type : 'custom',
      sizeBytes: 0,
      extension,
      mimeType: '',
      url,
    };
  }
  throw invalidParam(`${name}: a file needs transfer_method with upload_file_id or url`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // URIError: a broken percent sign.
    return text;
  }
}

function fileValue(file: PlanFile): JsonObject {
  const { kind, id, name, type, sizeBytes, extension, mimeType, url } = file;
  return { kind, id, name, type, sizeBytes, extension, mimeType, url };
}
