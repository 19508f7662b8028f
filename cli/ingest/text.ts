import { cleanLine, cleanText } from './clean-text.ts';
import type { PageText } from './markdown.ts';
import { listBlock, paragraphBlock } from './source-document.ts';
import type { Block } from './source-document.ts';

const ITEM = /^\s*(?:[-*•]|\d{1,3}[.)])\s+\S/;

/**
 * Reads plain text: paragraphs between empty lines; lines that begin with a bullet or a number are lists.
 *
 * A first paragraph of one short line without a full stop is the title.
 */
export function readText(source: string): PageText {
  const chunks = cleanText(source)
    .split(/\n[ \t]*\n+/)
    .map((chunk) => chunk.replace(/^\n+|\s+$/g, ''))
    .filter((chunk) => chunk.trim() !== '');
  let title: string | null = null;
  const [first] = chunks;
  if (first !== undefined && chunks.length > 1 && !first.includes('\n') && first.length <= 100) {
    if (!/[.!?。！？:：]$/.test(first.trim())) {
      title = cleanLine(first);
      chunks.shift();
    }
  }
  const blocks = chunks.flatMap(readChunk);
  return { title, sections: blocks.length === 0 ? [] : [{ headings: [], blocks }] };
}

function readChunk(chunk: string): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let items: string[] = [];
  const flushLines = (): void => {
    const text = cleanLine(lines.join(' '));
    if (text !== '') blocks.push(paragraphBlock(text));
    lines = [];
  };
  const flushItems = (): void => {
    if (items.length > 0) blocks.push(listBlock(items));
    items = [];
  };
  for (const line of chunk.split('\n')) {
    if (ITEM.test(line)) {
      flushLines();
      items.push(
        cleanLine(line)
          .replace(/^[*•]/, '-')
          .replace(/^(\d+)\)/, '$1.'),
      );
    } else if (items.length > 0 && /^\s+\S/.test(line)) {
      items.push(`${items.pop() ?? ''} ${cleanLine(line)}`);
    } else {
      flushItems();
      lines.push(line);
    }
  }
  flushLines();
  flushItems();
  return blocks;
}
