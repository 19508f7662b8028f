import type { Passage } from '../contracts/passage.ts';
import type { ExtractSpan, RankedPassage } from '../contracts/retrieval.ts';
import { type MarkdownBlock, parseMarkdownBlocks } from '../text/markdown-blocks.ts';
import { plainText } from '../text/plain-text.ts';
import { splitSentences } from '../text/split-sentences.ts';
import { analyzeText } from './analyze.ts';
import { createWholeTest, type WholeTest } from './answers-as-whole.ts';
import { prepareQuery } from './query.ts';
import { introduction, joinSentences, labelledCells, underLead } from './quoted-pieces.ts';
import type { SearchIndex } from './search-index.ts';
import {
  createScorer,
  directness,
  isQuestion,
  leansBack,
  pointsElsewhere,
  refersBack,
  type SpanScorer,
} from './span-scorer.ts';

const MAX_PASSAGES = 3;
const MAX_SENTENCES = 5;
const MAX_ROWS = 4;
/** Ranked passages among which the others that are quoted stand. */
const MAX_LOOKED_AT = 6;
/**
 * Another passage is quoted only when its score comes this near to the best, or within this share of it: either may be the one that
 * answers. Scores are higher where meaning counts as well.
 */
const NEAR_BEST = 0.4;
const NEAR_SHARE = 0.2;
/** How much farther one of the same document may be: the right page is found more often than the right section of it. */
const SAME_DOCUMENT = 2;
/** A further sentence is quoted only when it scores this share of the best. */
const WORTH_ADDING = 0.45;
/** Share of the best sentence's score from which on one may answer as well. */
const ANSWERING = 0.8;
/** Length up to which sentences are added, in units of {@link countUnits}. */
const TARGET_UNITS = 90;
/** Length up to which a second piece of the best passage is quoted, and up to which other passages are. */
const MAX_UNITS = 130;
const MAX_UNITS_OF_ALL = 160;
const SECOND_PIECE = 0.6;
/** Length under which what follows the best piece is quoted with it. */
const SHORT_UNITS = 70;
/** Score of its cells under which no row of a table stands out, so that all are shown. */
const WEAK_ROW = 0.25;
const MAX_WHOLE_ROWS = 10;

/** A piece of a passage that can be quoted, with how well it answers. */
interface Piece {
  readonly markdown: string;
  readonly text: string;
  readonly score: number;
  /** Whether it says by itself what it is about, as sentences do. */
  readonly standsAlone: boolean;
  readonly answering?: readonly string[];
}

/** The same, and whether it holds the kind of span, or is the kind of block, that the question asks for. */
interface JudgedPiece extends Piece {
  readonly isOfKind: boolean;
  /** Place of its block in the passage. */
  readonly at: number;
}

/** Length of a text in words; Chinese characters count half. */
function countUnits(text: string): number {
  const unspaced = (text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu) ?? []).length;
  return unspaced / 2 + (text.match(/[\p{Script=Latin}\p{Nd}]+/gu) ?? []).length;
}

