import type { Passage } from '../../contracts/passage.ts';
import { type MarkdownBlock, parseMarkdownBlocks } from '../../text/markdown-blocks.ts';
import { plainText } from '../../text/plain-text.ts';
import { splitSentences } from '../../text/split-sentences.ts';
import { introduction, joinSentences, labelledCells, underLead } from '../quoted-pieces.ts';
import { NAMED_FROM, type Naming, type SideNamer, startsWith } from './side-namer.ts';

/** A piece of a passage that tells of both sides. */
export interface SharedPiece {
  readonly markdown: string;
  readonly text: string;
  /** How surely it sets the two against each other: columns do, a sentence may name both for another reason. */
  readonly alignment: number;
  /** What it says of each side, or of both in one. */
  readonly parts: readonly string[];
}

const COLUMNS = 1.2;
const ROWS = 1;
const SENTENCE = 0.6;

/** Most rows or items of one side, and rows of two columns. */
const MOST_OF_SIDE = 3;
const MOST_ROWS = 10;
/** Share of the best naming from which on a row or item belongs to a side. */
const NEAR_BEST = 0.9;

/** Finds the rows, columns, items and sentences of a passage that tell of both sides. */
export function sharedPieces(
  passage: Passage,
  nameOf: SideNamer,
  isAbout: (text: string) => boolean,
): SharedPiece[] {
  const { language } = passage;
  const naming = (text: string): Naming => nameOf(text, language);
  const blocks = parseMarkdownBlocks(passage.text);
  return blocks.flatMap((block, at): SharedPiece[] => {
    if (block.kind === 'table')
      return [columnsOfBoth(block, naming, isAbout) ?? rowsOfBoth(block, naming)].filter(
        (piece) => piece !== null,
      );
    if (block.kind === 'list') {
      const piece = itemsOfBoth(block, blocks[at - 1], naming);
      return piece === null ? [] : [piece];
    }
    return block.kind === 'paragraph' ? sentencesOfBoth(block.markdown, naming) : [];
  });
}

/** Places of what names one side alone, by side; null unless both are named. */
function placesOf(
  texts: readonly string[],
  naming: (text: string) => Naming,
): readonly [number[], number[]] | null {
  const namings = texts.map(naming);
  const placesOfSide = (side: 0 | 1): number[] => {
    const other = side === 0 ? 1 : 0;
    const leads = namings.map((one) => one[side] - one[other]);
    const best = Math.max(0, ...leads);
    return best < NAMED_FROM ? [] : [...leads.keys()].filter((at) => (leads[at] ?? 0) >= best * NEAR_BEST);
  };
  const [left, right] = [placesOfSide(0), placesOfSide(1)];
  return left.length === 0 || right.length === 0 ? null : [left, right];
}

type Table = MarkdownBlock & { kind: 'table' };

/** The rows whose labels name a side. */
function rowsOfBoth(
  { header, headerMarkdown, rows }: Table,
  naming: (text: string) => Naming,
): SharedPiece | null {
  const places = placesOf(
    rows.map(({ cells }) => cells[0] ?? ''),
    naming,
  );
  if (places === null) return null;
  const sides = places.map((side) => side.slice(0, MOST_OF_SIDE));
  const told = (at: number): string => labelledCells(header, rows[at]?.cells ?? []);
  const kept = inOrder(sides).flatMap((at) => rows[at] ?? []);
  return {
    markdown: [headerMarkdown, ...kept.map(({ markdown }) => markdown)].join('\n'),
    text: kept.map(({ cells }) => labelledCells(header, cells)).join('\n'),
    alignment: ROWS,
    parts: sides.map((side) => side.map(told).join('\n')),
  };
}

function inOrder(sides: readonly (readonly number[])[]): number[] {
  return sides.flat().sort((left, right) => left - right);
}

/** The columns whose heads name a side, with the labels of the rows; of the rows those on the attribute, if any are. */
function columnsOfBoth(
  { header, rows }: Table,
  naming: (text: string) => Naming,
  isAbout: (text: string) => boolean,
): SharedPiece | null {
  const places = placesOf(header.slice(1), naming);
  if (places === null) return null;
  const sides = places.map((side) => side.slice(0, 1).map((at) => at + 1));
  const columns = inOrder([[0], ...sides]);
  const about = rows.filter(({ cells }) => isAbout(cells[0] ?? ''));
  const kept = (about.length > 0 ? about : rows).slice(0, MOST_ROWS);
  const line = (cells: readonly string[]): string =>
    `| ${columns.map((at) => (cells[at] ?? '').replaceAll('|', '\\|')).join(' | ')} |`;
  const told = (chosen: readonly number[]): string =>
    kept
      .map(({ cells }) =>
        labelledCells(
          chosen.map((at) => header[at] ?? ''),
          chosen.map((at) => cells[at] ?? ''),
        ),
      )
      .join('\n');
  return {
    markdown: [
      line(header),
      `|${columns.map(() => ' --- |').join('')}`,
      ...kept.map(({ cells }) => line(cells)),
    ].join('\n'),
    text: told(columns),
    alignment: COLUMNS,
    parts: sides.map((side) => told([0, ...side])),
  };
}

/** The items that begin with a side ("**Basic**: …"). */
function itemsOfBoth(
  { items }: MarkdownBlock & { kind: 'list' },
  before: MarkdownBlock | undefined,
  naming: (text: string) => Naming,
): SharedPiece | null {
  const places = placesOf(
    items.map(({ text }) => text),
    naming,
  );
  if (places === null) return null;
  const sides = places.map((side) => side.slice(0, MOST_OF_SIDE));
  const kept = inOrder(sides).flatMap((at) => items[at] ?? []);
  const lead = introduction(before);
  const list = kept.map(({ markdown }) => `- ${markdown}`).join('\n');
  return {
    ...underLead(lead, list, kept.map(({ text }) => text).join('\n')),
    alignment: ROWS,
    parts: sides.map((side) => side.map((at) => items[at]?.text ?? '').join('\n')),
  };
}

/** Sentences that name both, and neighbors of which each begins with one. */
function sentencesOfBoth(markdown: string, naming: (text: string) => Naming): SharedPiece[] {
  const sentences = splitSentences(markdown);
  const starts = sentences.map((sentence) => startsWith(plainText(sentence), naming));
  const single = sentences.filter((one) => naming(plainText(one)).every((named) => named >= NAMED_FROM));
  const pairs = sentences.slice(1).flatMap((next, at) => {
    const sides = new Set([starts[at] ?? null, starts[at + 1] ?? null]);
    return sides.has(0) && sides.has(1) ? [[sentences[at] ?? '', next]] : [];
  });
  return [...single.map((one) => [one]), ...pairs]
    .map((parts) => ({ markdown: joinSentences(parts), parts: parts.map(plainText) }))
    .map((piece) => ({ ...piece, text: plainText(piece.markdown), alignment: SENTENCE }));
}
