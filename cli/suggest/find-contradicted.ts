import type { Passage } from '../../src/contracts/passage.ts';
import type { Contradiction } from '../ingest/find-contradictions.ts';
import { findContradictions } from '../ingest/find-contradictions.ts';

/** Where one of two contradicting sentences stands, and what it says. */
export interface ContradictedPlace {
  readonly documentId: string;
  /** Title and headings, outermost first. */
  readonly heads: readonly string[];
  readonly text: string;
  /** The value that differs, as written; '' where one denies what the other says. */
  readonly value: string;
}

/** Two places of the pages that cannot both be right. */
export interface Contradicted {
  readonly reason: Contradiction['reason'];
  readonly places: readonly [ContradictedPlace, ContradictedPlace];
}

/** Finds places that contradict each other, each pair of sentences once, however many passages repeat them. */
export function findContradicted(passages: readonly Passage[]): readonly Contradicted[] {
  const byId = new Map(passages.map((passage) => [passage.id, passage]));
  const seen = new Set<string>();
  return findContradictions(passages).flatMap((found): Contradicted[] => {
    const { reason } = found;
    const [first, second] = [byId.get(found.first), byId.get(found.second)];
    const sentences = [found.firstText, found.secondText].sort().join('\n');
    if (first === undefined || second === undefined || seen.has(sentences)) return [];
    seen.add(sentences);
    return [
      {
        reason,
        places: [
          placeOf(first, found.firstText, found.firstValue),
          placeOf(second, found.secondText, found.secondValue),
        ],
      },
    ];
  });
}

/** Tells a place in one line: the page, the headings, the sentence. */
export function describePlace({ documentId, heads, text }: ContradictedPlace): string {
  return `${documentId}, ${heads.join(' › ')}: “${text}”`;
}

/** Tells in a few words what two places say differently. */
export function describeDifference({ reason, places: [first, second] }: Contradicted): string {
  return reason === 'negation' ? 'one denies what the other says' : `${first.value} or ${second.value}`;
}

function placeOf({ documentId, title, headings }: Passage, text: string, value: string): ContradictedPlace {
  return { documentId, heads: [title, ...headings], text, value };
}
