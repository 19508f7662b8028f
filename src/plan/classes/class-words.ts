import { guessLanguage } from '../../text/guess-language.ts';
import { normalizeText } from '../../text/normalize-text.ts';
import { relatedTerms, wordsForPhrases } from '../../text/related-words.ts';
import { segmentWords } from '../../text/segment-words.ts';
import { stemWord } from '../../text/stem-word.ts';
import { stopWords } from '../../text/stop-words.ts';

/** Words by which classes are described, whatever they are about. */
const TALK: ReadonlySet<string> = new Set(
  'question questions query queries inquiry inquiries enquiry enquiries issue issues problem problems request requests related relate about regarding concerning user users customer customers message messages category class topic topics intent general help need want ask asks asking type kind various etc including include e.g eg 问题 相关 关于 有关 用户 客户 咨询 询问 类别 类型 分类 方面 需求 想要 需要 以及 属于 这个 这类 等等 题相 户咨 的问 等'
    .split(' ')
    .map(stemWord),
);
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** The words of a text that tell what it is about, stemmed, each with how much it counts, 0 to 1. */
export function topicWords(text: string): ReadonlyMap<string, number> {
  const stops = stopWords(guessLanguage(text));
  const words = new Map<string, number>();
  for (const word of [...segmentWords(text), ...segmentWords(wordsForPhrases(normalizeText(text)))]) {
    const stem = stemWord(word);
    if (stops.has(word) || TALK.has(stem) || TALK.has(word)) continue;
    // One character of a script without spaces is part of many words.
    const isSingle = Array.from(word).length === 1;
    if (isSingle && !UNSPACED.test(word)) continue;
    words.set(stem, isSingle ? 0.15 : 1);
  }
  return words;
}

/** How much two words are the same, 0 to 1: alike, related, or mistyped. */
export function wordMatch(left: string, right: string): number {
  if (left === right) return 1;
  if (relatedTerms(left).has(right)) return 0.7;
  if (left.length < 5 || right.length < 5 || UNSPACED.test(left)) return 0;
  return sharedPieces(left, right) >= 0.5 ? 0.6 : 0;
}

/** Share of the pieces of three letters that two words have in common. */
function sharedPieces(left: string, right: string): number {
  const [one, other] = [piecesOf(left), piecesOf(right)];
  const both = [...one].filter((piece) => other.has(piece)).length;
  return both / (one.size + other.size - both);
}

function piecesOf(word: string): ReadonlySet<string> {
  const marked = `<${word}>`;
  return new Set(Array.from({ length: marked.length - 2 }, (_, at) => marked.slice(at, at + 3)));
}
