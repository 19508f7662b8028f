import type { Passage } from '../contracts/passage.ts';
import { type MarkdownBlock, parseMarkdownBlocks } from '../text/markdown-blocks.ts';
import { normalizeText } from '../text/normalize-text.ts';
import { splitSentences } from '../text/split-sentences.ts';
import { findLinks, withoutLinks } from './links.ts';
import { findNames, nameKeys } from './names.ts';
import { findNumbers, type FoundNumber } from './numbers.ts';
import { contentWords } from './wording.ts';

/** A stretch of a passage within which a fact must stand: a sentence, an item, a row, or two neighbors. */
export interface Unit {
  readonly text: string;
  readonly normalized: string;
  readonly words: ReadonlySet<string>;
  readonly numbers: readonly FoundNumber[];
  readonly nameKeys: ReadonlySet<string>;
  readonly names: readonly string[];
}

/** A passage taken apart for checking. */
export interface Evidence {
  readonly units: readonly Unit[];
  readonly words: ReadonlySet<string>;
  readonly numbers: readonly FoundNumber[];
  readonly nameKeys: ReadonlySet<string>;
  /** Words, names and numbers of title, headings, questions and tags; they say what the units are about. */
  readonly head: Unit;
  readonly links: readonly string[];
}

/** Most units of a passage that are looked at; longer passages are not built. */
const MAX_UNITS = 400;

function makeUnit(text: string, language: string): Unit {
  const bare = withoutLinks(text);
  return {
    text,
    normalized: normalizeText(bare),
    words: new Set(contentWords(bare, language)),
    numbers: findNumbers(bare),
    nameKeys: nameKeys(bare),
    names: findNames(bare),
  };
}

/** Texts of the units of a block; rows carry the header, so that "£6.95" stands with "Cost". */
function blockTexts(block: MarkdownBlock): string[] {
  if (block.kind === 'paragraph') return splitSentences(block.text);
  if (block.kind === 'list') return block.items.map((item) => item.text);
  if (block.kind === 'table') {
    return block.rows.map((row) =>
      row.cells.map((cell, at) => `${block.header[at] ?? ''}: ${cell}`).join(' | '),
    );
  }
  return [block.text];
}

function unitTexts(passage: Passage): string[] {
  const blocks = parseMarkdownBlocks(passage.text);
  const texts: string[] = [];
  blocks.forEach((block, at) => {
    const own = blockTexts(block);
    texts.push(...own);
    // Neighbors complete each other, but not rows: two rows together would let their cells be exchanged.
    if (block.kind !== 'table')
      own.slice(1).forEach((text, next) => texts.push(`${own[next] ?? ''} ${text}`));
    const before = blocks[at - 1];
    const intro = before?.kind === 'paragraph' ? splitSentences(before.text).at(-1) : undefined;
    if (intro !== undefined && block.kind !== 'table') texts.push(`${intro} ${own[0] ?? ''}`);
    if (intro !== undefined && block.kind === 'list' && own.length <= 12)
      texts.push(`${intro} ${own.join(' ')}`);
  });
  return texts.slice(0, MAX_UNITS);
}

/** Takes a passage apart. */
export function gatherEvidence(passage: Passage): Evidence {
  const { language } = passage;
  const units = unitTexts(passage).map((text) => makeUnit(text, language));
  // A question and its answer are one fact.
  for (const question of passage.questions.slice(0, 20)) {
    for (const unit of units.slice(0, 3)) units.push(makeUnit(`${question} ${unit.text}`, language));
  }
  const headText = [passage.title, ...passage.headings, ...passage.tags, ...passage.questions].join('. ');
  const head = makeUnit(headText, language);
  return {
    units,
    words: new Set([...head.words, ...units.flatMap((unit) => [...unit.words])]),
    numbers: [...head.numbers, ...units.flatMap((unit) => unit.numbers)],
    nameKeys: new Set([...head.nameKeys, ...units.flatMap((unit) => [...unit.nameKeys])]),
    head,
    links: [...findLinks(passage.text), ...(passage.url === null ? [] : findLinks(`](${passage.url})`))],
  };
}
