import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { chunkPath, wholeFilePath } from '../../src/contracts/bundle.ts';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { BundleFolder } from '../build/read-bundle-folder.ts';
import type { PublicationFacts } from './publication-texts.ts';
import { headersFile, readme, snippet } from './publication-texts.ts';
import type { PublishedFile } from './published-file.ts';
import { copiedFile, textFile } from './published-file.ts';

/** What a publication is made of. */
export interface PublicationParts {
  /** Folder of the bundle, whose files were checked. */
  readonly bundle: string;
  readonly contents: BundleFolder;
  /** Folder of the built scripts. */
  readonly dist: string;
  readonly facts: PublicationFacts;
}

/** Folders of `dist` that no page loads. */
const NOT_FOR_PAGES = /^(?:cli|types)\//;

/**
 * Lists the files of a publication: the files of the release (not those kept of the one before), the scripts, the snippet, headers and a
 * README. The runtime for ONNX models is left out where the bundle brings none.
 * @throws UnderstudyError `cli/not-found` when the scripts are not built.
 */
export function collectPublication({
  bundle,
  contents,
  dist,
  facts,
}: PublicationParts): readonly PublishedFile[] {
  const { manifest, chunkList } = contents;
  const hasOnnx = Object.keys(manifest.artifacts).some((name) => name.endsWith('.onnx'));
  const scripts = listFiles(dist)
    .filter((path) => !NOT_FOR_PAGES.test(path) && (hasOnnx || !path.startsWith('ort/')))
    .map((path) => copiedFile(`understudy/${path}`, join(dist, path)));
  if (!scripts.some(({ path }) => path === 'understudy/understudy.js')) {
    throw new UnderstudyError('cli/not-found', 'The scripts are not built: dist/understudy.js is missing.', {
      facts: { path: 'dist/understudy.js' },
    });
  }
  const paths = new Set(['manifest.json', 'chunks.json']);
  for (const { chunks } of Object.values(chunkList.artifacts))
    for (const { sha256 } of chunks) paths.add(chunkPath(sha256));
  for (const [name, { sha256 }] of Object.entries(manifest.artifacts))
    if (chunkList.artifacts[name]?.hasWholeFile === true) paths.add(wholeFilePath(sha256));
  return [
    ...scripts,
    ...[...paths].map((path) => copiedFile(`bundle/${path}`, join(bundle, path))),
    textFile('snippet.html', snippet(facts)),
    textFile('_headers', headersFile(facts)),
    textFile('README.md', readme(facts)),
  ];
}

function listFiles(folder: string): readonly string[] {
  const walk = (path: string): readonly string[] =>
    readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name.startsWith('.')) return [];
      const inner = join(path, entry.name);
      if (entry.isDirectory()) return walk(inner);
      return entry.isFile() ? [relative(folder, inner).split(sep).join('/')] : [];
    });
  try {
    return walk(folder);
  } catch {
    // ENOENT: there is no `dist`; told by the caller.
    return [];
  }
}
