import { isInteger, isRecord } from '../../../src/contracts/json.ts';
import type { CopyExtension } from './copy-name.ts';
import { COPY_EXTENSIONS } from './copy-name.ts';

/** What is known of a page that was fetched. */
export interface PageCopy {
  readonly url: string;
  readonly extension: CopyExtension;
  readonly sizeBytes: number;
  /** By what the host knows this version again; null: it did not say. */
  readonly etag: string | null;
  /** `Last-Modified` as the host wrote it. */
  readonly modified: string | null;
  /** What the sitemap said last, `YYYY-MM-DD` or a part of it. */
  readonly listed: string | null;
}

/** Accepts what a file says of a copy; null: it is none. */
export function parsePageCopy(value: unknown): PageCopy | null {
  if (!isRecord(value)) return null;
  const { url, sizeBytes } = value;
  const extension = COPY_EXTENSIONS.find((one) => one === value['extension']);
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:\/\//.test(url)) return null;
  if (extension === undefined || !isInteger(sizeBytes, 0)) return null;
  return {
    url,
    extension,
    sizeBytes,
    etag: parseTag(value['etag']),
    modified: parseModified(value['modified']),
    listed: matching(value['listed'], /^\d{4}(?:-\d\d(?:-\d\d)?)?$/),
  };
}

/** Accepts an entity tag, as it may be sent back. */
export function parseTag(value: unknown): string | null {
  return matching(value, /^(?:W\/)?"[\x21\x23-\x7e]{0,200}"$/);
}

/** Accepts a date of a header, as it may be sent back. */
export function parseModified(value: unknown): string | null {
  return matching(value, /^[A-Za-z]{3}, [\w :-]{10,40}$/);
}

function matching(value: unknown, pattern: RegExp): string | null {
  return typeof value === 'string' && pattern.test(value) ? value : null;
}
