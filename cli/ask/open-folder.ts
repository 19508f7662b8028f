import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createBundleClient } from '../../src/bundle/bundle-client.ts';
import type { OpenBundle } from '../../src/bundle/open-bundle.ts';
import { systemClock } from '../../src/session/system-clock.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { folderFetch } from './folder-fetch.ts';

/**
 * Opens the bundle of a folder as a browser opens it: every file is checked against the manifest.
 * @throws UnderstudyError `bundle/*`; the signal's reason when aborted.
 */
export function openFolder(folder: string, signal: AbortSignal): Promise<OpenBundle> {
  const client = createBundleClient({
    url: pathToFileURL(resolve(folder)).href,
    store: createMemoryStore(),
    clock: systemClock,
    fetch: folderFetch,
  });
  return client.open({ signal });
}
