import { UnderstudyError } from '../../../src/contracts/errors.ts';
import { isInteger, isRecord } from '../../../src/contracts/json.ts';
import { parseSha256 } from '../../config/parse-model.ts';
import type { ListedFile } from '../choose-listed-file.ts';
import { BrokenDownload } from '../../fetch/broken-download.ts';
import type { FetchServices } from '../../fetch/fetch-services.ts';
import { openAddress } from './open-address.ts';
import { readBody } from '../../fetch/read-body.ts';
import { withTries } from '../../fetch/with-tries.ts';

const MAX_LIST_BYTES = 4 * 2 ** 20;

/**
 * Lists the files at the top of a repository of the hub.
 * @throws UnderstudyError as downloads do, and `cli/model-unreachable` for an answer that is no list.
 */
export async function listRepository(
  hub: string,
  repository: string,
  services: FetchServices,
): Promise<readonly ListedFile[]> {
  const url = `${hub}/api/models/${repository}/tree/main`;
  const asked = { url, isOfHub: true, headers: { accept: 'application/json' } };
  try {
    const { response } = await withTries(
      () => openAddress(asked, services),
      () => 0,
      services,
    );
    const bytes = await readBody(response, MAX_LIST_BYTES, services.signal);
    if (bytes === null) throw new SyntaxError('The list is too long.');
    return parseFiles(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    services.signal.throwIfAborted();
    if (!(error instanceof BrokenDownload || error instanceof SyntaxError)) throw error;
    const why = error instanceof SyntaxError ? 'its answer is no list of files' : error.message;
    const message = `The files of "${repository}" cannot be listed at "${url}": ${why}.`;
    throw new UnderstudyError('cli/model-unreachable', message, { facts: { url }, cause: error });
  }
}

function parseFiles(value: unknown): readonly ListedFile[] {
  if (!Array.isArray(value)) throw new SyntaxError('There is no list.');
  return value.flatMap((entry: unknown): ListedFile[] => {
    if (!isRecord(entry) || entry['type'] !== 'file') return [];
    const { path, size, lfs } = entry;
    if (typeof path !== 'string' || !isInteger(size, 0)) return [];
    const oid = isRecord(lfs) ? lfs['oid'] : null;
    return [{ path, sizeBytes: size, sha256: typeof oid === 'string' ? parseSha256(oid) : null }];
  });
}
