import type { Passage } from '../contracts/passage.ts';
import { plainText } from '../text/plain-text.ts';
import { parseSynonymLine, type SynonymRule } from '../text/synonym-rule.ts';

const WORD_GAP = /[ -]+/u;
/** Most abbreviations that are learned from the pages of a bundle. */
const MAX_LEARNED = 500;
/** Words that an abbreviation may leave out. */
const SMALL_WORDS = new Set(
  'a an and at by for from in of on or the to with de del der des die du en et für la le les und von y zu'.split(
    ' ',
  ),
);
/** Capitals and digits, at least two capitals. */
const SHORT = '(?=\\p{Lu}\\p{N}*\\p{Lu})[\\p{Lu}\\p{N}]{2,8}';
const SHORT_LAST = new RegExp(` [(（]["“]?(${SHORT})s?["”]?[)）]`, 'gu');
const SHORT_FIRST = new RegExp(`(?<![\\p{L}\\p{N}])(${SHORT})s? [(（]([^()（）\n]{3,100})[)）]`, 'gu');
/** Longest stretch before a bracket that is looked at. */
const MAX_PHRASE = 120;
const NO_PHRASE = /[^\p{L}\p{M}'’ -]/u;
const HAN = '\\p{Script=Han}';
/** A name in Han letters that stands alone before the bracket: where it begins is seen. */
const HAN_LONG_FIRST = new RegExp(
  `(?:^|[^${HAN}\\p{L}\\p{N}])(${HAN}{2,8})["”」》]?[(（](?:以下)?(?:简称|簡稱)?[为為:：]?["“「]?(${SHORT})["”」]?[)）]`,
  'gmu',
);
const HAN_SHORT_FIRST = new RegExp(`(?<![\\p{Lu}\\p{N}])(${SHORT})[(（](?:即)?(${HAN}{2,8})[)）]`, 'gu');
/** A shorter name in Han letters of what stands before the bracket. */
const HAN_SHORTENED = new RegExp(
  `(${HAN}{3,20})["”」》]?[(（](?:以下)?(?:简称|簡稱)[为為:：]?["“「]?(${HAN}{2,6})["”」]?[)）]`,
  'gu',
);

/**
 * Finds the end of a phrase whose words begin, in order, with the letters of an abbreviation; small words may have no
 * letter. Null when there is none.
 */
export function findLongForm(phrase: string, short: string): string | null {
  const words = phrase.split(WORD_GAP).filter((word) => word !== '');
  const letters = Array.from(short.toLowerCase());
  let at = words.length - 1;
  for (let letter = letters.length - 1; letter >= 0; letter--, at--) {
    while (at >= 0 && words[at]?.toLowerCase().startsWith(letters[letter] ?? '') !== true) {
      if (!SMALL_WORDS.has(words[at]?.toLowerCase() ?? '')) return null;
      at--;
    }
    if (at < 0) return null;
  }
  return words.slice(at + 1).join(' ');
}

/** Finds the shortest end of a name that holds the letters of a shorter name in order; null when that is the shorter name. */
export function findLongName(name: string, short: string): string | null {
  const letters = Array.from(short);
  let at = name.length;
  for (const letter of letters.reverse()) {
    do at--;
    while (at >= 0 && name[at] !== letter);
    if (at < 0) return null;
  }
  const long = name.slice(at);
  return long.includes(short) ? null : long;
}

type Pair = readonly [short: string, long: string | null];

function pairsOf(text: string): Pair[] {
  return [
    ...Array.from(text.matchAll(SHORT_LAST), ({ 1: short = '', index }): Pair => {
      const before = text.slice(Math.max(0, index - MAX_PHRASE), index).split(NO_PHRASE);
      return [short, findLongForm(before.at(-1) ?? '', short)];
    }),
    ...Array.from(text.matchAll(SHORT_FIRST), ([, short = '', long = '']): Pair => {
      const isWhole = findLongForm(long, short) === long.split(WORD_GAP).join(' ');
      return [short, isWhole ? long : null];
    }),
    ...Array.from(text.matchAll(HAN_LONG_FIRST), ([, long = '', short = '']): Pair => [short, long]),
    ...Array.from(text.matchAll(HAN_SHORT_FIRST), ([, short = '', long = '']): Pair => [short, long]),
    ...Array.from(text.matchAll(HAN_SHORTENED), ([, long = '', short = '']): Pair => {
      return [short, findLongName(long, short)];
    }),
  ];
}

/**
 * Learns abbreviations that the pages explain in brackets: "value added tax (VAT)", "VAT (value added tax)",
 * "增值税（以下简称VAT）", "增值税专用发票（以下简称专票）".
 *
 * @returns At most 500 rules, those told most often first; deterministic.
 */
export function learnAbbreviations(passages: readonly Passage[]): readonly SynonymRule[] {
  const counts = new Map<string, number>();
  for (const { title, headings, text } of passages) {
    if (!/[(（]/.test(text + title + headings.join(''))) continue;
    for (const [short, long] of pairsOf([title, ...headings, plainText(text)].join('\n'))) {
      if (long === null) continue;
      const line = `${short} = ${long}`;
      counts.set(line, (counts.get(line) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([left, many], [right, more]) => more - many || (left < right ? -1 : 1))
    .slice(0, MAX_LEARNED)
    .flatMap(([line]) => {
      const parsed = parseSynonymLine(line);
      return parsed.kind === 'rule' ? [parsed.rule] : [];
    });
}
