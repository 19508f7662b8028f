import type { Passage } from '../contracts/passage.ts';
import type { GroundingCheck, GroundingReason, GroundingVerdict } from '../contracts/retrieval.ts';
import { guessLanguage } from '../text/guess-language.ts';
import { stopWords } from '../text/stop-words.ts';
import { alignClauses, type Aligned, bearingMarkers } from './clauses.ts';
import { bareText, type Evidence, gatherEvidence, makeUnit, splitStatements, type Unit } from './evidence.ts';
import { findLinks } from './links.ts';
import { changedMarker, type Marker } from './markers.ts';
import { findNames, nameKey } from './names.ts';
import { type FoundNumber, numberConflict } from './numbers.ts';
import { isReported } from './reported.ts';
import { contentWords, isLight, shareIn } from './wording.ts';

/** Share of wording from which on one sentence counts as the source of the whole claim. */
const ALONE_FROM = 0.9;
/** Units whose wording lies further below the best are no source of the claim. */
const SUPPORT_SPREAD = 0.25;
const MAX_SUPPORTS = 6;
/** Longest statement that is looked at, in UTF-16 units; a longer one is no statement. */
const MAX_STATEMENT_LENGTH = 2000;
const CITATION_MARK = /\[\d{1,3}\]/g;
/** What a sentence begins with that answers yes or no; what it affirms stands in the question. */
const LEADING_ANSWER =
  /^\s*(?:yes|no|sure|certainly|unfortunately|ja|nein|oui|non|sí|是的|不是|不能|不可以|可以|没有|有的)\s*[,.!，。！]\s*/iu;
/** What must stand in the same clause of the source. */
const DIRECTIONS: readonly Marker[] = ['before', 'after', 'until', 'less', 'more'];
/** A claim in the passive tells its names in another order. */
const PASSIVE = /\sby\s|被|由/u;
const MARKER_KINDS: { readonly [Name in Marker]?: GroundingReason['kind'] } = {
  unless: 'condition',
  even: 'condition',
  if: 'condition',
  only: 'condition',
  'no-need': 'scope',
  must: 'scope',
  all: 'scope',
  most: 'scope',
  some: 'scope',
  always: 'scope',
};

/** One sentence of a statement taken apart. */
interface Claim extends Unit {
  readonly text: string;
  readonly language: string;
}

/** A unit of a passage that may back a claim. */
interface Support {
  readonly unit: Unit;
  readonly evidence: Evidence;
  readonly wording: number;
}

function readClaim(text: string, language: string, knownNames: ReadonlySet<string>): Claim {
  return { ...makeUnit(text, language), names: findNames(text, knownNames), text, language };
}

/** The words of a claim that are no names; names are looked for by themselves. */
function wordsOf(claim: Claim): string[] {
  const names = new Set(contentWords(claim.names.join(' '), claim.language));
  return [...claim.words].filter((word) => !names.has(word));
}

function holdsName(keys: ReadonlySet<string>, name: string): boolean {
  const key = nameKey(name);
  return keys.has(key) || keys.has(key.replace(/s$/, ''));
}

/** The first number of a claim that none of some numbers backs, with how the nearest of them fails to. */
function conflictingNumber(claim: Claim, sources: readonly FoundNumber[]): GroundingReason | undefined {
  const stops = stopWords(claim.language);
  const isGrammar = (word: string): boolean => stops.has(word) || isLight(word);
  for (const number of claim.numbers) {
    const conflicts = sources.map((source) => numberConflict(source, number, isGrammar));
    if (conflicts.includes(null)) continue;
    const kind = conflicts.find((conflict) => conflict !== null && conflict !== 'number') ?? 'number';
    return { kind, piece: number.piece };
  }
  return undefined;
}

function missingName(claim: Claim, unit: Unit, head: Unit): string | undefined {
  const told = new Set(claim.names.map(nameKey));
  return claim.names.find((name) => {
    if (holdsName(unit.nameKeys, name)) return false;
    if (!holdsName(head.nameKeys, name)) return true;
    // The page is about this name, but the sentence speaks of another one that the statement does not tell.
    return unit.names.some((other) => other.length > 1 && !told.has(nameKey(other)));
  });
}

/** Finds a piece that the unit tells in another order than the claim, as when two names or two numbers of a kind are exchanged. */
function displacedPiece(claim: Claim, unit: Unit): string | undefined {
  const inOrder = (pieces: readonly string[]): string | undefined => {
    let from = 0;
    for (const piece of pieces) {
      if (!unit.normalized.includes(piece)) continue;
      const found = unit.normalized.indexOf(piece, from);
      if (found < 0) return piece;
      from = found;
    }
    return undefined;
  };
  const kinds = new Set(claim.numbers.map(({ unit: kind }) => kind));
  for (const kind of kinds) {
    const values = claim.numbers.filter((number) => number.unit === kind).map(({ value }) => value);
    const told = unit.numbers.filter((number) => number.unit === kind).map(({ value }) => value);
    let from = 0;
    for (const value of values) {
      const found = told.indexOf(value, from);
      if (found < 0) return value;
      from = found + 1;
    }
  }
  if (PASSIVE.test(claim.normalized) && !PASSIVE.test(unit.normalized)) return undefined;
  // A single letter is a unit more often than a name.
  return inOrder(claim.names.map(nameKey).filter((name) => name.length > 1));
}

