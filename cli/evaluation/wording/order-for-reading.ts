import type { WordingVerdict } from './judge-wording.ts';

/** Orders verdicts so that those come first where wording is worse than the extract, most losses first, then what was worded at all. */
export function orderForReading(verdicts: readonly WordingVerdict[]): readonly WordingVerdict[] {
  return [...verdicts].sort(
    (a, b) => b.losses.length - a.losses.length || lossOf(b) - lossOf(a) || rankOf(a) - rankOf(b),
  );
}

/** How much F1 the wording cost; negative where it gained. */
function lossOf({ extract, worded, losses }: WordingVerdict): number {
  return losses.length === 0 ? 0 : (extract.overlap ?? 0) - (worded.overlap ?? 0);
}

function rankOf({ fate, written }: WordingVerdict): number {
  if (fate === 'worded') return 0;
  return written.length > 0 ? 1 : 2;
}
