import { normalizeText } from '../text/normalize-text.ts';
import { isFiller } from './filler-words.ts';

/** Earlier messages that are looked back at. */
const MOST_EARLIER = 4;
/** How much a word of the question before counts beside one of the question itself. */
const INHERITED_WEIGHT = 0.7;
/** How much one question further back counts beside the one after it. */
const FURTHER_BACK = 0.8;

const ANAPHORA =
  /\b(?:it|its|he|him|his|she|hers?|that|this|these|those|they|them|theirs?|one|ones|same|there|then)\b|[它他她那这该]|同样/;
const CONTINUES =
  /^(?:and|or|but|so|then|what about|how about|also|else)\b|^(?:那么?|还有|如果是|换成)|呢[？?]?$/;

/** Reports whether a question cannot be understood without the one before. */
export function isFollowUp(question: string, contentCount: number): boolean {
  const normal = normalizeText(question).trim();
  if (contentCount === 0) return true;
  if (CONTINUES.test(normal)) return contentCount <= 6;
  return ANAPHORA.test(normal) && contentCount <= 4;
}

/** A question that lends its words to the one at hand. */
export interface EarlierQuestion {
  readonly text: string;
  /** How much each of its words counts, 0 to 1. */
  readonly weight: number;
}

/**
 * Finds the earlier questions that one cannot do without: the one before, and where that was a follow-up itself, those before it as far as
 * the one that began the topic. Each counts less than the one that came after it. Messages without a topic, as thanks, are passed over.
 *
 * @param history - Earlier messages, oldest first.
 * @param contentWords - Gives the words of a text that say something, stemmed.
 */
export function earlierQuestions(
  question: string,
  history: readonly string[],
  contentWords: (text: string) => readonly string[],
): readonly EarlierQuestion[] {
  const found: EarlierQuestion[] = [];
  let text = question;
  let words = contentWords(question);
  for (const earlier of history.slice(-MOST_EARLIER).reverse()) {
    if (!isFollowUp(text, words.length)) break;
    const said = contentWords(earlier);
    if (said.every(isFiller)) continue;
    found.push({ text: earlier, weight: INHERITED_WEIGHT * FURTHER_BACK ** found.length });
    text = earlier;
    words = said;
  }
  return found;
}
