import type { TestQuestion } from '../question-set.ts';
import { containsFact } from '../contains-fact.ts';

/** Words of scripts with blanks; characters of Han, kana and Thai count one by one. */
const TOKEN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}])+/gu;

/** The tokens of an answer as it is read: without `[n]` and without addresses behind links. */
export function answerTokens(answer: string): readonly string[] {
  const read = answer
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\]\([^()\s]*\)/g, ']')
    .replace(/\[\d{1,2}\]/g, ' ');
  return read.match(TOKEN) ?? [];
}

/** F1 of the tokens that an answer and a reference have in common, as in the measures of SQuAD; 0 when either says nothing. */
export function tokenOverlap(answer: string, reference: string): number {
  const said = answerTokens(answer);
  const wanted = answerTokens(reference);
  const left = new Map<string, number>();
  for (const token of wanted) left.set(token, (left.get(token) ?? 0) + 1);
  let common = 0;
  for (const token of said) {
    const count = left.get(token) ?? 0;
    if (count === 0) continue;
    left.set(token, count - 1);
    common += 1;
  }
  return common === 0 ? 0 : (2 * common) / (said.length + wanted.length);
}

/** Overlap of an answer with what a row of a question set gives: its reference, else its facts; null when it gives neither. */
export function overlapWithReference(
  answer: string,
  { reference, facts }: Pick<TestQuestion, 'reference' | 'facts'>,
): number | null {
  if (reference !== '') return tokenOverlap(answer, reference);
  if (facts.length === 0) return null;
  // Of several ways to say a fact the one that the answer took counts.
  const ways = facts.map((fact) => {
    const [first = '', ...others] = fact.split('|');
    return [first, ...others].find((way) => containsFact(answer, way)) ?? first;
  });
  return tokenOverlap(answer, ways.join(' '));
}
