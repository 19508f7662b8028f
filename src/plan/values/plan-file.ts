import { isRecord } from '../../contracts/json.ts';
import type { PlanFile } from '../../contracts/plan-configs.ts';

/** Reports whether a value is a visitor's file. */
export function isPlanFile(value: unknown): value is PlanFile {
  return (
    isRecord(value) &&
    value['kind'] === 'file' &&
    typeof value['sizeBytes'] === 'number' &&
    ['id', 'name', 'type', 'extension', 'mimeType', 'url'].every((key) => typeof value[key] === 'string')
  );
}

/** Reports whether a value is a list of files; an empty list counts. */
export function isFileList(value: unknown): value is readonly PlanFile[] {
  return Array.isArray(value) && value.every(isPlanFile);
}

const ATTRIBUTES: { readonly [key: string]: (file: PlanFile) => string | number } = {
  type: (file) => file.type,
  size: (file) => file.sizeBytes,
  name: (file) => file.name,
  mime_type: (file) => file.mimeType,
  transfer_method: (file) => (file.url === '' ? 'local_file' : 'remote_url'),
  url: (file) => file.url,
  extension: (file) => file.extension,
  related_id: (file) => file.id,
};

/** Gives what Dify calls `key` of a file; undefined when there is no such thing. */
export function fileAttribute(file: PlanFile, key: string): string | number | undefined {
  return Object.hasOwn(ATTRIBUTES, key) ? ATTRIBUTES[key]?.(file) : undefined;
}
