import type { SearchIndex } from './search-index.ts';

/** Looks a term up: a word, a letter or a pair of letters; -1 when no passage holds it. */
export function findTerm(index: SearchIndex, term: string): number {
  const word = index.numbers.get(term);
  if (word !== undefined) return word;
  const [left, right, more] = Array.from(term.slice(0, 6), (letter) => letter.codePointAt(0) ?? 0);
  if (left === undefined || more !== undefined) return -1;
  const first = index.letters.letter(left, false);
  if (first < 0) return -1;
  if (right === undefined) return held(index, letterTerm(index, first));
  const pair = index.letters.pair(first, index.letters.letter(right, false), false);
  return pair < 0 ? -1 : held(index, pairTerm(index, pair));
}

/** Number of the term that a letter is. */
export function letterTerm(index: SearchIndex, letter: number): number {
  return index.terms.length + letter;
}

/** Number of the term that a pair of letters is. */
export function pairTerm(index: SearchIndex, pair: number): number {
  return index.terms.length + index.letters.letterCount + pair;
}

/** Stop words have numbers too, but no postings. */
function held(index: SearchIndex, term: number): number {
  return passageFrequency(index, term) > 0 ? term : -1;
}

function lowerBound(terms: readonly string[], term: string): number {
  let low = 0;
  let high = terms.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((terms[middle] ?? '') < term) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Number of passages that hold a term. */
export function passageFrequency(index: SearchIndex, term: number): number {
  return term < 0 ? 0 : (index.postingStart[term + 1] ?? 0) - (index.postingStart[term] ?? 0);
}

/** Inverse passage frequency as in BM25 (Robertson and Zaragoza 2009), never negative. */
export function inverseFrequency(index: SearchIndex, term: number): number {
  const frequency = passageFrequency(index, term);
  return Math.log(1 + (index.passageCount - frequency + 0.5) / (frequency + 0.5));
}

/** Reports whether two words differ by at most `most` letters added, dropped, changed or swapped with a neighbor. */
export function isWithinEdits(left: string, right: string, most: number): boolean {
  if (Math.abs(left.length - right.length) > most) return false;
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1] ? 0 : 1;
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + same,
      );
      if (
        row > 1 &&
        column > 1 &&
        left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1]
      ) {
        cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      }
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return false;
    before = previous;
    previous = current;
  }
  return (previous[right.length] ?? 0) <= most;
}

/** Which letters a word has, a bit each. */
function letterBits(word: string): number {
  let bits = 0;
  for (let at = 0; at < word.length; at++) bits |= 1 << (word.charCodeAt(at) & 31);
  return bits;
}

function countBits(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}

const LATIN_WORD = /^[a-z]{4,30}$/;
const MAX_SIMILAR = 3;

/** Finds the terms that a mistyped Latin word may mean: same first letter, one edit, two from 8 letters on; most frequent first. */
export function similarTerms(index: SearchIndex, word: string): number[] {
  if (!LATIN_WORD.test(word)) return [];
  const most = word.length >= 8 ? 2 : 1;
  const first = word.slice(0, 1);
  const found: number[] = [];
  const letters = letterBits(word);
  for (let at = lowerBound(index.terms, first); index.terms[at]?.startsWith(first) === true; at++) {
    const term = index.terms[at] ?? '';
    if (term.length < 3 || Math.abs(term.length - word.length) > most) continue;
    // An edit takes one letter away and brings one at most; counting edits takes far longer.
    if (countBits(letters ^ letterBits(term)) > 2 * most) continue;
    if (LATIN_WORD.test(term) && isWithinEdits(word, term, most)) found.push(at);
  }
  found.sort((left, right) => passageFrequency(index, right) - passageFrequency(index, left));
  return found.slice(0, MAX_SIMILAR);
}
