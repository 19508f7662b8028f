import type { InterfaceLanguage } from '../../src/contracts/language.ts';
import { INTERFACE_LANGUAGES } from '../../src/contracts/language.ts';
import { en } from './en.ts';
import type { Messages } from './messages.ts';
import { zh } from './zh.ts';

const BY_LANGUAGE: { readonly [Language in InterfaceLanguage]: Messages } = { en, zh };

/** Picks the interface language nearest to a BCP 47 tag; English when it is not spoken. */
export function interfaceLanguage(tag: string): InterfaceLanguage {
  const primary = tag.toLowerCase().split('-')[0];
  return INTERFACE_LANGUAGES.find((language) => language === primary) ?? 'en';
}

/** Gives the texts nearest to a BCP 47 tag. */
export function messagesFor(tag: string): Messages {
  return BY_LANGUAGE[interfaceLanguage(tag)];
}
