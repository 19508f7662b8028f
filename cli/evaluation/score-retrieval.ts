import type { IndexFigures, ReadAheadFigures, RetrievalVerdict } from './measure-retrieval.ts';
import type { RankFigures } from './rank-figures.ts';
import { areaUnderCurve } from './area-under-curve.ts';
import { rankFigures } from './rank-figures.ts';
import type { Share } from './share.ts';
import { percentile, roundTo, shareWhere, writeShare } from './share.ts';

/** The figures of a search; null of nothing. */
export interface RetrievalScores extends RankFigures {
  readonly questions: number;
  /** Answerable questions that the gate turns away. */
  readonly answerableRefused: Share;
  /** Unanswerable questions that the gate turns away. */
  readonly unanswerableRefused: Share;
  /** Answerable questions that the gate turns away when what answers them is left out. */
  readonly withheldRefused: Share;
  /** How often an answerable question has more of the gate's confidence than an unanswerable one. */
  readonly gateArea: number | null;
  /** How often a question has more of it than a question whose answer is left out. */
  readonly withheldArea: number | null;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Adds up what a search found. Ranks are counted over answerable questions whose right places are known. */
export function scoreRetrieval(verdicts: readonly RetrievalVerdict[]): RetrievalScores {
  const answerable = verdicts.filter(({ test }) => test.isAnswerable);
  const unanswerable = verdicts.filter(({ test }) => !test.isAnswerable);
  const withheld = verdicts.filter(({ isWithheldRefused }) => isWithheldRefused !== null);
  const confidences = answerable.map(({ confidence }) => confidence);
  const times = verdicts.map(({ milliseconds }) => milliseconds);
  return {
    questions: verdicts.length,
    ...rankFigures(answerable.filter(({ rightCount }) => rightCount > 0)),
    answerableRefused: shareWhere(answerable, ({ isRefused }) => isRefused),
    unanswerableRefused: shareWhere(unanswerable, ({ isRefused }) => isRefused),
    withheldRefused: shareWhere(withheld, ({ isWithheldRefused }) => isWithheldRefused === true),
    gateArea: roundedArea(
      confidences,
      unanswerable.map(({ confidence }) => confidence),
    ),
    withheldArea: roundedArea(
      withheld.map(({ confidence }) => confidence),
      withheld.flatMap(({ withheldConfidence }) => withheldConfidence ?? []),
    ),
    p50Ms: roundTo(percentile(times, 0.5), 2),
    p95Ms: roundTo(percentile(times, 0.95), 2),
  };
}

function roundedArea(right: readonly number[], wrong: readonly number[]): number | null {
  const area = areaUnderCurve(right, wrong);
  return area === null ? null : roundTo(area, 4);
}

/** The figures of a search as rows of name and value. */
export function retrievalRows(scores: RetrievalScores): readonly (readonly [name: string, value: string])[] {
  const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
  return [
    ['questions', String(scores.questions)],
    ['R@1', writeShare(scores.recallAt1)],
    ['R@5', writeShare(scores.recallAt5)],
    ['R@10', writeShare(scores.recallAt10)],
    ['MRR@10', figure(scores.meanReciprocalRank)],
    ['nDCG@10', figure(scores.discountedGain)],
    ['answerable refused', writeShare(scores.answerableRefused)],
    ['unanswerable refused', writeShare(scores.unanswerableRefused)],
    ['refused when the answer is left out', writeShare(scores.withheldRefused)],
    ['AUROC of the confidence', figure(scores.gateArea)],
    ['AUROC, answer left out', figure(scores.withheldArea)],
    ['query p50 / p95', `${scores.p50Ms.toFixed(2)} / ${scores.p95Ms.toFixed(2)} ms`],
  ];
}

/** The figures of an index, and of reading ahead where that was done, as rows of name and value. */
export function indexRows(
  index: IndexFigures,
  ahead: ReadAheadFigures | null,
): readonly (readonly [name: string, value: string])[] {
  const perText = (bytes: number): string =>
    index.textBytes === 0 ? '–' : (bytes / index.textBytes).toFixed(3);
  const { passages, textBytes, indexBytes, indexGzipBytes } = index;
  return [
    ['passages', `${passages}, ${(textBytes / 1e6).toFixed(2)} MB of text`],
    ['index', `${indexBytes} bytes, ${indexGzipBytes} with gzip`],
    ['index per MB of text', `${perText(indexBytes)} MB, ${perText(indexGzipBytes)} MB with gzip`],
    ['build / load', `${index.buildMs} / ${index.loadMs} ms`],
    ...(ahead === null
      ? []
      : [
          [
            'read ahead',
            `${ahead.passages} passages, ${ahead.bytes} bytes, ${ahead.milliseconds} ms`,
          ] as const,
        ]),
  ];
}
