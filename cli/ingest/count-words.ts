const HAN_OR_KANA = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;

/** Words of scripts without blanks per character, so that limits in words hold for Chinese, Japanese and Thai too. */
const WORDS_PER_CHARACTER = 0.6;

/** Counts the words of a text; Han, kana and Thai characters count 0.6 each. Never less than 1 for a text that says anything. */
export function countWords(text: string): number {
  const characters = text.match(HAN_OR_KANA)?.length ?? 0;
  const words = text.replace(HAN_OR_KANA, ' ').match(/[\p{L}\p{N}]+(?:['’.,-][\p{L}\p{N}]+)*/gu)?.length ?? 0;
  const count = Math.round(words + characters * WORDS_PER_CHARACTER);
  return count === 0 && text.trim() !== '' ? 1 : count;
}
