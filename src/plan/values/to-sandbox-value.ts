import type { Json, JsonObject } from '../../contracts/json.ts';
import type { PlanFile } from '../../contracts/plan-configs.ts';
import type { PlanValue } from '../plan-value.ts';
import { isJsonList } from './json-list.ts';
import { isJsonObject, toJson } from './json-value.ts';
import { isPlanFile } from './plan-file.ts';

/**
 * A value as the owner's code and templates see it: what is missing is nothing (`None`, `null`), files are objects with the names
 * that the cloud agent gives them.
 */
export function toSandboxValue(value: PlanValue | undefined): Json {
  return value === undefined ? null : withPlainFiles(toJson(value));
}

function withPlainFiles(value: Json): Json {
  if (isPlanFile(value)) return plainFile(value);
  if (isJsonList(value)) return value.map(withPlainFiles);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withPlainFiles(item)]));
}

function plainFile(file: PlanFile): JsonObject {
  const isRemote = file.url !== '';
  return {
    dify_model_identity: '__dify__file__',
    id: file.id,
    type: file.type,
    transfer_method: isRemote ? 'remote_url' : 'local_file',
    remote_url: isRemote ? file.url : null,
    related_id: file.id,
    filename: file.name,
    extension: file.extension,
    mime_type: file.mimeType,
    size: file.sizeBytes,
    url: file.url,
  };
}
