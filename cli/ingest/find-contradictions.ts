import type { Passage } from '../../src/contracts/passage.ts';
import { analyzeText, isUnspaced } from '../../src/retrieval/analyze.ts';
import { excludeEachOther } from './measured-values.ts';
import { type Statement, statementsOf } from './statements.ts';
import { plainWords } from './text-runs.ts';

/** Two passages that say different things of one. */
export interface Contradiction {
  /** Ids of the passages, the earlier first. */
  readonly first: string;
  readonly second: string;
  /** The sentences that differ. */
  readonly firstText: string;
  readonly secondText: string;
  /** The values that differ, as written; '' where one denies what the other says. */
  readonly firstValue: string;
  readonly secondValue: string;
  /**
   * `sentence`: they say the same but for the value; `question`: they answer one question or stand under one heading; `negation`: one
   * denies what the other says.
   */
  readonly reason: 'sentence' | 'question' | 'negation';
}

/** Fewest terms that two statements share; of scripts without spaces, which have a term for every pair of letters. */
const LEAST_SHARED = 3;
const LEAST_SHARED_UNSPACED = 6;
const LEAST_OF_CELL = 2;
/** Terms that both may have alone in a script without spaces: the edges of what was said in other words. */
const EDGES = 2;
/** Share of the shared terms that the longer one may have beyond. */
const MOST_BEYOND = 0.5;
/** Share of the terms of two answers to one question. */
const LEAST_OVERLAP_OF_QUESTION = 0.25;
/** A term in more statements than this finds nobody. */
const MOST_SHARERS = 300;
/** Other values that one sentence may meet. */
const MOST_VALUES = 2;
/** Share of a title or heading that two of them have in common when they are made alike for two things. */
const ALIKE = 0.5;

/**
 * Finds passages of one language that contradict each other: statements that say the same but for a measure or a "not", and statements for
 * one question, or under one title and heading, that measure the same thing differently. Statements of two products, versions or cases
 * – by tags, by titles and headings made alike, by codes and conditions – are never compared. In order of the passages.
 */
export function findContradictions(passages: readonly Passage[]): readonly Contradiction[] {
  const statements = passages.flatMap((passage, order) => statementsOf(passage, order));
  const same = [...sameStatements(statements)].flatMap(([one, other]): Differing[] => {
    const how = difference(one, other) ?? denial(one, other);
    return how === null ? [] : [{ one, other, ...how }];
  });
  const asked = [...sameSubject(statements)].flatMap(([one, other]): Differing[] => {
    const how = difference(one, other);
    return how === null ? [] : [{ one, other, ...how, reason: 'question' }];
  });
  const found = new Map<string, Contradiction>();
  for (const { one, other, values, reason } of [...withoutForms(same), ...asked]) {
    const isInOrder = one.order <= other.order;
    const [a, b] = isInOrder ? [one, other] : [other, one];
    const [firstValue, secondValue] = isInOrder ? values : [values[1], values[0]];
    const [first, second] = [a.passage.id, b.passage.id];
    const key = `${first}\n${second}`;
    if (found.has(key)) continue;
    found.set(key, { first, second, firstText: a.text, secondText: b.text, firstValue, secondValue, reason });
  }
  return [...found.values()];
}

/** Two statements that cannot both be right. */
interface Differing {
  readonly one: Statement;
  readonly other: Statement;
  readonly values: readonly [string, string];
  readonly reason: Contradiction['reason'];
}

/** Leaves out sentences that stand with many values: a form ("Enter at most … characters") that what is around it tells apart. */
function withoutForms(pairs: readonly Differing[]): readonly Differing[] {
  const values = new Map<string, Set<string>>();
  const note = ({ text }: Statement, value: string): void => {
    values.set(text, (values.get(text) ?? new Set()).add(value));
  };
  for (const { one, other, values: its } of pairs) {
    note(one, its[1]);
    note(other, its[0]);
  }
  const isForm = ({ text }: Statement): boolean => (values.get(text)?.size ?? 0) > MOST_VALUES;
  return pairs.filter(({ one, other }) => !isForm(one) && !isForm(other));
}

/** The first unit that both measure, with no measure of the one that goes with one of the other. */
function difference(one: Statement, other: Statement): Pick<Differing, 'values' | 'reason'> | null {
  if (one.isNegated !== other.isNegated) return null;
  for (const { unit } of one.measures) {
    const [left, right] = [one, other].map(({ measures }) =>
      measures.filter((measure) => measure.unit === unit),
    );
    if (left === undefined || right === undefined || right.length === 0) continue;
    if (!excludeEachOther(left, right)) continue;
    const write = (measures: Statement['measures']): string => measures.map(({ text }) => text).join(', ');
    return { values: [write(left), write(right)], reason: 'sentence' };
  }
  return null;
}

/** Whether one statement denies the other, in the same words. */
function denial(one: Statement, other: Statement): Pick<Differing, 'values' | 'reason'> | null {
  if (one.isNegated === other.isNegated || one.isCell || other.isCell || one.conditions !== '') return null;
  const isSame =
    one.length === other.length &&
    one.terms.size === other.terms.size &&
    sharedCount(one, other) === one.terms.size;
  return isSame && one.terms.size > LEAST_SHARED ? { values: ['', ''], reason: 'negation' } : null;
}

