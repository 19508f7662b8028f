import { normalizeText } from '../../text/normalize-text.ts';
import { CHINESE_COMPARISONS } from './chinese-comparisons.ts';
import type { ComparisonRule } from './comparison-rule.ts';
import { ENGLISH_COMPARISONS } from './english-comparisons.ts';
import { EUROPEAN_COMPARISONS } from './european-comparisons.ts';
import { behindPreposition, sideName } from './side-name.ts';

/** Two things that a question compares. */
export interface ComparedThings {
  /** Pieces of the question, in its order; neither is empty, and they are not the same. */
  readonly names: readonly [string, string];
  /** What else the question says: on what the two are compared; '' when it says nothing. */
  readonly about: string;
  /** False when the words may ask for something else, as "card or transfer?". */
  readonly isCertain: boolean;
}

/** Longer messages tell a story. */
const MAX_LENGTH = 240;
const MAX_SENTENCES = 4;
const HAN = /\p{Script=Han}/u;
const SPACED_RULES: readonly ComparisonRule[] = [...ENGLISH_COMPARISONS, ...EUROPEAN_COMPARISONS];
const COURTESY =
  /^(?:(?:hi|hello|hey|please|so|and|but|ok(?:ay)?|well|now|sorry|can you (?:please )?(?:tell me|explain)|could you (?:please )?(?:tell me|explain)|i(?:'d| would) like to know|i want to know|do you know|tell me|explain|just wondering|请问|您?你?好|那么?|想问一?下|我想(?:知道|问一?下?))[\s,:，：!！]*(?![\p{L}\p{N}]))*(?:(?:hi|hello|hey|please|so|and|but|ok(?:ay)?|well|can you (?:please )?(?:tell me|explain)|could you (?:please )?(?:tell me|explain)|i(?:'d| would) like to know|i want to know|do you know|tell me|explain)\s+(?=\S))*/iu;
/** Follows a comparison and names nothing: "and which one is cheaper?"; "what is …" names what it asks for. */
const GOES_ON =
  /^(?:(?:and|but|so|ok|then)[\s,]+)*(?:which(?: (?:one|of (?:them|these|those|the two|both)))?|what of (?:them|these|those|the two|both)) (?:is|are|has|have|lasts?|costs?|takes?|holds?|weighs?|comes?|arrives?|needs?|would|will|should)\b|^(?:那么?|然后)?(?:这?两个|两者|它们)?(?:哪一?[个种款]|谁)/iu;
const MOST_WORDS = 8;
const MOST_BARE_WORDS = 3;

/** Tells which two things a question compares; null when it compares none. */
export function parseComparison(question: string): ComparedThings | null {
  if (question.length > MAX_LENGTH) return null;
  const whole = question.trim();
  const sentences = whole.split(/(?<=[.?!。！？\n])\s*/u).slice(0, MAX_SENTENCES);
  for (const sentence of sentences.length === 1 ? [whole] : [whole, ...sentences]) {
    const found = parseSentence(sentence);
    if (found !== null) return found;
  }
  return null;
}

/** The same for a question that goes on with the one before: "which one is cheaper?" compares what that compared. */
export function parseInHistory(question: string, history: readonly string[]): ComparedThings | null {
  const own = parseComparison(question);
  if (own !== null) return own;
  const text = question.trim();
  const isShort = text.length <= MAX_LENGTH / 3 && text.split(/\s+/).length <= MOST_WORDS;
  const previous = history.at(-1);
  if (!isShort || previous === undefined || !GOES_ON.test(text)) return null;
  const before = parseComparison(previous);
  // The words may as well ask for something of their own.
  return before === null ? null : { names: before.names, about: text, isCertain: false };
}

function parseSentence(sentence: string): ComparedThings | null {
  const text = sentence
    .replace(/[\s.?!。！？…]+$/u, '')
    .replace(/^[\s¿¡]+/u, '')
    .replace(COURTESY, '')
    .replace(/^[\s,，:：]+/u, '');
  const rules = HAN.test(text) ? CHINESE_COMPARISONS : SPACED_RULES;
  for (const { pattern, isCertain } of rules) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    const found = readSides(groups);
    if (found !== null && (isCertain || isBare(found))) return { ...found, isCertain };
  }
  return null;
}

function readSides(groups: {
  readonly [name: string]: string | undefined;
}): Omit<ComparedThings, 'isCertain'> | null {
  const { left = '', right = '', joint, tail } = groups;
  // "cartridges for the jug and cartridges for the tap": what both sides have belongs to them.
  const isBoth = joint !== undefined && new RegExp(`\\s${joint}\\s`, 'iu').test(` ${left} `);
  const isBehind = /^(?:for|of|in|with|to)\s/iu.test(right.trim());
  const one = (isBehind ? behindPreposition(left) : null) ?? sideName(left);
  const other = isBoth ? sideName(tail ?? '') : sideName(right);
  if (one === null || other === null || sameName(one.name, other.name)) return null;
  const { before, about, rest } = groups;
  const told = [before, one.about, about, isBoth ? right : other.about, isBoth ? '' : tail, rest];
  return {
    names: [one.name, other.name],
    about: told
      .map((piece) => piece?.trim() ?? '')
      .filter((piece) => piece !== '')
      .join(' '),
  };
}

/** Reports whether nothing but two short names was asked: "or" joins much else. */
function isBare({ names, about }: Omit<ComparedThings, 'isCertain'>): boolean {
  const most = HAN.test(names.join('')) ? 1 : MOST_BARE_WORDS;
  return names.every((name) => name.split(/\s+/u).length <= most) && (about === '' || HAN.test(about));
}

function sameName(left: string, right: string): boolean {
  return normalizeText(left) === normalizeText(right);
}
