import { writeShare } from '../share.ts';
import type { WordingFate } from './judge-wording.ts';
import type { WordingScores } from './score-wording.ts';

const FATES: { readonly [Fate in WordingFate]: string } = {
  worded: 'worded',
  'as-extract': 'word for word the extract',
  ended: 'nothing written',
  declined: 'the generator says that the passages do not answer',
  unsupported: 'its first statement is not supported',
  repeated: 'it repeats itself',
  cut: 'cut by the limit of tokens',
  'too-slow': 'the first statement came too late',
  failed: 'the generator failed',
  'no-prose': 'lists, steps, tables, what answers as a whole, other languages: nothing to word',
  'not-from-pages': 'refused, handed over or a canned reply',
};

/** Says what became of an answer. */
export function describeFate(fate: WordingFate): string {
  return FATES[fate];
}

/** The figures as rows of name, of the extract, and of the worded answer; one value where there is one. */
export function wordingRows(
  scores: WordingScores,
): readonly (readonly [name: string, value: string, worded: string])[] {
  const figure = (value: number | null): string => value?.toFixed(3) ?? '–';
  const one = (name: string, value: string): readonly [string, string, string] => [name, value, ''];
  const { overlap, overlapOfWorded, facts, refusalsRight, refusalsFalse, firstTextMs } = scores;
  const times = ({ p50, p95 }: { readonly p50: number; readonly p95: number }): string =>
    `${p50.toFixed(0)} / ${p95.toFixed(0)} ms`;
  return [
    one('questions', String(scores.questions)),
    one('answered from the pages', String(scores.fromPages)),
    one('worded', writeShare(scores.worded)),
    one('fallen back to the extract', writeShare(scores.fallenBack)),
    ['F1', figure(overlap.extract), figure(overlap.worded)],
    ['F1 where it is worded', figure(overlapOfWorded.extract), figure(overlapOfWorded.worded)],
    ['answers with all facts', writeShare(facts.extract), writeShare(facts.worded)],
    ['unanswerable refused', writeShare(refusalsRight.extract), writeShare(refusalsRight.worded)],
    ['answerable refused', writeShare(refusalsFalse.extract), writeShare(refusalsFalse.worded)],
    ['first text p50 / p95', times(firstTextMs.extract), times(firstTextMs.worded)],
    one('length against the extract', figure(scores.lengthRatio)),
    one('statements with exact citations', writeShare(scores.citationsExact)),
    one('unsupported before the check', writeShare(scores.unsupportedBefore)),
    one('worse than the extract', writeShare(scores.worse)),
    one('tokens per second', String(scores.tokensPerSecond)),
  ];
}

/** How many answers met each fate, the commonest first. */
export function fateRows(scores: WordingScores): readonly (readonly [fate: string, count: string])[] {
  return Object.entries(FATES)
    .flatMap(([fate, text]) => {
      const count = Object.entries(scores.fates).find(([name]) => name === fate)?.[1] ?? 0;
      return count === 0 ? [] : [{ text, count }];
    })
    .sort((a, b) => b.count - a.count)
    .map(({ text, count }): [string, string] => [text, String(count)]);
}