/** Pairs of which one says what the other says, and perhaps more. */
function* sameStatements(statements: readonly Statement[]): Generator<readonly [Statement, Statement]> {
  const holders = new Map<string, number[]>();
  statements.forEach(({ passage, terms }, at) => {
    for (const term of terms) {
      const key = `${passage.language} ${term}`;
      const known = holders.get(key);
      if (known === undefined) holders.set(key, [at]);
      else known.push(at);
    }
  });
  const pairs = new Set<number>();
  for (const [at, one] of statements.entries()) {
    // What says all that this says has its rarest terms too.
    const rarest = [...one.terms]
      .map((term) => holders.get(`${one.passage.language} ${term}`) ?? [])
      .sort((left, right) => left.length - right.length)
      .slice(0, isUnspaced([...one.terms][0] ?? '') ? EDGES + 1 : 1);
    for (const other of new Set(rarest.filter(({ length }) => length <= MOST_SHARERS).flat())) {
      const pair = Math.min(at, other) * statements.length + Math.max(at, other);
      const its = statements[other];
      if (other === at || its === undefined || pairs.has(pair)) continue;
      pairs.add(pair);
      if (saysTheSame(one, its) && isOfOneThing(one, its)) yield [one, its];
    }
  }
}

function saysTheSame(one: Statement, other: Statement): boolean {
  if (one.passage.id === other.passage.id || one.isCell !== other.isCell) return false;
  if (one.codes !== other.codes || one.conditions !== other.conditions) return false;
  const shared = sharedCount(one, other);
  const beyond = [one.terms.size - shared, other.terms.size - shared];
  const isHan = [...one.terms].some(isUnspaced);
  const least = one.isCell ? LEAST_OF_CELL : isHan ? LEAST_SHARED_UNSPACED : LEAST_SHARED;
  if (shared < least || Math.min(...beyond) > (isHan && !one.isCell ? EDGES : 0)) return false;
  return Math.max(...beyond) <= (one.isCell ? 0 : shared * MOST_BEYOND);
}

/** Reports whether two statements may be of one product and case, by where they stand. */
function isOfOneThing({ passage: one, isCell }: Statement, { passage: other }: Statement): boolean {
  if (one.tags.length > 0 && other.tags.length > 0 && !one.tags.some((tag) => other.tags.includes(tag)))
    return false;
  const [head, otherHead] = [one.headings.join(' '), other.headings.join(' ')];
  // Sections of one page tell of its cases, one after the other.
  if (one.documentId === other.documentId) return head === '' || otherHead === '' || head === otherHead;
  const [last, otherLast] = [one.headings.at(-1) ?? '', other.headings.at(-1) ?? ''];
  const { language } = one;
  if (madeAlike(one.title, other.title) || madeAlike(last, otherLast)) return false;
  // A row says of what it is only under its heading.
  return (
    !isCell ||
    overlap(termsOf(`${one.title} ${head}`, language), termsOf(`${other.title} ${otherHead}`, language)) > 0
  );
}

/** Reports whether two heads say the same of two things: "Return the Jug", "Return the Tap". */
function madeAlike(one: string, other: string): boolean {
  const [words, others] = [plainWords(one), plainWords(other)];
  const shared = sharedEdges(words, others);
  const most = Math.max(words.length, others.length);
  return shared < words.length && shared < others.length && shared >= ALIKE * most;
}

/** Words that two lists have in common at their beginning and at their end. */
function sharedEdges(one: readonly string[], other: readonly string[]): number {
  const most = Math.min(one.length, other.length);
  let start = 0;
  while (start < most && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < most - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  return start + end;
}

function termsOf(text: string, language: string): ReadonlySet<string> {
  return new Set(analyzeText(text, language));
}

function* sameSubject(statements: readonly Statement[]): Generator<readonly [Statement, Statement]> {
  const groups = new Map<string, Statement[]>();
  for (const statement of statements) {
    if (statement.measures.length === 0) continue;
    for (const subject of subjectsOf(statement.passage)) {
      const group = groups.get(subject) ?? [];
      if (group.length < MOST_SHARERS) group.push(statement);
      groups.set(subject, group);
    }
  }
  for (const group of groups.values()) {
    for (const [index, second] of group.entries()) {
      for (const first of group.slice(0, index)) {
        if (first.passage.documentId === second.passage.documentId || first.isCell !== second.isCell)
          continue;
        if (first.codes !== second.codes || first.conditions !== second.conditions) continue;
        // Before titles are analyzed, which takes longer.
        if (overlap(first.terms, second.terms) < (first.isCell ? 1 : LEAST_OVERLAP_OF_QUESTION)) continue;
        if (isOfOneThing(first, second)) yield [first, second];
      }
    }
  }
}

function subjectsOf(passage: Passage): readonly string[] {
  const key = (text: string): string => `${passage.language} ${plainWords(text).join(' ')}`;
  return [...new Set([key([passage.title, ...passage.headings].join(' ')), ...passage.questions.map(key)])];
}

function sharedCount(one: Statement, other: Statement): number {
  let both = 0;
  for (const term of one.terms) if (other.terms.has(term)) both += 1;
  return both;
}

function overlap(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const both = [...left].filter((term) => right.has(term)).length;
  return both / Math.max(1, left.size + right.size - both);
}
