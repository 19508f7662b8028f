import type { FoundPiece } from './found-piece.ts';
import { findAll } from './found-piece.ts';
import { plainCharacters } from './plain-characters.ts';
import { CHINESE_NUMERAL, readChineseNumber, readDecimal } from './read-numbers.ts';

/** An amount of money. */
export interface AmountValue {
  readonly amount: number;
  /** ISO 4217 code. */
  readonly currency: string;
}

const CURRENCIES: readonly (readonly [code: string, words: string])[] = [
  ['HKD', 'hk\\$|hkd|港币|港元'],
  ['CAD', 'ca\\$|c\\$|cad'],
  ['AUD', 'au\\$|a\\$|aud'],
  ['USD', 'us\\$|\\$|usd|us dollars?|dollars?|bucks|dolares|美元|美金'],
  ['EUR', '€|eur|euros?|欧元|歐元'],
  ['GBP', '£|gbp|pounds?|pfund|英镑'],
  ['CHF', 'chf|franken|francs suisses'],
  ['JPY', 'jpy|yen|日元|円'],
  ['CNY', '¥|cny|rmb|yuan|人民币|块钱|元|块|塊'],
];
const CURRENCY = CURRENCIES.map(([, words]) => words).join('|');
const NUMBER = "\\d{1,3}(?:[ \\u00a0\\u202f,.']\\d{3}){1,5}(?:[.,]\\d{1,2})?|\\d{1,12}(?:[.,]\\d{1,3})?";
const FACTOR = '[万萬亿億]|k(?![a-z])|million';
const AMOUNT = new RegExp(
  `(?<![\\p{Script=Latin}\\p{N}])(${CURRENCY})\\s?(${NUMBER})(?!\\d)(?:\\s?(${FACTOR}))?` +
    `|(?<![\\p{Script=Latin}\\p{N}#_]|\\p{N}[.,])(${NUMBER})(?:\\s?(${FACTOR}))?\\s?(${CURRENCY})(?![a-z])` +
    `|([${CHINESE_NUMERAL}]{1,12})个?(${CURRENCY})`,
  'giu',
);

/**
 * Amounts of money with their currency, in the order of the message; forms of English, German, French, Spanish and Chinese.
 * @param language - BCP 47 primary subtag: decides which mark is the decimal one, and whose sign ¥ is.
 */
export function findAmounts(message: string, language: string): readonly FoundPiece<AmountValue>[] {
  return findAll(plainCharacters(message).replaceAll('￥', '¥'), AMOUNT, (groups) => {
    const [, before, behind, behindFactor, ahead, aheadFactor, after, chinese, chineseUnit] = groups;
    const word = (before ?? after ?? chineseUnit ?? '').toLowerCase();
    const written = behind ?? ahead;
    const number =
      written === undefined
        ? readChineseNumber(chinese ?? '')
        : readDecimal(written, hasDecimalComma(language));
    const found = CURRENCIES.find(([, words]) => new RegExp(`^(?:${words})$`, 'iu').test(word));
    if (number === null || found === undefined) return null;
    const amount = Math.round(number * factorOf(behindFactor ?? aheadFactor) * 100) / 100;
    // The yen and the yuan share a sign.
    return { amount, currency: language === 'ja' && word === '¥' ? 'JPY' : found[0] };
  });
}

/** Whether a language writes 1.234,5 for what English writes as 1,234.5. */
export function hasDecimalComma(language: string): boolean {
  return language === 'de' || language === 'fr' || language === 'es';
}

function factorOf(word: string | undefined): number {
  if (word === undefined) return 1;
  if (/k/i.test(word)) return 1000;
  if (/million/i.test(word)) return 1e6;
  return /[万萬]/.test(word) ? 1e4 : 1e8;
}
