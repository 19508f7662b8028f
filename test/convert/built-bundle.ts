import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenedBundle } from '../../cli/ask/open-bundle-folder.ts';
import { openBundleFolder } from '../../cli/ask/open-bundle-folder.ts';
import { buildBundle } from '../../cli/build/build-bundle.ts';
import type { BuildConfig } from '../../cli/config/build-config.ts';

/** What makes a bundle what it is. */
const BUILD_CODE = [
  'cli/build',
  'cli/config',
  'cli/expect',
  'cli/ingest',
  'src/contracts',
  'src/intent',
  'src/retrieval',
  'src/text',
  'test/convert',
];

/**
 * Builds a bundle in a folder and opens it without its generator. A folder that is kept is built again when the code that builds it has
 * changed.
 * @param options.stamp - What else it depends on, such as options and pages.
 */
export async function openBuiltBundle(
  config: BuildConfig,
  folder: string,
  options: { readonly stamp: string },
): Promise<OpenedBundle> {
  const out = join(folder, 'bundle');
  const stamp = join(folder, 'stamp');
  const digest = digestCode(options.stamp);
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) {
    rmSync(out, { recursive: true, force: true });
    await buildBundle(config, { out, createdAt: '2000-01-01T00:00:00.000Z' });
    writeFileSync(stamp, digest);
  }
  const { signal } = new AbortController();
  return openBundleFolder(out, { withGenerator: false, signal });
}

function digestCode(more: string): string {
  const hash = createHash('sha256');
  for (const folder of BUILD_CODE) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
      if (name.endsWith('.ts')) hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.update(more).digest('hex');
}
