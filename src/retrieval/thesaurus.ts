import { normalizeText } from '../text/normalize-text.ts';

/** A word of help pages, and what visitors say in its place. */
export interface ThesaurusEntry {
  /** Primary subtag of the language. */
  readonly language: string;
  /** As help pages have it. */
  readonly headword: string;
  /** Words, and phrases of a few words, in no order; normalized. */
  readonly wordings: readonly string[];
}

/** A line of a thesaurus that is none. */
export class ThesaurusError extends Error {
  override readonly name = 'ThesaurusError';
}

const SEPARATOR = /[,，]/u;

/** A wording or headword in the one spelling that is compared. */
function tidy(text: string): string {
  return normalizeText(text).replace(/\s+/gu, ' ').trim();
}

/**
 * Reads a thesaurus: a line a headword, `headword: wording, wording of two words`. Empty lines and lines that begin with `#` are left out.
 * @throws ThesaurusError with the number of the line that is none, or repeats a headword.
 */
export function parseThesaurus(text: string, language: string): readonly ThesaurusEntry[] {
  const entries = new Map<string, ThesaurusEntry>();
  text.split('\n').forEach((line, at) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    const [head = '', rest, ...more] = line.split(':');
    const headword = tidy(head);
    const wordings = (rest ?? '')
      .split(SEPARATOR)
      .map(tidy)
      .filter((wording) => wording !== headword);
    if (headword === '' || wordings.length === 0 || wordings.includes('') || more.length > 0)
      throw new ThesaurusError(`Line ${at + 1} is not "headword: wording, wording".`);
    if (entries.has(headword)) throw new ThesaurusError(`Line ${at + 1} has "${headword}" once more.`);
    entries.set(headword, { language, headword, wordings: [...new Set(wordings)] });
  });
  return [...entries.values()];
}
