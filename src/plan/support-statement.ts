import type { Passage } from '../contracts/passage.ts';
import type { GroundingCheck } from '../contracts/retrieval.ts';
import { plainText } from '../text/plain-text.ts';
import type { Statement } from './statement-stream.ts';

/** A statement that its passage supports. */
export interface SupportedStatement {
  readonly text: string;
  /** The passages that support it; never empty. */
  readonly passages: readonly Passage[];
}

/** How a clause that only says when or if begins in English, and ends in Chinese. */
const SAYS_WHEN =
  /^(?:if|when|whenever|once|after|before|unless|until|while|although|because)\b|(?:之?[后前]|以[后前]|时候?|的话)$/iu;

/** Reports whether a claim is the clause of a sentence that says when or if the rest of it holds, without the rest: true, and it says nothing. */
function isBareCondition(claim: string, passage: Passage): boolean {
  const clause = claim.replace(/[\s.!。！]+$/u, '');
  if (!SAYS_WHEN.test(clause)) return false;
  const text = plainText(passage.text);
  const at = text.indexOf(clause);
  return at >= 0 && /^[,，]/u.test(text.slice(at + clause.length));
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
  const found = [...cited, ...passages].find(
    (passage) => grounding.check(claim, [passage]).isSupported && !isBareCondition(claim, passage),
  );
  return found === undefined ? null : { text: statement.text, passages: [found] };
}
