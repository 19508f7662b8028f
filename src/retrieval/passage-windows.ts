import type { Passage } from '../contracts/passage.ts';
import { plainText } from '../text/plain-text.ts';
import { splitSentences } from '../text/split-sentences.ts';

/** Aimed at for one window, its head aside: what an encoder of short texts was trained on. */
const WINDOW_UNITS = 45;
/** Windows of one passage; a passage has at most some 260 words. */
const MAX_WINDOWS = 8;
const MAX_HEAD_LENGTH = 200;
const HAN = /\p{Script=Han}/gu;

/** Words of spaced scripts and half of the characters of others. */
function countUnits(text: string): number {
  const unspaced = (text.match(HAN) ?? []).length;
  return unspaced / 2 + text.replace(HAN, ' ').split(/\s+/).filter(Boolean).length;
}

/**
 * Gives the texts whose vectors stand for a passage: the expected questions, the owner's, then a few sentences or items each, under the title
 * and headings, then the near misses.
 */
export function passageWindows(passage: Passage): string[] {
  const head = [passage.title, ...passage.headings].join(' > ').slice(0, MAX_HEAD_LENGTH);
  const pieces = splitSentences(plainText(passage.text)).flatMap((sentence) => sentence.split('\n'));
  const windows: string[] = [];
  let open = '';
  let units = 0;
  for (const piece of pieces) {
    const size = countUnits(piece);
    if (units > 0 && units + size > WINDOW_UNITS) {
      windows.push(open);
      open = '';
      units = 0;
    }
    open = open === '' ? piece : `${open} ${piece}`;
    units += size;
  }
  if (open !== '') windows.push(open);
  const bodies = windows.length === 0 ? [''] : windows.slice(0, MAX_WINDOWS);
  return [
    ...(passage.expected ?? []),
    ...passage.questions,
    ...bodies.map((body) => (body === '' ? head : `${head} > ${body}`)),
    ...(passage.nearMisses ?? []),
  ];
}
