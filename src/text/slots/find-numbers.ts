import { findAmounts, hasDecimalComma } from './find-amounts.ts';
import type { FoundPiece } from './found-piece.ts';
import { findAll, outside } from './found-piece.ts';
import { plainCharacters } from './plain-characters.ts';
import { CHINESE_NUMERAL, NUMBER_WORDS, readChineseNumber, readCount, readDecimal } from './read-numbers.ts';

const BEFORE = String.raw`(?<![\p{Script=Latin}\p{N}#_])`;
const FACTOR = String.raw`(?:\s?(k(?![a-z])|万|千|百|million))?(?![\d_])`;
const DIGITS = new RegExp(`${BEFORE}-?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?${FACTOR}`, 'giu');
/** Versions and prices keep their point in any language: "2.0". */
const DIGITS_WITH_COMMA = new RegExp(
  `${BEFORE}-?(?:\\d{1,3}(?:\\.\\d{3})+(?:,\\d+)?|\\d+(?:[.,]\\d+)?)${FACTOR}`,
  'giu',
);
const DOZENS: { readonly [words: string]: number } = { 'half a dozen': 6, 'a dozen': 12 };
const WORD = new RegExp(`\\b(?:${NUMBER_WORDS}|half a dozen|a dozen|a couple(?: of)?)\\b`, 'giu');
/** Chinese numerals that count something: alone they are parts of words. */
const CHINESE = new RegExp(
  `[${CHINESE_NUMERAL}]{1,16}(?=\\s?(?:个|件|台|只|把|瓶|盒|箱|人|位|次|天|周|月|年|小时|分钟|块|元|张|份|套|本|间|晚|号|点|岁))`,
  'gu',
);
const FACTORS: { readonly [unit: string]: number } = {
  k: 1000,
  千: 1000,
  百: 100,
  万: 10_000,
  million: 1_000_000,
};

/** A number in a message, with what it counts. */
export interface FoundNumber extends FoundPiece<number> {
  /** Whether it is an amount of money. */
  readonly isMoney: boolean;
}

/**
 * Numbers in digits and words, amounts of money among them, in the order of the message.
 * @param others - Pieces whose digits are no numbers: identifiers, dates.
 * @param language - BCP 47 primary subtag: decides which mark is the decimal one.
 */
export function findNumbers(
  message: string,
  others: readonly FoundPiece<unknown>[],
  language: string,
): readonly FoundNumber[] {
  const plain = plainCharacters(message);
  const isComma = hasDecimalComma(language);
  const money = outside(findAmounts(message, language), others);
  const digits = findAll(plain, isComma ? DIGITS_WITH_COMMA : DIGITS, ([text, unit]) => {
    const size = readDecimal(text.replace(/[^\d.,]/g, ''), isComma);
    if (size === null) return null;
    return (text.startsWith('-') ? -size : size) * (FACTORS[(unit ?? '').toLowerCase()] ?? 1);
  });
  const words = findAll(plain, WORD, ([text]) => wordValue(text.toLowerCase()));
  const chinese = findAll(plain, CHINESE, ([text]) => readChineseNumber(text));
  return [
    ...money.map(({ value, start, end }) => ({ value: value.amount, start, end, isMoney: true })),
    ...outside([...digits, ...words, ...chinese], [...others, ...money]).map((piece) => ({
      ...piece,
      isMoney: false,
    })),
  ].sort((left, right) => left.start - right.start);
}

function wordValue(word: string): number | null {
  return word.startsWith('a couple') ? 2 : (DOZENS[word] ?? readCount(word));
}
