import type { Passage } from '../contracts/passage.ts';
import { type MarkdownBlock, parseMarkdownBlocks } from '../text/markdown-blocks.ts';
import { normalizeText } from '../text/normalize-text.ts';
import { splitSentences } from '../text/split-sentences.ts';
import { plainText } from '../text/plain-text.ts';
import { type Clause, splitClauses } from './clauses.ts';
import { findLinks, withoutLinks } from './links.ts';
import { type Marked, takeMarkers } from './markers.ts';
import { findNames, nameKey, nameKeys } from './names.ts';
import { type FoundNumber, takeNumbers } from './numbers.ts';
import { givesOrders } from './orders.ts';
import { contentWords } from './wording.ts';

/** A stretch of a passage within which a fact must stand: a sentence, an item, a row, or two neighbors. */
export interface Unit {
  readonly normalized: string;
  /** The text without what may differ between a quotation and its source. */
  readonly bare: string;
  readonly clauses: readonly Clause[];
  readonly marked: Marked;
  readonly words: ReadonlySet<string>;
  readonly numbers: readonly FoundNumber[];
  readonly nameKeys: ReadonlySet<string>;
  readonly names: readonly string[];
  /** True for two sentences or items taken together. */
  readonly isJoined: boolean;
  /** True when the second of the two speaks of what the first names: "It costs …", items under their introduction. */
  readonly isLent: boolean;
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
  /** Sentences, items and rows as {@link bareText} gives them. */
  readonly sentences: ReadonlySet<string>;
  /** Keys of words that are written with a capital inside sentences. */
  readonly knownNames: ReadonlySet<string>;
}

/** Most units of a passage that are looked at; longer passages are not built. */
const MAX_UNITS = 400;

/** A text in the form in which a quotation equals its source: one case, one kind of space, no mark at the end, no inline marks. */
export function bareText(text: string): string {
  return normalizeText(plainText(text))
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^["'“”\s]+|[\s"'“”.。!！]+$/g, '');
}

/** Takes a sentence apart. */
export function makeUnit(text: string, language: string, isJoined = false, isLent = false): Unit {
  const plain = plainText(withoutLinks(text));
  const normalized = normalizeText(plain);
  const { numbers, rest } = takeNumbers(normalized);
  const marked = takeMarkers(rest);
  return {
    normalized,
    bare: bareText(text),
    clauses: splitClauses(plain, language),
    marked,
    words: new Set(contentWords(marked.rest, language)),
    numbers,
    nameKeys: nameKeys(plain),
    names: findNames(plain),
    isJoined,
    isLent,
  };
}

/** Splits a sentence where a semicolon does; what stands on one side says nothing of the other. */
export function splitStatements(text: string): string[] {
  return splitSentences(text)
    .flatMap((sentence) => sentence.split(/[;；]\s*/))
    .filter((part) => part.trim() !== '');
}

/** Texts of the units of a block; rows carry the header, so that "£6.95" stands with "Cost". */
function blockTexts(block: MarkdownBlock): string[] {
  if (block.kind === 'paragraph') return splitStatements(block.text);
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
  readonly isLent: boolean;
}

/** How a sentence begins that speaks of what the one before it names. */
const REFERS =
  /^(?:it|its|they|their|this|these|that|he|she|his|her|es|sie|il|elle|此|它|其|这|该)(?!\p{Script=Latin})/iu;

/** The blocks that may back a statement: orders to a model back nothing, nor does what they announce with a colon; null in their places. */
function backingBlocks(passage: Passage): readonly (MarkdownBlock | null)[] {
  const judged = parseMarkdownBlocks(passage.text).map((block) => {
    const texts = blockTexts(block);
    return {
      block,
      texts,
      isOrder: texts.some(givesOrders) || (texts.length > 1 && givesOrders(texts.join(' '))),
    };
  });
  return judged.map(({ block, isOrder }, at) => {
    const before = judged[at - 1];
    const isAnnounced = before?.isOrder === true && /[:：]\s*$/.test(before.texts.at(-1) ?? '');
    return isOrder || isAnnounced ? null : block;
  });
}

function unitTexts(blocks: readonly (MarkdownBlock | null)[]): UnitText[] {
  const texts: UnitText[] = [];
  blocks.forEach((block, at) => {
    if (block === null) return;
    const own = blockTexts(block);
    const join = (first: string, ...parts: string[]): void => {
      const isLent = parts.length === 1 && (/[:：]\s*$/.test(first) || REFERS.test(parts[0] ?? ''));
      texts.push({ text: [first, ...parts].join(' '), isJoined: true, isLent });
    };
    for (const text of own) texts.push({ text, isJoined: false, isLent: false });
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

/** Takes a passage apart. */
export function gatherEvidence(passage: Passage): Evidence {
  const { language } = passage;
  const places = backingBlocks(passage);
  const blocks = places.filter((block) => block !== null);
  const units = unitTexts(places).map(({ text, isJoined, isLent }) =>
    makeUnit(text, language, isJoined, isLent),
  );
  // A question and its answer are one fact.
  for (const question of passage.questions.slice(0, 20).filter((one) => !givesOrders(one))) {
    for (const unit of units.slice(0, 3))
      units.push(makeUnit(`${question} ${unit.normalized}`, language, true, true));
  }
  const headings = [passage.title, ...passage.headings].filter((heading) => !givesOrders(heading));
  const head = makeUnit(headings.join('. '), language);
  return {
    units,
    words: new Set([...head.words, ...units.flatMap((unit) => [...unit.words])]),
    numbers: [...head.numbers, ...units.flatMap((unit) => unit.numbers)],
    nameKeys: new Set([...head.nameKeys, ...units.flatMap((unit) => [...unit.nameKeys])]),
    head,
    links: [
      ...blocks.flatMap(({ markdown }) => findLinks(markdown)),
      ...(passage.url === null ? [] : findLinks(`](${passage.url})`)),
    ],
    sentences: new Set([
      ...units.map(({ bare }) => bare),
      ...blocks.flatMap((block) =>
        block.kind === 'paragraph' ? splitSentences(block.text).map(bareText) : [],
      ),
    ]),
    knownNames: new Set([...head.names, ...units.flatMap((unit) => unit.names)].map(nameKey)),
  };
}
