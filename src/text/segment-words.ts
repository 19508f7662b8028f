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
/** Most words are plain; the others are numbers with units, contractions and compounds. */
const IS_SPECIAL = /[\d'-]/;
const THOUSANDS = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const DIGITS = /^\p{Nd}+$/u;
const CONTRACTED = /^(?:l|d|j|n|s|c|m|t|qu|jusqu|lorsqu|puisqu)'(?=.{2})/;
const POSSESSIVE = /'s$/;
/** Longest run of letters that counts as one word; longer ones (keys, noise) are cut. */
const MAX_WORD_LENGTH = 64;

function addWord(token: string, onWord: (word: string) => void): void {
  if (!IS_SPECIAL.test(token)) {
    onWord(token.slice(0, MAX_WORD_LENGTH));
    return;
  }
  const quantity = NUMBER_WITH_UNIT.exec(token);
  if (quantity !== null) {
    onWord(quantity[1] ?? '');
    onWord(quantity[2] ?? '');
    return;
  }
  const bare = token.replace(POSSESSIVE, '').replace(CONTRACTED, '').replaceAll("'", '');
  const parts = bare.split('-').filter((part) => part !== '');
  for (const part of parts) onWord(part.slice(0, MAX_WORD_LENGTH));
  // "Wi-Fi" is also written "wifi"; number ranges are no words of their own.
  if (parts.length === 2 && bare.length <= 24 && !parts.every((part) => DIGITS.test(part))) {
    onWord(parts.join(''));
  }
}

/** Writes a number one way: without thousands commas, with a decimal point. */
function canonicalNumber(token: string): string {
  if (THOUSANDS.test(token)) return token.replaceAll(',', '');
  return /^\d+,\d{1,2}$/.test(token) ? token.replace(',', '.') : token;
}

/** Kinds of ASCII characters. */
const LETTER_KIND = 1;
const DIGIT_KIND = 2;
/** Joins letters and digits to one word. */
const JOINER_KIND = 3;
/** Joins digits to one number. */
const POINT_KIND = 4;
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/\d/.test(character)) return DIGIT_KIND;
  if (/[a-z]/i.test(character)) return LETTER_KIND;
  if (/['-]/.test(character)) return JOINER_KIND;
  return /[.,:]/.test(character) ? POINT_KIND : 0;
});
const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

/** What {@link TOKEN} finds in a text of ASCII alone, by hand: searches cut texts, and most of their time went into the expression. */
function eachAsciiWord(text: string, onWord: (word: string) => void): void {
  const kindAt = (at: number): number => (at < text.length ? (KINDS[text.charCodeAt(at)] ?? 0) : 0);
  const isPart = (kind: number): boolean => kind === LETTER_KIND || kind === DIGIT_KIND;
  for (let at = 0; at < text.length;) {
    const first = kindAt(at);
    if (!isPart(first)) {
      at += 1;
      continue;
    }
    let end = at;
    if (first === DIGIT_KIND) {
      let isJoined = false;
      for (; ; end++) {
        const kind = kindAt(end);
        if (kind === POINT_KIND && kindAt(end + 1) === DIGIT_KIND) isJoined = true;
        else if (kind !== DIGIT_KIND) break;
      }
      if (isJoined) {
        onWord(canonicalNumber(text.slice(at, end)));
        at = end;
        continue;
      }
    }
    let isPlain = true;
    for (; ; end++) {
      const kind = kindAt(end);
      if (kind === LETTER_KIND) continue;
      if (kind !== DIGIT_KIND && !(kind === JOINER_KIND && isPart(kindAt(end + 1)))) break;
      isPlain = false;
    }
    if (isPlain && first === LETTER_KIND) onWord(text.slice(at, Math.min(end, at + MAX_WORD_LENGTH)));
    else addWord(text.slice(at, end), onWord);
    at = end;
  }
}

/**
 * Goes through the words of a text in order of appearance: whole words and numbers, and runs of a script without spaces.
 */
export function eachWord(text: string, onWord: (word: string) => void, onRun: (run: string) => void): void {
  const normal = normalizeText(text);
  if (isAscii(normal)) {
    eachAsciiWord(normal, onWord);
    return;
  }
  for (const match of normal.matchAll(TOKEN)) {
    const [, number, run, word] = match;
    if (number !== undefined) onWord(canonicalNumber(number));
    else if (run !== undefined) onRun(run);
    else if (word !== undefined) addWord(word, onWord);
  }
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
  eachWord(
    text,
    (word) => words.push(word),
    (run) => {
      let previous = '';
      for (const letter of run) {
        if (previous !== '') words.push(previous + letter);
        words.push(letter);
        previous = letter;
      }
    },
  );
  return words;
}
