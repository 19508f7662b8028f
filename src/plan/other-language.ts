import { localize } from '../contracts/language.ts';
import type { Passage } from '../contracts/passage.ts';
import { guessLanguage, latinVotes } from '../text/guess-language.ts';
import { normalizeText } from '../text/normalize-text.ts';
import { OTHER_LANGUAGE_TEXT } from './built-in-texts.ts';

/**
 * Confidence from which on the pages answer a question of another language. Of 26 questions in five languages on the demo's English
 * pages, where only names and words that look alike meet, none comes over 0.51; where an owner's synonyms hold, or all words are
 * names and codes, the search is as sure as in one language.
 */
export const SURE_ACROSS_LANGUAGES = 0.75;
/** So much must speak for the language of a question, and so many times as much as for any of the pages. */
const LEAST_VOTES = 2;
const VOTES_RATIO = 1.5;
const MOST_NAMED = 4;

/** Words by which questions in Latin letters are told apart where stop words say little; Italian, Portuguese and Dutch have no others. */
const CUES: { readonly [language: string]: RegExp } = {
  de: /wieviel|kostet|gibt|hallo|danke|lange|mir|ihnen/,
  fr: /combien|coûte|bonjour|merci|est-ce|puis-je|où|c'est|livrez/,
  es: /cuánto|cuesta|hola|gracias|dónde|tienen|hacen/,
  it: /quanto|costa|ciao|grazie|dove|posso|il|della?|che|non|sono|come|per|una|gli/,
  pt: /quanto|custa|olá|obrigad[oa]|onde|posso|não|uma?|meu|minha|você|como|do|da|os/,
  nl: /hoeveel|hallo|dank|waar|hoe|kan|ik|het|een|mijn|niet|van|jullie|voor/,
};
const CUE_WORDS = Object.entries(CUES).map(
  ([language, words]) => [language, new RegExp(`(?<!\\p{L})(?:${words.source})(?!\\p{L})`, 'gu')] as const,
);
/** Languages of one script, which a guess by letters cannot tell apart. */
const ALIKE: { readonly [language: string]: readonly string[] } = {
  zh: ['ja', 'yue'],
  ru: ['uk', 'be', 'bg', 'sr', 'mk', 'kk'],
  ar: ['fa', 'ur'],
  hi: ['mr', 'ne'],
};

/**
 * Gives the language of a question that no page is written in, as a BCP 47 primary subtag; null when some page is, or in doubt.
 * @param pageLanguages - Primary subtags; none = nothing is known of the pages.
 */
export function otherLanguage(question: string, pageLanguages: readonly string[]): string | null {
  if (pageLanguages.length === 0) return null;
  const guess = guessLanguage(question, '');
  const text = normalizeText(question);
  const votes = new Map(latinVotes(text));
  if (guess !== '' && !votes.has(guess))
    return [guess, ...(ALIKE[guess] ?? [])].some((one) => pageLanguages.includes(one)) ? null : guess;
  for (const [language, words] of CUE_WORDS)
    votes.set(language, (votes.get(language) ?? 0) + (text.match(words) ?? []).length);
  const [best, most] = [...votes].reduce((first, next) => (next[1] > first[1] ? next : first), ['', 0]);
  if (most < LEAST_VOTES || pageLanguages.includes(best)) return null;
  // Languages of pages that have no votes, such as Swedish, may be that of the question as well.
  const isUnknown = pageLanguages.some((language) => !votes.has(language) && !hasOwnScript(language));
  if (isUnknown) return null;
  return pageLanguages.some((language) => most < VOTES_RATIO * (votes.get(language) ?? 0)) ? null : best;
}

/** The languages that passages are written in, the most frequent first, as primary subtags. */
export function pageLanguagesOf(passages: readonly Passage[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { language } of passages) {
    const primary = language.toLowerCase().split('-')[0] ?? '';
    counts.set(primary, (counts.get(primary) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([language]) => language);
}

/** Tells in the visitor's language, else in that of the interface, in which languages the pages are. */
export function tellOtherLanguage(
  language: string,
  pageLanguages: readonly string[],
  interfaceLanguage: string,
): string {
  const spoken = OTHER_LANGUAGE_TEXT[language] === undefined ? interfaceLanguage : language;
  const told = OTHER_LANGUAGE_TEXT[spoken.split('-')[0] ?? ''] === undefined ? 'en' : spoken;
  const names = new Intl.DisplayNames([told], { type: 'language', fallback: 'code' });
  const list = pageLanguages
    .slice(0, MOST_NAMED)
    .map((code) => (/^[a-z]{2,3}$/.test(code) ? (names.of(code) ?? code) : code))
    .join(told.startsWith('zh') ? '、' : ', ');
  return localize(OTHER_LANGUAGE_TEXT, told).replace('{languages}', () => list);
}

function hasOwnScript(language: string): boolean {
  return ['zh', 'ja', 'ko', 'ru', 'ar', 'el', 'he', 'th', 'hi', ...Object.values(ALIKE).flat()].includes(
    language,
  );
}