/** The best one to five sentences of a paragraph, neighbors of the best, in order. */
function quoteParagraph(
  sentences: readonly string[],
  language: string,
  scorer: SpanScorer,
  isWhole: WholeTest,
): Piece | null {
  const covers = sentences.map((sentence) => scorer.cover(plainText(sentence), language));
  const scores = sentences.map(
    (sentence, at) => ((covers[at] ?? 0) + scorer.answers(sentence)) * directness(sentence),
  );
  let best = 0;
  scores.forEach((score, at) => {
    if (score > (scores[best] ?? 0)) best = at;
  });
  const top = scores[best] ?? 0;
  if (sentences.length === 0) return null;
  const chosen = new Set([best]);
  let units = countUnits(sentences[best] ?? '');
  const order = scores
    .map((score, at) => ({ score, at }))
    .sort((left, right) => right.score - left.score || left.at - right.at);
  const add = (at: number): void => {
    const sentence = sentences[at];
    if (sentence === undefined || chosen.has(at) || chosen.size >= MAX_SENTENCES) return;
    const length = countUnits(sentence);
    if (units + length > TARGET_UNITS) return;
    chosen.add(at);
    units += length;
  };
  for (const { score, at } of order) if (score >= top * WORTH_ADDING && score > 0) add(at);
  // A lone short sentence is hard to understand; what follows it usually goes on with it.
  if (units < 35 && !pointsElsewhere(sentences[best + 1] ?? '')) add(best + 1);
  if (units < 20 || leansBack(sentences[best] ?? '')) add(best - 1);
  const chief = sentences[best] ?? '';
  // Where meaning alone found the paragraph, nothing tells which sentence of it answers; and no question does.
  const isTold = (covers[best] ?? 0) > 0 || scorer.holdsSpan(chief);
  const standsForAll = isTold && !isQuestion(chief) && !isWhole(chief);
  const picked = [...chosen].sort((left, right) => left - right);
  const markdown = joinSentences(picked.map((at) => sentences[at] ?? ''));
  const near = picked.filter(
    (at) => (scores[at] ?? 0) >= top * ANSWERING || scorer.holdsSpan(sentences[at] ?? ''),
  );
  // What leans on the sentence before it is said behind that.
  const needed = new Set(near.flatMap((at) => (refersBack(sentences[at] ?? '') ? [at - 1, at] : [at])));
  const answering = standsForAll ? picked.filter((at) => needed.has(at)) : [];
  return {
    markdown,
    text: plainText(markdown).replaceAll('\n', ' '),
    score: top,
    standsAlone: true,
    answering: answering.map((at) => plainText(sentences[at] ?? '')),
  };
}

function quoteTable(
  block: MarkdownBlock & { kind: 'table' },
  lead: string,
  language: string,
  scorer: SpanScorer,
): Piece | null {
  if (block.rows.length === 0) return null;
  const header = scorer.cover(block.header.join(' '), language);
  const scored = block.rows.map((row) => ({ row, score: scorer.cover(row.cells.join(' '), language) }));
  const top = scored.reduce((best, entry) => Math.max(best, entry.score), 0);
  // "Shipping cost?" asks for the column, and every row is about shipping.
  const isApart = (): boolean => scored.some(({ row }) => scorer.tellsApart(row.cells.join(' '), language));
  const isWeak = top < WEAK_ROW || top <= header || !isApart();
  const rows = isWeak
    ? scored.slice(0, MAX_WHOLE_ROWS)
    : scored.filter((entry) => entry.score >= top * 0.7).slice(0, MAX_ROWS);
  const table = [block.headerMarkdown, ...rows.map((entry) => entry.row.markdown)].join('\n');
  const text = rows.map(({ row }) => labelledCells(block.header, row.cells));
  return {
    ...underLead(lead, table, text.join('\n')),
    standsAlone: lead !== '',
    score:
      Math.max(top, header, scorer.cover(lead, language)) +
      Math.min(top, header) / 2 +
      scorer.suits(block) +
      scorer.answers(text.join('\n')),
  };
}

function quoteList(
  block: MarkdownBlock & { kind: 'list' },
  lead: string,
  language: string,
  scorer: SpanScorer,
): Piece {
  const best = block.items.reduce((top, item) => {
    const words = `${lead} ${item.text}`;
    return Math.max(top, scorer.cover(words, language) + scorer.answers(words));
  }, 0);
  const whole = scorer.cover(`${lead} ${block.text}`, language);
  return {
    ...underLead(lead, block.markdown, block.text),
    standsAlone: lead !== '',
    score: Math.max(best, whole) + scorer.suits(block),
  };
}

function quoteBlocks(passage: Passage, scorer: SpanScorer, isWhole: WholeTest): JudgedPiece[] {
  const blocks = parseMarkdownBlocks(passage.text);
  const pieces: JudgedPiece[] = [];
  blocks.forEach((block, at) => {
    let piece: Piece | null = null;
    const lead = introduction(blocks[at - 1]);
    if (block.kind === 'paragraph') {
      const sentences = splitSentences(block.markdown);
      const next = blocks[at + 1];
      // What introduces the next block is quoted with it.
      const introduces = next !== undefined && next.kind !== 'paragraph' && introduction(block) !== '';
      const own = introduces ? sentences.slice(0, -1) : sentences;
      piece = quoteParagraph(own, passage.language, scorer, isWhole);
    } else if (block.kind === 'table') piece = quoteTable(block, lead, passage.language, scorer);
    else if (block.kind === 'list') piece = quoteList(block, lead, passage.language, scorer);
    else
      piece = {
        ...underLead(lead, block.markdown, block.text),
        standsAlone: lead !== '',
        score: scorer.cover(block.text, passage.language) * 0.8,
      };
    if (piece !== null && piece.text.trim() !== '')
      pieces.push({ ...piece, isOfKind: scorer.isOfKind(piece.text, block), at });
  });
  return pieces.sort((left, right) => right.score - left.score);
}

