import type { Block, Inline, List } from './syntax.ts';

interface Leaf {
  readonly inline: Inline & { readonly type: 'text' | 'code' };
  /** Ranges of the text to mark, in UTF-16 units, ascending. */
  readonly ranges: { start: number; end: number }[];
}

/** The whole text of the blocks with white space folded, and where each of its characters comes from. */
interface Folded {
  readonly text: string;
  readonly leaves: readonly Leaf[];
  readonly leafOf: readonly number[];
  readonly offsetOf: readonly number[];
}

/**
 * Marks the words of a snippet inside parsed blocks.
 *
 * Looks for the whole snippet, then for its sentences; white space and case do not matter, and the match may run over
 * bold words and list entries.
 *
 * @returns The blocks with `mark` inlines, or null when nothing of the snippet is found.
 */
export function markSnippet(blocks: readonly Block[], snippet: string): readonly Block[] | null {
  const folded = fold(blocks);
  const whole = clean(snippet);
  const candidates = folded.text.includes(whole) ? [whole] : sentences(snippet);
  let hasMark = false;
  for (const candidate of candidates) {
    if (candidate.length < 4) continue;
    const at = folded.text.indexOf(candidate);
    if (at === -1) continue;
    hasMark = true;
    addRange(folded, at, at + candidate.length);
  }
  if (!hasMark) return null;
  const byInline = new Map<Inline, Leaf>(folded.leaves.map((leaf) => [leaf.inline, leaf]));
  return blocks.map((block) => mapBlock(block, (inline) => split(inline, byInline.get(inline))));
}

function clean(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().toLowerCase();
}

function sentences(snippet: string): readonly string[] {
  return snippet
    .split(/(?<=[.!?])\s+|(?<=[。！？])|\n+|…/)
    .map(clean)
    .filter((sentence) => sentence !== '');
}

function fold(blocks: readonly Block[]): Folded {
  const leaves: Leaf[] = [];
  const leafOf: number[] = [];
  const offsetOf: number[] = [];
  let text = '';
  const push = (char: string, leaf: number, offset: number): void => {
    const isSpace = /\s/.test(char);
    if (isSpace && (text === '' || text.endsWith(' '))) return;
    const lower = isSpace ? ' ' : char.toLowerCase();
    // Lower case may be longer ("İ"): every unit points at its source.
    for (const unit of lower.split('')) {
      text += unit;
      leafOf.push(leaf);
      offsetOf.push(offset);
    }
  };
  const visit = (inlines: readonly Inline[]): void => {
    for (const inline of inlines) {
      if (inline.type === 'text' || inline.type === 'code') {
        leaves.push({ inline, ranges: [] });
        for (let at = 0; at < inline.text.length; at += 1)
          push(inline.text.charAt(at), leaves.length - 1, at);
      } else if (inline.type === 'break') push(' ', -1, 0);
      else if ('children' in inline) visit(inline.children);
    }
  };
  for (const inlines of blocks.flatMap(runsOf)) {
    visit(inlines);
    push(' ', -1, 0);
  }
  return { text, leaves, leafOf, offsetOf };
}

/** The inline runs of a block in reading order. */
function runsOf(block: Block): readonly (readonly Inline[])[] {
  switch (block.type) {
    case 'code-block':
      return [];
    case 'list':
      return block.items.flatMap((item) => [item.children, ...(item.list === null ? [] : runsOf(item.list))]);
    case 'table':
      return [block.header, ...block.rows].flat();
    default:
      return [block.children];
  }
}

function addRange(folded: Folded, from: number, to: number): void {
  for (let at = from; at < to; at += 1) {
    const leaf = folded.leaves[folded.leafOf[at] ?? -1];
    const offset = folded.offsetOf[at] ?? 0;
    if (leaf === undefined) continue;
    const last = leaf.ranges.at(-1);
    // Folded white space leaves gaps inside a leaf; they belong to the mark.
    if (last !== undefined && at > from && folded.leafOf[at - 1] === folded.leafOf[at]) last.end = offset + 1;
    else leaf.ranges.push({ start: offset, end: offset + 1 });
  }
}

function split(inline: Inline, leaf: Leaf | undefined): readonly Inline[] {
  if (leaf === undefined || leaf.ranges.length === 0) return [inline];
  const { type, text } = leaf.inline;
  const pieces: Inline[] = [];
  let at = 0;
  for (const range of [...leaf.ranges].sort((a, b) => a.start - b.start)) {
    if (range.end <= at) continue;
    const start = Math.max(at, range.start);
    if (start > at) pieces.push({ type, text: text.slice(at, start) });
    pieces.push({ type: 'mark', text: text.slice(start, range.end), isCode: type === 'code' });
    at = range.end;
  }
  if (at < text.length) pieces.push({ type, text: text.slice(at) });
  return pieces;
}

type Mapper = (inline: Inline) => readonly Inline[];

function mapInlines(inlines: readonly Inline[], map: Mapper): readonly Inline[] {
  return inlines.flatMap((inline): readonly Inline[] =>
    'children' in inline ? [{ ...inline, children: mapInlines(inline.children, map) }] : map(inline),
  );
}

function mapList(list: List, map: Mapper): List {
  return {
    ...list,
    items: list.items.map((item) => ({
      children: mapInlines(item.children, map),
      list: item.list === null ? null : mapList(item.list, map),
    })),
  };
}

function mapBlock(block: Block, map: Mapper): Block {
  switch (block.type) {
    case 'code-block':
      return block;
    case 'list':
      return mapList(block, map);
    case 'table':
      return {
        ...block,
        header: block.header.map((cell) => mapInlines(cell, map)),
        rows: block.rows.map((row) => row.map((cell) => mapInlines(cell, map))),
      };
    default:
      return { ...block, children: mapInlines(block.children, map) };
  }
}
