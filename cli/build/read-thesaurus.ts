import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { ThesaurusEntry } from '../../src/retrieval/held-thesaurus.ts';
import { normalizeText } from '../../src/text/normalize-text.ts';
import { sourceError } from '../ingest/source-error.ts';
import { packageFolder } from '../package-folder.ts';

const FOLDER = 'models/thesaurus';
const LANGUAGES = ['en', 'zh'];
const SEPARATOR = /[,，]/u;

/** A wording or headword in the one spelling that is compared. */
function tidy(text: string): string {
  return normalizeText(text).replace(/\s+/gu, ' ').trim();
}

/**
 * Reads a thesaurus: a line a headword, `headword: wording, wording of two words`. Empty lines and lines that begin with `#` are left out.
 * @param file - Where the text is from, for errors.
 * @throws UnderstudyError `cli/source-invalid` with the line that is none, or repeats a headword.
 */
export function parseThesaurus(text: string, language: string, file: string): readonly ThesaurusEntry[] {
  const entries = new Map<string, ThesaurusEntry>();
  text.split('\n').forEach((line, at) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    const [head = '', rest = '', ...more] = line.split(':');
    const headword = tidy(head);
    const wordings = rest
      .split(SEPARATOR)
      .map(tidy)
      .filter((wording) => wording !== headword);
    const place = { file, line: at + 1 };
    if (headword === '' || wordings.length === 0 || wordings.includes('') || more.length > 0)
      throw sourceError(place, 'it is not "headword: wording, wording"');
    if (entries.has(headword)) throw sourceError(place, `"${headword}" stands above already`);
    entries.set(headword, { language, headword, wordings: [...new Set(wordings)] });
  });
  return [...entries.values()];
}

let thesaurus: readonly ThesaurusEntry[] | null = null;

/**
 * Reads the thesaurus of the package, once a process: what visitors say in place of words of help pages.
 * @throws UnderstudyError `cli/not-found` where the package is not whole, `cli/source-invalid`.
 */
export function readThesaurus(): readonly ThesaurusEntry[] {
  thesaurus ??= LANGUAGES.flatMap((language) => {
    const file = `${FOLDER}/${language}.txt`;
    return parseThesaurus(readPackageText(file), language, file);
  });
  return thesaurus;
}

function readPackageText(file: string): string {
  const path = join(packageFolder().path, file);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UnderstudyError('cli/not-found', `The package lacks "${file}"; install it again.`, {
      facts: { path },
      cause,
    });
  }
}