/** Compares the clauses of a claim with those of its source: what was moved from one to another, what was turned. */
function turnedClause(claim: Claim, unit: Unit, aligned: readonly Aligned[]): GroundingReason | undefined {
  for (const { clause, source, moved, left, isTurned } of aligned) {
    // A word of another clause in the place of one of this: the claim tells of one thing what the source tells of another.
    const [first] = moved;
    if (first !== undefined && (left.length > 0 || (unit.isJoined && !unit.isLent)))
      return { kind: first.startsWith('#') ? 'number' : 'name', piece: first.replace('#', '') };
    if (isTurned) return { kind: 'negation', piece: clause.text.trim() };
    const direction = DIRECTIONS.find((each) => clause.markers.has(each) && !source.markers.has(each));
    if (direction !== undefined) return { kind: 'limit', piece: direction };
  }
  // Of two sentences a claim may take what adjoins, not the label of one item and the text of the next.
  const places = aligned.map(({ source }) => unit.clauses.indexOf(source));
  const apart = places.findIndex((place, at) => Math.abs(place - (places[at - 1] ?? place)) > 1);
  if (unit.isJoined && apart >= 0) return { kind: 'name', piece: aligned[apart]?.clause.text.trim() ?? '' };
  // A unit may say more than the claim and negate there; a claim may not negate where the unit never does, nor leave out nothing but
  // a negation.
  const isWhole = [...unit.words].every((word) => claim.words.has(word));
  const isMore = claim.marked.negations > unit.marked.negations;
  const isLess = isWhole && claim.marked.negations < unit.marked.negations;
  return isMore || isLess ? { kind: 'negation', piece: claim.text } : undefined;
}

/** What a unit fails to back, the gravest first; empty when it backs the claim. */
function objections(claim: Claim, { unit, evidence: { head } }: Support): GroundingReason[] {
  const reasons: GroundingReason[] = [];
  if (isReported(claim.bare, unit)) reasons.push({ kind: 'condition', piece: claim.text });
  const number = conflictingNumber(claim, [...unit.numbers, ...head.numbers]);
  if (number !== undefined) reasons.push(number);
  const name = missingName(claim, unit, head) ?? displacedPiece(claim, unit);
  if (name !== undefined) reasons.push({ kind: 'name', piece: name });
  const aligned = alignClauses(claim.clauses, unit.clauses);
  const turned = turnedClause(claim, unit, aligned);
  if (turned !== undefined) reasons.push(turned);
  const marker = changedMarker(
    claim.marked,
    unit.marked,
    bearingMarkers(aligned, unit.clauses),
    head.marked.markers,
  );
  if (marker !== undefined) reasons.push({ kind: MARKER_KINDS[marker] ?? 'limit', piece: marker });
  const foreign = wordsOf(claim).filter((word) => !unit.words.has(word) && !head.words.has(word));
  if (foreign.length > 0) reasons.push({ kind: 'wording', piece: foreign.join(' ') });
  return reasons;
}

function findSupports(claim: Claim, sources: readonly Evidence[]): Support[] {
  const words = wordsOf(claim);
  const supports = sources.flatMap((evidence) =>
    evidence.units.map((unit): Support => {
      const inUnit = shareIn(words, unit.words);
      const withHead = words.filter((word) => unit.words.has(word) || evidence.head.words.has(word)).length;
      const wording = words.length === 0 ? 1 : (inUnit + withHead / words.length) / 2;
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
  return claim.words.size === 0 && claim.numbers.length === 0 && claim.names.length === 0;
}

/** What no passage backs at all, whatever the place. */
function foreignPieces(claim: Claim, sources: readonly Evidence[]): GroundingReason[] {
  const reasons: GroundingReason[] = [];
  const number = conflictingNumber(
    claim,
    sources.flatMap((evidence) => evidence.numbers),
  );
  if (number !== undefined) reasons.push(number);
  for (const name of claim.names)
    if (!sources.some(({ nameKeys }) => holdsName(nameKeys, name)))
      reasons.push({ kind: 'name', piece: name });
  return reasons;
}

function objectionsTo(claim: Claim, sources: readonly Evidence[]): readonly GroundingReason[] {
  if (sources.some((evidence) => evidence.sentences.has(claim.bare))) return [];
  const foreign = foreignPieces(claim, sources);
  if (foreign.length > 0) return foreign;
  let fewest: readonly GroundingReason[] = [{ kind: 'wording', piece: claim.text }];
  for (const [at, support] of findSupports(claim, sources).entries()) {
    const reasons = objections(claim, support);
    if (reasons.length === 0) return reasons;
    if (at === 0 || reasons.length < fewest.length) fewest = reasons;
  }
  return fewest;
}

/**
 * Makes a check that compares statements with the passages they cite by their surface: numbers with units and limits, names,
 * links, negations, conditions and wording of each sentence must all stand in one place of a passage.
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
      const names = new Set(sources.flatMap((source) => [...source.knownNames]));
      const marked = statement.slice(0, MAX_STATEMENT_LENGTH).replace(CITATION_MARK, '');
      const text = marked.replace(LEADING_ANSWER, '');
      const links: GroundingReason[] = findLinks(marked)
        .filter((link) => !sources.some((evidence) => evidence.links.includes(link)))
        .map((link) => ({ kind: 'link', piece: link }));
      // A sentence that is quoted whole needs no taking apart, nor may a semicolon in it matter.
      const isQuoted = sources.some(({ sentences }) => sentences.has(bareText(text)));
      const claims = isQuoted ? [] : splitStatements(text).map((part) => readClaim(part, language, names));
      const told = claims.filter((claim) => !isEmpty(claim));
      if (statement.length > MAX_STATEMENT_LENGTH || (!isQuoted && told.length === 0 && links.length === 0)) {
        return { isSupported: false, reasons: [{ kind: 'empty', piece: statement.slice(0, 80) }] };
      }
      const reasons = [...links, ...told.flatMap((claim) => objectionsTo(claim, sources))];
      return { isSupported: reasons.length === 0, reasons };
    },
  };
}
