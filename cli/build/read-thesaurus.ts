import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ThesaurusEntry } from '../../src/retrieval/thesaurus.ts';
import { parseThesaurus } from '../../src/retrieval/thesaurus.ts';
import { packageFolder } from '../package-folder.ts';

const FOLDER = 'models/thesaurus';
const LANGUAGES = ['en', 'zh'];

let thesaurus: readonly ThesaurusEntry[] | null = null;

/**
 * Reads the thesaurus of the package, once a process: what visitors say in place of words of help pages.
 * @throws Error `ENOENT` where the package is not whole.
 */
export function readThesaurus(): readonly ThesaurusEntry[] {
  const { path } = packageFolder();
  thesaurus ??= LANGUAGES.flatMap((language) =>
    parseThesaurus(readFileSync(join(path, FOLDER, `${language}.txt`), 'utf8'), language),
  );
  return thesaurus;
}
