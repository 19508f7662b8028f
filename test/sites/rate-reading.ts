import { plainWords } from '../../cli/ingest/text-runs.ts';

/** How much of some pieces stands in what was read: words kept, and all words of the pieces. */
export interface Rate {
  readonly kept: number;
  readonly all: number;
}

/** Counts the words of the pieces that stand in a text, each piece as a whole: in order and without others between them. */
export function rateReading(pieces: readonly string[], text: string): Rate {
  const read = ` ${plainWords(text).join(' ')} `;
  let kept = 0;
  let all = 0;
  for (const piece of pieces) {
    const words = plainWords(piece);
    all += words.length;
    if (read.includes(` ${words.join(' ')} `)) kept += words.length;
  }
  return { kept, all };
}
