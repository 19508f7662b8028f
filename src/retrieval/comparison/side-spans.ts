import type { Passage } from '../../contracts/passage.ts';
import type { ExtractSpan, Retriever, SearchOutcome } from '../../contracts/retrieval.ts';
import { splitSentences } from '../../text/split-sentences.ts';
import type { ComparisonView } from './comparison-view.ts';
import { NAMED_FROM, type Naming, startsWith } from './side-namer.ts';

/** What the pages say of one side alone. */
export interface SideSpans {
  readonly spans: readonly ExtractSpan[];
  /** How near their passage comes to the best one of the side's search, 0 to 1. */
  readonly share: number;
}

const MOST_SPANS = 2;

/** Chooses what the first passage that tells of a side says of it; no spans when none does. */
export function spansOfSide(
  view: ComparisonView,
  side: 0 | 1,
  { ranked }: SearchOutcome,
  extract: Retriever['extract'],
): SideSpans {
  const other = side === 0 ? 1 : 0;
  const best = Math.max(1e-9, ranked[0]?.score ?? 0);
  for (const one of ranked) {
    const { passage, score } = one;
    const naming = (text: string): Naming => view.nameOf(text, passage.language);
    const isHead = headSide(passage, naming) === side;
    const spans = extract(view.questions[side], [one]).filter(({ text }) => {
      const named = naming(text);
      const isOwn = isHead && (named[other] < NAMED_FROM || named[side] >= NAMED_FROM);
      return (isOwn || toldOf(text, side, naming).some(view.holdsKind)) && view.tells(text, passage) > 0;
    });
    if (spans.length > 0) return { spans: spans.slice(0, MOST_SPANS), share: Math.max(0, score / best) };
  }
  return { spans: [], share: 0 };
}

/** The side that a passage stands under: by its own questions and heading before those around it; null when both or neither. */
function headSide({ title, headings, questions }: Passage, naming: (text: string) => Naming): 0 | 1 | null {
  for (const head of [...questions, ...[...headings].reverse(), title]) {
    const [left, right] = naming(head);
    if (Math.max(left, right) < NAMED_FROM) continue;
    if (left === right) return null;
    return left > right ? 0 : 1;
  }
  return null;
}

/**
 * The runs of sentences, rows and items that begin with a side, each up to where one begins with the other: a number beside a name may be
 * that of another thing.
 */
function toldOf(text: string, side: 0 | 1, naming: (text: string) => Naming): readonly string[] {
  const runs: string[][] = [];
  let isOpen = false;
  for (const sentence of text.split('\n').flatMap((line) => splitSentences(line))) {
    const start = startsWith(sentence, naming);
    if (start === side) runs.push([sentence]);
    else if (start === null && isOpen) runs.at(-1)?.push(sentence);
    isOpen = start === side || (start === null && isOpen);
  }
  return runs.map((run) => run.join(' '));
}
