/** Languages whose texts the product itself is written in; bundles may hold any BCP 47 language. */
export const INTERFACE_LANGUAGES = ['en', 'zh'] as const;

/** A language the interface is written in. */
export type InterfaceLanguage = (typeof INTERFACE_LANGUAGES)[number];

/** A text in one or more languages, keyed by BCP 47 primary subtag; `*` stands for "any". */
export type LocalizedText = { readonly [language: string]: string };

/** Picks the text of a language, else English, else `*`, else the first; '' for an empty map. */
export function localize(text: LocalizedText, language: string): string {
  const primary = language.toLowerCase().split('-')[0] ?? 'en';
  return text[primary] ?? text['*'] ?? text['en'] ?? Object.values(text)[0] ?? '';
}
