import type { Passage } from '../contracts/passage.ts';
import { type MarkdownBlock, parseMarkdownBlocks } from '../text/markdown-blocks.ts';
import { normalizeText } from '../text/normalize-text.ts';
import { splitSentences } from '../text/split-sentences.ts';
import { findLinks, withoutLinks } from './links.ts';
import { findNames, nameKey, nameKeys } from './names.ts';
import { findNumbers, type FoundNumber, writeDigits } from './numbers.ts';
import { contentWords } from './wording.ts';

/** A stretch of a passage within which a fact must stand: a sentence, an item, a row, or two neighbors. */
export interface Unit {
  readonly text: string;
  readonly normalized: string;
  readonly words: ReadonlySet<string>;
  readonly numbers: readonly FoundNumber[];
  readonly nameKeys: ReadonlySet<string>;
  readonly names: readonly string[];
  /** True for two sentences or items taken together. */
  readonly isJoined: boolean;
}

/** A passage taken apart for checking. */
export interface Evidence {
  readonly units: readonly Unit[];
  readonly words: ReadonlySet<string>;
  readonly numbers: readonly FoundNumber[];
  readonly nameKeys: ReadonlySet<string>;
  /** Words, names and numbers of title and headings; they say what the units are about. */
  readonly head: Unit;
  readonly links: readonly string[];
  /** How many sentences, items or rows hold a word. */
  readonly wordCounts: ReadonlyMap<string, number>;
  /** Keys of words that are written with a capital inside sentences. */
  readonly knownNames: ReadonlySet<string>;
}

/** Most units of a passage that are looked at; longer passages are not built. */
const MAX_UNITS = 400;

function makeUnit(text: string, language: string, isJoined = false): Unit {
  const bare = withoutLinks(text);
  return {
    text,
    normalized: normalizeText(bare),
    words: new Set(contentWords(writeDigits(bare), language)),
    numbers: findNumbers(bare),
    nameKeys: nameKeys(bare),
    names: findNames(bare),
    isJoined,
  };
}

/** Texts of the units of a block; rows carry the header, so that "£6.95" stands with "Cost". */
function blockTexts(block: MarkdownBlock): string[] {
  if (block.kind === 'paragraph') return splitSentences(block.text);
  if (block.kind === 'list') return block.items.map((item) => item.text);
  if (block.kind === 'table') {
    const [corner, ...columns] = block.header;
    if (corner === '') {
      // A table that compares its columns: each cell is a fact of its own.
      return block.rows.flatMap((row) =>
        columns.map((column, at) => `${column}: ${row.cells[0] ?? ''}: ${row.cells[at + 1] ?? ''}`),
      );
    }
    return block.rows.map((row) =>
      row.cells.map((cell, at) => `${block.header[at] ?? ''}: ${cell}`).join(' | '),
    );
  }
  return [block.text];
}

interface UnitText {
  readonly text: string;
  readonly isJoined: boolean;
}

function unitTexts(passage: Passage): UnitText[] {
  const blocks = parseMarkdownBlocks(passage.text);
  const texts: UnitText[] = [];
  blocks.forEach((block, at) => {
    const own = blockTexts(block);
    const join = (...parts: string[]): void => void texts.push({ text: parts.join(' '), isJoined: true });
    for (const text of own) texts.push({ text, isJoined: false });
    // Neighbors complete each other, but not rows: two rows together would let their cells be exchanged.
    if (block.kind !== 'table') own.slice(1).forEach((text, next) => join(own[next] ?? '', text));
    const before = blocks[at - 1];
    const intro = before?.kind === 'paragraph' ? splitSentences(before.text).at(-1) : undefined;
    if (intro === undefined || block.kind === 'table') return;
    if (block.kind === 'list') for (const text of own.slice(0, 20)) join(intro, text);
    else join(intro, own[0] ?? '');
    if (block.kind === 'list' && own.length <= 12) join(intro, ...own);
  });
  return texts.slice(0, MAX_UNITS);
}

function countWords(units: readonly Unit[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { words, isJoined } of units) {
    if (!isJoined) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** Takes a passage apart. */
export function gatherEvidence(passage: Passage): Evidence {
  const { language } = passage;
  const units = unitTexts(passage).map(({ text, isJoined }) => makeUnit(text, language, isJoined));
  // A question and its answer are one fact.
  for (const question of passage.questions.slice(0, 20)) {
    for (const unit of units.slice(0, 3)) units.push(makeUnit(`${question} ${unit.text}`, language, true));
  }
  const head = makeUnit([passage.title, ...passage.headings].join('. '), language);
  return {
    units,
    words: new Set([...head.words, ...units.flatMap((unit) => [...unit.words])]),
    numbers: [...head.numbers, ...units.flatMap((unit) => unit.numbers)],
    nameKeys: new Set([...head.nameKeys, ...units.flatMap((unit) => [...unit.nameKeys])]),
    head,
    links: [...findLinks(passage.text), ...(passage.url === null ? [] : findLinks(`](${passage.url})`))],
    wordCounts: countWords(units),
    knownNames: new Set([...head.names, ...units.flatMap((unit) => unit.names)].map(nameKey)),
  };
}
