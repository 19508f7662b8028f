import type { Passage } from '../../src/contracts/passage.ts';
import { plainWords } from './text-sketch.ts';

/** Two passages that give different numbers for one thing. */
export interface Contradiction {
  /** Ids of the passages, the earlier first. */
  readonly first: string;
  readonly second: string;
  /** The sentences that differ. */
  readonly firstText: string;
  readonly secondText: string;
  /** The numbers that differ, as `30 days`. */
  readonly firstValue: string;
  readonly secondValue: string;
  /** `sentence`: they say the same but for the number; `question`: they answer one question or stand under one heading. */
  readonly reason: 'sentence' | 'question';
}

/** A sentence with a number, and what it says without it. */
interface Statement {
  readonly passage: Passage;
  readonly order: number;
  readonly text: string;
  /** Words without numbers. */
  readonly words: ReadonlySet<string>;
  /** Numbers by what they count. */
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Share of words that two sentences must have in common to say the same. */
const LEAST_OVERLAP = 0.7;
/** Share for sentences below one question or heading. */
const LEAST_OVERLAP_OF_QUESTION = 0.2;
const LEAST_WORDS = 4;
/** A word in more sentences than this finds nobody. */
const MOST_SHARERS = 200;
const CURRENCY: { readonly [mark: string]: string } = {
  '£': 'gbp',
  '€': 'eur',
  $: 'usd',
  '¥': 'cny',
  '￥': 'cny',
  元: 'cny',
};
const VALUE =
  /([£€$¥￥])?\s?(?<![a-z\p{N}.])(\d{1,9}(?:[.,]\d{1,6})*|[一二三四五六七八九十百]{1,5}(?=[天日个小年月周分元%])|(?:one|two|three|four|five|six|seven|eight|nine|ten|fourteen|thirty|sixty|ninety)(?![\p{L}]))[\s-]?(%|[\p{Script=Han}]{1,2}|\p{L}{1,12})?/giu;
const WORD_NUMBERS: { readonly [word: string]: string } = {
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
  fourteen: '14',
  thirty: '30',
  sixty: '60',
  ninety: '90',
};

/**
 * Finds passages of one language that contradict each other in numbers: sentences that say the same but for a number, and passages
 * for one question, or under one title and heading, whose sentences count the same thing differently. Sentences that stand in tables
 * and lists count line by line. Sentences whose numbers count different things are never compared. In order of the passages.
 */
export function findContradictions(passages: readonly Passage[]): readonly Contradiction[] {
  const statements = passages.flatMap((passage, order) => statementsOf(passage, order));
  const found = new Map<string, Contradiction>();
  const keep = (a: Statement, b: Statement, reason: Contradiction['reason']): void => {
    const differing = difference(a, b);
    if (differing === null) return;
    const key = `${a.passage.id}\n${b.passage.id}`;
    if (found.has(key)) return;
    const [firstValue, secondValue] = differing;
    const [first, second] = [a.passage.id, b.passage.id];
    found.set(key, { first, second, firstText: a.text, secondText: b.text, firstValue, secondValue, reason });
  };
  for (const [a, b] of similarStatements(statements)) keep(a, b, 'sentence');
  for (const [a, b] of sameSubject(statements)) keep(a, b, 'question');
  return [...found.values()];
}

function statementsOf(passage: Passage, order: number): Statement[] {
  const sentences = passage.text.split(/\n+|(?<=[.!?])\s+|(?<=[。！？；])/u);
  return sentences.flatMap((sentence): Statement[] => {
    const text = sentence.replace(/^\s*(?:[-*•|]|\d{1,3}[.)]\s)+\s*/u, '').trim();
    const values = valuesOf(text);
    const words = new Set(
      plainWords(text).filter((word) => !/^\p{N}/u.test(word) && !(word in WORD_NUMBERS)),
    );
    return values.size === 0 || words.size < LEAST_WORDS ? [] : [{ passage, order, text, words, values }];
  });
}

/** Numbers by unit; a number that counts nothing that is named is left out, for two such need not be about one thing. */
function valuesOf(text: string): Map<string, Set<string>> {
  const values = new Map<string, Set<string>>();
  for (const [, mark, number = '', unit = ''] of text.matchAll(VALUE)) {
    const named = mark === undefined ? unit.toLowerCase().replace(/s$/, '') : '';
    const counted = (mark === undefined ? undefined : CURRENCY[mark]) ?? CURRENCY[named] ?? unitOf(named);
    if (counted === '') continue;
    const plain = (WORD_NUMBERS[number.toLowerCase()] ?? number).replace(/,(?=\d{3}\b)/g, '');
    values.set(counted, (values.get(counted) ?? new Set()).add(plain));
  }
  return values;
}

/** Chinese units are one character, with or without the counter before them. */
function unitOf(unit: string): string {
  if (!/^\p{Script=Han}/u.test(unit)) return unit;
  if (unit.startsWith('个')) return unit.slice(1);
  if (/^工作/u.test(unit)) return '日';
  return unit.charAt(0) === '天' ? '日' : unit.charAt(0);
}

/** The first unit that both sentences count, with no number in common. */
function difference(a: Statement, b: Statement): readonly [string, string] | null {
  for (const [unit, numbers] of a.values) {
    const others = b.values.get(unit);
    if (others === undefined || [...numbers].some((number) => others.has(number))) continue;
    const write = (set: ReadonlySet<string>): string => `${[...set].join(', ')} ${unit}`;
    return [write(numbers), write(others)];
  }
  return null;
}

function* similarStatements(statements: readonly Statement[]): Generator<readonly [Statement, Statement]> {
  const byWord = new Map<string, Statement[]>();
  for (const statement of statements) {
    const shared = new Map<Statement, number>();
    for (const word of statement.words) {
      const sharers = byWord.get(`${statement.passage.language} ${word}`) ?? [];
      if (sharers.length < MOST_SHARERS)
        for (const other of sharers) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
    for (const [other, both] of shared) {
      if (other.passage.id === statement.passage.id || both < LEAST_WORDS - 1) continue;
      if (overlap(other, statement) >= LEAST_OVERLAP) yield [other, statement];
    }
    for (const word of statement.words) {
      const key = `${statement.passage.language} ${word}`;
      const sharers = byWord.get(key) ?? [];
      if (sharers.length < MOST_SHARERS) sharers.push(statement);
      byWord.set(key, sharers);
    }
  }
}

function* sameSubject(statements: readonly Statement[]): Generator<readonly [Statement, Statement]> {
  const groups = new Map<string, Statement[]>();
  for (const statement of statements) {
    for (const subject of subjectsOf(statement.passage)) {
      const group = groups.get(subject) ?? [];
      if (group.length < MOST_SHARERS) group.push(statement);
      groups.set(subject, group);
    }
  }
  for (const group of groups.values()) {
    for (const [index, second] of group.entries()) {
      for (const first of group.slice(0, index)) {
        if (first.passage.documentId === second.passage.documentId) continue;
        if (overlap(first, second) >= LEAST_OVERLAP_OF_QUESTION) yield [first, second];
      }
    }
  }
}

function subjectsOf(passage: Passage): readonly string[] {
  const key = (text: string): string => `${passage.language} ${plainWords(text).join(' ')}`;
  return [...new Set([key([passage.title, ...passage.headings].join(' ')), ...passage.questions.map(key)])];
}

function overlap(a: Statement, b: Statement): number {
  let both = 0;
  for (const word of a.words) if (b.words.has(word)) both += 1;
  return both / (a.words.size + b.words.size - both);
}
