import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isRecord } from '../../src/contracts/json.ts';
import { sourceError } from '../ingest/source-error.ts';
import { jsonArtifact } from './artifact-file.ts';
import type { ArtifactFile } from './artifact-file.ts';

/**
 * The recorded outputs that lie beside a model as `golden.json`, for the self-test on the device.
 *
 * They name the file they were recorded from, so that those of another model in the folder are not taken.
 */
export function goldenArtifact(modelPath: string): ArtifactFile[] {
  const path = join(dirname(modelPath), 'golden.json');
  if (!existsSync(path)) return [];
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw sourceError({ file: path }, 'no valid JSON', error);
  }
  if (!isRecord(value) || value['file'] !== basename(modelPath) || !Array.isArray(value['cases'])) return [];
  const cases = value['cases'].flatMap((item: unknown) => {
    if (!isRecord(item)) return [];
    const { content, prompt_ids, output_ids, top } = item;
    return [{ content, prompt_ids, output_ids, top }];
  });
  return [{ ...jsonArtifact('golden', { cases }), need: 'wording' }];
}
