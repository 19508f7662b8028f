import { normalizeText } from '../../text/normalize-text.ts';
import { topicWords, wordMatch } from '../classes/class-words.ts';

/** Ways to say how urgent or large something is. */
const LEVELS: readonly (readonly [option: RegExp, said: RegExp])[] = [
  [
    /^(?:high(?:est)?|urgent|critical|p[01]|高|紧急|高优先级)$/i,
    /\b(?:urgent(?:ly)?|asap|as soon as possible|critical|emergency|immediately|right away|high)\b|紧急|马上|尽快|立刻|着急|很急/i,
  ],
  [
    /^(?:low(?:est)?|minor|p[345]|低|不急|低优先级)$/i,
    /\b(?:no (?:rush|hurry)|whenever|not urgent|low|minor|some ?time)\b|不急|不着急|有空|低/i,
  ],
  [/^(?:medium|normal|moderate|p2|中|普通|一般)$/i, /\b(?:medium|normal|moderate|average)\b|中等|普通|一般/i],
];
/** How much of an option's words a message must say. */
const LEAST_SHARE = 0.6;

/** The options that a message names, those it says most clearly first. */
export function findOptions(message: string, options: readonly string[]): readonly string[] {
  const text = normalizeText(message);
  const named = options
    .filter((option) => holds(text, normalizeText(option).trim()))
    .sort((left, right) => right.length - left.length)
    // What is part of a longer one that was named is not named itself.
    .filter((option, at, all) => !all.slice(0, at).some((longer) => holdsOnlyWithin(text, option, longer)));
  if (named.length > 0) return named;
  const isDenied = /\b(?:not|no)\b|不/i.test(text);
  const levels = options.filter((option) =>
    LEVELS.some(([name, said]) => name.test(option.trim()) && said.test(message)),
  );
  if (levels.length > 0) return isDenied ? levels.slice(-1) : levels;
  return byWords(message, options);
}

function holds(text: string, option: string): boolean {
  if (option === '') return false;
  const at = text.indexOf(option);
  if (at < 0) return false;
  if (/\p{Script=Han}/u.test(option)) return true;
  const name = option.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\p{L}\p{N}])${name}(?![\p{L}\p{N}])`, 'u').test(text);
}

function holdsOnlyWithin(text: string, option: string, longer: string): boolean {
  const [inner, outer] = [normalizeText(option).trim(), normalizeText(longer).trim()];
  return outer.includes(inner) && !holds(text.replaceAll(outer, ' '), inner);
}

function byWords(message: string, options: readonly string[]): readonly string[] {
  const said = [...topicWords(message).keys()];
  const rated = options.map((option) => {
    const words = [...topicWords(option.replaceAll(/[_-]+/g, ' '))];
    const total = words.reduce((sum, [, weight]) => sum + weight, 0);
    const met = words.reduce(
      (sum, [word, weight]) => sum + weight * Math.max(0, ...said.map((other) => wordMatch(other, word))),
      0,
    );
    return { option, share: total > 0 ? met / total : 0 };
  });
  rated.sort((left, right) => right.share - left.share);
  const [best, next] = rated;
  if (best === undefined || best.share < LEAST_SHARE || best.share === next?.share) return [];
  return [best.option];
}
