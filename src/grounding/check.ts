import type { Passage } from '../contracts/passage.ts';
import type { GroundingCheck, GroundingReason, GroundingVerdict } from '../contracts/retrieval.ts';
import { guessLanguage } from '../text/guess-language.ts';
import { normalizeText } from '../text/normalize-text.ts';
import { plainText } from '../text/plain-text.ts';
import { type Evidence, gatherEvidence, type Unit } from './evidence.ts';
import { findLinks, withoutLinks } from './links.ts';
import { findNames, nameKey } from './names.ts';
import { countNegations, splitClauses, withoutLeadingAnswer } from './negation.ts';
import { backsNumber, findNumbers, type FoundNumber, writeDigits } from './numbers.ts';
import { contentWords, findLimits, hasCondition, hasException, isUnspaced, shareIn } from './wording.ts';

/** Share of content words that must stand in the passages. */
const LEAST_WORDING = 0.8;
/** The same for scripts without spaces, where one strange word makes few of many pairs strange. */
const LEAST_UNSPACED_WORDING = 0.9;
/** Share of content words that must stand in one unit with its head. */
const LEAST_UNIT_WORDING = 0.6;
/** Share of wording from which on one sentence counts as the source of the whole claim. */
const ALONE_FROM = 0.9;
/** Units whose wording lies further below the best are no source of the claim. */
const SUPPORT_SPREAD = 0.15;
const MAX_SUPPORTS = 6;
/** Sentences that must hold a word to make it a topic of the passage. */
const TOPIC_COUNT = 2;
/** Longest statement that is looked at, in UTF-16 units; a longer one is no statement. */
const MAX_STATEMENT_LENGTH = 2000;
const CITATION_MARK = /\[\d{1,3}\]/g;

/** A statement taken apart. */
interface Claim {
  readonly text: string;
  readonly normalized: string;
  readonly language: string;
  readonly words: readonly string[];
  readonly numbers: readonly FoundNumber[];
  readonly names: readonly string[];
  readonly links: readonly string[];
}

/** A unit of a passage that may back a claim. */
interface Support {
  readonly unit: Unit;
  readonly evidence: Evidence;
  readonly wording: number;
}

function readClaim(statement: string, language: string, knownNames: ReadonlySet<string>): Claim {
  const marked = statement.slice(0, MAX_STATEMENT_LENGTH).replace(CITATION_MARK, '');
  const text = withoutLeadingAnswer(plainText(withoutLinks(marked)));
  const names = findNames(text, knownNames);
  const nameWords = new Set(contentWords(names.join(' '), language));
  return {
    text,
    normalized: normalizeText(text),
    language,
    words: [...new Set(contentWords(writeDigits(text), language))].filter((word) => !nameWords.has(word)),
    numbers: findNumbers(text),
    names,
    links: findLinks(marked),
  };
}

function missingNumber(claim: Claim, unit: Unit, head: Unit): FoundNumber | undefined {
  return claim.numbers.find(
    (number) => ![...unit.numbers, ...head.numbers].some((source) => backsNumber(source, number)),
  );
}

function missingName(claim: Claim, unit: Unit, head: Unit): string | undefined {
  return claim.names.find((name) => {
    const key = nameKey(name);
    if (unit.nameKeys.has(key) || unit.nameKeys.has(key.replace(/s$/, ''))) return false;
    if (!head.nameKeys.has(key) && !head.nameKeys.has(key.replace(/s$/, ''))) return true;
    // The page is about this name, but the sentence speaks of another one that the statement does not tell.
    const told = new Set(claim.names.map(nameKey));
    return unit.names.some((other) => !told.has(nameKey(other)) && !head.nameKeys.has(nameKey(other)));
  });
}

