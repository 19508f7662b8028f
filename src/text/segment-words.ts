import { normalizeText } from './normalize-text.ts';

/** Letters of scripts that write no spaces between words, with the marks that lengthen or repeat them. */
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}ー々';
const LETTER = `(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}])`;
const TOKEN = new RegExp(
  `(\\p{Nd}+(?:[.,:]\\p{Nd}+)+)|((?:[${UNSPACED}]\\p{M}*)+)|(${LETTER}+(?:['-]${LETTER}+)*)`,
  'gu',
);
const NUMBER_WITH_UNIT =
  /^(\d+)(mm|cm|m|km|ml|cl|dl|l|g|kg|mg|oz|lb|lbs|kb|mb|gb|tb|kwh|kw|w|v|mv|mah|a|hz|khz|mhz|ghz|s|ms|sec|min|h|hr|hrs|d|am|pm|px|bar|psi|c|f|k|x)$/;
const THOUSANDS = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const DIGITS = /^\p{Nd}+$/u;
const CONTRACTED = /^(?:l|d|j|n|s|c|m|t|qu|jusqu|lorsqu|puisqu)'(?=.{2})/;
const POSSESSIVE = /'s$/;
/** Longest run of letters that counts as one word; longer ones (keys, noise) are cut. */
const MAX_WORD_LENGTH = 64;

function pushUnspaced(run: string, words: string[]): void {
  let previous = '';
  for (const letter of run) {
    if (previous !== '') words.push(previous + letter);
    words.push(letter);
    previous = letter;
  }
}

function pushWord(token: string, words: string[]): void {
  const quantity = NUMBER_WITH_UNIT.exec(token);
  if (quantity !== null) {
    words.push(quantity[1] ?? '', quantity[2] ?? '');
    return;
  }
  const bare = token.replace(POSSESSIVE, '').replace(CONTRACTED, '').replaceAll("'", '');
  const parts = bare.split('-').filter((part) => part !== '');
  for (const part of parts) words.push(part.slice(0, MAX_WORD_LENGTH));
  // "Wi-Fi" is also written "wifi"; number ranges are no words of their own.
  if (parts.length === 2 && bare.length <= 24 && !parts.every((part) => DIGITS.test(part))) {
    words.push(parts.join(''));
  }
}

/** Writes a number one way: without thousands commas, with a decimal point. */
function canonicalNumber(token: string): string {
  if (THOUSANDS.test(token)) return token.replaceAll(',', '');
  return /^\d+,\d{1,2}$/.test(token) ? token.replace(',', '.') : token;
}

/**
 * Splits a text into words for comparing and indexing, in order of appearance.
 *
 * Words of spaced scripts come lower-cased and whole, compounds with a hyphen also joined; numbers keep decimals and
 * times and lose thousands commas; Chinese and other unspaced scripts give every character and every pair of
 * neighbors. The result depends on Unicode tables only, never on the engine's dictionary, so that an index
 * built in Node fits a query split in a browser.
 */
export function segmentWords(text: string): string[] {
  const words: string[] = [];
  for (const match of normalizeText(text).matchAll(TOKEN)) {
    const [, number, run, word] = match;
    if (number !== undefined) words.push(canonicalNumber(number));
    else if (run !== undefined) pushUnspaced(run, words);
    else if (word !== undefined) pushWord(word, words);
  }
  return words;
}
