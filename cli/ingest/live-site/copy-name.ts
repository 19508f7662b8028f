import { createHash } from 'node:crypto';

/** Kinds of copies, by the extension by which files are read. */
export const COPY_EXTENSIONS = ['.html', '.md', '.txt', '.pdf'] as const;
/** One of {@link COPY_EXTENSIONS}. */
export type CopyExtension = (typeof COPY_EXTENSIONS)[number];

const MAX_DEPTH = 8;
const MAX_PATH = 150;
/** Lower-case, because two names that differ in case are one file on some systems; no dot at either end. */
const PLAIN = /^[a-z0-9](?:[a-z0-9_.-]{0,62}[a-z0-9_-])?$/;
/** Names that Windows keeps for devices, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;

/**
 * Says under which path the copy of a page lies: that of its address where it is plain, else a name with a digest of the address. Two
 * addresses never share one, no file lies where another needs a folder, and none is hidden or above the folder.
 */
export function copyName(address: string, extension: CopyExtension): string {
  const { pathname, search } = new URL(address);
  const parts = pathname.slice(1).split('/');
  const last = parts.pop() ?? '';
  const isPlain =
    search === '' &&
    pathname.length <= MAX_PATH &&
    parts.length < MAX_DEPTH &&
    parts.every((part) => isPlainName(part) && !/\.[a-z]\w*$/.test(part)) &&
    (last === '' || (isPlainName(last) && last !== 'index'));
  if (isPlain) return `${[...parts, last === '' ? 'index' : last].join('/')}${extension}`;
  const digest = createHash('sha256').update(address).digest('hex').slice(0, 16);
  const said = (last === '' ? (parts.at(-1) ?? '') : last)
    .toLowerCase()
    .replace(/%[0-9a-f]{2}/g, '-')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 60)
    .replace(/-+$/, '');
  // "~" stands in no plain name.
  return `${said === '' ? 'page' : said}~${digest}${extension}`;
}

function isPlainName(name: string): boolean {
  return PLAIN.test(name) && !DEVICE.test(name) && name !== 'node_modules';
}
