import { normalizeText } from './normalize-text.ts';
import { stopWords } from './stop-words.ts';

const SCRIPTS: readonly (readonly [language: string, letters: RegExp])[] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['zh', /\p{Script=Han}/gu],
  ['ru', /\p{Script=Cyrillic}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['el', /\p{Script=Greek}/gu],
  ['he', /\p{Script=Hebrew}/gu],
  ['th', /\p{Script=Thai}/gu],
  ['hi', /\p{Script=Devanagari}/gu],
];
const LATIN_LANGUAGES = ['en', 'de', 'fr', 'es'];
const TYPICAL_LETTERS: { readonly [language: string]: RegExp } = {
  de: /[äöüß]/g,
  fr: /[àâçèêëîïôœù]/g,
  es: /[ñ¿¡áíóú]/g,
};
/** Enough to decide by; longer texts are cut. */
const MAX_LENGTH = 2000;

/**
 * Counts what speaks for each language that is written in Latin letters: its stop words, and letters that others do not have.
 * @param text - As `normalizeText` gives it.
 */
export function latinVotes(text: string): ReadonlyMap<string, number> {
  const words = text.match(/\p{L}+/gu) ?? [];
  return new Map(
    LATIN_LANGUAGES.map((language) => {
      const list = stopWords(language);
      const votes = words.reduce((sum, word) => sum + (list.has(word) ? 1 : 0), 0);
      const letters = TYPICAL_LETTERS[language];
      return [language, votes + (letters === undefined ? 0 : (text.match(letters) ?? []).length)];
    }),
  );
}

function guessLatin(text: string, fallback: string): string {
  let best = fallback;
  let bestVotes = 0;
  for (const [language, votes] of latinVotes(text)) {
    if (votes > bestVotes || (votes === bestVotes && votes > 0 && language === fallback)) {
      best = language;
      bestVotes = votes;
    }
  }
  return best;
}

/**
 * Guesses the language of a text by its script and, for Latin letters, by its stop words.
 *
 * @param fallback - What to say when nothing speaks for a language. Default `en`.
 * @returns A BCP 47 primary subtag.
 */
export function guessLanguage(text: string, fallback = 'en'): string {
  const normal = normalizeText(text.slice(0, MAX_LENGTH));
  const latinWords = (normal.match(/\p{Script=Latin}+/gu) ?? []).length;
  for (const [language, letters] of SCRIPTS) {
    const count = (normal.match(letters) ?? []).length;
    // Brand names in Latin letters are common in other scripts; a Latin word weighs like two letters.
    if (count > 0 && count >= latinWords) return language;
  }
  return latinWords === 0 ? fallback : guessLatin(normal, fallback);
}
