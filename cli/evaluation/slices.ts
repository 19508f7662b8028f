/** Labels a question can be grouped by. */
export interface SliceLabels {
  readonly language: string;
  readonly kind: string;
  readonly split: string;
}

/** Scores of the questions that share a label. */
export interface Slice<S> {
  /** As in `kind fact`. */
  readonly name: string;
  readonly scores: S;
}

const LABELS = ['language', 'split', 'kind'] as const;

/** Scores a set once for each of its languages, splits and kinds; a label that all questions share makes no slice. */
export function sliceBy<T, S>(
  verdicts: readonly T[],
  labelsOf: (verdict: T) => SliceLabels,
  score: (verdicts: readonly T[]) => S,
): readonly Slice<S>[] {
  return LABELS.flatMap((label) => {
    const values = [...new Set(verdicts.map((verdict) => labelsOf(verdict)[label]))].sort();
    if (values.length < 2) return [];
    return values
      .filter((value) => value !== '')
      .map((value) => ({
        name: `${label} ${value}`,
        scores: score(verdicts.filter((verdict) => labelsOf(verdict)[label] === value)),
      }));
  });
}
