import { isInteger, isRecord } from './json.ts';
import type { PlanFile } from './plan-configs.ts';

/** Accepts a {@link PlanFile} from outside; null when it is none. */
export function parsePlanFile(value: unknown): PlanFile | null {
  if (!isRecord(value) || value['kind'] !== 'file') return null;
  const { id, name, type, sizeBytes, extension, mimeType, url } = value;
  if (typeof id !== 'string' || id === '' || typeof name !== 'string' || typeof type !== 'string')
    return null;
  if (!isInteger(sizeBytes) || typeof extension !== 'string') return null;
  if (typeof mimeType !== 'string' || typeof url !== 'string') return null;
  return { kind: 'file', id, name, type, sizeBytes, extension, mimeType, url };
}