/** Finds a name, number or topic that the unit tells in another order, as when two names are exchanged. */
function displacedPiece(claim: Claim, { unit, evidence }: Support): string | undefined {
  const text = claim.normalized;
  const topics = claim.words.filter((word) => isUnspaced(word) && evidence.wordCounts.has(word));
  // With one name and one number at most there is nothing to exchange.
  if (topics.length === 0 && unit.names.length <= 1 && unit.numbers.length <= 1) return undefined;
  const pieces = new Set([
    ...claim.names.map(nameKey),
    ...claim.numbers.map((number) => number.piece),
    ...topics,
  ]);
  const marks = [...pieces]
    .map((piece) => ({ piece, at: text.indexOf(piece) }))
    .filter(({ piece, at }) => at >= 0 && unit.normalized.includes(piece));
  marks.sort((left, right) => left.at - right.at);
  let from = 0;
  for (const { piece } of marks) {
    const found = unit.normalized.indexOf(piece, from);
    if (found < 0) return piece;
    from = found;
  }
  return undefined;
}

/** Finds a topic of the passage that the claim brings in where its source is about another one; the subject first of all. */
function misplacedWord(claim: Claim, { unit, evidence }: Support): string | undefined {
  return claim.words.find((word, at) => {
    if (unit.words.has(word) || evidence.head.words.has(word)) return false;
    const isTopic = (evidence.wordCounts.get(word) ?? 0) >= (isUnspaced(word) ? 1 : TOPIC_COUNT);
    return isTopic || at === 0;
  });
}

/** The clause of a unit that shares most words with a clause of the claim. */
function nearestClause(
  words: readonly string[],
  unit: Unit,
  language: string,
): { clause: string; share: number } {
  let best = { clause: '', share: 0 };
  for (const clause of splitClauses(unit.text)) {
    const share = shareIn(words, new Set(contentWords(clause, language)));
    if (share > best.share) best = { clause, share };
  }
  return best;
}

/** Finds a clause of the claim that negates where its source does not, or the other way round. */
function turnedClause(claim: Claim, unit: Unit): string | undefined {
  // A unit may say more than the claim and negate there; a claim may not negate where the unit never does.
  if (countNegations(claim.text) > countNegations(unit.text)) return claim.text;
  return splitClauses(claim.text).find((clause) => {
    const words = contentWords(clause, claim.language);
    if (words.length === 0) return false;
    const nearest = nearestClause(words, unit, claim.language);
    if (nearest.share === 0) return false;
    return countNegations(clause) !== countNegations(nearest.clause);
  });
}

function turnedLimit(claim: Claim, unit: Unit, head: Unit): string | undefined {
  const missing = findLimits(claim.normalized).find(
    (limit) => !unit.normalized.includes(limit) && !head.normalized.includes(limit),
  );
  if (missing !== undefined) return missing;
  const dropsException =
    hasException(unit.normalized) && !hasException(claim.normalized) && !hasCondition(claim.normalized);
  return dropsException ? claim.text : undefined;
}

/** What a unit fails to back, the gravest first; empty when it backs the claim. */
function objections(claim: Claim, support: Support): GroundingReason[] {
  const { unit, evidence, wording } = support;
  const reasons: GroundingReason[] = [];
  const number = missingNumber(claim, unit, evidence.head);
  if (number !== undefined) reasons.push({ kind: 'number', piece: number.piece });
  const name = missingName(claim, unit, evidence.head);
  if (name !== undefined) reasons.push({ kind: 'name', piece: name });
  const displaced = displacedPiece(claim, support);
  if (displaced !== undefined) reasons.push({ kind: 'name', piece: displaced });
  const misplaced = misplacedWord(claim, support);
  if (misplaced !== undefined) reasons.push({ kind: 'name', piece: misplaced });
  const turned = turnedClause(claim, unit);
  if (turned !== undefined) reasons.push({ kind: 'negation', piece: turned.trim() });
  const limit = turnedLimit(claim, unit, evidence.head);
  if (limit !== undefined) reasons.push({ kind: 'wording', piece: limit });
  if (wording < LEAST_UNIT_WORDING) reasons.push({ kind: 'wording', piece: claim.text });
  return reasons;
}

