import { normalizeText } from '../text/normalize-text.ts';

const SPACED =
  /(?<!\p{L})(?:not|no|never|none|nothing|nobody|neither|nor|without|cannot|unable|\p{L}+n't|dont|doesnt|didnt|cant|wont|isnt|arent|nicht|kein|keine|keinen|keiner|keinem|ohne|nie|niemals|pas|sans|jamais|aucun|aucune|sin|nunca|ningún|ninguna|jamás)(?!\p{L})/gu;
/** Words that hold a negation sign without negating, and turns that cancel it. */
const HARMLESS =
  /not only|no longer than|no later than|no more than|no\. ?\d|不锈钢|不锈|不过|不但|不仅|不少|不久|不断|不同|不管|不论|不如|不妨|不止|不超过|不到|差不多|对不起|无线|无论|非常|除非|未来|没关系|是不是|能不能|要不要|有没有|会不会|可不可以/gu;
const UNSPACED = /不|没|无|未|勿|非|禁止|别再/gu;
/** Affixes that turn a word into its opposite are words of their own; the wording check sees them. */
const LEADING_ANSWER =
  /^\s*(?:yes|no|sure|certainly|unfortunately|ja|nein|oui|non|sí|是的|不是|不能|不可以|可以|没有|有的)\s*[,.!，。！]\s*/u;

/** Counts the words of a text that negate. */
export function countNegations(text: string): number {
  const normal = normalizeText(text).replace(HARMLESS, ' ');
  return (normal.match(SPACED) ?? []).length + (normal.match(UNSPACED) ?? []).length;
}

/** Takes a leading "Yes," or "No," off; what it affirms stands in the question. */
export function withoutLeadingAnswer(text: string): string {
  const match = LEADING_ANSWER.exec(text.toLowerCase());
  return match === null ? text : text.slice(match[0].length);
}

const CLAUSE_END =
  /[,;:，；：、]\s*|\s[–—-]\s|\s(?=(?:but|although|though|while|whereas|because|so that|and then)\s)|(?=但|然而|因为|所以)/u;

/** Splits a sentence where one clause ends and another begins. */
export function splitClauses(sentence: string): string[] {
  return sentence.split(CLAUSE_END).filter((clause) => clause.trim() !== '');
}
