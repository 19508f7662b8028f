import type { FoundPiece } from './found-piece.ts';
import { findAll, outside } from './found-piece.ts';

const DIGITS =
  /(?<![\p{Script=Latin}\p{N}#_])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:\s?(k|万|千|百|million))?(?![\d_])/giu;
const WORDS: ReadonlyMap<string, number> = new Map(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
    .split(' ')
    .map((word, value) => [word, value] as const),
);
const WORD =
  /\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|a dozen|a couple(?: of)?|half a dozen)\b/giu;
/** Chinese numerals that count something: alone they are parts of words. */
const CHINESE =
  /[零〇一二两三四五六七八九十百千万]+(?=\s?(?:个|件|台|只|把|瓶|盒|箱|人|位|次|天|周|月|年|小时|分钟|块|元|张|份|套|本|间|晚|号|点|岁))/gu;
const FACTORS: { readonly [unit: string]: number } = {
  k: 1000,
  千: 1000,
  百: 100,
  万: 10_000,
  million: 1_000_000,
};

/** A number in a message, with what stands around it. */
export interface FoundNumber extends FoundPiece<number> {
  /** Whether it is an amount of money. */
  readonly isMoney: boolean;
}

/** Numbers in digits and words; none of an identifier, which is given. */
export function findNumbers(
  message: string,
  identifiers: readonly FoundPiece<unknown>[],
): readonly FoundNumber[] {
  const digits = findAll(message, DIGITS, ([text, unit]) => {
    const number = Number(text.replace(/[^\d.-]/g, ''));
    return Number.isFinite(number) ? number * (FACTORS[(unit ?? '').toLowerCase()] ?? 1) : null;
  });
  const words = findAll(message, WORD, ([text]) => wordValue(text.toLowerCase()));
  const chinese = findAll(message, CHINESE, ([text]) => chineseNumber(text));
  return outside([...digits, ...words, ...chinese], identifiers)
    .map((piece) => ({ ...piece, isMoney: isMoney(message, piece) }))
    .sort((left, right) => left.start - right.start);
}

function wordValue(word: string): number | null {
  if (word.startsWith('a couple')) return 2;
  if (word === 'a dozen') return 12;
  return word === 'half a dozen' ? 6 : (WORDS.get(word) ?? null);
}

function isMoney(message: string, { start, end }: FoundPiece<number>): boolean {
  const before = message.slice(Math.max(0, start - 5), start);
  const after = message.slice(end, end + 10);
  return (
    /(?:[£$€¥￥]|\b(?:usd|eur|gbp|rmb|cny)\s?)\s?$/i.test(before) ||
    /^\s?(?:[£$€¥￥]|元|块|人民币|美元|欧元|(?:pounds?|euros?|dollars?|usd|eur|gbp|rmb|yuan|bucks)\b)/i.test(
      after,
    )
  );
}

const CHINESE_DIGITS = '零一二三四五六七八九';
const CHINESE_UNITS: { readonly [unit: string]: number } = { 十: 10, 百: 100, 千: 1000, 万: 10_000 };

/** Reads a number in Chinese numerals up to 99,999,999; null when it is none. */
export function chineseNumber(text: string): number | null {
  let total = 0;
  let section = 0;
  let digit = 0;
  for (const letter of text.replaceAll('〇', '零').replaceAll('两', '二')) {
    const unit = CHINESE_UNITS[letter];
    if (unit === undefined) {
      digit = CHINESE_DIGITS.indexOf(letter);
      if (digit < 0) return null;
    } else if (unit === 10_000) {
      total += (section + digit) * unit;
      section = 0;
      digit = 0;
    } else {
      section += (digit === 0 ? 1 : digit) * unit;
      digit = 0;
    }
  }
  return text === '' ? null : total + section + digit;
}
