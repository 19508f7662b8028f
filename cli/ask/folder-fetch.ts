import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FetchFunction } from '../../src/bundle/fetch-file.ts';

/** Answers requests for `file:` addresses from disk, as a web host would; the bundle client then checks every byte. */
export const folderFetch: FetchFunction = async (url) => {
  try {
    const bytes = await readFile(fileURLToPath(url));
    const type = url.endsWith('.json') ? 'application/json' : 'application/octet-stream';
    return new Response(new Uint8Array(bytes), { status: 200, headers: { 'content-type': type } });
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return new Response(null, { status: isMissing ? 404 : 500 });
  }
};