/** What a passage says after the best piece of it, in its order: the reason, the exception, or the steps. */
function followers(pieces: readonly JudgedPiece[], best: JudgedPiece): JudgedPiece[] {
  return pieces.filter(({ at }) => at > best.at).sort((left, right) => left.at - right.at);
}

/**
 * Chooses what to quote of the ranked passages: the best piece of the first, a second one of it when that is short and
 * nearly as good, and the best piece of each of two more whose score comes near the first one's, of the same document also from farther
 * off. Of these the ones that hold the kind of span asked for go first. Where all that is little, what follows the best piece is quoted,
 * too. What comes of another passage than the words before it, and lists and tables that no sentence introduces, have a heading.
 */
export function extractSpans(
  index: SearchIndex,
  question: string,
  ranked: readonly RankedPassage[],
): ExtractSpan[] {
  const query = prepareQuery(index, question, []);
  const top = ranked[0]?.score ?? 0;
  const allowance = Math.max(NEAR_BEST, NEAR_SHARE * top);
  const isNear = ({ passage, score }: RankedPassage): boolean => {
    const isSameDocument = passage.documentId === ranked[0]?.passage.documentId;
    return top - score <= allowance * (isSameDocument ? SAME_DOCUMENT : 1);
  };
  const near = ranked.slice(0, MAX_LOOKED_AT).filter(isNear);
  const quoted = near.map(({ passage }) => {
    const head = new Set(analyzeText([passage.title, ...passage.headings].join('\n'), passage.language));
    const scorer = createScorer(query, head);
    return { passage, pieces: quoteBlocks(passage, scorer, createWholeTest(query, passage)) };
  });
  const [first, ...others] = quoted;
  const [best, next] = first?.pieces ?? [];
  if (first === undefined || best === undefined) return [];
  const own = [best];
  let units = countUnits(best.text);
  /** Counts a piece in where it fits. */
  const take = (piece: Piece, most: number): boolean => {
    const length = units + countUnits(piece.text);
    if (length > most) return false;
    units = length;
    return true;
  };
  if (next !== undefined && next.score >= best.score * SECOND_PIECE && take(next, MAX_UNITS)) own.push(next);
  // Of those that come near, the ones that hold what was asked for go before others.
  const byFit = [true, false].flatMap((isOfKind) =>
    others.filter(({ pieces }) => pieces[0]?.isOfKind === isOfKind),
  );
  const further = byFit
    .slice(0, MAX_PASSAGES - 1)
    .flatMap(({ passage, pieces: [piece] }) =>
      piece !== undefined && take(piece, MAX_UNITS_OF_ALL) ? [{ passage, piece }] : [],
    );
  if (units < SHORT_UNITS) {
    for (const piece of followers(first.pieces, best)) {
      if (own.includes(piece)) continue;
      if (!take(piece, MAX_UNITS)) break;
      own.push(piece);
    }
  }
  const spans: ExtractSpan[] = [];
  const add = (passage: Passage, { markdown, text, standsAlone, answering }: Piece): void => {
    const last = spans.at(-1)?.passage ?? passage;
    // A list of what a warranty covers and one of what it does not look alike.
    const hasHeading = !standsAlone || last !== passage;
    spans.push({
      passage,
      markdown,
      text,
      ...(hasHeading ? { heading: passage.headings.at(-1) ?? passage.title } : {}),
      ...(answering === undefined ? {} : { answering }),
    });
  };
  for (const piece of own) add(first.passage, piece);
  for (const { passage, piece } of further) add(passage, piece);
  return spans;
}
