import type { Passage } from '../contracts/passage.ts';
import type { GroundingCheck } from '../contracts/retrieval.ts';
import type { Statement } from './statement-stream.ts';

/** A statement that its passage supports. */
export interface SupportedStatement {
  readonly text: string;
  /** The passages that support it; never empty. */
  readonly passages: readonly Passage[];
}

/**
 * Finds the one passage that supports a statement, the cited ones first: small models word better than they cite.
 * Two passages together support nothing, or what each says of another product could be joined.
 */
export function supportStatement(
  statement: Statement,
  passages: readonly Passage[],
  grounding: GroundingCheck,
): SupportedStatement | null {
  // The number of a step is not part of what it says.
  const claim = statement.text.replace(/^(?:\d{1,2}[.)]|[-*])\s+/, '');
  const cited = statement.cites.flatMap((number) => passages[number - 1] ?? []);
  const found = [...cited, ...passages].find((passage) => grounding.check(claim, [passage]).isSupported);
  return found === undefined ? null : { text: statement.text, passages: [found] };
}
