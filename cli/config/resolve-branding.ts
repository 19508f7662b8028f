import type { Branding } from '../../src/contracts/bundle.ts';
import type { BrandingChoice } from './build-config.ts';

/** What is known besides what the owner wrote, of the app for example; every field is optional. */
export interface BrandingDefaults {
  readonly title: string;
  /** Default: a greeting in English and Chinese. */
  readonly greeting?: string;
  readonly accent?: string | null;
  /** For every one of the languages. Default none. */
  readonly suggestions?: readonly string[];
}

/** What the widget says first when nobody wrote anything. */
const DEFAULT_GREETING: { readonly [language: string]: string } = {
  en: 'Hello! Ask me a question; I answer from our help pages and show you where it stands.',
  zh: '您好！请提问，我根据帮助页面回答，并告诉您出处。',
};

/** The brand as the manifest holds it: what the owner wrote, else what the app brings, else our words. */
export function resolveBranding(
  choice: BrandingChoice,
  defaults: BrandingDefaults,
  languages: readonly string[],
): Branding {
  const { title, greeting = '', accent = null, suggestions = [] } = defaults;
  const listed = languages.length > 0 ? languages : ['en'];
  return {
    title: choice.title ?? { '*': title },
    greeting: choice.greeting ?? (greeting === '' ? DEFAULT_GREETING : { '*': greeting }),
    accent: choice.accent ?? accent,
    suggestions:
      choice.suggestions ??
      (suggestions.length === 0 ? {} : Object.fromEntries(listed.map((language) => [language, suggestions]))),
    contactUrl: choice.contactUrl,
  };
}