function findSupports(claim: Claim, sources: readonly Evidence[]): Support[] {
  const supports = sources.flatMap((evidence) =>
    evidence.units.map((unit): Support => {
      const inUnit = shareIn(claim.words, unit.words);
      const withHead = claim.words.filter(
        (word) => unit.words.has(word) || evidence.head.words.has(word),
      ).length;
      const wording = claim.words.length === 0 ? 1 : (inUnit + withHead / claim.words.length) / 2;
      return { unit, evidence, wording };
    }),
  );
  supports.sort(
    (left, right) => right.wording - left.wording || Number(left.unit.isJoined) - Number(right.unit.isJoined),
  );
  const best = supports.find((support) => !support.unit.isJoined)?.wording ?? 0;
  // Where one sentence holds the claim by itself, its neighbor must not lend it another name or number.
  const alone = best >= ALONE_FROM ? supports.filter((support) => !support.unit.isJoined) : supports;
  return alone
    .filter((support) => support.wording >= (alone[0]?.wording ?? 0) - SUPPORT_SPREAD)
    .slice(0, MAX_SUPPORTS);
}

function isEmpty(claim: Claim): boolean {
  return claim.words.length === 0 && claim.numbers.length === 0 && claim.names.length === 0;
}

/** What no passage backs at all, whatever the place. */
function foreignPieces(claim: Claim, sources: readonly Evidence[]): GroundingReason[] {
  const reasons: GroundingReason[] = [];
  for (const link of claim.links) {
    if (!sources.some((evidence) => evidence.links.includes(link)))
      reasons.push({ kind: 'link', piece: link });
  }
  for (const number of claim.numbers) {
    const isBacked = sources.some((evidence) =>
      evidence.numbers.some((source) => backsNumber(source, number)),
    );
    if (!isBacked) reasons.push({ kind: 'number', piece: number.piece });
  }
  for (const name of claim.names) {
    const key = nameKey(name);
    if (
      !sources.some((evidence) => evidence.nameKeys.has(key) || evidence.nameKeys.has(key.replace(/s$/, '')))
    ) {
      reasons.push({ kind: 'name', piece: name });
    }
  }
  const foreign = claim.words.filter((word) => !sources.some((evidence) => evidence.words.has(word)));
  const tolerated = claim.words.some(isUnspaced) ? 1 - LEAST_UNSPACED_WORDING : 1 - LEAST_WORDING;
  if (foreign.length > claim.words.length * tolerated)
    reasons.push({ kind: 'wording', piece: foreign.join(' ') });
  return reasons;
}

/**
 * Makes a check that compares statements with the passages they cite by their surface: numbers with units, names, links,
 * negations, limits and wording must all stand in one place of a passage.
 *
 * It errs on the side of refusing: a refused statement is replaced by the passage's own words.
 */
export function createGroundingCheck(): GroundingCheck {
  const known = new WeakMap<Passage, Evidence>();
  const evidenceOf = (passage: Passage): Evidence => {
    const evidence = known.get(passage) ?? gatherEvidence(passage);
    known.set(passage, evidence);
    return evidence;
  };
  return {
    check(statement: string, passages: readonly Passage[]): GroundingVerdict {
      const language = passages[0]?.language ?? guessLanguage(statement);
      const sources = passages.map(evidenceOf);
      const claim = readClaim(
        statement,
        language,
        new Set(sources.flatMap((source) => [...source.knownNames])),
      );
      if (statement.length > MAX_STATEMENT_LENGTH || isEmpty(claim)) {
        return { isSupported: false, reasons: [{ kind: 'empty', piece: statement.slice(0, 80) }] };
      }
      const foreign = foreignPieces(claim, sources);
      if (foreign.length > 0) return { isSupported: false, reasons: foreign };
      let fewest: readonly GroundingReason[] | null = null;
      for (const support of findSupports(claim, sources)) {
        const reasons = objections(claim, support);
        if (reasons.length === 0) return { isSupported: true, reasons: [] };
        if (fewest === null || reasons.length < fewest.length) fewest = reasons;
      }
      return { isSupported: false, reasons: fewest ?? [{ kind: 'wording', piece: claim.text }] };
    },
  };
}
