import { isUnderstudyError, UnderstudyError } from '../../../src/contracts/errors.ts';
import { formatSize } from '../../terminal/format-size.ts';
import { BrokenDownload } from '../../fetch/broken-download.ts';
import type { FetchServices } from '../../fetch/fetch-services.ts';
import { hashFile } from './hash-file.ts';
import { openAddress } from './open-address.ts';
import type { OpenedAddress } from './open-address.ts';
import type { PartialFile } from './partial-file.ts';
import { openPartialFile } from './partial-file.ts';
import { withTries } from '../../fetch/with-tries.ts';
import type { FileContent } from './write-body.ts';
import { writeBody } from './write-body.ts';

/** A file to download, and what is known of it before. */
export interface WantedFile {
  readonly url: string;
  readonly isOfHub: boolean;
  readonly sizeBytes: number | null;
  readonly sha256: string | null;
  readonly maxBytes: number;
  /** What it has to be; others are refused by their first bytes. */
  readonly content: FileContent;
}

/**
 * Downloads a file to `path`, which holds it whole and checked when this resolves. Interrupted, the next call goes on where it was, if the
 * host still has the same version.
 * @returns Hash of the file.
 * @throws UnderstudyError `cli/model-unreachable`, `cli/model-refused`, `cli/not-found`, `cli/model-damaged`, `cli/model-invalid`,
 *   `cli/write-failed`; the signal's reason when aborted.
 */
export async function downloadFile(
  wanted: WantedFile,
  path: string,
  services: FetchServices,
): Promise<string> {
  const told = await withTries(
    () => tryOnce(wanted, openPartialFile(path, wanted.url), services),
    () => openPartialFile(path, wanted.url).sizeBytes,
    services,
  ).catch((error: unknown) => {
    if (isUnderstudyError(error, 'cli/model-invalid')) openPartialFile(path, wanted.url).remove();
    throw error instanceof BrokenDownload
      ? givenUp(wanted, openPartialFile(path, wanted.url).sizeBytes, error)
      : error;
  });
  services.onProgress('checking the model');
  const sha256 = await hashFile(path, services.signal);
  const expected = wanted.sha256 ?? told;
  const part = openPartialFile(path, wanted.url);
  if (expected !== null && sha256 !== expected) {
    part.remove();
    throw damaged(wanted, `has the hash ${sha256}, not ${expected}`);
  }
  part.finish();
  return sha256;
}

/** @returns The hash that the hub tells. */
async function tryOnce(
  wanted: WantedFile,
  part: PartialFile,
  services: FetchServices,
): Promise<string | null> {
  const tag = part.version?.tag ?? null;
  const opened = await openAddress(
    {
      url: wanted.url,
      isOfHub: wanted.isOfHub,
      headers: {
        'accept-encoding': 'identity',
        ...(part.sizeBytes > 0 ? { range: `bytes=${part.sizeBytes}-` } : {}),
        ...(part.sizeBytes > 0 && tag !== null ? { 'if-range': tag } : {}),
      },
    },
    services,
  ).catch((error: unknown) => {
    // The host holds fewer bytes than are here: another version.
    if (error instanceof BrokenDownload && error.status === 416) part.remove();
    throw error;
  });
  const { response, sha256 } = opened;
  try {
    const { from, totalBytes } = readPlace(opened, part);
    checkBefore(wanted, sha256, totalBytes);
    const kind = response.headers.get('content-type') ?? '';
    if (from === 0) {
      part.remove();
      part.begin({ url: wanted.url, tag: strongTag(response), sha256: wanted.sha256 ?? sha256 });
    }
    await writeBody(response, { path: part.path, from, totalBytes, kind, ...wanted }, services);
    return sha256;
  } finally {
    if (!response.bodyUsed) await response.body?.cancel();
  }
}

/** Where the body begins in the file, and how long the file is; null when the host does not say. */
function readPlace(
  { response, sha256 }: OpenedAddress,
  part: PartialFile,
): { readonly from: number; readonly totalBytes: number | null } {
  const isEncoded = (response.headers.get('content-encoding') ?? 'identity') !== 'identity';
  const length = response.headers.get('content-length');
  if (response.status !== 206)
    return { from: 0, totalBytes: length === null || isEncoded ? null : Number(length) };
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? [];
  const [known, tag] = [part.version, strongTag(response)];
  const isSame = isEqualIfTold(known?.sha256, sha256) && isEqualIfTold(known?.tag, tag);
  if (Number(first) === part.sizeBytes && isSame && !isEncoded)
    return { from: part.sizeBytes, totalBytes: Number(total) };
  part.remove();
  throw new BrokenDownload('the host goes on with another version of the file');
}

function isEqualIfTold(known: string | null | undefined, told: string | null): boolean {
  return known === null || known === undefined || told === null || known === told;
}

function checkBefore(wanted: WantedFile, told: string | null, totalBytes: number | null): void {
  const { url, sizeBytes, sha256, maxBytes, content } = wanted;
  if (totalBytes !== null && totalBytes > maxBytes) {
    const kind = content === 'json' || content === 'text' ? 'files of its kind' : 'models';
    const what = `"${url}" has ${formatSize(totalBytes)}; ${kind} of at most ${formatSize(maxBytes)} are packed.`;
    throw new UnderstudyError('cli/model-invalid', what, { facts: { url, sizeBytes: totalBytes } });
  }
  if (sizeBytes !== null && totalBytes !== null && totalBytes !== sizeBytes)
    throw damaged(wanted, `has ${totalBytes} bytes, not ${sizeBytes}`);
  if (sha256 !== null && told !== null && told !== sha256)
    throw damaged(wanted, `has the hash ${told}, not ${sha256}`);
}

function strongTag(response: Response): string | null {
  const tag = response.headers.get('etag');
  return tag?.startsWith('"') === true ? tag : null;
}

function damaged({ url }: WantedFile, what: string): UnderstudyError {
  return new UnderstudyError('cli/model-damaged', `The file at "${url}" ${what}.`, { facts: { url } });
}

function givenUp({ url }: WantedFile, sizeBytes: number, last: BrokenDownload): UnderstudyError {
  const kept =
    sizeBytes === 0 ? '' : ` The first ${formatSize(sizeBytes)} are kept, and the next build goes on there.`;
  const message = `"${url}" cannot be downloaded: ${last.message}.${kept}`;
  return new UnderstudyError('cli/model-unreachable', message, { facts: { url, sizeBytes }, cause: last });
}
